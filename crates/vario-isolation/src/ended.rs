use std::process::ExitStatus;

/// Why a run gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It was stopped; the reason is in the run's stop signal.
    Stopped,
    /// The worker's process ended by itself, or something else ended it; in words.
    Died(String),
    /// The worker said what no honest one says, and was killed; in words.
    Protocol(String),
    /// There was no worker to begin with; in words.
    Start(String),
}

/// How a process ended, in words that follow "its process".
pub(crate) fn status_words(status: ExitStatus) -> String {
    if let Some(words) = signal_words(status) {
        return words;
    }
    match status.code() {
        Some(crate::serve::EXIT_PANICKED) => "its process panicked".to_owned(),
        Some(code) => format!("its process ended with exit code {code}"),
        None => "its process ended".to_owned(),
    }
}

#[cfg(unix)]
fn signal_words(status: ExitStatus) -> Option<String> {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::Signal;

    let number = status.signal()?;
    let named = [
        (Signal::ABORT, "aborted"),
        (Signal::BUS, "bus error"),
        (Signal::FPE, "arithmetic error"),
        (Signal::ILL, "illegal instruction"),
        (Signal::KILL, "killed"),
        (Signal::SEGV, "segmentation fault"),
        (Signal::SYS, "forbidden system call"),
        (Signal::TERM, "terminated"),
        (Signal::XCPU, "too much processor time"),
    ];
    let name = named.iter().find(|(signal, _)| signal.as_raw() == number);
    let name = name.map_or_else(String::new, |(_, name)| format!(" ({name})"));
    Some(format!("its process was ended by signal {number}{name}"))
}

#[cfg(not(unix))]
fn signal_words(_status: ExitStatus) -> Option<String> {
    None
}
