//! Benchmarks of probe overhead, start-up and memory, as ratios in one run.
//!
//! `cargo xtask bench` prints them. A time alone says little about a busy machine, so each of our
//! runs alternates with a run of the *floor*: a plain program on the bare engine that does the
//! least a host can do with the same probe. Start at [`floor`] and [`ours`], the two sides, and
//! [`measure`], which sets them against each other.
//!
//! Of all rows only `window` has a limit that is missed with an exit code: what a frame may take
//! is a promise. No test passes or fails by the clock; the crate's tests only show that both sides
//! run the probes and read the same results.

pub mod floor;
pub mod measure;
pub mod ours;
pub mod probes;
pub mod stages;

#[cfg(test)]
mod tests;
