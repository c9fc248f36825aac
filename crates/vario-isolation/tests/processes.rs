//! Real workers, honest and hostile. This program is the tests and, with an argument, what they
//! start: a worker, or something that only looks like one.

#![expect(clippy::unwrap_used, reason = "these are tests, though not of the usual harness")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what is printed is part of a test")]
// Everything here needs signals, and most of it what Linux locks down.
#![cfg_attr(not(unix), allow(dead_code, unused_imports))]

#[cfg(unix)]
#[path = "processes/host.rs"]
mod host;
#[cfg(target_os = "linux")]
#[path = "processes/locked.rs"]
mod locked;
#[cfg(target_os = "linux")]
#[path = "processes/many.rs"]
mod many;
#[cfg(unix)]
#[path = "processes/protocol.rs"]
mod protocol;
#[cfg(unix)]
#[path = "processes/runs.rs"]
mod runs;
#[cfg(unix)]
#[path = "processes/stays.rs"]
mod stays;
#[cfg(unix)]
#[path = "processes/worker.rs"]
mod worker;

use std::process::ExitCode;

/// The allocator of our programs: it reserves much memory at once, and must not escape the limit.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(unix)]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("worker") => worker::serve(),
        Some("impostor") => worker::pretend(&args[1]),
        #[cfg(target_os = "linux")]
        Some("many") => many::count(&args[1]),
        #[cfg(target_os = "linux")]
        Some("host") => many::be_killed(),
        _ => {
            let trials =
                [runs::trials(), stays::trials(), protocol::trials()].into_iter().flatten();
            #[cfg(target_os = "linux")]
            let trials = trials.chain(locked::trials()).chain(many::trials());
            libtest_mimic::run(&libtest_mimic::Arguments::from_args(), trials.collect()).exit_code()
        }
    }
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
