//! Finds plugins and runs their probes: batches, deadlines, cool-downs and events.
//!
//! Start at [`Catalog`], which finds plugins and reports what is wrong with the others, and
//! [`run_batch`], which runs probes side by side and tells of them as [`vario_model::RunEvent`]s.
//! [`replay`] and [`record`] do the same for a single run with a cassette.
//!
//! The runtime is handed everything it uses in a [`RunContext`]: engines, the host that answers
//! calls, the clock. It opens plugin folders and their files, and knows no engine by name. It
//! prints nothing. [`Refresher`] adds the store: ages, cool-downs, and one run of a plugin at a
//! time over all processes. [`owner`] lets one process do this for all the others.

mod asking;
mod batch;
mod catalog;
mod check;
mod clock;
mod engines;
mod identity;
mod isolation;
mod job;
pub mod owner;
mod profiles;
mod refresh;
mod replay;
mod rights;
mod run;
mod witness;

#[cfg(test)]
mod tests;

pub use crate::asking::{Answer, History, Origin, Question, answer, deny, question};
pub use crate::batch::{BatchOptions, Gate, OpenGate, Turn, run_batch};
pub use crate::catalog::{Bundled, Catalog, Found, Problem, Searched, SharedFolder};
pub use crate::check::{Checked, check_folders};
pub use crate::clock::{Clock, FrozenClock};
pub use crate::engines::Engines;
pub use crate::identity::content_hash;
pub use crate::isolation::{Isolation, WorkerOptions, Workers, serve_worker};
pub use crate::job::App;
pub use crate::profiles::{KnownProfile, known_profile};
pub use crate::refresh::{Due, RefreshOptions, Refresher, interval_ms};
pub use crate::replay::{RecordOptions, Recorded, Replayed, record, replay, timezone};
pub use crate::rights::{AllowAll, GrantedRights, RightsSource, bases, is_granted_code};
pub use crate::run::RunContext;
pub use crate::witness::{AuditLog, NoAudit};
