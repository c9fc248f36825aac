//! What could not be delivered yet: a file a message, in the order in which they came.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::settings::Protocol;

/// How many messages wait at most; of more the oldest are given up.
const MAX_FILES: usize = 1_000;

/// How much they may be together, in bytes.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Numbers go up from 0; what is beyond any use is not ours.
const MAX_NUMBER: u64 = u64::MAX / 2;

pub(crate) struct Spool {
    folder: PathBuf,
}

/// One that waits.
pub(crate) struct Waiting {
    path: PathBuf,
    number: u64,
    bytes: u64,
    pub(crate) protocol: Protocol,
}

impl Spool {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Those that wait, the oldest first.
    pub(crate) fn waiting(&self) -> Vec<Waiting> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut waiting: Vec<Waiting> =
            entries.filter_map(|entry| Waiting::of(entry.path())).collect();
        waiting.sort_by_key(|waiting| waiting.number);
        waiting
    }

    /// Adds one behind the others. Gives how many old ones were given up for it.
    pub(crate) fn add(&self, protocol: Protocol, body: &[u8]) -> io::Result<usize> {
        fs::create_dir_all(&self.folder)?;
        let mut waiting = self.waiting();
        let mut number = waiting.last().map_or(0, |last| last.number + 1);
        let mut bytes: u64 = waiting.iter().map(|one| one.bytes).sum::<u64>() + body.len() as u64;
        let mut given_up = 0;
        while !waiting.is_empty() && (waiting.len() >= MAX_FILES || bytes > MAX_BYTES) {
            let oldest = waiting.remove(0);
            bytes -= oldest.bytes;
            oldest.remove()?;
            given_up += 1;
        }
        // Under its name it is whole: another process may be reading.
        let half = self.folder.join(format!("{}.half", std::process::id()));
        fs::write(&half, body)?;
        // Another process may have taken the number meanwhile; what is there is not replaced.
        while !self.take(number, protocol, &half)? {
            number += 1;
        }
        Ok(given_up)
    }

    /// Gives a message its number, if that is free, in place of its first name.
    fn take(&self, number: u64, protocol: Protocol, half: &Path) -> io::Result<bool> {
        let path = self.folder.join(format!("{number:020}.{}", extension(protocol)));
        match fs::hard_link(half, &path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            // Not every file system knows a second name; then nobody is kept from taking it as well.
            Err(_) => fs::rename(half, path).map(|()| true),
            Ok(()) => fs::remove_file(half).map(|()| true),
        }
    }

    /// A number that stands for this installation: random, and the same as long as the folder is.
    pub(crate) fn instance(&self, random: u64) -> io::Result<String> {
        let path = self.folder.join("instance");
        if let Ok(known) = fs::read_to_string(&path)
            && is_instance(known.trim())
        {
            return Ok(known.trim().to_owned());
        }
        fs::create_dir_all(&self.folder)?;
        let new = format!("{random:016x}");
        fs::write(&path, &new)?;
        Ok(new)
    }
}

impl Waiting {
    pub(crate) fn read(&self) -> io::Result<Vec<u8>> {
        fs::read(&self.path)
    }

    /// Takes it away. That somebody else has done so is no error.
    pub(crate) fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn of(path: PathBuf) -> Option<Self> {
        let protocol = match path.extension()?.to_str()? {
            "pb" => Protocol::Protobuf,
            "json" => Protocol::Json,
            _ => return None,
        };
        let number = path.file_stem()?.to_str()?.parse().ok().filter(|it| *it <= MAX_NUMBER)?;
        let metadata = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
        Some(Self { path, number, bytes: metadata.len(), protocol })
    }
}

fn is_instance(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn extension(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Protobuf => "pb",
        Protocol::Json => "json",
    }
}
