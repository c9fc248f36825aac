//! A zip file as somebody else's word: opened only if all of it agrees with itself.
//!
//! The library checks that local headers say what the central directory says and that nothing
//! overlaps. What it tolerates for the sake of old archives and no plugin needs is refused here:
//! something before or behind the archive, a count that is wrong, the 64-bit format, encryption.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zip::read::{ArchiveOffset, Config};
use zip::{CompressionMethod, ZipArchive};

use crate::error::{Error, shown};
use crate::limits::Limits;
use crate::names::{self, Seen};

/// Bytes of the last record of an archive, its comment left aside.
const END_BYTES: u64 = 22;

/// The most bytes of names and notes for one file, as a bound for the whole directory.
const MAX_HEADER: u64 = 4096;

const TYPE_MASK: u32 = 0o170_000;
const TYPE_FOLDER: u32 = 0o040_000;
const TYPE_FILE: u32 = 0o100_000;

/// A file in an archive.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) path: String,
    pub(crate) index: usize,
    /// What the archive says of its bytes.
    pub(crate) size: u64,
}

/// An archive whose directory was checked. Contents are checked as they are read.
pub(crate) struct Archive {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
    pub(crate) bytes: u64,
}

/// What the last record says.
struct End {
    count: u64,
    directory: u64,
    comment: usize,
}

impl Archive {
    /// Opens a zip file and gives the files in it, in the order of their names.
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<(Self, Vec<Member>), Error> {
        let mut file = File::open(path).map_err(Error::io("open", path))?;
        let bytes = file.metadata().map_err(Error::io("open", path))?.len();
        if bytes > limits.archive_bytes {
            let why = format!("the archive has more than {} MiB", limits.archive_bytes >> 20);
            return Err(Error::TooLarge { why });
        }
        let end = end(path, &mut file, bytes, limits)?;
        let config = Config { archive_offset: ArchiveOffset::Known(0) };
        let zip = ZipArchive::with_config(config, BufReader::new(file));
        let zip = zip.map_err(|error| damaged(path, &error))?;
        let mut archive = Self { path: path.to_owned(), zip, bytes };
        archive.agrees_with(&end)?;
        let members = archive.members()?;
        // After the names, which are said more exactly there.
        let consistent = archive.zip.validate_header_consistency();
        consistent.map_err(|error| damaged(path, &error))?;
        Ok((archive, members))
    }

    /// The library found what the last record says, and not something else that looks like it.
    fn agrees_with(&self, end: &End) -> Result<(), Error> {
        let count = u64::try_from(self.zip.len()).unwrap_or(u64::MAX);
        if self.zip.has_duplicate_names() {
            return Err(Error::archive(&self.path, "two entries have the same name"));
        }
        let same_place = self.zip.central_directory_start() == end.directory || count == 0;
        if count != end.count || !same_place || self.zip.comment().len() != end.comment {
            return Err(Error::archive(&self.path, "it is damaged: its directory is not whole"));
        }
        Ok(())
    }

    fn members(&self) -> Result<Vec<Member>, Error> {
        let mut members = Vec::new();
        let mut seen = Seen::default();
        for index in 0..self.zip.len() {
            let entry = self.zip.by_index_data(index);
            let entry = entry.map_err(|error| damaged(&self.path, &error))?;
            let name = std::str::from_utf8(entry.name_raw()).map_err(|_not_text| {
                let name = String::from_utf8_lossy(entry.name_raw());
                Error::entry(&name, "the name is not UTF-8")
            })?;
            let folder = name.strip_suffix('/');
            let path = folder.unwrap_or(name);
            names::check(path)?;
            let refused = |why: &str| Err(Error::entry(name, why));
            if entry.encrypted() {
                return refused("it is encrypted");
            }
            if !matches!(
                entry.compression(),
                CompressionMethod::Stored | CompressionMethod::Deflated
            ) {
                return refused("it is compressed in a way that is not known here; use deflate");
            }
            let wanted = if folder.is_some() { TYPE_FOLDER } else { TYPE_FILE };
            // Archives of DOS and of simple packers have no modes.
            let kind = (entry.external_attributes() >> 16) & TYPE_MASK;
            if kind != 0 && kind != wanted {
                return refused("it is a link, a device or something else that is no plain file");
            }
            if folder.is_some() {
                if entry.size() > 0 {
                    return refused("it is a folder with content");
                }
                seen.folder(path)?;
            } else {
                seen.file(path)?;
                members.push(Member { path: path.to_owned(), index, size: entry.size() });
            }
        }
        members.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(members)
    }

    /// The file's bytes. Reading fails at the end if they are not what the archive's sum is of.
    pub(crate) fn reader(&mut self, index: usize) -> Result<impl Read + '_, Error> {
        self.zip.by_index(index).map_err(|error| damaged(&self.path, &error))
    }

    /// What a failure to read a file means.
    pub(crate) fn broken(&self, name: &str, why: &str) -> Error {
        Error::archive(&self.path, format!("`{}` is damaged: {why}", shown(name)))
    }
}

fn damaged(path: &Path, error: &zip::result::ZipError) -> Error {
    Error::archive(path, format!("it is damaged, or no zip file: {}", shown(&error.to_string())))
}

/// Finds the last record. It must stand at the very end, and the directory right before it.
fn end(path: &Path, file: &mut File, bytes: u64, limits: &Limits) -> Result<End, Error> {
    let start = bytes.saturating_sub(END_BYTES + u64::from(u16::MAX));
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(start)).map_err(Error::io("read", path))?;
    file.take(bytes - start).read_to_end(&mut tail).map_err(Error::io("read", path))?;
    let word =
        |at: usize| tail.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
    let long = |at: usize| u64::from(word(at)) | (u64::from(word(at + 2)) << 16);
    let last = tail.len().checked_sub(22);
    let found = last.and_then(|last| {
        (0..=last).rev().find(|at| {
            tail[*at..].starts_with(b"PK\x05\x06")
                && at + 22 + usize::from(word(at + 20)) == tail.len()
        })
    });
    let Some(at) = found else {
        return Err(Error::archive(path, "it is no zip file, or its end is missing"));
    };
    let (count, size, directory) = (word(at + 10), long(at + 12), long(at + 16));
    let refused = |why: &str| Err(Error::archive(path, why));
    if word(at + 4) != 0 || word(at + 6) != 0 || word(at + 8) != count {
        return refused("it is a part of an archive in several files");
    }
    let is_large = count == u16::MAX || [size, directory].contains(&u64::from(u32::MAX));
    if is_large || has_locator(&tail, at) {
        return refused("it is in the 64-bit format, which no plugin needs; pack it again");
    }
    if usize::from(count) > limits.entries {
        let why = format!("there are more than {} files and folders", limits.entries);
        return Err(Error::TooLarge { why });
    }
    if directory + size != start + u64::try_from(at).unwrap_or(u64::MAX) {
        return refused("its directory is not where it should be");
    }
    if size > u64::from(count) * MAX_HEADER {
        return refused("its directory is too large");
    }
    Ok(End { count: u64::from(count), directory, comment: usize::from(word(at + 20)) })
}

/// Whether what points to the last record of the 64-bit format stands before the one of the other.
fn has_locator(tail: &[u8], end: usize) -> bool {
    end.checked_sub(20).is_some_and(|at| tail[at..].starts_with(b"PK\x06\x07"))
}
