//! The life of one background plugin, as its process sees it.
//!
//! What a plugin of a family expects is told by scripts in the plugin's own language: a prelude
//! builds the world the plugin is used to out of the native functions, and from then on gets one
//! message after another. The loop here knows nothing of families and languages:
//!
//! 1. The prelude is evaluated. It is a function `(natives, info)` that gives an object with the
//!    functions `load()`, `deliver(message)` and `due()`.
//! 2. `load()` begins to load the plugin. The prelude tells the host by `host.loaded` or
//!    `host.fatal` what became of that.
//! 3. `due()` runs at most one timer whose time has come, and `deliver(message)` takes a message
//!    of the host. Neither of them waits for anything.

mod clock;
mod encode;
mod hashes;
mod job;
mod lua;
mod natives;
mod scripts;
mod turns;
mod urls;

pub use self::clock::{Clock, MonotonicClock};
pub use self::job::{BackgroundDialect, BackgroundJob};
pub use self::natives::is_posted;
pub use self::turns::{BackgroundEnd, run_background, run_background_by};
