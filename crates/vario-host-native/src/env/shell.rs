//! What the user's login shells know (contract section 4.5, step 3).
//!
//! A desktop program often lacks variables that are set in a shell's start-up files. Unlike in
//! the original host, a shell that hangs is killed with its children.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use vario_host::Scope;

use super::clean;

/// How long one variable may take, all shells together.
const TIME_LIMIT: Duration = Duration::from_secs(5);

const START: &str = "__VARIO_ENV_START__";
const END: &str = "__VARIO_ENV_END__";

/// How much of a shell's output is read.
const MAX_OUTPUT_BYTES: u64 = 1024 * 1024;

/// What a lookup gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellAnswer {
    /// The cleaned value.
    pub value: Option<String>,
    /// The time ran out before every shell was asked.
    pub is_unfinished: bool,
}

/// Who knows a variable that the process does not have.
pub trait ShellLookup: Send + Sync {
    /// The value of a variable.
    fn get(&self, name: &str, scope: &Scope) -> ShellAnswer;
}

/// The user's shell and the usual others, started as login and interactive shells.
#[derive(Debug, Clone)]
pub struct LoginShells {
    shells: Vec<String>,
}

impl LoginShells {
    /// `own` is the value of `$SHELL`; it comes first when it is zsh, bash or fish.
    pub fn new(own: Option<String>) -> Self {
        const OTHERS: [&str; 5] = [
            "/bin/zsh",
            "/bin/bash",
            "/opt/homebrew/bin/fish",
            "/usr/local/bin/fish",
            "/opt/local/bin/fish",
        ];
        let known = |shell: &String| {
            let name = Path::new(shell).file_name().and_then(|name| name.to_str());
            matches!(name, Some("zsh" | "bash" | "fish"))
        };
        let mut shells: Vec<String> = own.filter(known).into_iter().collect();
        for other in OTHERS {
            if !shells.iter().any(|shell| shell == other) {
                shells.push(other.to_owned());
            }
        }
        Self { shells }
    }

    /// These programs instead.
    pub fn of(shells: Vec<String>) -> Self {
        Self { shells }
    }
}

impl ShellLookup for LoginShells {
    fn get(&self, name: &str, scope: &Scope) -> ShellAnswer {
        let until = scope.deadline.min(Instant::now() + TIME_LIMIT);
        for shell in self.shells.iter().filter(|shell| Path::new(shell).exists()) {
            if Instant::now() >= until || scope.cancel.is_cancelled() {
                return ShellAnswer { value: None, is_unfinished: true };
            }
            if let Some(value) = ask(shell, name, until, scope) {
                return ShellAnswer { value: Some(value), is_unfinished: false };
            }
        }
        ShellAnswer { value: None, is_unfinished: Instant::now() >= until }
    }
}

fn ask(shell: &str, name: &str, until: Instant, scope: &Scope) -> Option<String> {
    let script = format!("printf '%s\\n' '{START}'; printenv {name}; printf '%s\\n' '{END}'");
    let mut command = Command::new(shell);
    command.args(["-ilc", &script]).stdin(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    let child = command.stdout(Stdio::piped()).spawn().ok()?;
    let output = run_until(child, until, scope)?;
    read_answer(&String::from_utf8_lossy(&output))
}

/// The output of a child that exits with 0 in time; otherwise its whole group is killed.
fn run_until(mut child: Child, until: Instant, scope: &Scope) -> Option<Vec<u8>> {
    let stdout = child.stdout.take()?;
    let (sender, receiver) = crossbeam_channel::bounded(1);
    std::thread::Builder::new()
        .name("shell output".to_owned())
        .spawn(move || {
            let mut output = Vec::new();
            let read = stdout.take(MAX_OUTPUT_BYTES).read_to_end(&mut output);
            let _nobody_waits = sender.send(read.map(|_| output));
        })
        .ok()?;
    let group = child.id();
    let killed = Arc::new(AtomicBool::new(false));
    let on_cancel = Arc::clone(&killed);
    let _guard = scope.cancel.on_cancel(move || {
        on_cancel.store(true, Ordering::SeqCst);
        kill_group(group);
    });
    let output = receiver.recv_deadline(until);
    // Whoever holds the output open after the shell's end goes with it.
    if output.is_err() {
        kill_group(group);
    }
    let status = child.wait().ok()?;
    match output {
        Ok(Ok(output)) if status.success() && !killed.load(Ordering::SeqCst) => Some(output),
        _ => None,
    }
}

#[cfg(unix)]
fn kill_group(group: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        let _already_gone = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_group: u32) {}

/// The cleaned text between the marks; without marks, of everything.
pub(super) fn read_answer(output: &str) -> Option<String> {
    let between = output
        .split_once(START)
        .and_then(|(_, after)| after.split_once(END))
        .map(|(between, _)| between);
    clean(between.unwrap_or(output))
}
