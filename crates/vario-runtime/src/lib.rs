//! Finds plugins and runs their probes: batches, deadlines, cool-downs and events.
//!
//! Start at [`Catalog`], which finds plugins and reports what is wrong with the others, and
//! [`run_batch`], which runs probes side by side and tells of them as [`vario_model::RunEvent`]s.
//! [`replay`] and [`record`] do the same for a single run with a cassette.
//!
//! The runtime is handed everything it uses in a [`RunContext`]: engines, the host that answers
//! calls, the clock. It opens plugin folders and their files, and knows no engine by name. It
//! prints nothing. [`Refresher`] adds the store: ages, cool-downs, and one run of a plugin at a
//! time over all processes.

mod batch;
mod catalog;
mod check;
mod clock;
mod engines;
mod job;
mod refresh;
mod replay;
mod run;

#[cfg(test)]
mod tests;

pub use crate::batch::{BatchOptions, Gate, OpenGate, Turn, run_batch};
pub use crate::catalog::{Bundled, Catalog, Found, Problem, Searched, SharedFolder};
pub use crate::check::{Checked, check_folders};
pub use crate::clock::{Clock, FrozenClock};
pub use crate::engines::Engines;
pub use crate::job::App;
pub use crate::refresh::{Due, RefreshOptions, Refresher};
pub use crate::replay::{RecordOptions, Recorded, Replayed, record, replay};
pub use crate::run::RunContext;
