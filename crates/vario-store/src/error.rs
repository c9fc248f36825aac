use std::io;
use std::path::{Path, PathBuf};

use vario_sqlite::ErrorKind;

/// What went wrong, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The environment names no folder to keep things in.
    #[error("there is no home folder: set `{variable}`, or `VARIO_HOME`, to an absolute path")]
    NoHome {
        /// The variable that is missing.
        variable: &'static str,
    },
    /// `VARIO_HOME` would depend on the working directory.
    #[error("`VARIO_HOME` is `{}`: set it to an absolute path", path.display())]
    RelativeHome {
        /// Its value.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file cannot be written. What it held before is still there.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file as a whole is not what it should be. It is not written until a person has corrected
    /// it.
    #[error("{}:{line}:{column}: {message}; correct the file{until_then}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What the parser says, on one line.
        message: String,
        /// What holds until then, as the end of the text; may be empty.
        until_then: &'static str,
    },
    /// There is no setting of that name.
    #[error("there is no setting `{key}`{hint}")]
    UnknownKey {
        /// The name.
        key: String,
        /// `; did you mean …?`, or nothing.
        hint: String,
    },
    /// The value does not fit the setting.
    #[error("`{key}`: {message}")]
    Value {
        /// The setting.
        key: String,
        /// What was expected.
        message: String,
    },
    /// Another process has held a lock for too long.
    #[error("{} is locked by another process: try again when it is done", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] vario_sqlite::Error),
    /// A snapshot cannot be written as JSON.
    #[error("cannot write the snapshot of `{plugin}` as JSON: {source}")]
    Snapshot {
        /// The plugin's id.
        plugin: String,
        /// Why not.
        source: serde_json::Error,
    },
    /// What a plugin wants to keep by key cannot be kept, or not be read. Never holds the value.
    #[error("`{key}` of the plugin `{plugin}`: {message}")]
    PluginValue {
        /// The plugin's id.
        plugin: String,
        /// The key, or its beginning.
        key: String,
        /// What is wrong.
        message: String,
    },
}

impl Error {
    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    pub(crate) fn value(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Value { key: key.into(), message: message.into() }
    }

    pub(crate) fn is_corrupt(&self) -> bool {
        self.is_of(ErrorKind::Corrupt)
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.is_of(ErrorKind::Busy)
    }

    fn is_of(&self, kind: ErrorKind) -> bool {
        matches!(self, Self::Database(error) if error.kind() == kind)
    }
}
