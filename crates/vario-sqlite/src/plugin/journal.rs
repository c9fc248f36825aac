use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a journal ends with if a transaction covered several databases.
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// Whether a journal was left beside the database that names a further file.
///
/// To finish such a transaction SQLite opens the file named there and every file named in that
/// one, wherever they are, and may delete the first. A plugin that can write next to a database
/// could so look at, or wait for, any path. Only a program that crashed while it wrote to two
/// attached databases leaves such a journal, and that program can finish what it began.
pub(crate) fn names_another_file(database: &Path) -> bool {
    let journal = beside(database, "-journal");
    if !journal.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
        return false;
    }
    let mut end = [0; MAGIC.len()];
    let found = File::open(journal).and_then(|mut file| {
        file.seek(SeekFrom::End(-8))?;
        file.read_exact(&mut end)
    });
    found.is_ok() && end == MAGIC
}

/// A file of SQLite's own next to a database. Only a link is followed first, as SQLite does it.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let is_link = database.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    let real = if is_link { database.canonicalize().ok() } else { None };
    let mut name = real.as_deref().unwrap_or(database).as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// How a database looks that nobody writes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rest {
    bytes: u64,
    changed: Option<SystemTime>,
}

/// How a database with a write-ahead log looks while there is nothing in that log; nothing for any
/// other file. As long as it looks the same, whoever ignores its log has missed nothing.
pub(super) fn at_rest(database: &Path) -> Option<Rest> {
    // File format versions for writing and reading; 2 is with a write-ahead log.
    const VERSIONS: u64 = 18;
    const WITH_LOG: [u8; 2] = [2, 2];

    let metadata = database.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let log = beside(database, "-wal").symlink_metadata();
    if log.is_ok_and(|log| !log.is_file() || log.len() > 0) {
        return None;
    }
    let mut versions = [0; 2];
    let mut file = File::open(database).ok()?;
    file.seek(SeekFrom::Start(VERSIONS)).ok()?;
    file.read_exact(&mut versions).ok()?;
    (versions == WITH_LOG)
        .then(|| Rest { bytes: metadata.len(), changed: metadata.modified().ok() })
}
