use std::fs::OpenOptions;
use std::io;
use std::path::PathBuf;

use super::{NewFile, Place, Put};

/// Who may read the file is inherited from the folder on this system.
pub(super) fn write(place: &Place, content: &[u8], _new: NewFile, put: Put<'_>) -> io::Result<()> {
    if place.kind().is_some() {
        // Whether it may be written is the file's own affair, and renaming would not ask.
        place.open(OpenOptions::new().write(true))?;
    }
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let name = format!(".vario-{:016x}.tmp", u64::from_ne_bytes(random));
    let temp = Temp(place.real().with_file_name(name));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&temp.0)?;
    put(&mut file, content)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&temp.0, place.real())
}

struct Temp(PathBuf);

impl Drop for Temp {
    fn drop(&mut self) {
        // After success there is nothing of that name any more.
        let _gone = std::fs::remove_file(&self.0);
    }
}
