use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vario_sqlite::{Database, OpenOptions};

use crate::store::StoreMode;
use crate::store::tables::MIGRATIONS;
use crate::{Error, lock};

/// A database and how it came to be open.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) database: Database,
    pub(super) mode: StoreMode,
    pub(super) warnings: Vec<String>,
    path: PathBuf,
    busy_wait: Duration,
    has_told_of_audit: bool,
}

impl Opened {
    pub(super) fn open(path: &Path, busy_wait: Duration) -> Result<Self, Error> {
        let opened = match attempt(path, busy_wait) {
            Err(error) if error.is_corrupt() => replace_damaged(path, busy_wait, &error),
            Ok((database, mode)) => Ok((database, mode, None)),
            Err(error) => Err(error),
        };
        let (database, mode, warning) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let (database, mode, rest) = match as_it_was(path, &error) {
                    Some(database) => (
                        database,
                        StoreMode::ReadOnly,
                        "results from before are shown as they were",
                    ),
                    None => (
                        in_memory()?,
                        StoreMode::Memory,
                        "results are kept until this program ends only",
                    ),
                };
                (database, mode, Some(format!("{error}; {rest}")))
            }
        };
        let mut warnings = Vec::from_iter(warning);
        if mode == StoreMode::ReadOnly {
            let shown = path.display();
            warnings.push(format!("{shown} cannot be written: new results are not kept"));
        }
        let path = path.to_owned();
        Ok(Self { database, mode, warnings, path, busy_wait, has_told_of_audit: false })
    }

    /// Leaves a warning, unless it has been told before. That nothing can be written was told when
    /// the database was opened.
    pub(super) fn audit_failed(&mut self, error: &Error) {
        if self.mode != StoreMode::ReadOnly && !self.has_told_of_audit {
            self.warnings.push(format!("{error}; what plugins did is missing from the audit log"));
            self.has_told_of_audit = true;
        }
    }

    /// Sets the database aside that `error` found damaged while it was in use.
    pub(super) fn begin_anew(&mut self, error: &Error) -> Result<(), Error> {
        // The connection is closed first: on closing it deletes its log, which it knows by name.
        self.database = in_memory()?;
        self.mode = StoreMode::Memory;
        match replace_damaged(&self.path, self.busy_wait, error) {
            Ok((database, mode, warning)) => {
                self.database = database;
                self.mode = mode;
                self.warnings.extend(warning);
            }
            Err(error) => {
                let warning = format!("{error}; results are kept until this program ends only");
                self.warnings.push(warning);
            }
        }
        Ok(())
    }
}

/// What is in the file, where a full disk or a read-only folder has no room for its log.
fn as_it_was(path: &Path, error: &Error) -> Option<Database> {
    if error.is_busy() || !path.is_file() {
        return None;
    }
    let database = Database::open_immutable(path).ok()?;
    database.migrate(MIGRATIONS).ok()?;
    Some(database)
}

fn in_memory() -> Result<Database, Error> {
    let database = Database::in_memory()?;
    database.migrate(MIGRATIONS)?;
    Ok(database)
}

/// Opens the database, and tries again while another process is just making it: SQLite does not
/// wait for that by itself.
fn attempt(path: &Path, busy_wait: Duration) -> Result<(Database, StoreMode), Error> {
    let deadline = Instant::now() + busy_wait;
    loop {
        match try_once(path, busy_wait) {
            Err(error) if error.is_busy() && lock::pause_until(deadline) => {}
            other => return other,
        }
    }
}

fn try_once(path: &Path, busy_timeout: Duration) -> Result<(Database, StoreMode), Error> {
    if let Some(folder) = path.parent() {
        crate::make_folder(folder).map_err(|source| Error::write(folder, source))?;
    }
    make_private(path);
    let database = Database::open(path, &OpenOptions { busy_timeout, ..OpenOptions::default() })?;
    database.migrate(MIGRATIONS)?;
    let mode = if database.is_read_only() { StoreMode::ReadOnly } else { StoreMode::Lasting };
    Ok((database, mode))
}

/// What plugins said and did is nobody else's business, whoever may enter the folder. SQLite gives
/// its other files the same mode.
#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};

    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let is_open = |metadata: std::fs::Metadata| metadata.permissions().mode() & 0o077 != 0;
    if made.is_err() && path.symlink_metadata().is_ok_and(is_open) {
        // Somebody else's file is theirs to protect.
        let _not_ours = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    }
}

#[cfg(not(unix))]
fn make_private(_path: &Path) {}

/// Sets a damaged database aside and begins a new one. Another process may have done that between
/// the finding and now; then its new one is taken.
fn replace_damaged(
    path: &Path,
    busy_wait: Duration,
    error: &Error,
) -> Result<(Database, StoreMode, Option<String>), Error> {
    let lock_path = with_suffix(path, ".lock");
    let _lock = lock::lock_until(&lock_path, Instant::now() + busy_wait)?
        .ok_or_else(|| Error::Locked { path: lock_path.clone() })?;
    let again = attempt(path, busy_wait).and_then(|(database, mode)| {
        database.quick_check()?;
        Ok((database, mode))
    });
    match again {
        Ok((database, mode)) => return Ok((database, mode, None)),
        Err(error) if error.is_corrupt() => {}
        Err(error) => return Err(error),
    }
    let aside = set_aside(path)?;
    let warning = format!(
        "{error}; the damaged database is kept as {} and a new one is begun: results from before, \
         and what plugins kept, are gone; settings are as they were",
        aside.display()
    );
    let (database, mode) = attempt(path, busy_wait)?;
    Ok((database, mode, Some(warning)))
}

/// Renames a database, with its log, to the first free `….corrupt-<n>`.
fn set_aside(path: &Path) -> Result<PathBuf, Error> {
    let free = (1_u32..).map(|number| with_suffix(path, &format!(".corrupt-{number}")));
    let aside = free
        .into_iter()
        .find(|name| fs::symlink_metadata(name).is_err())
        .unwrap_or_else(|| with_suffix(path, ".corrupt"));
    fs::rename(path, &aside).map_err(|source| Error::write(path, source))?;
    // The log must not meet the new database; it may not exist, and holds what could be rescued.
    let log = with_suffix(path, "-wal");
    if fs::exists(&log).unwrap_or(true) {
        let name = with_suffix(&aside, "-wal");
        fs::rename(&log, name).map_err(|source| Error::write(&log, source))?;
    }
    // The index of the log is rebuilt from it.
    let _ = fs::remove_file(with_suffix(path, "-shm"));
    Ok(aside)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
