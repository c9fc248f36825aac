use std::io;
use std::path::{Path, PathBuf};

use vario_manifest::{Diagnostics, Severity};

/// Why a plugin could not be packed, installed, rolled back or removed. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What was named is neither a plugin's folder nor a zip of one.
    #[error("{} is neither a folder nor a zip file", path.display())]
    Source {
        /// What was named.
        path: PathBuf,
    },
    /// A zip file that is damaged, or not what it says it is.
    #[error("{} cannot be used: {why}", path.display())]
    Archive {
        /// The zip file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file whose name cannot be used everywhere, or that must not be in a plugin.
    #[error("`{name}` cannot be in a plugin: {why}")]
    Entry {
        /// Its name, with what is not printed escaped.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// More than a plugin may be.
    #[error("the plugin is too large: {why}")]
    TooLarge {
        /// Which limit is passed, and where.
        why: String,
    },
    /// The manifest cannot be used.
    #[error("{}", first(diagnostics))]
    Manifest {
        /// Everything that is wrong.
        diagnostics: Diagnostics,
    },
    /// A part of a plugin that is not built.
    #[error("{missing} is missing: {help}")]
    NotBuilt {
        /// The file or folder that is missing.
        missing: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// A step of the build failed.
    #[error("`{step}` in {} failed: {why}", folder.display())]
    Build {
        /// The command.
        step: String,
        /// Where.
        folder: PathBuf,
        /// Why.
        why: String,
    },
    /// The plugin changed after it was looked at.
    #[error("the plugin has changed since it was looked at; try again")]
    Changed,
    /// Somebody else installs, or the plugin runs, and did not end in time.
    #[error("{what}; try again when that is over")]
    Busy {
        /// What is going on.
        what: String,
    },
    /// The place where the plugin would go is taken.
    #[error("{} is in the way: {why}", path.display())]
    Taken {
        /// The place.
        path: PathBuf,
        /// What is there, and what to do.
        why: String,
    },
    /// There is no such plugin in the folder.
    #[error("the plugin `{id}` is not installed in {}", folder.display())]
    NotInstalled {
        /// The id.
        id: String,
        /// The folder of plugins.
        folder: PathBuf,
    },
    /// No earlier version is kept.
    #[error("no earlier version of `{id}` is kept")]
    NoPrevious {
        /// The id.
        id: String,
    },
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    pub(crate) fn archive(path: &Path, why: impl Into<String>) -> Self {
        Self::Archive { path: path.to_owned(), why: why.into() }
    }

    pub(crate) fn entry(name: &str, why: impl Into<String>) -> Self {
        Self::Entry { name: shown(name), why: why.into() }
    }
}

/// A name of somebody else's in a message: short, and without what a terminal would obey.
pub(crate) fn shown(name: &str) -> String {
    const LONGEST: usize = 200;
    let mut text: String = name.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if name.chars().nth(LONGEST).is_some() {
        text.push('…');
    }
    text
}

fn first(diagnostics: &Diagnostics) -> String {
    let errors = || diagnostics.list().iter().filter(|one| one.severity == Severity::Error);
    let first = errors().next().map_or("the manifest cannot be used", |one| &one.message);
    match errors().count() {
        0 | 1 => first.to_owned(),
        count => format!("{first} (and {} more; `vario check` shows them)", count - 1),
    }
}
