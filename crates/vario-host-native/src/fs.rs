//! `ctx.host.fs` (contract section 4.3). Errors are the operating system's own words.
//!
//! A path may name anything, so nothing here waits for a pipe or grows without bound: only regular
//! files are read or written, up to a size, and reading stops when the run is over. What cannot be
//! helped is a network mount whose server is gone: the system itself waits for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use vario_host::{HostError, Scope};
use vario_value::Value;

use crate::wait;

/// The largest file that is read.
const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;

/// The most entries of a folder that are listed.
const MAX_ENTRIES: usize = 100_000;

/// Files and folders, also behind links; any error means no.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}

/// A whole file. A byte-order mark is kept.
pub(crate) fn read_text(path: &Path, scope: &Scope) -> Result<String, HostError> {
    let mut file = open(OpenOptions::new().read(true), path)?;
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

/// Creates or truncates; neither makes folders nor is atomic.
pub(crate) fn write_text(path: &Path, content: &str) -> Result<(), HostError> {
    // Truncating comes after the check of what it is.
    let mut file = open(OpenOptions::new().write(true).create(true).truncate(false), path)?;
    file.set_len(0).and_then(|()| file.write_all(content.as_bytes())).map_err(|e| os_error(&e))
}

/// Names in byte order, hidden ones too; what cannot be read is left out.
pub(crate) fn list_dir(path: &Path, scope: &Scope) -> Result<Value, HostError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| os_error(&error))? {
        wait::check(scope)?;
        if names.len() == MAX_ENTRIES {
            let words = format!("folder has more than {MAX_ENTRIES} entries");
            return Err(HostError::Failed(words));
        }
        if let Ok(entry) = entry {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(Value::List(names.into_iter().map(Value::Str).collect()))
}

/// Opens a file without waiting for the other end of a pipe. A folder may pass: the system itself
/// says what is wrong when it is read.
fn open(options: &mut OpenOptions, path: &Path) -> Result<File, HostError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        // Opening alone can have an effect on a device, so it is looked at before, too.
        if path.metadata().is_ok_and(|metadata| is_special(&metadata)) {
            return Err(not_a_file());
        }
    }
    let file = options.open(path).map_err(|error| os_error(&error))?;
    let metadata = file.metadata().map_err(|error| os_error(&error))?;
    if is_special(&metadata) { Err(not_a_file()) } else { Ok(file) }
}

fn is_special(metadata: &std::fs::Metadata) -> bool {
    !metadata.is_file() && !metadata.is_dir()
}

fn not_a_file() -> HostError {
    HostError::failed("not a regular file")
}

fn os_error(error: &io::Error) -> HostError {
    HostError::Failed(error.to_string())
}
