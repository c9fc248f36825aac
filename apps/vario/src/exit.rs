//! Exit codes (design section 8).

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is fine.
    Ok,
    /// Something is not.
    NotOk,
    /// The arguments, or a file named by them, cannot be used.
    Usage,
    /// Something is not, and all of it for want of a right.
    NotAllowed,
    /// Nothing matched what was asked for.
    NoMatch,
    /// The program itself failed.
    Internal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Ok => 0,
            Exit::NotOk => 1,
            Exit::Usage => 2,
            Exit::NotAllowed => 3,
            Exit::NoMatch => 4,
            Exit::Internal => 5,
        })
    }
}

/// An error that says by itself how the program ends.
#[derive(Debug)]
pub(crate) struct Failed {
    exit: Exit,
    message: String,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failed {}

/// The arguments, or a file named by them, cannot be used.
pub(crate) fn usage(message: impl Into<String>) -> anyhow::Error {
    Failed { exit: Exit::Usage, message: message.into() }.into()
}

/// Nothing matched what was asked for.
pub(crate) fn no_match(message: impl Into<String>) -> anyhow::Error {
    Failed { exit: Exit::NoMatch, message: message.into() }.into()
}

/// What was asked for could not be done.
pub(crate) fn not_ok(message: impl Into<String>) -> anyhow::Error {
    Failed { exit: Exit::NotOk, message: message.into() }.into()
}

/// How the program ends with this error.
pub(crate) fn of_error(error: &anyhow::Error) -> Exit {
    error.downcast_ref::<Failed>().map_or(Exit::Internal, |failed| failed.exit)
}
