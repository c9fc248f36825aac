use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use vario_manifest::Dialect;

use crate::error::Error;
use crate::layout::is_file;

/// Builds a smartCARS plugin with npm, in the order of its own script.
#[derive(Debug, Clone)]
pub struct Build {
    /// The program: a path, or a name on the search path.
    pub npm: OsString,
    /// Whether what it says is shown on standard error.
    pub is_shown: bool,
}

impl Default for Build {
    fn default() -> Self {
        // On Windows it is a script, which is found with its ending only.
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        Self { npm: npm.into(), is_shown: true }
    }
}

/// The parts that have a `package.json` of their own.
const PARTS: [&str; 2] = ["background", "ui"];

/// For all parts the first, then for all the second.
const STEPS: [&[&str]; 2] = [&["install", "--include=dev"], &["run", "build"]];

impl Build {
    pub(super) fn run(&self, folder: &Path, dialect: Dialect) -> Result<(), Error> {
        if dialect != Dialect::Smartcars {
            let why = "only smartCARS plugins have a build that is known here; build it yourself";
            let (step, folder) = ("--build".to_owned(), folder.to_owned());
            return Err(Error::Build { step, folder, why: why.to_owned() });
        }
        for step in STEPS {
            for part in PARTS {
                if is_file(folder, &format!("{part}/package.json")) {
                    self.step(&folder.join(part), step)?;
                }
            }
        }
        Ok(())
    }

    fn step(&self, folder: &Path, step: &[&str]) -> Result<(), Error> {
        let failed = |why: String| Error::Build {
            step: format!("npm {}", step.join(" ")),
            folder: folder.to_owned(),
            why,
        };
        let said = || if self.is_shown { Stdio::from(io::stderr()) } else { Stdio::null() };
        let mut command = Command::new(&self.npm);
        command.args(step).current_dir(folder).stdin(Stdio::null()).stdout(said()).stderr(said());
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(failed(format!("it ended with {status}"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(failed(
                "npm is not there; install Node.js, or build without --build".to_owned(),
            )),
            Err(error) => Err(failed(format!("npm cannot be started: {error}"))),
        }
    }
}
