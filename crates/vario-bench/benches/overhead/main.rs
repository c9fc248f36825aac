//! Prints what our side of a probe run costs, next to the floor.

mod background;
mod isolation;
mod process;
mod report;
mod runs;
mod window;

use std::io;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use crate::report::Report;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The stack that engines want of the thread they run on, in bytes.
const STACK: usize = 8 * 1024 * 1024;

const USAGE: &str = "arguments: any of `probe`, `calls`, `isolation`, `window`, `process` and \
                     `background` (all by default), and `--rounds N`";

struct Options {
    sections: Vec<String>,
    rounds: usize,
}

impl Options {
    fn parse(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { sections: Vec::new(), rounds: 2_000 };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                // `cargo bench` says so to every benchmark.
                "--bench" => {}
                "--rounds" => {
                    let number = args.next().and_then(|number| number.parse().ok());
                    options.rounds = number.filter(|number| *number > 0).context(USAGE)?;
                }
                "probe" | "calls" | "isolation" | "window" | "process" | "background" => {
                    options.sections.push(arg);
                }
                _ => bail!(USAGE),
            }
        }
        Ok(options)
    }

    fn wants(&self, name: &str) -> bool {
        self.sections.is_empty() || self.sections.iter().any(|section| section == name)
    }
}

fn main() -> Result<ExitCode> {
    // This program is its own worker.
    if std::env::args().nth(1).is_some_and(|word| word == vario_bootstrap::WORKER) {
        return Ok(vario_bootstrap::serve_worker());
    }
    let options = Options::parse(std::env::args().skip(1))?;
    let mut out = Report::new(io::stdout());
    let kept = thread::scope(|scope| {
        let measured = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            if options.wants("probe") {
                runs::probe(&mut out, options.rounds)?;
                runs::stages(&mut out, options.rounds)?;
            }
            if options.wants("calls") {
                runs::host_calls(&mut out, options.rounds.div_ceil(10))?;
            }
            if options.wants("isolation") {
                isolation::run(&mut out, options.rounds.div_ceil(10))?;
            }
            if options.wants("window") {
                return window::run(&mut out, options.rounds);
            }
            anyhow::Ok(true)
        })?;
        measured.join().unwrap_or_else(|_panic| Err(anyhow!("a measured program panicked")))
    })?;
    if options.wants("process") {
        process::run(&mut out)?;
    }
    let kept = if options.wants("background") { background::run(&mut out)? && kept } else { kept };
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
