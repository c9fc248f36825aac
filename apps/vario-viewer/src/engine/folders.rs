//! Watches the folders where plugins are, and the configuration beside them.

use std::path::Path;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use vario_bootstrap::Vario;

/// A folder that is being copied changes many times; it is looked at when that has been over for so
/// long.
const SETTLED: Duration = Duration::from_millis(250);

/// Whoever writes without end is looked at all the same.
const AT_MOST: Duration = Duration::from_secs(2);

/// Tells that something changed in a watched folder.
pub(super) struct FolderWatch {
    watcher: Option<RecommendedWatcher>,
    watched: Vec<std::path::PathBuf>,
    changed: (Sender<()>, Receiver<()>),
}

impl FolderWatch {
    pub(super) fn new() -> Self {
        Self { watcher: None, watched: Vec::new(), changed: bounded(1) }
    }

    pub(super) fn changed(&self) -> Receiver<()> {
        self.changed.1.clone()
    }

    /// Watches what is configured now. Where a system cannot watch, Rescan is there.
    pub(super) fn watch(&mut self, vario: &Vario) {
        let mut wanted = vario.plugin_folders();
        wanted.retain(|folder| folder.is_dir());
        if wanted == self.watched && self.watcher.is_some() {
            return;
        }
        let tell = self.changed.0.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let matters = event.is_ok_and(|event| !matters_not(event.kind));
            if matters {
                let _already_told = tell.try_send(());
            }
        });
        let Ok(mut watcher) = watcher else { return };
        for folder in &wanted {
            watch_folder(&mut watcher, folder);
        }
        self.watcher = Some(watcher);
        self.watched = wanted;
    }

    /// Waits until nothing changes any more.
    pub(super) fn settle(&self) {
        let until = Instant::now() + AT_MOST;
        while Instant::now() < until && self.changed.1.recv_timeout(SETTLED).is_ok() {}
    }
}

/// Looking at files changes nothing.
fn matters_not(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(_))
}

fn watch_folder(watcher: &mut RecommendedWatcher, folder: &Path) {
    let _rescan_is_there = watcher.watch(folder, RecursiveMode::Recursive);
}
