//! Whether a program or a library that a plugin needs is on this machine.

use std::path::{Path, PathBuf};

use crate::config::Environment;
use crate::paths::expand;

#[cfg(test)]
mod tests;

/// Endings of programs that may be left out of a name.
const ENDINGS: &[&str] = if cfg!(windows) { &["", ".exe", ".cmd", ".bat"] } else { &[""] };

/// Where a program or a library may be. Relative places do not count: they would mean another one
/// in each working directory.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// Where it is, if that is known; `~/` is the home.
    pub path: Option<&'a str>,
    /// The name of a variable that says where it is.
    pub variable: Option<&'a str>,
    /// What `~` means.
    pub home: Option<&'a Path>,
}

impl Sought<'_> {
    fn places(self, environment: &dyn Environment) -> impl Iterator<Item = PathBuf> {
        let from_variable = self.variable.and_then(|name| environment.get(name));
        let texts = [self.path.map(str::to_owned), from_variable];
        let places = texts.into_iter().flatten().map(move |text| expand(&text, self.home));
        places.filter(|path| path.is_absolute())
    }
}

/// Whether there is a program that can be started: at one of the places, or by its name on the
/// search path.
pub fn program_is_there(name: &str, sought: Sought<'_>, environment: &dyn Environment) -> bool {
    sought.places(environment).any(|path| is_program(&path))
        || on_search_path(name, environment).any(|path| is_program(&path))
}

/// Whether there is anything at one of the places.
pub fn library_is_there(sought: Sought<'_>, environment: &dyn Environment) -> bool {
    sought.places(environment).any(|path| path.exists())
}

fn on_search_path(name: &str, environment: &dyn Environment) -> impl Iterator<Item = PathBuf> {
    // A name with a separator is a place, and `..` none of a program.
    let is_name = !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\']);
    let folders = environment.get("PATH").filter(|_| is_name).unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    let absolute = folders.into_iter().filter(|folder| folder.is_absolute());
    let files = move |folder: PathBuf| {
        ENDINGS.iter().map(move |ending| folder.join(format!("{name}{ending}"))).collect::<Vec<_>>()
    };
    absolute.flat_map(files)
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
