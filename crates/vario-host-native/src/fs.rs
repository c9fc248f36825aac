//! `ctx.host.fs` (contract section 4.3). Errors are the operating system's own words.
//!
//! What a path leads to is found in [`resolve`], together with whether the plugin may go there.
//! Nothing here waits for a pipe or grows without bound: only regular files are read or written,
//! up to a size, and reading stops when the run is over. What cannot be helped is a network mount
//! whose server is gone: the system itself waits for it.

pub(crate) mod quota;
pub(crate) mod resolve;
pub(crate) mod tree;
pub(crate) mod write;

use std::io::{self, Read as _, Seek as _, Write as _};

use vario_host::{HostError, Scope};
use vario_value::Value;

use self::resolve::Kind;
pub(crate) use self::resolve::Place;
use self::write::NewFile;
use crate::wait;

/// The largest file that is read.
const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;

/// The most entries of a folder that are listed.
const MAX_ENTRIES: usize = 100_000;

/// Said of pipes, devices and sockets.
pub(crate) const NOT_A_FILE: &str = "not a regular file";

/// A whole file as text. A byte-order mark is kept.
pub(crate) fn read_text(place: &Place, scope: &Scope) -> Result<String, HostError> {
    let bytes = read_bytes(place, scope)?;
    String::from_utf8(bytes).or(Err(HostError::failed("stream did not contain valid UTF-8")))
}

/// A whole file.
pub(crate) fn read_bytes(place: &Place, scope: &Scope) -> Result<Vec<u8>, HostError> {
    read_part(place, Part::default(), scope)
}

/// How large a file is; nothing if there is none.
pub(crate) fn size(place: &Place) -> Option<u64> {
    place.open_to_read().and_then(|file| file.metadata()).ok().map(|metadata| metadata.len())
}

/// Some bytes of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Part {
    offset: u64,
    length: Option<u64>,
}

impl Part {
    /// Reads offset and length behind the path; what is no whole number counts as not given.
    pub(crate) fn read(args: &[Value]) -> Self {
        let number = |place: usize| {
            let number = args.get(place)?.as_f64()?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range was checked"
            )]
            (0.0..9e15).contains(&number).then_some(number as u64)
        };
        Self { offset: number(1).unwrap_or(0), length: number(2) }
    }

    pub(crate) fn is_whole(self) -> bool {
        self.offset == 0 && self.length.is_none()
    }

    /// That part of a file's bytes.
    pub(crate) fn of(self, bytes: &[u8]) -> &[u8] {
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
        let end = self.length.map_or(u64::MAX, |length| self.offset.saturating_add(length));
        &bytes[at(self.offset)..at(end).max(at(self.offset))]
    }
}

/// Reads some bytes of a file, which may be none beyond its end.
pub(crate) fn read_part(place: &Place, part: Part, scope: &Scope) -> Result<Vec<u8>, HostError> {
    // Opening alone can have an effect on a device.
    refuse_special(place)?;
    let mut file = place.open_to_read().map_err(|error| os_error(&error))?;
    let metadata = file.metadata().map_err(|error| os_error(&error))?;
    // A folder may pass: the system says what is wrong when it is read.
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(HostError::failed(NOT_A_FILE));
    }
    if part.offset > 0 {
        file.seek(io::SeekFrom::Start(part.offset)).map_err(|error| os_error(&error))?;
    }
    let mut file = file.take(part.length.unwrap_or(u64::MAX));
    let mut bytes = Vec::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let count = match file.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            Err(error) => return Err(os_error(&error)),
        };
        bytes.extend_from_slice(&piece[..count]);
        if bytes.len() > MAX_FILE_BYTES {
            return Err(HostError::Failed(format!("file is larger than {MAX_FILE_BYTES} bytes")));
        }
        wait::check(scope)?;
    }
    Ok(bytes)
}

/// Creates or replaces, wholly or not at all; makes no folders.
///
/// `data` is how much more fits into the plugin's own folder, if that is where the file is.
pub(crate) fn write(place: &Place, content: &[u8], data: Option<u64>) -> Result<(), HostError> {
    refuse_special(place)?;
    refuse_full(place, content.len() as u64, data)?;
    let new = if data.is_some() { NewFile::Private } else { NewFile::Usual };
    write::write(place, content, new).map_err(|error| os_error(&error))
}

/// Adds to the end of a file, which is made if it is missing; `data` as for [`write()`].
pub(crate) fn append(place: &Place, content: &[u8], data: Option<u64>) -> Result<(), HostError> {
    refuse_special(place)?;
    let length = place.length().unwrap_or_default().saturating_add(content.len() as u64);
    refuse_full(place, length, data)?;
    let added = place.open_to_append(data.is_some()).and_then(|mut file| {
        // What is there by now may be something else than what was looked at.
        if !file.metadata()?.is_file() {
            return Err(io::Error::other(NOT_A_FILE));
        }
        file.write_all(content)
    });
    added.map_err(|error| os_error(&error))
}

/// Refuses a file of that length where there is no room for it.
pub(crate) fn refuse_full(place: &Place, length: u64, data: Option<u64>) -> Result<(), HostError> {
    let before = place.length().map(quota::cost).unwrap_or_default();
    let more = quota::cost(length).saturating_sub(before);
    if data.is_some_and(|left| more > left) { Err(full()) } else { Ok(()) }
}

/// Said when the plugin's own folder can take no more.
pub(crate) fn full() -> HostError {
    let limit = quota::DATA_BYTES;
    HostError::Failed(format!("the plugin's data directory is full: it may hold {limit} bytes"))
}

/// What there is: `{kind, size, mtimeMs}`; absent for nothing.
pub(crate) fn stat(place: &Place) -> Value {
    let Some(kind) = place.kind() else { return Value::Absent };
    let kind = match kind {
        Kind::File => "file",
        Kind::Folder => "dir",
        Kind::Special | Kind::Link => "other",
    };
    let size = place.length().and_then(|length| i64::try_from(length).ok()).unwrap_or_default();
    Value::from([
        ("kind", Value::from(kind)),
        ("size", Value::Int(size)),
        ("mtimeMs", Value::Int(place.modified_ms().unwrap_or_default())),
    ])
}

/// Names in byte order, hidden ones too; what cannot be read is left out.
pub(crate) fn list_dir(place: &Place, scope: &Scope) -> Result<Value, HostError> {
    let mut names = Vec::new();
    place.entries(&mut |name| {
        wait::check(scope)?;
        if names.len() == MAX_ENTRIES {
            let words = format!("folder has more than {MAX_ENTRIES} entries");
            return Err(HostError::Failed(words));
        }
        names.push(name.to_string_lossy().into_owned());
        Ok(())
    })?;
    names.sort();
    Ok(Value::List(names.into_iter().map(Value::Str).collect()))
}

pub(crate) fn refuse_special(place: &Place) -> Result<(), HostError> {
    if place.kind() == Some(Kind::Special) { Err(HostError::failed(NOT_A_FILE)) } else { Ok(()) }
}

pub(crate) fn os_error(error: &io::Error) -> HostError {
    HostError::Failed(error.to_string())
}
