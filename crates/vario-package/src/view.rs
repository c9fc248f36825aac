//! A plugin's files as the reader of manifests sees a folder.

use std::cell::RefCell;

use vario_manifest::{Entry, Error, Folder};

use crate::contents::Contents;

/// Files that need not be on disk yet. They were measured before.
pub(crate) struct View<'a>(RefCell<&'a mut Contents>);

impl<'a> View<'a> {
    pub(crate) fn new(contents: &'a mut Contents) -> Self {
        Self(RefCell::new(contents))
    }

    fn index(&self, path: &str) -> Option<usize> {
        let items = &self.0.borrow().items;
        items.binary_search_by(|item| item.path.as_str().cmp(path)).ok()
    }
}

impl Folder for View<'_> {
    fn look_up(&self, path: &str) -> Result<Entry, Error> {
        let name = normal(path).ok_or_else(|| Error::Outside { path: path.to_owned() })?;
        if let Some(index) = self.index(&name) {
            return Ok(Entry::File { size: self.0.borrow().items[index].size });
        }
        let prefix = format!("{name}/");
        let is_inside = |path: &str| name.is_empty() || path.starts_with(&prefix);
        if self.0.borrow().items.iter().any(|item| is_inside(&item.path)) {
            return Ok(Entry::Directory);
        }
        Err(Error::Missing { path: path.to_owned() })
    }

    fn read(&self, path: &str, cap: u64) -> Result<Vec<u8>, Error> {
        let refused = |problem: fn(String) -> Error| problem(path.to_owned());
        match self.look_up(path)? {
            Entry::File { size } if size <= cap => {}
            Entry::File { .. } => return Err(Error::TooLarge { path: path.to_owned(), cap }),
            _ => return Err(refused(|path| Error::NotRegular { path })),
        }
        let index = normal(path).and_then(|name| self.index(&name));
        let index = index.ok_or_else(|| refused(|path| Error::Missing { path }))?;
        let bytes = self.0.borrow_mut().read(index, cap);
        bytes
            .map_err(|error| Error::Unreadable { path: path.to_owned(), reason: error.to_string() })
    }
}

/// The path without `.`, empty parts and `x/..`; nothing if it leads out.
fn normal(path: &str) -> Option<String> {
    let bytes = path.as_bytes();
    let is_drive = bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    if is_drive || path.starts_with(['/', '\\']) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part if part.split('\\').any(|piece| piece == "..") => return None,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
