//! Installing, rolling back and removing.

mod exchange;
mod lock;
mod stage;
mod workshop;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vario_manifest::{DiskFolder, Plugin};
use vario_store::{Paths, RunLock};

use crate::candidate::{self, Candidate};
use crate::error::Error;
use crate::layout;
use crate::limits::Limits;
use crate::names;
use crate::plan::{self, Current, Plan};
use workshop::Workshop;

#[cfg(test)]
pub(crate) use exchange::without_exchange;

/// How long to wait for another installation, and for a run of the plugin that is replaced.
const WAIT: Duration = Duration::from_secs(40);

/// Installs plugins into one folder.
///
/// A version is made whole in a hidden folder beside the plugins (`.installing`) and changes places
/// with the old one, which is kept (`.previous`). Whatever fails, and whenever the process is
/// killed, the plugin is the old one or the new one.
#[derive(Debug, Clone)]
pub struct Installer {
    paths: Paths,
    folder: PathBuf,
    limits: Limits,
    wait: Duration,
}

/// What was installed.
#[derive(Debug, Clone, PartialEq)]
pub struct Installed {
    /// What its manifest says.
    pub plugin: Plugin,
    /// Its folder.
    pub path: PathBuf,
    /// Whether the version before is kept for [`Installer::rollback`].
    pub has_previous: bool,
}

impl Installer {
    /// Installs into `folder`, which is made when it is needed; `paths` say where runs are locked.
    pub fn new(paths: Paths, folder: PathBuf) -> Self {
        Self { paths, folder, limits: Limits::default(), wait: WAIT }
    }

    /// With other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Waits at most so long for others.
    #[must_use]
    pub fn with_wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// The folder of plugins.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks at a folder or a zip file. See [`candidate::inspect`].
    ///
    /// # Errors
    /// Everything that would keep it from being installed.
    pub fn inspect(&self, source: &Path) -> Result<Candidate, Error> {
        candidate::inspect(source, self.limits)
    }

    /// What is installed under an id, if its manifest can be read.
    pub fn current(&self, id: &str) -> Option<Current> {
        let place = self.find(id).ok()??;
        let plugin = layout::manifest(&place).ok()?;
        Some(Current { plugin, hash: stage::hash(&place, self.limits).ok() })
    }

    /// The version that [`Installer::rollback`] would bring back.
    pub fn previous(&self, id: &str) -> Option<Plugin> {
        names::part_problem(id).is_none().then_some(())?;
        let kept = Workshop::kept(&self.folder, id);
        layout::manifest(&kept).ok().filter(|plugin| plugin.id == id)
    }

    /// What installing a candidate would change.
    pub fn plan(&self, candidate: &Candidate) -> Plan {
        plan::plan(candidate, self.current(&candidate.plugin.id).as_ref())
    }

    /// Installs a candidate in place of the version that is there, which is kept. Data, settings
    /// and grants are somewhere else and stay as they are.
    ///
    /// # Errors
    /// When it cannot be written, its source has changed, its place is taken by something else, or
    /// others are too long at work. The old version is there then.
    pub fn install(&self, candidate: &mut Candidate) -> Result<Installed, Error> {
        let id = candidate.plugin.id.clone();
        let workshop = self.workshop()?;
        let target = self.free_place(&id)?;
        let bench = workshop.bench(&id)?;
        stage::write(candidate, &bench)?;
        let _run = self.hold_runs(&id)?;
        bench.replace(&target)?;
        drop(bench);
        self.installed(&id, target)
    }

    /// Brings the version back that was replaced last; the one that is there is kept in its stead,
    /// so that doing it twice changes nothing.
    ///
    /// # Errors
    /// [`Error::NoPrevious`], and as [`Installer::install`].
    pub fn rollback(&self, id: &str) -> Result<Installed, Error> {
        self.place(id)?;
        let workshop = self.workshop()?;
        let target = self.free_place(id)?;
        let kept = Workshop::kept(&self.folder, id);
        if !kept.is_dir() {
            return Err(Error::NoPrevious { id: id.to_owned() });
        }
        let plugin = layout::manifest(&kept)?;
        if plugin.id != id {
            let why = format!("it holds the plugin `{}`", plugin.id);
            return Err(Error::Taken { path: kept, why });
        }
        let bench = workshop.bench(id)?;
        let _run = self.hold_runs(id)?;
        bench.restore(&target)?;
        drop(bench);
        self.installed(id, target)
    }

    /// Takes a plugin out of the folder, with the version that is kept of it. Gives what it was, if
    /// that could be read.
    ///
    /// Its data, its settings and its grants stay; [`purge`](crate::purge) deletes those.
    ///
    /// # Errors
    /// [`Error::NotInstalled`], and when it cannot be moved away.
    pub fn remove(&self, id: &str) -> Result<Option<Plugin>, Error> {
        let Some(target) = self.find(id)? else {
            return Err(Error::NotInstalled { id: id.to_owned(), folder: self.folder.clone() });
        };
        not_a_link(&target)?;
        let plugin = layout::manifest(&target).ok();
        let workshop = self.workshop()?;
        let bench = workshop.bench(id)?;
        let _run = self.hold_runs(id)?;
        bench.discard(&target)?;
        Ok(plugin)
    }

    /// Brings what a killed process left behind in order, unless somebody is at work. Costs one
    /// look into a folder when there is nothing to do.
    pub fn recover(&self) {
        if Workshop::has_leftovers(&self.folder)
            && let Ok(workshop) = Workshop::open(&self.folder, self.limits, Duration::ZERO)
        {
            workshop.recover();
        }
    }

    fn workshop(&self) -> Result<Workshop, Error> {
        let made = vario_store::make_folder(&self.folder);
        made.map_err(Error::io("make", &self.folder))?;
        let workshop = Workshop::open(&self.folder, self.limits, self.wait)?;
        workshop.recover();
        Ok(workshop)
    }

    /// Where a plugin is or goes.
    fn place(&self, id: &str) -> Result<PathBuf, Error> {
        // An id from a command line may be anything.
        match names::part_problem(id) {
            Some(why) => Err(Error::entry(id, why)),
            None if id.contains(['/', '\\']) || id.starts_with('.') => {
                Err(Error::entry(id, "no plugin has such an id"))
            }
            None => Ok(self.folder.join(id)),
        }
    }

    /// The folder a plugin is in: the one of its name unless that is another one's, else one that
    /// somebody put here under another name.
    fn find(&self, id: &str) -> Result<Option<PathBuf>, Error> {
        let place = self.place(id)?;
        match layout::manifest(&place) {
            Ok(plugin) if plugin.id == id => return Ok(Some(place)),
            Err(_broken) if holds_a_plugin(&place) => return Ok(Some(place)),
            _ => {}
        }
        let Ok(entries) = fs::read_dir(&self.folder) else { return Ok(None) };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let is_it = |path: &PathBuf| layout::manifest(path).is_ok_and(|plugin| plugin.id == id);
        Ok(paths.into_iter().find(is_it))
    }

    /// Where a plugin goes, if nothing else is there.
    fn free_place(&self, id: &str) -> Result<PathBuf, Error> {
        let target = self.place(id)?;
        not_a_link(&target)?;
        let why = match layout::manifest(&target) {
            Ok(other) if other.id != id => {
                Some(format!("it holds the plugin `{}`; move it away", other.id))
            }
            Err(_no_plugin) if is_there(&target) && !holds_a_plugin(&target) => {
                Some("it holds no plugin; move it away".to_owned())
            }
            _ => None,
        };
        if let Some(why) = why {
            return Err(Error::Taken { path: target, why });
        }
        let entries = fs::read_dir(&self.folder).map_err(Error::io("read", &self.folder))?;
        for entry in entries.flatten() {
            let (name, path) = (entry.file_name(), entry.path());
            let name = name.to_string_lossy();
            if name == id || name.starts_with('.') {
                continue;
            }
            if names::folded(&name) == names::folded(id) {
                let why = "on some systems its name is the same".to_owned();
                return Err(Error::Taken { path, why });
            }
            if path.is_dir() && layout::manifest(&path).is_ok_and(|plugin| plugin.id == id) {
                let why = format!("it holds the plugin `{id}` already; remove that folder first");
                return Err(Error::Taken { path, why });
            }
        }
        Ok(target)
    }

    /// Lets a run end and none begin, so that no run sees files of two versions.
    fn hold_runs(&self, id: &str) -> Result<Option<RunLock>, Error> {
        match RunLock::acquire(&self.paths, id, Instant::now() + self.wait) {
            Ok(Some(lock)) => Ok(Some(lock)),
            Ok(None) => Err(Error::Busy { what: format!("the plugin `{id}` is running") }),
            // Where nothing can be locked, runs go on without it, too.
            Err(_no_locks) => Ok(None),
        }
    }

    fn installed(&self, id: &str, path: PathBuf) -> Result<Installed, Error> {
        let plugin = layout::manifest(&path)?;
        Ok(Installed { plugin, path, has_previous: self.previous(id).is_some() })
    }
}

/// What somebody linked here is theirs and stays where it is.
fn not_a_link(target: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(target) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(metadata) => {
            let what = if metadata.is_symlink() { "a link" } else { "no folder" };
            let why = format!("it is {what}; take it away yourself if you want to");
            Err(Error::Taken { path: target.to_owned(), why })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io("open", target)(error)),
    }
}

/// Whether a folder has a manifest, be it one that cannot be used.
fn holds_a_plugin(folder: &Path) -> bool {
    DiskFolder::open(folder).is_ok_and(|folder| vario_manifest::is_candidate(&folder))
}

/// Whether anything is there, be it a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
