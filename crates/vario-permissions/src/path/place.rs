//! Real paths, taken apart, and what `~` and `$DATA` stand for.

use crate::access::Bases;
use crate::glob::same_text;

/// No system opens a longer path by its name; longer ones are refused unread, in bytes.
pub(crate) const MAX_PATH: usize = 4096;

/// A file's place: a root and the names below it, none of which is `.`, `..` or empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    root: String,
    names: Vec<String>,
}

impl Place {
    /// Reads an absolute path that is written with `/`. Nothing for a path that cannot be judged by
    /// its text: one with `..`, with a null character, too long, or on a network share.
    pub(crate) fn read(path: &str) -> Option<Self> {
        if path.len() > MAX_PATH || path.contains('\0') {
            return None;
        }
        let (root, rest) = split_root(path)?;
        let names: Vec<&str> = names(rest).collect();
        let names = (!names.contains(&"..")).then_some(names)?;
        Some(Self { root, names: names.into_iter().map(str::to_owned).collect() })
    }

    /// As near as one comes to a path that cannot be judged; good for nothing but to name it.
    pub(crate) fn nearest(path: &str) -> Self {
        let (root, rest) = split_root(path).unwrap_or((String::new(), path));
        let names = names(rest).filter(|name| *name != "..").map(str::to_owned).collect();
        Self { root, names }
    }

    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The names that lead from a folder to this place; nothing if it is not in that folder.
    pub(crate) fn below(&self, folder: &Self, fold: bool) -> Option<&[String]> {
        let (head, rest) = self.names.split_at_checked(folder.names.len())?;
        let same = |(one, other): (&String, &String)| same_text(one, other, fold);
        let is_below = self.root == folder.root && folder.names.iter().zip(head).all(same);
        is_below.then_some(rest)
    }
}

/// What `~` and `$DATA` stand for, and where the plugin itself is, each in all its spellings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) home: Vec<Place>,
    pub(crate) data: Vec<Place>,
    pub(crate) code: Vec<Place>,
}

impl Places {
    /// A spelling that is no absolute path stands for nothing: a right counted from it covers
    /// nothing, rather than everything.
    pub(crate) fn read(bases: Bases) -> Self {
        let (home, data) = (Self::folders(bases.home), Self::folders(bases.data));
        Self { home, data, code: Vec::new() }
    }

    pub(crate) fn folders(paths: Vec<String>) -> Vec<Place> {
        paths.into_iter().filter_map(|path| folder(&path)).collect()
    }
}

fn folder(path: &str) -> Option<Place> {
    // What does not begin at the root is a path of Windows, where `\` stands between names.
    if path.starts_with('/') { Place::read(path) } else { Place::read(&path.replace('\\', "/")) }
}

/// The root of an absolute path: nothing before the first slash, or a drive, with or without the
/// `//?/` that Windows puts before a resolved path. Shares (`//server/share`) and devices have no
/// root of ours.
pub(super) fn split_root(path: &str) -> Option<(String, &str)> {
    let path = path.strip_prefix("//?/").unwrap_or(path);
    if path.starts_with('/') {
        return (!path.starts_with("//")).then_some((String::new(), path));
    }
    let (drive, rest) = path.split_at_checked(2)?;
    let is_drive =
        drive.ends_with(':') && drive.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let is_root = rest.is_empty() || rest.starts_with('/');
    (is_drive && is_root).then(|| (drive.to_ascii_uppercase(), rest))
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|name| !matches!(*name, "" | "."))
}
