//! Finds plugins and runs their probes: batches, deadlines, cool-downs and events.
//!
//! Start at [`Catalog`], which finds plugins and reports what is wrong with the others, and
//! [`run_batch`], which runs probes side by side and tells of them as [`vario_model::RunEvent`]s.
//! [`replay`] and [`record`] do the same for a single run with a cassette.
//!
//! The runtime is handed everything it uses in a [`RunContext`]: engines, the host that answers
//! calls, the clock. It opens plugin folders and their files, and knows no engine by name. It
//! prints nothing and keeps no state of its own between calls.

mod batch;
mod catalog;
mod clock;
mod engines;
mod job;
mod replay;
mod run;

#[cfg(test)]
mod tests;

pub use crate::batch::run_batch;
pub use crate::catalog::{Bundled, Catalog, Found, Problem, Searched, SharedFolder};
pub use crate::clock::{Clock, FrozenClock};
pub use crate::engines::Engines;
pub use crate::job::App;
pub use crate::replay::{RecordOptions, Recorded, Replayed, record, replay};
pub use crate::run::RunContext;
