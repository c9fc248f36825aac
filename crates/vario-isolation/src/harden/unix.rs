use std::fs::File;

use rustix::fs::{Mode, OFlags};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::lockdown::Lockdown;

/// Moves the pipe away from standard input and output, which lead nowhere from then on: what a
/// library prints must not look like a message.
pub(super) fn move_pipes() -> rustix::io::Result<(File, File)> {
    let away = |stream| rustix::io::fcntl_dupfd_cloexec(stream, 3);
    let from = away(rustix::stdio::stdin())?;
    let to = away(rustix::stdio::stdout())?;
    let nowhere = rustix::fs::open("/dev/null", OFlags::RDWR, Mode::empty())?;
    rustix::stdio::dup2_stdin(&nowhere)?;
    rustix::stdio::dup2_stdout(&nowhere)?;
    rustix::stdio::dup2_stderr(&nowhere)?;
    Ok((from.into(), to.into()))
}

/// A folder that nobody needs to remove or unmount, and files that nobody else can read; in case
/// there ever is one.
pub(super) fn leave_folder() {
    rustix::process::umask(Mode::from_raw_mode(0o077));
    let _stays_where_it_is = rustix::process::chdir("/");
}

/// Sets limits that nothing can raise again, and notes them under one name.
pub(super) fn limit(lockdown: &mut Lockdown, name: &str, limits: &[(Resource, &str, u64)]) {
    let outcome: Result<Vec<&str>, String> = limits
        .iter()
        .map(|(resource, what, limit)| {
            set_limit(*resource, *limit).map_err(|error| format!("{what}: {error}"))?;
            Ok(*what)
        })
        .collect();
    lockdown.note(name, outcome.map(|limited| limited.join(", ")));
}

pub(super) fn set_limit(resource: Resource, limit: u64) -> rustix::io::Result<()> {
    setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })
}
