//! What ended a program.

use std::process::ExitStatus;

/// The name of the signal, such as `SIGTERM`.
#[cfg(unix)]
pub(super) fn name(status: ExitStatus) -> Option<String> {
    use std::os::unix::process::ExitStatusExt as _;

    use rustix::process::Signal;
    let number = status.signal()?;
    let known = [
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::ILL, "SIGILL"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::KILL, "SIGKILL"),
        (Signal::USR1, "SIGUSR1"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::USR2, "SIGUSR2"),
        (Signal::PIPE, "SIGPIPE"),
        (Signal::ALARM, "SIGALRM"),
        (Signal::TERM, "SIGTERM"),
    ];
    let found = known.into_iter().find(|(signal, _)| signal.as_raw() == number);
    Some(found.map_or_else(|| format!("SIG{number}"), |(_, name)| name.to_owned()))
}

#[cfg(not(unix))]
pub(super) fn name(_status: ExitStatus) -> Option<String> {
    None
}
