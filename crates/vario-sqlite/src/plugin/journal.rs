use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// What a journal ends with if a transaction covered several databases.
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// Whether a journal was left beside the database that names a further file.
///
/// To finish such a transaction SQLite opens the file named there and every file named in that
/// one, wherever they are, and may delete the first. A plugin that can write next to a database
/// could so look at, or wait for, any path. Only a program that crashed while it wrote to two
/// attached databases leaves such a journal, and that program can finish what it began.
pub(super) fn names_another_file(database: &Path) -> bool {
    // SQLite follows links before it adds the suffix.
    let real = database.canonicalize();
    let mut name = real.as_deref().unwrap_or(database).as_os_str().to_owned();
    name.push("-journal");
    let journal = Path::new(&name);
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
