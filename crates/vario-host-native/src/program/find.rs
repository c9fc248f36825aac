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
    let folders = path.map(std::env::split_paths).into_iter().flatten();
    let names = if cfg!(windows) && !program.to_ascii_lowercase().ends_with(".exe") {
        format!("{program}.exe")
    } else {
        program.to_owned()
    };
    folders
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&names))
        .find(|file| is_program(file))
        .ok_or_else(|| HostError::Failed(format!("there is no program `{shown}` on the path")))
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
