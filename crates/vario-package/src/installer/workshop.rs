//! The hidden folders beside the plugins, and the order of renames.
//!
//! For one plugin, `.installing/<id>` is the bench. On it are `new`, a version that is being
//! written; `hash`, what `new` is once it is whole; `old`, a version that was taken out of its
//! place; and `trash`. The version that was replaced is kept in `.previous/<id>`. Searching for
//! plugins passes these folders by, because they have no manifest.
//!
//! Every state that a killed process can leave behind is brought in order by [`Workshop::recover`]:
//! - no plugin, `old` on the bench: `old` goes back;
//! - a plugin, `old` on the bench: the new version is in its place, and `old` is kept;
//! - a plugin that is what `hash` says, and `new` is something else: the two have changed places,
//!   and `new` is the old version, which is kept;
//! - anything else on the bench is deleted.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::exchange::exchange;
use super::stage::{self, sync_folder};
use super::{is_there, lock};
use crate::error::Error;
use crate::limits::Limits;
use crate::names;
use crate::steps::{Step, reach};

const BENCHES: &str = ".installing";
const KEPT: &str = ".previous";
const LOCK: &str = "lock";

/// The right to change a folder of plugins, which one process and one thread at a time can have.
pub(super) struct Workshop {
    folder: PathBuf,
    limits: Limits,
    // Closing the file releases the lock.
    _lock: File,
}

impl Workshop {
    /// Waits at most so long for others.
    pub(super) fn open(folder: &Path, limits: Limits, wait: Duration) -> Result<Self, Error> {
        let benches = folder.join(BENCHES);
        vario_store::make_folder(&benches).map_err(Error::io("make", &benches))?;
        let lock = lock::acquire(&benches.join(LOCK), wait)?;
        Ok(Self { folder: folder.to_owned(), limits, _lock: lock })
    }

    /// Where the version before is kept.
    pub(super) fn kept(folder: &Path, id: &str) -> PathBuf {
        folder.join(KEPT).join(id)
    }

    /// Whether a process was killed here, or is at work.
    pub(super) fn has_leftovers(folder: &Path) -> bool {
        let entries = fs::read_dir(folder.join(BENCHES));
        entries.is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name() != LOCK))
    }

    /// Brings everything in order that a killed process left behind.
    pub(super) fn recover(&self) {
        let Ok(entries) = fs::read_dir(self.folder.join(BENCHES)) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(id) = name.to_str().filter(|name| *name != LOCK) else { continue };
            if names::part_problem(id).is_none() && entry.path().is_dir() {
                let bench = Bench { workshop: self, path: entry.path(), id: id.to_owned() };
                // What cannot be done now is tried again at the next start.
                let _later = bench.recover();
            } else {
                let _it_does_no_harm = fs::remove_file(entry.path());
            }
        }
    }

    /// An empty bench for one plugin.
    pub(super) fn bench(&self, id: &str) -> Result<Bench<'_>, Error> {
        let path = self.folder.join(BENCHES).join(id);
        if is_there(&path) {
            // It was to be recovered before.
            let why = "it was left behind and cannot be deleted".to_owned();
            return Err(Error::Taken { path, why });
        }
        fs::create_dir(&path).map_err(Error::io("make", &path))?;
        Ok(Bench { workshop: self, path, id: id.to_owned() })
    }
}

/// Where one plugin is worked on. What is left on it at the end is deleted.
pub(super) struct Bench<'a> {
    workshop: &'a Workshop,
    path: PathBuf,
    id: String,
}

impl Bench<'_> {
    pub(super) fn new_version(&self) -> PathBuf {
        self.path.join("new")
    }

    fn old(&self) -> PathBuf {
        self.path.join("old")
    }

    fn trash(&self) -> PathBuf {
        self.path.join("trash")
    }

    fn hash(&self) -> PathBuf {
        self.path.join("hash")
    }

    fn kept(&self) -> PathBuf {
        Workshop::kept(&self.workshop.folder, &self.id)
    }

    /// Says what the new version is, now that it is whole.
    pub(super) fn note(&self, hash: &str) -> Result<(), Error> {
        let path = self.hash();
        vario_store::replace_file(&path, hash.as_bytes())
            .map_err(|error| Error::io("write", &path)(std::io::Error::other(error.to_string())))
    }

    /// Puts the new version in its place and keeps the old one.
    pub(super) fn replace(&self, target: &Path) -> Result<(), Error> {
        if self.swap(&self.new_version(), target)? {
            // The new version is in its place whether the old one can be kept or not.
            let _not_kept = self.settle();
        }
        Ok(())
    }

    /// Puts the version that is kept in its place, and keeps the other.
    pub(super) fn restore(&self, target: &Path) -> Result<(), Error> {
        let kept = self.kept();
        if !is_there(target) {
            return self.step(&kept, target, Step::Swapped);
        }
        let done = exchange(&kept, target).map_err(Error::io("replace", target))?;
        if done {
            self.sync();
            reach(Step::Swapped);
            return Ok(());
        }
        self.swap_by_turns(&kept, target)?;
        let _not_kept = self.settle();
        Ok(())
    }

    /// Takes the plugin and what is kept of it away.
    pub(super) fn discard(&self, target: &Path) -> Result<(), Error> {
        make(&self.trash())?;
        for (place, name) in [(target.to_owned(), "plugin"), (self.kept(), "kept")] {
            if is_there(&place) {
                self.step(&place, &self.trash().join(name), Step::Swapped)?;
            }
        }
        Ok(())
    }

    /// Puts `new` in the place of `target`. Gives whether there was something: it is `old` now.
    fn swap(&self, new: &Path, target: &Path) -> Result<bool, Error> {
        if !is_there(target) {
            self.step(new, target, Step::Swapped)?;
            return Ok(false);
        }
        if exchange(new, target).map_err(Error::io("replace", target))? {
            self.sync();
            reach(Step::Swapped);
            let _not_kept = rename(new, &self.old());
        } else {
            self.swap_by_turns(new, target)?;
        }
        Ok(true)
    }

    /// The same where two folders cannot change places at once.
    fn swap_by_turns(&self, new: &Path, target: &Path) -> Result<(), Error> {
        self.step(target, &self.old(), Step::OldMoved)?;
        let moved = self.step(new, target, Step::Swapped);
        if moved.is_err() {
            // The old one goes back; if even that fails, the next start does it.
            let _later = rename(&self.old(), target);
        }
        moved
    }

    /// Keeps `old` in place of what was kept before.
    fn settle(&self) -> Result<(), Error> {
        let (kept, trash) = (self.kept(), self.trash());
        if let Some(folder) = kept.parent() {
            make(folder)?;
        }
        if is_there(&kept) {
            make(&trash)?;
            self.step(&kept, &trash.join("kept"), Step::PreviousMoved)?;
        }
        self.step(&self.old(), &kept, Step::Settled)
    }

    fn recover(&self) -> Result<(), Error> {
        let target = self.workshop.folder.join(&self.id);
        if is_there(&self.old()) {
            if is_there(&target) {
                self.settle_anew()?;
            } else {
                rename(&self.old(), &target)?;
                self.sync();
            }
        } else if self.has_changed_places(&target) {
            rename(&self.new_version(), &self.old())?;
            self.settle_anew()?;
        }
        Ok(())
    }

    /// Goes on keeping `old`, which may have been begun before.
    fn settle_anew(&self) -> Result<(), Error> {
        let trash = self.trash();
        if is_there(&trash) {
            fs::remove_dir_all(&trash).map_err(Error::io("delete", &trash))?;
        }
        self.settle()
    }

    /// Whether the new version is in its place, and `new` is the old one.
    fn has_changed_places(&self, target: &Path) -> bool {
        let Ok(noted) = fs::read_to_string(self.hash()) else { return false };
        let limits = self.workshop.limits;
        let is_new = |place: &Path| stage::hash(place, limits).is_ok_and(|hash| hash == noted);
        is_there(&self.new_version()) && is_new(target) && !is_new(&self.new_version())
    }

    fn step(&self, from: &Path, to: &Path, step: Step) -> Result<(), Error> {
        rename(from, to)?;
        self.sync();
        reach(step);
        Ok(())
    }

    /// The names of all folders involved are on the disk.
    fn sync(&self) {
        for folder in [&self.path, &self.workshop.folder, &self.workshop.folder.join(KEPT)] {
            sync_folder(folder);
        }
    }
}

impl Drop for Bench<'_> {
    fn drop(&mut self) {
        // Unless what was in the plugin's place is still here: then the next start brings it back.
        let target = self.workshop.folder.join(&self.id);
        if !is_there(&self.old()) || is_there(&target) {
            let _the_next_start_does_it = fs::remove_dir_all(&self.path);
        }
    }
}

fn make(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::io("make", folder))
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).map_err(Error::io("move", from))
}
