mod attacks;
mod database;
mod exec;
mod files;
mod functions;
mod query;
mod sessions;
mod stopping;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::Call;

/// A deadline that no test meets unless something hangs.
fn call() -> Call {
    Call::until(Instant::now() + Duration::from_mins(1))
}

/// A folder with a database, made by `sql`.
struct Fixture {
    folder: TempDir,
}

impl Fixture {
    fn new(sql: &str) -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap() };
        Connection::open(fixture.file("test.db")).unwrap().execute_batch(sql).unwrap();
        fixture
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The path of the database as text.
    fn path(&self) -> String {
        text(&self.file("test.db"))
    }

    fn query(&self, sql: &str) -> Result<String, String> {
        crate::query(&self.path(), sql, &call()).map_err(|error| error.to_string())
    }

    fn exec(&self, sql: &str) -> Result<(), String> {
        crate::exec(&self.path(), sql, &call()).map_err(|error| error.to_string())
    }

    /// What the folder holds, sorted.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
