//! Small files that people write.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// More than anybody writes by hand.
const LARGEST: u64 = 1024 * 1024;

/// The text of an ordinary file. A pipe would wait for a writer, a device never ends.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not an ordinary file"));
    }
    let mut text = String::new();
    File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    Ok(text)
}
