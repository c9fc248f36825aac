//! The window: shows what probes say and lets people decide what plugins may do.
//!
//! `app` is the window on the main thread. It draws a model with `vario-ui` and hands what the
//! user does to `engine`, a thread that knows runtime and store, owns the state directory or
//! follows its owner, and sends the window what has changed. The window never waits for it, but
//! for a moment before the first frame.
//!
//! It uses the system's allocator: mimalloc, which makes script engines quick in `vario`, keeps
//! 25 MB here that nobody needs.
//!
//! No page and no text of a page lives here (see `vario-ui`), and no rule of how plugins run.

mod app;
mod args;
mod engine;
mod measure;
mod remembered;
mod resident;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;

/// The file of this program. Where it was replaced since, the new one.
fn program() -> std::io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    // So does Linux name a file that is gone; the package manager has put the next version there.
    let replaced = path.to_str().and_then(|path| path.strip_suffix(" (deleted)"));
    Ok(replaced.map_or_else(|| path.clone(), PathBuf::from))
}

/// A line for whoever started the program from a terminal.
#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn say(text: &str) {
    eprintln!("vario-viewer: {text}");
}

fn main() -> ExitCode {
    // Before anything else: a worker starts as quickly as it can, and has no command line.
    if std::env::args_os().nth(1).is_some_and(|word| word == vario_bootstrap::WORKER) {
        return vario_bootstrap::serve_worker();
    }
    let started = std::time::Instant::now();
    vario_bootstrap::outlive_file_limit();
    match app::run(&Args::parse(), started) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            ExitCode::FAILURE
        }
    }
}
