//! What is kept between scans: how far each file was counted, what was found in it, and the last
//! reports.
//!
//! Two files for each source and rule set, each replaced as a whole. The reports are a file of their
//! own, because they are all that is read when no log has changed. Whatever is wrong with either of
//! them, it is as if it were not there.

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
        for source in [Source::Claude, Source::Codex] {
            for rules in RuleSet::ALL {
                for kind in [RECORDS, REPORTS] {
                    let Some(path) = self.path(source, rules, kind) else { continue };
                    match fs::remove_file(path) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    pub(crate) fn keeps(&self) -> bool {
        self.folder.is_some()
    }

    fn path(&self, source: Source, rules: RuleSet, kind: &str) -> Option<PathBuf> {
        let name = format!("usage-{}-{}.{kind}", source.name(), rules.name());
        self.folder.as_ref().map(|folder| folder.join(name))
    }

    /// What was counted before of these files, in their order.
    pub(crate) fn load<T: Log>(
        &self,
        source: Source,
        rules: RuleSet,
        files: &[LogFile],
    ) -> Vec<Option<Counted<T>>> {
        let loaded = self.path(source, rules, RECORDS).and_then(|path| read_records(&path, files));
        loaded.unwrap_or_else(|| files.iter().map(|_| None).collect())
    }

    /// Keeps what was counted. A cache that cannot be written costs time, and no more.
    pub(crate) fn store<T: Log>(
        &self,
        source: Source,
        rules: RuleSet,
        files: &[(LogFile, Counted<T>)],
    ) {
        let Some(path) = self.path(source, rules, RECORDS) else { return };
        let _ = replace(&path, |out| write_records(out, files));
    }
}

const RECORDS: &str = "records";
const REPORTS: &str = "reports";

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
