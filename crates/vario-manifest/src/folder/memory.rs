use std::collections::BTreeMap;

use crate::error::Error;
use crate::folder::{Entry, Folder, climbs_out, is_absolute};

/// A folder that exists only in memory, for tests.
///
/// ```
/// use vario_manifest::{MemoryFolder, load};
/// let folder = MemoryFolder::new().with("plugin.json", "{}");
/// assert!(load(&folder).plugin.is_none());
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryFolder {
    files: BTreeMap<String, Result<Vec<u8>, Error>>,
}

impl MemoryFolder {
    /// An empty folder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; the folders on its path come into being with it.
    #[must_use]
    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(normal(path), Ok(content.into()));
        self
    }

    /// Adds something that cannot be used, such as a link that leads out ([`Error::Outside`]).
    #[must_use]
    pub fn with_problem(mut self, path: &str, problem: Error) -> Self {
        self.files.insert(normal(path), Err(problem));
        self
    }
}

impl Folder for MemoryFolder {
    fn look_up(&self, path: &str) -> Result<Entry, Error> {
        if is_absolute(path) || climbs_out(path) {
            return Err(Error::Outside { path: path.to_owned() });
        }
        let name = normal(path);
        match self.files.get(&name) {
            Some(Ok(bytes)) => {
                Ok(Entry::File { size: u64::try_from(bytes.len()).unwrap_or(u64::MAX) })
            }
            Some(Err(problem)) => Err(problem.clone()),
            None if name.is_empty() => Ok(Entry::Directory),
            None => {
                let prefix = format!("{name}/");
                let is_folder = self.files.keys().any(|key| key.starts_with(&prefix));
                let missing = || Error::Missing { path: path.to_owned() };
                is_folder.then_some(Entry::Directory).ok_or_else(missing)
            }
        }
    }

    fn read(&self, path: &str, cap: u64) -> Result<Vec<u8>, Error> {
        match self.look_up(path)? {
            Entry::File { size } if size > cap => {
                Err(Error::TooLarge { path: path.to_owned(), cap })
            }
            Entry::File { .. } => self
                .files
                .get(&normal(path))
                .cloned()
                .unwrap_or_else(|| Err(Error::Missing { path: path.to_owned() })),
            Entry::Directory => Err(Error::NotRegular { path: path.to_owned() }),
        }
    }
}

/// The path without `.`, empty parts and `x/..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
