//! An entry in the autostart folder, as the XDG autostart and desktop entry specifications have it.

mod entry;

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::{APP_ID, Error};

/// Whether the program starts when the user logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    path: PathBuf,
}

impl Login {
    /// That of the user who runs this: in `XDG_CONFIG_HOME`, else in `.config` of their home.
    ///
    /// # Errors
    /// When neither is known.
    pub fn of_user() -> Result<Self, Error> {
        // A relative path there is to be ignored, says the specification.
        let named = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
        let usual = || std::env::home_dir().map(|home| home.join(".config"));
        let folder = named.filter(|path| path.is_absolute()).or_else(usual);
        folder.map(|folder| Self::in_config_folder(&folder)).ok_or(Error::NoConfigFolder)
    }

    /// With the entry below a given configuration folder.
    pub fn in_config_folder(folder: &Path) -> Self {
        Self { path: folder.join("autostart").join(format!("{APP_ID}.desktop")) }
    }

    /// Whether the program starts on login. An entry that other settings switched off does not
    /// count.
    ///
    /// # Errors
    /// When the entry is there and cannot be read.
    pub fn is_enabled(&self) -> Result<bool, Error> {
        match std::fs::read(&self.path) {
            Ok(text) => Ok(entry::is_active(&String::from_utf8_lossy(&text))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.failed("read", error)),
        }
    }

    /// Lets a program start on login with these arguments, or no more. `program` is an absolute
    /// path.
    ///
    /// # Errors
    /// When the path or an argument cannot be written in an entry, or the file system refuses.
    pub fn set(&self, enabled: bool, program: &Path, arguments: &[&str]) -> Result<(), Error> {
        if enabled {
            let text = entry::text(program, arguments)?;
            return self.write(&text).map_err(|error| self.failed("write", error));
        }
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.failed("remove", error)),
            _ => Ok(()),
        }
    }

    /// A whole file takes the old one's place, so that a full disk leaves no half of one.
    fn write(&self, text: &str) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".vario-").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map(drop).map_err(|error| error.error)
    }

    fn failed(&self, what: &'static str, source: std::io::Error) -> Error {
        Error::Autostart { what, path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests;
