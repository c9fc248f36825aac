//! Which files of a folder are the plugin: what is packed, and what is installed from a folder.

mod smartcars;
mod walk;

use std::path::{Path, PathBuf};

use vario_manifest::{Dialect, DiskFolder, Entry, Folder as _, Plugin, load};

use crate::contents::{Contents, Item, Place};
use crate::error::Error;
use crate::limits::Limits;
use crate::names::{self, Seen};

pub(crate) use walk::{Links, Walk};

/// The build output of Stratos, which is the plugin.
const DIST: &str = "dist";

/// A folder's plugin.
pub(crate) struct Layout {
    /// What the source folder's manifest says. What is not built yet is not in it.
    pub(crate) plugin: Plugin,
    pub(crate) contents: Contents,
    pub(crate) warnings: Vec<String>,
}

/// The plugin in a folder, be it sources with their build output or the plugin itself.
pub(crate) fn of_folder(folder: &Path, limits: Limits) -> Result<Layout, Error> {
    let root = folder.canonicalize().map_err(Error::io("open", folder))?;
    let plugin = manifest(&root)?;
    let (files, warnings) = match plugin.dialect {
        Dialect::Smartcars => smartcars::files(&root, &limits)?,
        Dialect::Stratos => stratos(&root, &plugin, &limits)?,
        _ => plain(&root, &plugin, &limits)?,
    };
    let mut seen = Seen::default();
    let mut items = Vec::with_capacity(files.len());
    for (path, place) in files {
        names::check(&path)?;
        seen.file(&path)?;
        items.push(Item { path, place: Place::Disk(place), size: 0 });
    }
    Ok(Layout { plugin, contents: Contents::new(items, None, limits), warnings })
}

/// What the manifest in a folder says.
pub(crate) fn manifest(folder: &Path) -> Result<Plugin, Error> {
    let disk = DiskFolder::open(folder);
    let disk = disk.map_err(|error| Error::io("open", folder)(std::io::Error::other(error)))?;
    let loaded = load(&disk);
    loaded.plugin.ok_or(Error::Manifest { diagnostics: loaded.diagnostics })
}

/// Files with where they go, and what is worth a word.
pub(crate) type Files = (Vec<(String, PathBuf)>, Vec<String>);

fn plain(root: &Path, plugin: &Plugin, limits: &Limits) -> Result<Files, Error> {
    // What was packed before lies beside the sources.
    let is_packed = |path: &str| {
        let name = path.strip_suffix(".zip").and_then(|name| name.strip_prefix(&plugin.id));
        name.is_some_and(|rest| rest.is_empty() || (rest.starts_with('-') && !rest.contains('/')))
    };
    let mut walk = Walk::new(root, Links::Inside, limits.entries);
    walk.add("", root, &|path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        // Hidden things are of tools: `.git`, `.DS_Store`, `node_modules/.bin`.
        name.starts_with('.') || name == "Thumbs.db" || is_packed(path)
    })?;
    Ok(walk.finish())
}

fn stratos(root: &Path, plugin: &Plugin, limits: &Limits) -> Result<Files, Error> {
    let dist = root.join(DIST);
    if dist.join("plugin.json").is_file() {
        return plain(&dist, plugin, limits);
    }
    if plugin.background.is_none() && plugin.ui.is_none() {
        let help = "build the plugin first; what is packed is the build output";
        return Err(Error::NotBuilt { missing: "dist/plugin.json", help });
    }
    plain(root, plugin, limits)
}

/// Whether something of this kind stands at `path` of a folder.
pub(crate) fn is_file(root: &Path, path: &str) -> bool {
    look_up(root, path).is_some_and(|entry| matches!(entry, Entry::File { .. }))
}

pub(crate) fn is_folder(root: &Path, path: &str) -> bool {
    look_up(root, path) == Some(Entry::Directory)
}

/// Nothing that is behind a link out of the folder is there.
fn look_up(root: &Path, path: &str) -> Option<Entry> {
    DiskFolder::open(root).ok()?.look_up(path).ok()
}
