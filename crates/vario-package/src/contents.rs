//! The files of a plugin, wherever they come from.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use crate::archive::Archive;
use crate::error::Error;
use crate::limits::Limits;
use crate::meter::{Failed, Meter};

/// Where a file is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Disk(PathBuf),
    Archive(usize),
}

/// A file of a plugin.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Where it goes in the plugin's folder.
    pub(crate) path: String,
    pub(crate) place: Place,
    /// Bytes: what an archive says until they were counted.
    pub(crate) size: u64,
}

/// All files of a plugin, in the order of their names.
pub(crate) struct Contents {
    pub(crate) items: Vec<Item>,
    archive: Option<Archive>,
    limits: Limits,
}

impl Contents {
    /// Of `items`, which are in `archive` if there is one.
    pub(crate) fn new(mut items: Vec<Item>, archive: Option<Archive>, limits: Limits) -> Self {
        items.sort_by(|one, other| one.path.cmp(&other.path));
        Self { items, archive, limits }
    }

    /// What counts the bytes of one pass through all files.
    pub(crate) fn meter(&self) -> Meter {
        Meter::new(self.limits, self.archive.as_ref().map(|archive| archive.bytes))
    }

    /// Copies one file and gives its bytes.
    pub(crate) fn copy(
        &mut self,
        index: usize,
        meter: &mut Meter,
        to: &mut dyn Write,
    ) -> Result<u64, Error> {
        let item = &self.items[index];
        match (&item.place, &mut self.archive) {
            (Place::Archive(member), Some(archive)) => {
                let copied = meter.copy(&item.path, &mut archive.reader(*member)?, to);
                copied.map_err(|failed| match failed {
                    Failed::Read(error) => archive.broken(&item.path, &error.to_string()),
                    failed => failed.into_error(&item.path),
                })
            }
            (Place::Archive(_), None) => Err(Error::Changed),
            (Place::Disk(path), _) => {
                let mut file = File::open(path).map_err(Error::io("open", path))?;
                let copied = meter.copy(&item.path, &mut file, to);
                copied.map_err(|failed| match failed {
                    Failed::Read(error) => Error::io("read", path)(error),
                    failed => failed.into_error(&item.path),
                })
            }
        }
    }

    /// Reads everything, counts it, and gives the hash of names and contents as `sha256:` and 64
    /// hexadecimal digits.
    pub(crate) fn measure(&mut self) -> Result<String, Error> {
        let mut meter = self.meter();
        let mut tree = TreeHash::default();
        for index in 0..self.items.len() {
            let mut sink = HashSink::default();
            let size = self.copy(index, &mut meter, &mut sink)?;
            let item = &mut self.items[index];
            if let Some(archive) = &self.archive
                && size != item.size
            {
                let why = format!("it has {size} bytes and not {}", item.size);
                return Err(archive.broken(&item.path, &why));
            }
            item.size = size;
            tree.add(&self.items[index].path, sink);
        }
        Ok(tree.finish())
    }

    /// At most `cap` bytes of a file.
    pub(crate) fn read(&mut self, index: usize, cap: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let mut reader = self.open(index)?.take(cap);
        reader.read_to_end(&mut bytes).map_err(|_unreadable| Error::Changed)?;
        Ok(bytes)
    }

    fn open(&mut self, index: usize) -> Result<Box<dyn Read + '_>, Error> {
        match (&self.items[index].place, &mut self.archive) {
            (Place::Archive(member), Some(archive)) => Ok(Box::new(archive.reader(*member)?)),
            (Place::Archive(_), None) => Err(Error::Changed),
            (Place::Disk(path), _) => {
                Ok(Box::new(File::open(path).map_err(Error::io("open", path))?))
            }
        }
    }

    /// Bytes of all files.
    pub(crate) fn total(&self) -> u64 {
        self.items.iter().map(|item| item.size).sum()
    }
}

impl Failed {
    /// For what was to be written to `name`.
    fn into_error(self, name: &str) -> Error {
        match self {
            Self::Limit(error) => error,
            Self::Read(error) => Error::io("read", name.as_ref())(error),
            Self::Write(error) => Error::io("write", name.as_ref())(error),
        }
    }
}

/// The hash of one file, as something to write to.
#[derive(Default)]
pub(crate) struct HashSink(Sha256);

impl Write for HashSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The hash of files, told of in the order of their names.
#[derive(Default)]
pub(crate) struct TreeHash(Sha256);

impl TreeHash {
    pub(crate) fn add(&mut self, path: &str, content: HashSink) {
        // With its length, so that no two lists of files give the same bytes.
        self.0.update(u64::try_from(path.len()).unwrap_or(u64::MAX).to_le_bytes());
        self.0.update(path);
        self.0.update(content.0.finalize());
    }

    pub(crate) fn finish(self) -> String {
        let start = "sha256:".to_owned();
        self.0.finalize().iter().fold(start, |text, byte| text + &format!("{byte:02x}"))
    }
}
