//! Which file a program's name means.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use vario_host::HostError;

use crate::paths;

/// Whether a program is named by a path.
pub(crate) fn is_path(program: &str) -> bool {
    program.contains('/') || (cfg!(windows) && program.contains(['\\', ':']))
}

/// The file of a program: of an absolute path that itself, of a name the first of that name in the
/// folders of `path`, as the user's own shell would find it. Relative folders there do not count:
/// they would be the plugin's choice.
///
/// # Errors
/// When there is none.
pub(crate) fn locate<P>(program: &str, path: Option<&P>) -> Result<PathBuf, HostError>
where
    P: AsRef<OsStr> + ?Sized,
{
    let shown = program.escape_debug();
    if is_path(program) {
        let file = Path::new(program);
        if !file.is_absolute() {
            let words = format!("`{shown}` is neither a name nor an absolute path");
            return Err(HostError::Failed(words));
        }
        return Ok(paths::normalised(file));
    }
    // A batch file would have a shell read the arguments, which are the plugin's.
    let names = file_names(program, cfg!(windows).then_some(".exe"));
    path.and_then(|path| first_of(&names, path))
        .ok_or_else(|| HostError::Failed(format!("there is no program `{shown}` on the path")))
}

/// What the file of a program may be called, best first: its very name, and with the `extensions`
/// that the system tries (`PATHEXT`, as `.COM;.EXE;.CMD`) only those with one that can be started.
pub(crate) fn file_names(program: &str, extensions: Option<&str>) -> Vec<String> {
    let Some(extensions) = extensions else { return vec![program.to_owned()] };
    let tried = extensions.split(';').map(str::trim).map(str::to_ascii_lowercase);
    let mut tried: Vec<_> = tried.filter(|tried| STARTABLE.contains(&tried.as_str())).collect();
    if tried.is_empty() {
        tried = STARTABLE.map(str::to_owned).to_vec();
    }
    let lower = program.to_ascii_lowercase();
    if tried.iter().any(|tried| lower.ends_with(tried.as_str())) {
        return vec![program.to_owned()];
    }
    tried.into_iter().map(|extension| format!("{program}{extension}")).collect()
}

/// What Windows starts without another program being named. A shell script of the same name, which
/// npm puts beside them, is not among them.
const STARTABLE: [&str; 4] = [".com", ".exe", ".bat", ".cmd"];

/// The first program on the path with one of these names, folder by folder.
pub(crate) fn first_of<P>(names: &[String], path: &P) -> Option<PathBuf>
where
    P: AsRef<OsStr> + ?Sized,
{
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests;
