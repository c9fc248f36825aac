//! TOML files that a person edits, and so do we.

pub(crate) mod edit;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use toml_edit::{Document, DocumentMut, Item, Key, TableLike};

use crate::{Error, atomic, lock};

/// How long a change waits for another process that is changing the file.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// More than this is no file of ours.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Something in a file that does not count. The rest of the file does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The name of the entry, such as `display.theme_mode`.
    pub key: String,
    /// What is wrong with it, and what holds in its place. Never the value of a plugin's setting.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: `{}`: {}", self.path.display(), self.line, self.key, self.message)
    }
}

/// Edits a file as it is now, under a lock, so that two processes lose nothing of each other's.
/// Gives what `read` makes of the file, and whether anything changed.
///
/// `edit` says whether it changed anything; if not, nothing is written, and no file is made. A file
/// that `read` refuses is never written.
pub(crate) fn change<R>(
    path: &Path,
    read: impl Fn(&str) -> Result<R, Error>,
    edit: impl FnOnce(&mut DocumentMut, &R) -> Result<bool, Error>,
) -> Result<(R, bool), Error> {
    let lock_path = atomic::beside(path, "lock");
    let _lock = lock::lock_until(&lock_path, Instant::now() + LOCK_WAIT)?
        .ok_or_else(|| Error::Locked { path: lock_path.clone() })?;
    let old = text_of(path)?;
    let before = read(&old)?;
    let mut document = parse(path, &old, "")?.into_mut();
    if !edit(&mut document, &before)? {
        return Ok((before, false));
    }
    let text = document.to_string();
    // Reading what is about to be written proves that it can be read again.
    if text.len() as u64 > MAX_BYTES {
        return Err(Error::write(path, too_large()));
    }
    let after = read(&text)?;
    atomic::sweep(path);
    atomic::replace(path, text.as_bytes())?;
    Ok((after, true))
}

/// The text of a file, empty if there is none.
pub(crate) fn text_of(path: &Path) -> Result<String, Error> {
    let failed = |source| Error::read(path, source);
    // Opening a pipe waits for a writer, for ever if there is none.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        return Err(failed(io::Error::other("it is not an ordinary file")));
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut text = String::new();
    file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(failed(too_large()));
    }
    Ok(text)
}

fn too_large() -> io::Error {
    io::Error::other("it is larger than 4 MiB")
}

/// The TOML document in the text. `until_then` ends the error's text: what holds until a person has
/// corrected the file.
pub(crate) fn parse(
    path: &Path,
    text: &str,
    until_then: &'static str,
) -> Result<Document<String>, Error> {
    Document::parse(text.to_owned()).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        syntax(path, text, error.span().map(|span| span.start), message, until_then)
    })
}

/// The error that a file as a whole is not what it should be.
pub(crate) fn syntax(
    path: &Path,
    text: &str,
    place: Option<usize>,
    message: String,
    until_then: &'static str,
) -> Error {
    let (line, column) = position(text, place.unwrap_or(0));
    Error::Syntax { path: path.to_owned(), line, column, message, until_then }
}

/// What to tell about something that should be a table.
pub(crate) fn expected_table(item: &Item) -> String {
    format!("expected a table, found {}", item.type_name())
}

/// Where a key stands, in bytes; where its value does, if that is all that is known.
pub(crate) fn place(table: &dyn TableLike, key: &str, item: &Item) -> Option<usize> {
    let of_key = table.key(key).and_then(Key::span);
    of_key.or_else(|| item.span()).map(|span| span.start)
}

/// Line and column of a byte, both from 1.
pub(crate) fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// `; did you mean …?` with the candidate nearest to `name`, or nothing.
pub(crate) fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    nearest(name, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// The candidate nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = (name.len() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, near)| near)
}
