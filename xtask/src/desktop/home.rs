//! A home folder of one's own: empty at the start, gone at the end.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// Every variable that names a folder, and the folder below the home. Nothing else of the
/// environment is handed on but `PATH`.
const FOLDERS: &[(&str, &str)] = &[
    ("HOME", "home"),
    ("TMPDIR", "tmp"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_RUNTIME_DIR", "run"),
    ("XDG_STATE_HOME", "state"),
];

/// The same language, time zone and drawing in software wherever the task runs.
const FIXED: &[(&str, &str)] =
    &[("LANG", "C.UTF-8"), ("LIBGL_ALWAYS_SOFTWARE", "1"), ("TZ", "UTC")];

/// The folder; it is removed when this is dropped.
pub(crate) struct Home(tempfile::TempDir);

impl Home {
    pub(crate) fn new() -> Result<Self> {
        // Paths of sockets may have a hundred letters, so it is a short name.
        let folder = tempfile::Builder::new().prefix("vario-x-").tempdir();
        let home = Self(folder.context("cannot make a temporary folder")?);
        for (_, name) in FOLDERS {
            // Servers of windows refuse a runtime folder that others may read.
            let made = std::fs::DirBuilder::new().mode(0o700).create(home.path().join(name));
            made.with_context(|| format!("cannot make the temporary folder `{name}`"))?;
        }
        Ok(home)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where the viewer looks for plugins.
    pub(crate) fn plugins(&self) -> PathBuf {
        self.path().join("data/vario/plugins")
    }

    /// A program that sees this home and nothing of ours.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.path().join("home")).envs(FIXED.iter().copied());
        command.envs(FOLDERS.iter().map(|(name, folder)| (name, self.path().join(folder))));
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use super::Home;

    #[test]
    fn a_program_sees_only_this_home() {
        let home = Home::new().unwrap();
        let output = home.command("env").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let own = home.path().to_string_lossy().into_owned();
        for line in text.lines() {
            let (name, value) = line.split_once('=').unwrap();
            let is_fixed = super::FIXED.contains(&(name, value));
            assert!(is_fixed || name == "PATH" || value.starts_with(&own), "{line}");
        }
        let path = home.path().to_owned();
        drop(home);
        assert!(!path.exists());
    }
}
