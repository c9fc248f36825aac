//! Writes a new version beside the old one.

use std::fs::{self, File};
use std::path::Path;

use vario_manifest::{DiskFolder, load};

use super::workshop::Bench;
use crate::candidate::Candidate;
use crate::contents::{Contents, HashSink, Item, Place, TreeHash};
use crate::error::Error;
use crate::layout::{Links, Walk};
use crate::limits::Limits;
use crate::steps::{Step, reach};

/// Writes the candidate's files. When this returns, the version is whole, on the disk, and what was
/// looked at before.
pub(super) fn write(candidate: &mut Candidate, bench: &Bench<'_>) -> Result<(), Error> {
    let root = bench.new_version();
    make(&root)?;
    let contents = &mut candidate.contents;
    let mut meter = contents.meter();
    let mut tree = TreeHash::default();
    for index in 0..contents.items.len() {
        let path = contents.items[index].path.clone();
        let place = root.join(&path);
        if let Some(folder) = place.parent() {
            make(folder)?;
        }
        // Not one that is there: no two names lead to one file.
        let file = File::create_new(&place).map_err(Error::io("write", &place))?;
        let mut both = Both { file, hash: HashSink::default() };
        contents.copy(index, &mut meter, &mut both).map_err(|error| named(error, &place))?;
        both.file.sync_data().map_err(Error::io("write", &place))?;
        tree.add(&path, both.hash);
        reach(Step::FileWritten);
    }
    if tree.finish() != candidate.hash {
        return Err(Error::Changed);
    }
    let disk = DiskFolder::open(&root).map_err(|_gone| Error::Changed)?;
    let loaded = load(&disk);
    match loaded.plugin {
        Some(plugin) if plugin == candidate.plugin => {}
        Some(_) => return Err(Error::Changed),
        None => return Err(Error::Manifest { diagnostics: loaded.diagnostics }),
    }
    sync_folders(&root);
    bench.note(&candidate.hash)?;
    reach(Step::Staged);
    Ok(())
}

/// The hash of a folder's files, as that of a candidate.
pub(super) fn hash(folder: &Path, limits: Limits) -> Result<String, Error> {
    let mut walk = Walk::new(folder, Links::Refused, limits.entries);
    walk.add("", folder, &|_path: &str| false)?;
    let (files, _warnings) = walk.finish();
    let item = |(path, place)| Item { path, place: Place::Disk(place), size: 0 };
    Contents::new(files.into_iter().map(item).collect(), None, limits).measure()
}

fn make(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::io("make", folder))
}

/// The names in folders are on the disk, too. Where folders cannot be synchronised, the next start
/// may find the old version, which is whole.
pub(super) fn sync_folders(root: &Path) {
    if !cfg!(unix) {
        return;
    }
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            sync_folders(&entry.path());
        }
    }
    sync_folder(root);
}

pub(super) fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _not_everywhere = folder.sync_all();
    }
}

/// A failure to write says where.
fn named(error: Error, place: &Path) -> Error {
    match error {
        Error::Io { action: "write", source, .. } => Error::io("write", place)(source),
        error => error,
    }
}

/// Writes to a file and counts into a hash.
struct Both {
    file: File,
    hash: HashSink,
}

impl std::io::Write for Both {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.hash.write_all(&bytes[..length])?;
        Ok(length)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}
