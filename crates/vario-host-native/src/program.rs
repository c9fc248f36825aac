//! `process.run`: a program of the user's, without a shell, for a limited time.

mod find;
mod pipes;
mod signal;
mod start;

use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crossbeam_channel::RecvTimeoutError;
use process_wrap::std::{ChildWrapper, CommandWrap};
use vario_host::{Cancel, HostError, ProgramRequest, Scope};
use vario_value::Value;

pub(crate) use self::find::{file_names, first_of, is_path, locate};

use self::pipes::Pipes;
pub(crate) use self::pipes::Said;
use crate::config::Environment;
use crate::wait;

/// When a plugin says nothing.
const TIMEOUT: Duration = Duration::from_mins(1);

/// How much is kept of what a program says, of each of its two outputs, in bytes.
const KEPT_BYTES: usize = 1024 * 1024;

/// How often a program is asked whether it is still there.
const TICK: Duration = Duration::from_millis(10);

/// How long output may lag behind the end of the program.
const LAG: Duration = Duration::from_millis(200);

/// What a program gets of our own variables: what it needs to find its files and to speak the
/// user's language, and none that might hold a secret.
const VARIABLES: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "SystemRoot",
    "SystemDrive",
    "PATHEXT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "ProgramFiles",
];

/// Variables that make of any program one that runs the plugin's own code.
const LOADERS: &[&str] =
    &["LD_", "DYLD_", "BASH_ENV", "ENV", "NODE_OPTIONS", "PERL5OPT", "RUBYOPT"];

/// Makes the command that was asked for. The program and the folder were found and judged.
pub(crate) fn command(
    request: &ProgramRequest,
    program: &std::path::Path,
    cwd: &std::path::Path,
    environment: &dyn Environment,
) -> Result<Command, HostError> {
    let mut command = bare(program, environment);
    command.args(&request.args).current_dir(cwd);
    for (name, value) in &request.env {
        let upper = name.to_ascii_uppercase();
        let loads =
            |known: &&str| upper == **known || (known.ends_with('_') && upper.starts_with(*known));
        if LOADERS.iter().any(loads) {
            return Err(HostError::Failed(format!(
                "a program cannot be given the variable {name}"
            )));
        }
        command.env(name, value);
    }
    Ok(command)
}

/// A command with nothing of our own variables but those that any program needs.
pub(crate) fn bare(program: &std::path::Path, environment: &dyn Environment) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    for name in VARIABLES {
        if let Some(value) = environment.get(name) {
            command.env(name, value);
        }
    }
    command
}

/// Runs it to its end, or until its time is over, the run is cancelled or `ended`. Then it is
/// killed with all that it started.
pub(crate) fn run(
    command: Command,
    request: ProgramRequest,
    ended: &Cancel,
    scope: &Scope,
) -> Result<Value, HostError> {
    let timeout = request.timeout_ms.filter(|time| *time > 0);
    let timeout = timeout.map_or(TIMEOUT, Duration::from_millis);
    // A time beyond all reckoning is bounded by the run's.
    let own = Instant::now().checked_add(timeout).unwrap_or(scope.deadline);
    let bounds = Bounds { is_late: &|| Instant::now() >= own, kept_bytes: KEPT_BYTES };
    match finish(command, &request.program, request.input, &bounds, ended, scope)? {
        Some(finished) => Ok(answer(finished)),
        None if own <= scope.deadline => {
            let words = format!("process timed out after {} ms", timeout.as_millis());
            Err(HostError::Failed(words))
        }
        None => Err(wait::timed_out()),
    }
}

/// How far a program may go.
pub(crate) struct Bounds<'a> {
    /// Whether its own time is over; that of the run ends it in any case.
    pub(crate) is_late: &'a dyn Fn() -> bool,
    /// How much is kept of each of its two outputs. It may say more.
    pub(crate) kept_bytes: usize,
}

/// What became of a program that came to its end.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Said,
    pub(crate) stderr: Said,
}

/// Runs a program as far as it may go; none when it was killed because its time was over. However
/// it ends, nothing that it started is left.
///
/// # Errors
/// When it cannot be started, and when the run is cancelled or `ended`.
pub(crate) fn finish(
    command: Command,
    name: &str,
    input: Option<Vec<u8>>,
    bounds: &Bounds<'_>,
    ended: &Cancel,
    scope: &Scope,
) -> Result<Option<Finished>, HostError> {
    let mut pipes = Pipes::new(bounds.kept_bytes)?;
    let _guards = [pipes.wake_on(&scope.cancel), pipes.wake_on(ended)];
    let mut child = start(command, input.is_some(), name)?;
    let done = pipes
        .connect(child.as_mut(), input)
        .and_then(|()| watch(child.as_mut(), &mut pipes, bounds.is_late, ended, scope));
    // Also after a good end: what it left running would outlive everybody who knows of it.
    let _nothing_is_left = child.start_kill();
    let status = child.wait();
    match done? {
        End::Left => {}
        End::Late => return Ok(None),
    }
    let status = status.map_err(|error| HostError::Failed(error.to_string()))?;
    let [stdout, stderr] = pipes.into_said();
    Ok(Some(Finished { status, stdout, stderr }))
}

fn start(
    mut command: Command,
    has_input: bool,
    name: &str,
) -> Result<Box<dyn ChildWrapper>, HostError> {
    let input = if has_input { Stdio::piped() } else { Stdio::null() };
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
    start::end_with_us(&mut command);
    let mut wrapped = CommandWrap::from(command);
    // A session of its own: no terminal, and a group that can be killed as one.
    #[cfg(unix)]
    wrapped.wrap(process_wrap::std::ProcessSession);
    let name = name.escape_debug();
    wrapped.spawn().map_err(|error| HostError::Failed(format!("cannot start `{name}`: {error}")))
}

/// How the waiting ended.
enum End {
    /// The program has ended.
    Left,
    /// Its time is over.
    Late,
}

fn watch(
    child: &mut dyn ChildWrapper,
    pipes: &mut Pipes,
    is_late: &dyn Fn() -> bool,
    ended: &Cancel,
    scope: &Scope,
) -> Result<End, HostError> {
    let mut give_up = None;
    loop {
        if scope.cancel.is_cancelled() || ended.is_cancelled() {
            return Err(wait::cancelled());
        }
        let now = Instant::now();
        if give_up.is_some_and(|late| pipes.are_closed() || now >= late) {
            return Ok(End::Left);
        }
        if now >= scope.deadline || is_late() {
            return Ok(End::Late);
        }
        match pipes.receive(now + TICK) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            // Both outputs are closed; only its end is waited for.
            Err(RecvTimeoutError::Disconnected) => {
                // That the run's time is over is seen above.
                if let Err(halted @ HostError::Halted(_)) = wait::pause(TICK, scope) {
                    return Err(halted);
                }
            }
        }
        if give_up.is_none() && start::has_left(child) {
            give_up = Some(Instant::now() + LAG);
        }
    }
}

fn answer(finished: Finished) -> Value {
    let Finished { status, stdout, stderr } = finished;
    let code = status.code().map_or(Value::Null, |code| Value::Int(code.into()));
    let signal = signal::name(status).map_or(Value::Null, Value::Str);
    let truncated = stdout.is_truncated || stderr.is_truncated;
    Value::from([
        ("code", code),
        ("signal", signal),
        ("stdout", Value::Bytes(stdout.bytes)),
        ("stderr", Value::Bytes(stderr.bytes)),
        ("truncated", Value::Bool(truncated)),
    ])
}
