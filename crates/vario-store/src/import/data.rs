//! `plugins_data`, a folder for each plugin.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

use super::{DATA, ImportLine, ImportOutcome};
use crate::{Paths, make_folder};

/// A larger file is not what a plugin keeps to itself.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// All files together.
const MAX_ALL: u64 = 256 * 1024 * 1024;

/// Files and folders together.
const MAX_ENTRIES: usize = 10_000;

/// Folders in folders.
const MAX_DEPTH: usize = 16;

pub(super) fn import(from: &Path, paths: &Paths, dry_run: bool, lines: &mut Vec<ImportLine>) {
    let mut copy = Copy { dry_run, lines, entries: 0, bytes: 0 };
    let Some(plugins) = copy.folder(from, DATA) else { return };
    for id in plugins {
        let shown = format!("{DATA}/{id}");
        let source = from.join(&id);
        match source.symlink_metadata() {
            Ok(found) if found.is_dir() => {
                copy.all(&source, &paths.plugin_data_dir(&id), &shown, 0);
            }
            _ => copy.line(&shown, failed("expected the folder of a plugin")),
        }
    }
}

/// Copies, and counts so that it ends.
struct Copy<'a> {
    dry_run: bool,
    lines: &'a mut Vec<ImportLine>,
    entries: usize,
    bytes: u64,
}

impl Copy<'_> {
    fn line(&mut self, shown: &str, outcome: ImportOutcome) {
        self.lines.push(ImportLine { source: shown.to_owned(), outcome });
    }

    /// The names in a folder, sorted; nothing if it cannot be read, or holds too much.
    fn folder(&mut self, from: &Path, shown: &str) -> Option<Vec<String>> {
        // The folder itself may be a link by now, or always have been.
        let is_folder = from.symlink_metadata().is_ok_and(|found| found.is_dir());
        let room = MAX_ENTRIES.saturating_sub(self.entries);
        let names = if is_folder { names(from, room) } else { Err("expected a folder".to_owned()) };
        match names {
            Ok(names) => {
                self.entries += names.len();
                Some(names)
            }
            Err(why) => {
                self.line(shown, ImportOutcome::Failed { why });
                None
            }
        }
    }

    fn all(&mut self, from: &Path, to: &Path, shown: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return self.line(shown, failed("there are too many folders in folders"));
        }
        // A link in our folder could lead the copy anywhere.
        match to.symlink_metadata() {
            Ok(found) if !found.is_dir() => {
                let why = format!("{} is no folder", to.display());
                return self.line(shown, ImportOutcome::Kept { why });
            }
            _ => {}
        }
        for name in self.folder(from, shown).unwrap_or_default() {
            let (from, to, shown) = (from.join(&name), to.join(&name), format!("{shown}/{name}"));
            match from.symlink_metadata() {
                Ok(found) if found.is_dir() => self.all(&from, &to, &shown, depth + 1),
                Ok(found) if found.is_file() => {
                    let outcome = self.file(&from, &to);
                    self.line(&shown, outcome);
                }
                Ok(found) if found.is_symlink() => {
                    self.line(&shown, failed("links are not followed"));
                }
                Ok(_) => self.line(&shown, failed("it is not an ordinary file")),
                Err(error) => self.line(&shown, failed(&error.to_string())),
            }
        }
    }

    fn file(&mut self, from: &Path, to: &Path) -> ImportOutcome {
        let bytes = match read(from) {
            Ok(bytes) => bytes,
            Err(error) => return failed(&error.to_string()),
        };
        match to.symlink_metadata() {
            Ok(found) => {
                let same = found.is_file() && read(to).is_ok_and(|here| here == bytes);
                return if same { ImportOutcome::Same } else { kept(to) };
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return failed(&error.to_string()),
        }
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_ALL {
            return failed("all files together are larger than 256 MiB");
        }
        if !self.dry_run {
            match write(to, &bytes) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => return kept(to),
                Err(error) => return failed(&error.to_string()),
            }
        }
        ImportOutcome::Copied { to: to.to_owned() }
    }
}

fn names(folder: &Path, room: usize) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let name = entry.map_err(|error| error.to_string())?.file_name();
        let name = name.to_str().ok_or("it holds a name that is not UTF-8")?;
        if names.len() == room {
            return Err(format!("there are more than {MAX_ENTRIES} files"));
        }
        names.push(name.to_owned());
    }
    names.sort();
    Ok(names)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not an ordinary file"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::other("it is larger than 16 MiB"));
    }
    Ok(bytes)
}

/// A whole new file or none, for its owner alone: there may be a token in it.
fn write(to: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = to.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    make_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(to)?;
    Ok(())
}

fn kept(to: &Path) -> ImportOutcome {
    ImportOutcome::Kept { why: format!("{} is there already", to.display()) }
}

fn failed(why: &str) -> ImportOutcome {
    ImportOutcome::Failed { why: why.to_owned() }
}
