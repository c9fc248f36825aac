use crate::stop::StopReason;

/// What kind of failure it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The source does not parse.
    Syntax,
    /// The script threw a string on purpose: the contract shows it (section 2.4). In Lua that is
    /// `error("text")` with or without a level, and `assert` with a message; never a run-time error.
    ThrownText(String),
    /// The script threw anything else, or a run-time error arose.
    Thrown,
    /// The run was ended from outside; see [`StopReason`]. Also memory and stack that ran out and
    /// that the script did not handle.
    Stopped(StopReason),
    /// The value cannot cross the border: too deep, a cycle.
    Value,
    /// The engine could not be set up or broke its own promises.
    Internal,
}

/// A place in a plugin's source. Line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file's name as given in the source.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, where the engine knows it.
    pub column: Option<u32>,
}

/// What went wrong in a script, the same for every engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScriptError {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// The engine's or the script's words, one line where possible, without position prefix.
    pub message: String,
    /// Where, when known.
    pub location: Option<Location>,
    /// The script's call stack, a frame a line, when known.
    pub stack: Option<String>,
}

impl ScriptError {
    /// An error that knows no place.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), location: None, stack: None }
    }

    /// The error of a run that was ended from outside.
    pub fn stopped(reason: StopReason) -> Self {
        let message = match &reason {
            StopReason::Deadline => "the deadline passed",
            StopReason::Memory => "out of memory",
            StopReason::Stack => "stack overflow",
            StopReason::HostCalls => "too many host calls",
            StopReason::Log => "too much log output",
            StopReason::Cancelled => "cancelled",
            StopReason::Halted(words) => words.as_str(),
        }
        .to_owned();
        Self::new(ErrorKind::Stopped(reason), message)
    }
}
