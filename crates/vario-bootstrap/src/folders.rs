//! Watches the folders where plugins are, and the files of the user's that say what holds.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::vario::Vario;
use crossbeam_channel::{Receiver, Sender, bounded};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// A folder that is being copied changes many times; it is looked at when that has been over for so
/// long.
const SETTLED: Duration = Duration::from_millis(250);

/// Whoever writes without end is looked at all the same.
const AT_MOST: Duration = Duration::from_secs(2);

/// Tells that something changed in a watched folder.
pub struct FolderWatch {
    watcher: Option<RecommendedWatcher>,
    changed: (Sender<()>, Receiver<()>),
}

impl Default for FolderWatch {
    fn default() -> Self {
        Self::new()
    }
}

impl FolderWatch {
    /// Watches nothing yet.
    pub fn new() -> Self {
        Self { watcher: None, changed: bounded(1) }
    }

    /// Told, once for many changes, until it is taken.
    pub fn changed(&self) -> Receiver<()> {
        self.changed.1.clone()
    }

    /// Watches what is configured and there now. It is done anew after each change: a folder that
    /// was taken away and came back is another one to the system. Where a system cannot watch,
    /// Rescan is there.
    pub fn watch(&mut self, vario: &Vario) {
        let paths = vario.paths();
        let wanted = Wanted {
            folders: vario.plugin_folders(),
            files: with_targets([paths.config_file(), paths.grants_file(), paths.accounts_file()]),
        };
        let places = wanted.places();
        let tell = self.changed.0.clone();
        let told = move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| wanted.concerns(&event)) {
                let _already_told = tell.try_send(());
            }
        };
        // A link to a large part of the disk would take as long to follow as that part is large.
        let config = Config::default().with_follow_symlinks(false);
        let Ok(mut watcher) = RecommendedWatcher::new(told, config) else { return };
        for (place, mode) in places {
            let _rescan_is_there = watcher.watch(&place, mode);
        }
        self.watcher = Some(watcher);
    }

    /// Waits until nothing changes any more.
    pub fn settle(&self) {
        let until = Instant::now() + AT_MOST;
        while Instant::now() < until && self.changed.1.recv_timeout(SETTLED).is_ok() {}
    }
}

/// What is of interest.
struct Wanted {
    /// With all that is in them.
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Wanted {
    /// What the system is asked to watch. Of what is not there, the nearest folder that is.
    fn places(&self) -> Vec<(PathBuf, RecursiveMode)> {
        let mut places = Vec::new();
        for folder in &self.folders {
            if folder.is_dir() {
                places.push((folder.clone(), RecursiveMode::Recursive));
                places.extend(linked_plugins(folder));
            }
            // Where it may be made, renamed or taken away.
            places.extend(folder.parent().and_then(nearest));
        }
        for file in &self.files {
            places.extend(file.parent().and_then(nearest));
        }
        let mut seen = HashSet::new();
        places.retain(|(place, _)| seen.insert(place.clone()));
        places
    }

    fn concerns(&self, event: &Event) -> bool {
        // Looking at files changes nothing.
        !matches!(event.kind, EventKind::Access(_))
            && event.paths.iter().any(|path| self.concerns_path(path))
    }

    fn concerns_path(&self, path: &Path) -> bool {
        let in_folder = |folder: &PathBuf| path.starts_with(folder) || folder.starts_with(path);
        self.files.iter().any(|file| file.starts_with(path))
            || self.folders.iter().any(in_folder)
            // What a link in a plugin folder leads to.
            || path.parent().is_some_and(|folder| folder.join(MANIFEST).is_file())
    }
}

/// Many keep such files elsewhere, with a link to them.
fn with_targets(files: [PathBuf; 3]) -> Vec<PathBuf> {
    let targets: Vec<PathBuf> =
        files.iter().filter_map(|file| std::fs::canonicalize(file).ok()).collect();
    files.into_iter().chain(targets).collect()
}

/// By which a folder is known for a plugin.
const MANIFEST: &str = "plugin.json";

/// Plugins that are links in a folder; only what is right in their folders is looked at.
fn linked_plugins(folder: &Path) -> Vec<(PathBuf, RecursiveMode)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()))
        .filter_map(|entry| std::fs::canonicalize(entry.path()).ok())
        .filter(|target| target.join(MANIFEST).is_file())
        .map(|target| (target, RecursiveMode::NonRecursive))
        .collect()
}

/// The folder, or the nearest above it that is there.
fn nearest(folder: &Path) -> Option<(PathBuf, RecursiveMode)> {
    let there = folder.ancestors().find(|folder| folder.is_dir())?;
    Some((there.to_owned(), RecursiveMode::NonRecursive))
}
