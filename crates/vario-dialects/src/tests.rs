#![expect(clippy::disallowed_methods, reason = "tests use real files, threads and clocks")]

mod failures;
mod helpers;
mod rig;
mod wire;
