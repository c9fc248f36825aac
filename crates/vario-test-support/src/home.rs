use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A home folder that is deleted at the end of the test.
#[derive(Debug)]
pub struct TempHome {
    folder: tempfile::TempDir,
    root: PathBuf,
}

impl Default for TempHome {
    fn default() -> Self {
        Self::new()
    }
}

impl TempHome {
    /// An empty one.
    ///
    /// # Panics
    /// If no folder can be made, as every function here panics where a test cannot go on.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        // Without symlinks, so that paths compare equal to those a program has resolved.
        let root = folder.path().canonicalize().expect("the folder was just made");
        Self { folder, root }
    }

    /// Its path, without symlinks.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// An environment in which this is the home folder and nothing else is set.
    pub fn lookup(&self) -> impl Fn(&str) -> Option<OsString> + use<> {
        let root = self.root.clone().into_os_string();
        move |name| matches!(name, "HOME" | "USERPROFILE").then(|| root.clone())
    }

    /// Writes a file, with the folders it needs, and gives its path.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root.join(name);
        let folder = path.parent().expect("a file has a folder");
        std::fs::create_dir_all(folder).expect("a folder can be made in a temporary one");
        std::fs::write(&path, content).expect("a file can be written in a temporary folder");
        path
    }

    /// The names of everything in a folder of it, sorted; none if the folder does not exist.
    pub fn names(&self, folder: &str) -> Vec<String> {
        debug_assert!(self.folder.path().exists(), "the folder lives as long as this");
        let Ok(entries) = std::fs::read_dir(self.root.join(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
            .collect();
        names.sort();
        names
    }
}
