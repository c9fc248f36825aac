//! What is kept between scans: how far each file was counted, what was found in it, and the last
//! reports.
//!
//! For each source and rule set a file of reports, and one of counts for each of the last few sets of
//! folders; each is replaced as a whole. The reports are a file of their own, because they are all
//! that is read when no log has changed. Whatever is wrong with any of them, it is as if it were not
//! there.

mod codec;
mod reports;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use self::codec::{Reader, Writer};
use crate::blocks::Reached;
use crate::folders::{LogFile, Stamp};
use crate::hash::Hasher;
use crate::log::{Counted, Log};
use crate::notes::Notes;
use crate::{RuleSet, Source};

/// The first bytes of both files; the last one changes with their form.
const MAGIC: &[u8; 8] = b"vusage\x00\x01";

/// Where scans leave what the next one needs not do again.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: Option<PathBuf>,
}

impl Cache {
    /// A cache in this folder, which is made when there is something to keep.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()) }
    }

    /// No cache: every scan is a cold one and leaves nothing.
    pub fn none() -> Self {
        Self { folder: None }
    }

    /// Deletes everything that is kept, for all sources and rules.
    ///
    /// # Errors
    /// What the system says of a file that is there and cannot be deleted.
    pub fn clear(&self) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        for path in kept(folder, PREFIX, REPORTS).into_iter().chain(kept(folder, PREFIX, RECORDS)) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn keeps(&self) -> bool {
        self.folder.is_some()
    }

    /// The file of reports.
    fn reports(&self, source: Source, rules: RuleSet) -> Option<PathBuf> {
        let name = format!("{}{REPORTS}", stem(source, rules));
        self.folder.as_ref().map(|folder| folder.join(name))
    }

    /// The file of what was counted in these folders, so that asking about others in between loses
    /// nothing.
    fn records(&self, source: Source, rules: RuleSet, folders: &[PathBuf]) -> Option<PathBuf> {
        let hash =
            |hasher: Hasher, folder: &PathBuf| hasher.bytes(folder.as_os_str().as_encoded_bytes());
        let set = folders.iter().fold(Hasher::new(), hash).finish();
        let name = format!("{}-{set:032x}{RECORDS}", stem(source, rules));
        self.folder.as_ref().map(|folder| folder.join(name))
    }

    /// What was counted before of these files, in their order, when these folders were asked about.
    pub(crate) fn load<T: Log>(
        &self,
        source: Source,
        rules: RuleSet,
        folders: &[PathBuf],
        files: &[LogFile],
    ) -> Vec<Option<Counted<T>>> {
        let path = self.records(source, rules, folders);
        let loaded = path.and_then(|path| read_records(&path, files));
        loaded.unwrap_or_else(|| files.iter().map(|_| None).collect())
    }

    /// Keeps what was counted. A cache that cannot be written costs time, and no more.
    pub(crate) fn store<T: Log>(
        &self,
        source: Source,
        rules: RuleSet,
        folders: &[PathBuf],
        files: &[(LogFile, Counted<T>)],
    ) {
        let Some(path) = self.records(source, rules, folders) else { return };
        let _ = replace(&path, |out| write_records(out, files));
        forget(&path, &stem(source, rules));
    }
}

/// How the files of a cache begin, and how they end.
const PREFIX: &str = "usage-";
const RECORDS: &str = ".records";
const REPORTS: &str = ".reports";

/// Of how many sets of folders counts are kept: somebody may go back and forth between a few.
const KEPT_SETS: usize = 4;

fn stem(source: Source, rules: RuleSet) -> String {
    format!("{PREFIX}{}-{}", source.name(), rules.name())
}

/// The files in a cache's folder that begin and end so.
fn kept(folder: &Path, begins: &str, ends: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let fits = |name: &[u8]| name.starts_with(begins.as_bytes()) && name.ends_with(ends.as_bytes());
    let entries = entries.filter(|entry| fits(entry.file_name().as_encoded_bytes()));
    entries.map(|entry| entry.path()).collect()
}

/// Deletes the oldest counts of a source and rule set, but not those at `newest`.
fn forget(newest: &Path, stem: &str) {
    let mut others = kept(newest.parent().unwrap_or(Path::new("")), stem, RECORDS);
    others.retain(|path| path != newest);
    let written = |path: &PathBuf| path.metadata().and_then(|metadata| metadata.modified()).ok();
    others.sort_by_cached_key(|path| std::cmp::Reverse(written(path)));
    for path in others.iter().skip(KEPT_SETS - 1) {
        let _somebody_else_did = fs::remove_file(path);
    }
}

/// Puts what `write` writes in the place of a file, whole or not at all.
fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    clear_up(folder);
    let file = tempfile::Builder::new().prefix(HALF).suffix(".tmp").tempfile_in(folder)?;
    let mut out = io::BufWriter::with_capacity(1 << 16, file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(path)?;
    Ok(())
}

/// What files are called that are not written to their end.
const HALF: &str = ".usage-";

/// Nobody writes for so long.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// Deletes what processes left behind that were killed while they wrote.
fn clear_up(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_half = entry.file_name().as_encoded_bytes().starts_with(HALF.as_bytes());
        let age =
            entry.metadata().and_then(|metadata| metadata.modified()).map(|time| time.elapsed());
        if is_half && age.is_ok_and(|age| age.is_ok_and(|age| age > LEFT_BEHIND)) {
            let _somebody_else_did = fs::remove_file(entry.path());
        }
    }
}

/// One part of a file at a time, with its length and a sum, so that nothing damaged is believed.
fn write_part(out: &mut dyn io::Write, part: &[u8]) -> io::Result<()> {
    out.write_all(&(part.len() as u64).to_le_bytes())?;
    out.write_all(&Hasher::new().bytes(part).finish().to_le_bytes())?;
    out.write_all(part)
}

/// The next part of `bytes` and its sum.
fn split_part<'a>(bytes: &mut &'a [u8]) -> Option<(u128, &'a [u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (sum, rest) = rest.split_first_chunk::<16>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (part, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some((u128::from_le_bytes(*sum), part))
}

/// A part, if it is what was written.
fn verified(sum: u128, part: &[u8]) -> Option<&[u8]> {
    (Hasher::new().bytes(part).finish() == sum).then_some(part)
}

fn write_records<T: Log>(
    out: &mut dyn io::Write,
    files: &[(LogFile, Counted<T>)],
) -> io::Result<()> {
    out.write_all(MAGIC)?;
    let mut writer = Writer::default();
    for (file, counted) in files {
        writer.clear();
        writer.bytes(file.path.as_os_str().as_encoded_bytes());
        write_counted(&mut writer, counted);
        write_part(out, writer.written())?;
    }
    Ok(())
}

fn write_counted<T: Log>(writer: &mut Writer, counted: &Counted<T>) {
    let Counted { stamp, reached, whole, notes, log } = counted;
    writer.number(stamp.size);
    writer.signed(stamp.modified);
    writer.number(stamp.inode);
    writer.number(reached.offset);
    writer.wide(reached.check);
    writer.byte(u8::from(*whole));
    writer.byte(u8::from(notes.unfinished));
    writer.number(notes.malformed);
    writer.number(notes.too_long);
    log.write(writer);
}

fn read_counted<T: Log>(file: &LogFile, input: &mut Reader<'_>) -> Option<Counted<T>> {
    let stamp = Stamp { size: input.number()?, modified: input.signed()?, inode: input.number()? };
    let reached = Reached { offset: input.number()?, check: input.wide()? };
    let [whole, unfinished] = [input.byte()? != 0, input.byte()? != 0];
    let mut notes = Notes::new(false);
    notes.unfinished = unfinished;
    notes.malformed = input.number()?;
    notes.too_long = input.number()?;
    let log = T::read(file, input)?;
    input.is_empty().then_some(Counted { stamp, reached, whole, notes, log })
}

fn read_records<T: Log>(path: &Path, files: &[LogFile]) -> Option<Vec<Option<Counted<T>>>> {
    let bytes = fs::read(path).ok()?;
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let mut parts: HashMap<&[u8], Reader<'_>> = HashMap::new();
    while !rest.is_empty() {
        // What comes after a damaged part is not looked at; it is counted anew.
        let Some((sum, part)) = split_part(&mut rest) else { break };
        let Some(part) = verified(sum, part) else { break };
        let mut reader = Reader::new(part);
        parts.insert(reader.bytes()?, reader);
    }
    let counted = files.iter().map(|file| {
        let name = file.path.as_os_str().as_encoded_bytes();
        parts.remove(name).and_then(|mut input| read_counted(file, &mut input))
    });
    Some(counted.collect())
}
