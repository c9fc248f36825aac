//! Lists files of folders.

use std::fs;
use std::path::{Path, PathBuf};

use super::Files;
use crate::error::Error;

/// Folders within each other; more is a circle of links.
const MAX_DEPTH: usize = 64;

/// What becomes of symbolic links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    /// They are left out, with a warning.
    LeftOut,
    /// What they lead to is taken if it is inside of the folder; else they are an error.
    Inside,
    /// They are an error.
    Refused,
}

/// Collects files.
pub(crate) struct Walk {
    /// Without links in it.
    root: PathBuf,
    links: Links,
    most: usize,
    found: Vec<(String, PathBuf)>,
    warnings: Vec<String>,
}

impl Walk {
    /// Of the folder `root`, which is given without links in it; at most so many entries.
    pub(crate) fn new(root: &Path, links: Links, most: usize) -> Self {
        Self { root: root.to_owned(), links, most, found: Vec::new(), warnings: Vec::new() }
    }

    /// One file that is known to be there.
    pub(crate) fn file(&mut self, path: &str, place: &Path) {
        self.found.push((path.to_owned(), place.to_owned()));
    }

    /// Everything below a folder, but for what is left out.
    pub(crate) fn add(
        &mut self,
        prefix: &str,
        folder: &Path,
        is_left_out: &dyn Fn(&str) -> bool,
    ) -> Result<(), Error> {
        self.folder(prefix, folder, is_left_out, 0)
    }

    /// The files in the order of their names, and what is worth a word.
    pub(crate) fn finish(mut self) -> Files {
        self.found.sort();
        self.found.dedup();
        (self.found, self.warnings)
    }

    fn folder(
        &mut self,
        prefix: &str,
        folder: &Path,
        is_left_out: &dyn Fn(&str) -> bool,
        depth: usize,
    ) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(Error::entry(prefix, "there are too many folders within each other"));
        }
        let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
        for entry in entries {
            let entry = entry.map_err(Error::io("read", folder))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let why = "the name is not UTF-8";
                return Err(Error::entry(&name.to_string_lossy(), why));
            };
            let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
            if is_left_out(&path) {
                continue;
            }
            if self.found.len() >= self.most {
                let why = format!("there are more than {} files", self.most);
                return Err(Error::TooLarge { why });
            }
            self.entry(&path, &entry.path(), is_left_out, depth)?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        path: &str,
        place: &Path,
        is_left_out: &dyn Fn(&str) -> bool,
        depth: usize,
    ) -> Result<(), Error> {
        let link = fs::symlink_metadata(place).map_err(Error::io("read", place))?.is_symlink();
        if link && self.links == Links::LeftOut {
            self.warnings.push(format!("the link `{path}` was left out"));
            return Ok(());
        }
        let real = if link { self.led_to(path, place)? } else { place.to_owned() };
        let kind = fs::symlink_metadata(&real).map_err(Error::io("read", place))?;
        if kind.is_dir() {
            self.folder(path, &real, is_left_out, depth + 1)
        } else if kind.is_file() {
            self.file(path, &real);
            Ok(())
        } else {
            Err(Error::entry(path, "it is no plain file"))
        }
    }

    /// Where a link leads.
    fn led_to(&self, path: &str, place: &Path) -> Result<PathBuf, Error> {
        let real = fs::canonicalize(place);
        let real =
            real.map_err(|error| Error::entry(path, format!("the link is broken: {error}")))?;
        if self.links == Links::Inside && real.starts_with(&self.root) {
            return Ok(real);
        }
        let why = match self.links {
            Links::Inside => "the link leads out of the plugin's folder",
            _ => "it is a link",
        };
        Err(Error::entry(path, why))
    }
}
