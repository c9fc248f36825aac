//! Elsewhere than on Linux: a process of its own without an environment, which is killed at its
//! deadline. It keeps its user's rights.

use std::fs::File;
use std::io;

use crate::lockdown::Lockdown;
use crate::message::Setup;

#[cfg(unix)]
use super::unix::move_pipes;
#[cfg(not(unix))]
use super::windows::move_pipes;

/// Gives the ends of the pipe. What else was inherited stays: the host's own descriptors are
/// never handed down.
pub(crate) fn take_pipes(lockdown: &mut Lockdown) -> io::Result<(File, File)> {
    let pipes = move_pipes()?;
    lockdown.note("descriptors", Err("what other programs left open stays open".to_owned()));
    Ok(pipes)
}

pub(crate) fn early(_setup: &Setup, lockdown: &mut Lockdown) {
    // The host starts a worker with the time zone only.
    lockdown.note("environment", Ok(String::new()));
    #[cfg(unix)]
    super::unix::leave_folder();
}

pub(crate) fn late(_setup: &Setup, _other: Result<String, String>, lockdown: &mut Lockdown) {
    #[cfg(unix)]
    {
        use rustix::process::Resource;
        let limits = [(Resource::Core, "core files", 0), (Resource::Fsize, "file size", 0)];
        super::unix::limit(lockdown, "limits", &limits);
        super::unix::limit(lockdown, "limit on processes", &[(Resource::Nproc, "", 0)]);
    }
    for name in ["ends with its host", "memory", "files and network", "system call filter"] {
        lockdown.note(name, Err("this system has nothing that Vario uses for it".to_owned()));
    }
}

/// Nothing here holds for a single thread.
#[expect(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
pub(crate) fn restrict_thread() -> Result<String, String> {
    Ok(String::new())
}
