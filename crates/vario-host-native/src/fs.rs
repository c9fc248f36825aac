//! `ctx.host.fs` (contract section 4.3). Errors are the operating system's own words.
//!
//! What a path leads to is found in [`resolve`], together with whether the plugin may go there.
//! Nothing here waits for a pipe or grows without bound: only regular files are read or written,
//! up to a size, and reading stops when the run is over. What cannot be helped is a network mount
//! whose server is gone: the system itself waits for it.

pub(crate) mod quota;
pub(crate) mod resolve;
pub(crate) mod write;

use std::io::{self, Read as _};

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

/// A whole file. A byte-order mark is kept.
pub(crate) fn read_text(place: &Place, scope: &Scope) -> Result<String, HostError> {
    // Opening alone can have an effect on a device.
    refuse_special(place)?;
    let mut file = place.open_to_read().map_err(|error| os_error(&error))?;
    let metadata = file.metadata().map_err(|error| os_error(&error))?;
    // A folder may pass: the system says what is wrong when it is read.
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(HostError::failed(NOT_A_FILE));
    }
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
    String::from_utf8(bytes).or(Err(HostError::failed("stream did not contain valid UTF-8")))
}

/// Creates or replaces, wholly or not at all; makes no folders.
///
/// `data` is how much more fits into the plugin's own folder, if that is where the file is.
pub(crate) fn write_text(place: &Place, content: &str, data: Option<u64>) -> Result<(), HostError> {
    refuse_special(place)?;
    let (before, after) = (place.length().map(quota::cost), quota::cost(content.len() as u64));
    let more = after.saturating_sub(before.unwrap_or_default());
    if data.is_some_and(|left| more > left) {
        let limit = quota::DATA_BYTES;
        let words = format!("the plugin's data directory is full: it may hold {limit} bytes");
        return Err(HostError::Failed(words));
    }
    let new = if data.is_some() { NewFile::Private } else { NewFile::Usual };
    write::write(place, content.as_bytes(), new).map_err(|error| os_error(&error))
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

fn refuse_special(place: &Place) -> Result<(), HostError> {
    if place.kind() == Some(Kind::Special) { Err(HostError::failed(NOT_A_FILE)) } else { Ok(()) }
}

pub(crate) fn os_error(error: &io::Error) -> HostError {
    HostError::Failed(error.to_string())
}
