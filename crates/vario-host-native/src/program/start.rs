#![cfg_attr(
    target_os = "linux",
    expect(
        unsafe_code,
        reason = "what a child does before it becomes a program is unsafe by type"
    )
)]

//! How a program is started, and how one sees that it has ended.

use std::process::Command;

use process_wrap::std::ChildWrapper;

/// Has the program killed when the thread that starts it ends, which waits for it: so it does not
/// outlive a host that was killed itself.
#[cfg(target_os = "linux")]
pub(super) fn end_with_us(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    use rustix::process::{Signal, getpid, getppid, set_parent_process_death_signal};
    let host = getpid();
    let before = move || {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // The host may have ended just before.
        if getppid() == Some(host) {
            Ok(())
        } else {
            Err(std::io::Error::other("the host is gone"))
        }
    };
    // SAFETY: two system calls, which are allowed between fork and exec; nothing is allocated but
    // for the error of a host that is gone, whose child is about to end.
    unsafe { command.pre_exec(before) };
}

#[cfg(not(target_os = "linux"))]
pub(super) fn end_with_us(_command: &mut Command) {}

/// Whether the program has ended. Its number is kept for it, so that the group of that number is
/// still its own when it is killed.
#[cfg(unix)]
pub(super) fn has_left(child: &mut dyn ChildWrapper) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return true };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    // An error means that there is nothing to wait for.
    !matches!(waitid(WaitId::Pid(pid), options), Ok(None))
}

#[cfg(not(unix))]
pub(super) fn has_left(child: &mut dyn ChildWrapper) -> bool {
    !matches!(child.try_wait(), Ok(None))
}
