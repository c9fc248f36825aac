//! `ctx.host.fs` (contract section 4.3). Errors are the operating system's own words.
//!
//! A path may name anything, so nothing here can hang or grow without bound: only regular files
//! are read or written, up to a size.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use vario_host::HostError;
use vario_value::Value;

/// The largest file that is read or written.
const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// The most entries of a folder that are listed.
const MAX_ENTRIES: usize = 100_000;

pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}

pub(crate) fn read_text(path: &Path) -> Result<String, HostError> {
    let file = open_regular(OpenOptions::new().read(true), path)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| os_error(&error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(HostError::Failed(format!("file is larger than {MAX_FILE_BYTES} bytes")));
    }
    String::from_utf8(bytes)
        .map_err(|_| HostError::failed("stream did not contain valid UTF-8"))
}

/// Creates or truncates; neither makes folders nor is atomic.
pub(crate) fn write_text(path: &Path, content: &str) -> Result<(), HostError> {
    let file = open_regular(OpenOptions::new().write(true).create(true), path)?;
    file.set_len(0).and_then(|()| (&file).write_all(content.as_bytes())).map_err(|e| os_error(&e))
}

/// Names in byte order, hidden ones too; what cannot be read is left out.
pub(crate) fn list_dir(path: &Path) -> Result<Value, HostError> {
    let entries = std::fs::read_dir(path).map_err(|error| os_error(&error))?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .take(MAX_ENTRIES)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(Value::List(names.into_iter().map(Value::Str).collect()))
}

/// Opens a regular file without waiting for a writer of a pipe or for a device.
fn open_regular(options: &mut OpenOptions, path: &Path) -> Result<File, HostError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = options.open(path).map_err(|error| os_error(&error))?;
    let kind = file.metadata().map_err(|error| os_error(&error))?.file_type();
    if kind.is_dir() {
        return Err(os_error(&io::Error::from(rustix::io::Errno::ISDIR)));
    }
    if !kind.is_file() {
        return Err(HostError::failed("not a regular file"));
    }
    Ok(file)
}

fn os_error(error: &io::Error) -> HostError {
    HostError::Failed(error.to_string())
}
