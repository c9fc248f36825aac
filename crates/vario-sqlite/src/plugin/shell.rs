use std::ffi::c_int;

use rusqlite::{Error, ErrorCode, ffi};

/// Where the program was when something failed.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    Prepare,
    Step,
}

/// How many bytes of a statement are shown.
const SHOWN: usize = 78;

/// The most bytes that are shown before the error.
const SHOWN_BEFORE: usize = 50;

/// From here on the arrow comes after its words.
const ARROW_ON_THE_RIGHT: usize = 25;

/// Shown when the binding could not make sense of a file.
pub(crate) const MALFORMED: &str = "Error: in prepare, malformed database schema (11)";

/// Shown for a journal that [`journal`](super::journal) does not trust.
pub(crate) const FOREIGN_JOURNAL: &str = "Error: unfinished transaction over several databases; \
     open it once with the program it belongs to";

/// The most bytes of what SQLite says: a message may hold a token or a text of the statement's.
const MAX_MESSAGE: usize = 2000;

/// What [`cannot_open`] says of a file that is missing.
pub(super) fn not_a_file(name: &str) -> String {
    format!("Error: unable to open database \"{name}\": unable to open database file")
}

/// `Error: unable to open database "x": unable to open database file`
pub(super) fn cannot_open(name: &str, error: &Error) -> String {
    let reason = match error {
        Error::SqliteFailure(failure, _) if failure.code == ErrorCode::CannotOpen => {
            return not_a_file(name);
        }
        Error::SqliteFailure(failure, _) => failure.to_string(),
        other => other.to_string(),
    };
    format!("Error: unable to open database \"{name}\": {reason}")
}

/// `Error: in prepare, no such table: x`, with the place in the SQL where that is known.
pub(super) fn failed(stage: Stage, error: &Error) -> String {
    let mut text = whole(stage, error);
    if text.len() > MAX_MESSAGE {
        text.truncate(text.floor_char_boundary(MAX_MESSAGE));
        text.push('\u{2026}');
    }
    text
}

fn whole(stage: Stage, error: &Error) -> String {
    let stage = match stage {
        Stage::Prepare => "in prepare",
        Stage::Step => "stepping",
    };
    match error {
        Error::SqliteFailure(failure, message) => {
            let message = message.clone().unwrap_or_else(|| failure.to_string());
            format!("Error: {stage}, {message}{}", number(failure.extended_code))
        }
        Error::SqlInputError { error: failure, msg, sql, offset } => {
            let place = usize::try_from(*offset).ok().and_then(|at| place(sql, at));
            let place = place.unwrap_or_default();
            format!("Error: {stage}, {msg}{}{place}", number(failure.extended_code))
        }
        other => format!("Error: {stage}, {other}"),
    }
}

/// The primary error code, unless it is the general one.
fn number(extended_code: c_int) -> String {
    match extended_code & 0xff {
        ffi::SQLITE_ERROR => String::new(),
        code => format!(" ({code})"),
    }
}

/// The part of the statement around byte `at`, and an arrow that points to it.
fn place(sql: &str, at: usize) -> Option<String> {
    let start = sql.ceil_char_boundary(at.saturating_sub(SHOWN_BEFORE));
    let end = sql.floor_char_boundary(sql.len().min(start + SHOWN));
    let column = at.checked_sub(start).filter(|_| at < sql.len())?;
    let shown: String = sql[start..end]
        .chars()
        .map(|character| if character.is_ascii_whitespace() { ' ' } else { character })
        .collect();
    Some(if column < ARROW_ON_THE_RIGHT {
        format!("\n  {shown}\n  {:column$}^--- error here", "")
    } else {
        format!("\n  {shown}\n  {:>1$}", "error here ---^", column + 1)
    })
}
