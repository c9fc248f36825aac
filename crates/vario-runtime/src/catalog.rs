use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vario_manifest::{
    Diagnostic, Diagnostics, DiskFolder, Folder, Plugin, Severity, duplicate_ids, is_candidate,
    load,
};

/// A plugin's folder that any thread may read.
pub type SharedFolder = Arc<dyn Folder + Send + Sync>;

/// A plugin that can be used.
#[derive(Clone)]
pub struct Found {
    /// What its manifest says.
    pub plugin: Arc<Plugin>,
    /// Its files.
    pub folder: SharedFolder,
    /// Where it is on disk; none for a plugin that is part of the program.
    pub path: Option<PathBuf>,
    /// Warnings about it.
    pub diagnostics: Diagnostics,
}

impl Found {
    /// The plugin in a folder on disk.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(path: &Path) -> Result<Self, Diagnostics> {
        let disk = DiskFolder::open(path)
            .map_err(|error| one(Severity::Error, error.to_string(), None))?;
        Self::of(Arc::new(disk), Some(path.to_owned()))
    }

    fn of(folder: SharedFolder, path: Option<PathBuf>) -> Result<Self, Diagnostics> {
        let loaded = load(folder.as_ref());
        match loaded.plugin {
            Some(plugin) => {
                let (plugin, diagnostics) = (Arc::new(plugin), loaded.diagnostics);
                Ok(Self { plugin, folder, path, diagnostics })
            }
            None => Err(loaded.diagnostics),
        }
    }
}

/// A plugin that comes with the program.
#[derive(Clone)]
pub struct Bundled {
    /// Its files.
    pub folder: SharedFolder,
}

/// A folder in which something is wrong.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The plugin's folder, or the folder that was searched.
    pub path: PathBuf,
    /// What is wrong.
    pub diagnostics: Diagnostics,
}

/// What became of one folder that was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// The folder.
    pub path: PathBuf,
    /// Whether it could be read; why not, otherwise.
    pub state: Result<(), String>,
}

/// All plugins of some folders.
#[derive(Clone, Default)]
pub struct Catalog {
    /// Usable plugins by id, in byte order; ids are unique.
    pub plugins: Vec<Found>,
    /// What cannot be used, and duplicates, which name both folders.
    pub problems: Vec<Problem>,
    /// The folders that were searched.
    pub searched: Vec<Searched>,
}

impl Catalog {
    /// Looks through folders, in order: the first plugin found with an id wins. A plugin of the
    /// user's own wins over a bundled one with its id. One bad plugin never hides another.
    ///
    /// Reads manifests and metadata only (contract section 1.1). Call it again to rescan.
    pub fn discover(folders: &[PathBuf], bundled: &[Bundled]) -> Self {
        let mut catalog = Self::default();
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for folder in folders {
            // The same folder named twice holds no duplicates.
            if !seen.insert(std::fs::canonicalize(folder).unwrap_or_else(|_| folder.clone())) {
                continue;
            }
            catalog.search(folder, &mut found);
        }
        for plugin in bundled {
            catalog.add(Arc::clone(&plugin.folder), None, &mut found);
        }
        catalog.settle(found);
        catalog
    }

    /// The plugin with this id.
    pub fn get(&self, id: &str) -> Option<&Found> {
        self.plugins.iter().find(|found| found.plugin.id == id)
    }

    fn search(&mut self, folder: &Path, found: &mut Vec<Found>) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.searched
                    .push(Searched { path: folder.to_owned(), state: Err(error.to_string()) });
                return;
            }
        };
        self.searched.push(Searched { path: folder.to_owned(), state: Ok(()) });
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.is_dir())
            .collect();
        paths.sort();
        for path in paths {
            match DiskFolder::open(&path) {
                Ok(disk) => {
                    if is_candidate(&disk) {
                        self.add(Arc::new(disk), Some(path), found);
                    }
                }
                Err(error) => self.problems.push(Problem {
                    diagnostics: one(Severity::Error, error.to_string(), None),
                    path,
                }),
            }
        }
    }

    fn add(&mut self, folder: SharedFolder, path: Option<PathBuf>, found: &mut Vec<Found>) {
        match Found::of(folder, path.clone()) {
            Ok(plugin) => found.push(plugin),
            Err(diagnostics) => {
                self.problems.push(Problem { path: path.unwrap_or_default(), diagnostics });
            }
        }
    }

    fn settle(&mut self, found: Vec<Found>) {
        let ids = found.iter().map(|found| found.plugin.id.as_str());
        let duplicates = duplicate_ids(ids);
        let mut dropped = HashSet::new();
        for duplicate in duplicates {
            let kept = place(&found[duplicate.kept]);
            dropped.insert(duplicate.dropped);
            // The user's own copy of a bundled plugin is meant to replace it.
            let Some(path) = found[duplicate.dropped].path.clone() else { continue };
            let message = format!("the id `{}` is taken by the plugin in {kept}", duplicate.id);
            let help = "give one of them another id, or remove one".to_owned();
            self.problems
                .push(Problem { path, diagnostics: one(Severity::Error, message, Some(help)) });
        }
        self.plugins = found
            .into_iter()
            .enumerate()
            .filter(|(position, _)| !dropped.contains(position))
            .map(|(_, found)| found)
            .collect();
        self.plugins.sort_by(|a, b| a.plugin.id.cmp(&b.plugin.id));
    }
}

fn place(found: &Found) -> String {
    found.path.as_ref().map_or_else(|| "this program".to_owned(), |path| path.display().to_string())
}

fn one(severity: Severity, message: String, help: Option<String>) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(Diagnostic::of_file(severity, "plugin.json", message, help));
    diagnostics
}
