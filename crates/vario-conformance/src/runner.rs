use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use vario_sandbox::{Engine, Language};

use crate::bench::Bench;
use crate::case::{Body, Case};
use crate::groups::cases_of;

/// Interpreters need room: this is what the runtime gives its workers too.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// When a case counts as hung. A guard, not an expectation: no case comes near it.
const PATIENCE: Duration = Duration::from_mins(2);

/// Runs one group of [`crate::GROUPS`], every case on a thread of its own.
///
/// # Panics
/// After the last case, with a list of those that failed and how.
#[track_caller]
pub fn run(engine: Arc<dyn Engine>, group: &str) {
    let bench = Bench::new(engine);
    let cases = cases_of(group);
    let total = cases.len();
    let failures: Vec<String> = cases
        .into_iter()
        .filter_map(|case| {
            let name = case.name;
            run_alone(&bench, case).err().map(|words| format!("{group}: {name}\n     {words}"))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {total} cases failed in {}\n{}",
        failures.len(),
        bench.language(),
        failures.join("\n")
    );
}

/// Runs a case on a fresh thread and gives the words of its panic.
fn run_alone(bench: &Bench, case: Case) -> Result<(), String> {
    let (sender, receiver) = channel();
    let bench = bench.clone();
    // A thread that hangs is left behind; it ends with the test's process.
    thread::Builder::new()
        .name(case.name.to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| run_case(&bench, case)));
            // Nobody listens any more when the case was given up.
            let _given_up = sender.send(outcome.map_err(|panic| words_of(panic.as_ref())));
        })
        .expect("a thread can be started");
    match receiver.recv_timeout(PATIENCE) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err("did not come back".to_owned()),
        Err(RecvTimeoutError::Disconnected) => Err("its thread died".to_owned()),
    }
}

fn run_case(bench: &Bench, case: Case) {
    let Case { setup, body, .. } = case;
    match body {
        Body::Steps(steps) => steps(bench),
        Body::Program { lua, js } => {
            let side = match bench.language() {
                Language::Lua => lua,
                Language::JavaScript => js,
            };
            if let (Some(source), Some(expect)) = (side.source, side.expect) {
                expect.assert(&bench.run(&setup, &source));
            }
        }
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    if let Some(words) = panic.downcast_ref::<String>() {
        words.clone()
    } else if let Some(words) = panic.downcast_ref::<&str>() {
        (*words).to_owned()
    } else {
        "panicked".to_owned()
    }
}
