use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Error;

#[cfg(test)]
mod tests;

/// The environment variable that moves everything below one folder, for tests and for trying out.
pub const HOME_VARIABLE: &str = "VARIO_HOME";

/// Where things are kept. Knowing a path creates nothing: a folder appears when something is
/// written into it.
///
/// | | Linux and other Unix | macOS, below `~/Library` | Windows |
/// |---|---|---|---|
/// | configuration | `$XDG_CONFIG_HOME/vario` | `Application Support/vario` | `%APPDATA%\vario` |
/// | state | `$XDG_STATE_HOME/vario` | `Application Support/vario/state` | `%LOCALAPPDATA%\vario\state` |
/// | data | `$XDG_DATA_HOME/vario` | `Application Support/vario` | `%LOCALAPPDATA%\vario\data` |
/// | cache | `$XDG_CACHE_HOME/vario` | `Caches/vario` | `%LOCALAPPDATA%\vario\cache` |
///
/// With `VARIO_HOME` these are `config`, `state`, `data` and `cache` below it, on every platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    home: Option<PathBuf>,
    config: PathBuf,
    state: PathBuf,
    data: PathBuf,
    cache: PathBuf,
}

/// Which conventions hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Platform {
    Xdg,
    MacOs,
    Windows,
}

impl Platform {
    const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Xdg
    };
}

impl Paths {
    /// The paths for an environment; `lookup` gives a variable's value.
    ///
    /// # Errors
    /// [`Error::NoHome`] if nothing says where to keep things, [`Error::RelativeHome`].
    pub fn from_env(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        Self::on(Platform::HERE, lookup)
    }

    /// Everything below one folder, which is taken for the home folder too.
    pub fn below(root: &Path) -> Self {
        Self {
            home: Some(root.to_owned()),
            config: root.join("config"),
            state: root.join("state"),
            data: root.join("data"),
            cache: root.join("cache"),
        }
    }

    fn on(platform: Platform, lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let get = |name: &str| lookup(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let variable = if platform == Platform::Windows { "USERPROFILE" } else { "HOME" };
        // One that is not absolute would mean another folder in each working directory.
        let home = get(variable).filter(|path| path.is_absolute());
        if let Some(root) = get(HOME_VARIABLE) {
            if !root.is_absolute() {
                return Err(Error::RelativeHome { path: root });
            }
            let below = Self::below(&root);
            return Ok(Self { home: home.or(below.home), ..below });
        }
        let in_home = |rest: &str| {
            home.as_ref().map(|home| home.join(rest)).ok_or(Error::NoHome { variable })
        };
        let (config, state, data, cache) = match platform {
            Platform::Xdg => {
                // The base directory specification says to ignore what is not absolute.
                let base = |name: &str, rest: &str| {
                    let found = get(name).filter(|path| path.is_absolute());
                    found.map_or_else(|| in_home(rest), Ok).map(|base| base.join("vario"))
                };
                (
                    base("XDG_CONFIG_HOME", ".config")?,
                    base("XDG_STATE_HOME", ".local/state")?,
                    base("XDG_DATA_HOME", ".local/share")?,
                    base("XDG_CACHE_HOME", ".cache")?,
                )
            }
            Platform::MacOs => {
                let support = in_home("Library/Application Support/vario")?;
                let cache = in_home("Library/Caches/vario")?;
                (support.clone(), support.join("state"), support, cache)
            }
            Platform::Windows => {
                let base = |name: &str, rest: &str| {
                    get(name).map_or_else(|| in_home(rest), Ok).map(|base| base.join("vario"))
                };
                let local = base("LOCALAPPDATA", "AppData/Local")?;
                let config = base("APPDATA", "AppData/Roaming")?;
                (config, local.join("state"), local.join("data"), local.join("cache"))
            }
        };
        Ok(Self { home, config, state, data, cache })
    }

    /// The user's home folder, where the environment names one.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The configuration directory.
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// The configuration, a TOML file; it need not exist.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// What plugins were granted and denied, a TOML file; it need not exist.
    pub fn grants_file(&self) -> PathBuf {
        self.config.join("grants.toml")
    }

    /// Who is signed in, a TOML file; it need not exist.
    pub fn accounts_file(&self) -> PathBuf {
        self.config.join("accounts.toml")
    }

    /// The state directory.
    pub fn state_dir(&self) -> &Path {
        &self.state
    }

    /// The database of the [`Store`](crate::Store).
    pub fn database(&self) -> PathBuf {
        self.state.join("state.db")
    }

    /// The data directory.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// Where plugins live unless the configuration names more folders.
    pub fn plugins_dir(&self) -> PathBuf {
        self.data.join("plugins")
    }

    /// The plugin's own directory (contract section 4.1).
    pub fn plugin_data_dir(&self, id: &str) -> PathBuf {
        self.data.join("plugins_data").join(file_name(id))
    }

    /// The cache directory: what is in it can be deleted at any time.
    pub fn cache_dir(&self) -> &Path {
        &self.cache
    }

    /// A path as a person writes it: `~` is the home folder, and what is relative starts in the
    /// configuration directory.
    pub fn expand(&self, text: &str) -> PathBuf {
        let Some(rest) = text.strip_prefix('~') else { return self.config.join(text) };
        match (&self.home, rest.strip_prefix(['/', '\\'])) {
            (Some(home), Some(rest)) => home.join(rest),
            (Some(home), None) if rest.is_empty() => home.clone(),
            _ => self.config.join(text),
        }
    }
}

/// An id as the name of a file. Letters, digits and `-_.` stay, so that ordinary ids do; everything
/// else is written as `%` and hexadecimal digits, so that no id leads out of its folder.
pub(crate) fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for (position, byte) in id.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if plain || (byte == b'.' && position > 0) {
            name.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(name, "%{byte:02x}");
        }
    }
    name
}
