//! `ctx.host.ccusage.query` (contract section 4.10): token usage from the logs of local tools, as
//! the npm package `ccusage` counts it.
//!
//! A [`UsageSource`] that can answer by itself is asked first. Else the package is run by the first
//! of five runners that gets an answer out of it; which programs these are and where they are
//! looked for is in `runners` and `path`, what is asked in `options`, what counts as an answer in
//! `output`, and `attempt` starts one program.
//!
//! Two things are stricter than in the original host. The search for the runners ends with the
//! run, too, and one that does not say its version in the time of an attempt is none. And a day
//! with letters that a shell would act on is never handed to a program: some runners join their
//! arguments to a command line, the package refuses such a day anyway, and the right to count
//! tokens must not become one to run commands.

mod attempt;
mod config;
mod options;
mod output;
mod path;
mod runners;
mod turns;

use std::sync::Arc;

use vario_host::{Cancel, HostError, LogEntry, LogOrigin, Scope, UsageOptions, redact};
use vario_value::{LogLevel, Value};

use self::attempt::{Attempt, Starter};
use self::options::{Package, Question};
use self::runners::{Kind, Runner};
use crate::config::NativeConfig;
use crate::wait;

pub use self::config::{UsageConfig, UsageQuery, UsageSource};
pub use self::turns::UsageTurns;

#[cfg(test)]
mod tests;

/// Answers a query; an error only when the run is cancelled or `ended`.
pub(crate) fn query(
    options: &UsageOptions,
    config: &NativeConfig,
    ended: &Cancel,
    scope: &Scope,
) -> Result<Value, HostError> {
    let question = Question::new(options, scope, config.home.as_deref());
    let Some(turn) = config.usage.turns.take(question.provider) else {
        return Ok(runner_failed());
    };
    let turn = Arc::new(turn);
    let answer = match from_source(&question, config, &turn, scope) {
        Ok(Some(usage)) => Ok(ok(usage)),
        Ok(None) => from_runners(&question, &Starter::new(config, ended, scope), scope),
        Err(error) => Err(error),
    };
    match answer {
        // A query never throws: whatever else goes wrong is a runner that failed.
        Err(HostError::Failed(_)) => Ok(runner_failed()),
        answer => answer,
    }
}

/// What the native source says, if there is one and it can answer.
fn from_source(
    question: &Question,
    config: &NativeConfig,
    turn: &Arc<turns::Turn>,
    scope: &Scope,
) -> Result<Option<Value>, HostError> {
    let Some(source) = config.usage.source.clone() else { return Ok(None) };
    let query = question.for_source(scope);
    // A source that is given up may still be at work, and another must not begin before it ends.
    let turn = Arc::clone(turn);
    let answer = wait::on_helper(scope, move || {
        let _turn = turn;
        source.query(&query)
    });
    match answer {
        Ok(answer) => Ok(answer.and_then(output::usage)),
        Err(halted @ HostError::Halted(_)) => Err(halted),
        // It stumbled over something; the runners may do better, if there is time.
        Err(_) => wait::check(scope).map(|()| None),
    }
}

fn from_runners(
    question: &Question,
    starter: &Starter<'_>,
    scope: &Scope,
) -> Result<Value, HostError> {
    let mut runners = Vec::new();
    for kind in Kind::ALL {
        runners.extend(Runner::find(kind, starter)?);
    }
    if runners.is_empty() {
        // The end of the run may have hidden one.
        wait::check(scope)?;
        return Ok(no_runner());
    }
    if !question.is_harmless() {
        return Ok(runner_failed());
    }
    for runner in &runners {
        for package in question.packages() {
            let arguments = runner.kind.arguments(&package, &question.arguments(&package));
            let attempt = starter.attempt(&runner.program, &arguments, question.home_variable())?;
            let said = |words: &str| log(runner, &package, words, scope);
            match attempt {
                Attempt::Done(stdout) => match output::parse(&stdout, scope.deadline) {
                    Some(usage) => return Ok(ok(usage)),
                    None => said("said nothing usable"),
                },
                Attempt::Failed(words) => said(&words),
                // Another one would be as slow.
                Attempt::Late => {
                    said("took too long");
                    return Ok(runner_failed());
                }
            }
        }
    }
    Ok(runner_failed())
}

/// Tells the user what a plugin is not told.
fn log(runner: &Runner, package: &Package, words: &str, scope: &Scope) {
    if scope.log.wants(LogLevel::Warn) {
        let program = runner.kind.program();
        let message = format!("ccusage: {program} with {} {words}", package.name);
        scope.log.write(LogEntry {
            plugin_id: scope.plugin_id.clone(),
            level: LogLevel::Warn,
            origin: LogOrigin::Host,
            message: redact::log_text(&message).into_owned(),
        });
    }
}

fn ok(usage: Value) -> Value {
    Value::from([("status", Value::from("ok")), ("data", usage)])
}

/// Said when there is none, and when the plugin may not have one.
pub(crate) fn no_runner() -> Value {
    Value::from([("status", Value::from("no_runner"))])
}

fn runner_failed() -> Value {
    Value::from([("status", Value::from("runner_failed"))])
}
