//! Taking over what an installation of OpenUsage (the app with plugins, up to 0.6) left behind.
//!
//! Its folder is read and never written. What is set or kept here already stays as it is.

mod data;
mod settings;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Config, Error, Paths};

const SETTINGS: &str = "settings.json";
const DATA: &str = "plugins_data";
const PLUGINS: &str = "plugins";
const CACHE: &str = "usage-api-cache.json";

/// One thing of the old installation, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportLine {
    /// A key of its settings, or a path in its folder.
    pub source: String,
    /// What became of it.
    pub outcome: ImportOutcome,
}

/// What became of one thing. In a dry run, what would.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportOutcome {
    /// A setting of ours has its value now.
    Set {
        /// The setting.
        key: String,
        /// The value.
        value: Value,
    },
    /// A file is here now, too.
    Copied {
        /// Where.
        to: PathBuf,
    },
    /// It is here already, and the same.
    Same,
    /// Something else is here already, and stays.
    Kept {
        /// What that is.
        why: String,
    },
    /// There is nothing to do with it.
    Left {
        /// Why not.
        why: String,
    },
    /// It should be here and cannot be.
    Failed {
        /// Why not.
        why: String,
    },
}

/// Takes over settings and plugins' data from OpenUsage's folder, or in a dry run only says what
/// would be. No lines mean that the folder holds nothing of OpenUsage's.
///
/// # Errors
/// [`Error::Read`] if the folder cannot be read. Whatever else is wrong is a line.
pub fn import_openusage(
    folder: &Path,
    paths: &Paths,
    config: &mut Config,
    dry_run: bool,
) -> Result<Vec<ImportLine>, Error> {
    let names = names(folder)?;
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let mut lines = Vec::new();
    if has(SETTINGS) {
        settings::import(&folder.join(SETTINGS), config, dry_run, &mut lines);
    }
    if has(DATA) {
        data::import(&folder.join(DATA), paths, dry_run, &mut lines);
    }
    let left = |name: &str, why: String| ImportLine {
        source: name.to_owned(),
        outcome: ImportOutcome::Left { why },
    };
    if has(PLUGINS) {
        let plugins = folder.join(PLUGINS);
        let plugins = plugins.display();
        lines.push(left(
            PLUGINS,
            format!("code is not copied; `vario config plugins.folders '{plugins}'` uses it there"),
        ));
    }
    if has(CACHE) {
        lines.push(left(CACHE, "results are old by now; `vario probe` brings new ones".to_owned()));
    }
    Ok(lines)
}

fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let failed = |source| Error::read(folder, source);
    let entries = fs::read_dir(folder).map_err(failed)?.map(|entry| {
        entry.map(|entry| entry.file_name().to_string_lossy().into_owned()).map_err(failed)
    });
    entries.collect()
}
