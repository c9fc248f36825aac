//! The command line: finds probes, runs them and prints what they say.
//!
//! Each subcommand is a module of `commands`; `cli` declares the arguments. Data goes to standard
//! output, everything else to standard error, and the exit code says how it went (see `exit`).
//! No logic lives here that another front would need too: what a run is, what it may do and how
//! its numbers read is in the crates below.

mod cli;
mod commands;
mod exit;
mod style;
mod table;
mod terminal;

use clap::Parser;

use crate::cli::Cli;
use crate::exit::Exit;

// Script engines make and drop many small objects; with the C library's allocator that costs
// twice as much.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // Before anything else: a worker starts as quickly as it can, and has no command line.
    if std::env::args_os().nth(1).is_some_and(|word| word == vario_bootstrap::WORKER) {
        return vario_bootstrap::serve_worker();
    }
    terminal::quiet_broken_pipe();
    vario_bootstrap::outlive_file_limit();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Ok };
            let _nowhere_else_to_say = error.print();
            return exit.into();
        }
    };
    match commands::run(&cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal::say_error(&cli.global, &error);
            exit::of_error(&error).into()
        }
    }
}
