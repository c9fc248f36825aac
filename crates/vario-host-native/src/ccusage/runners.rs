//! The programs that run a package without installing it, best first.

use std::path::PathBuf;

use vario_host::HostError;

use super::attempt::{Attempt, Starter};
use super::options::Package;
use crate::program;

/// A kind of runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bunx,
    PnpmDlx,
    YarnDlx,
    NpmExec,
    Npx,
}

impl Kind {
    /// In the order of trying.
    pub(super) const ALL: [Self; 5] =
        [Self::Bunx, Self::PnpmDlx, Self::YarnDlx, Self::NpmExec, Self::Npx];

    /// The name of its program.
    pub(super) fn program(self) -> &'static str {
        match self {
            Self::Bunx => "bunx",
            Self::PnpmDlx => "pnpm",
            Self::YarnDlx => "yarn",
            Self::NpmExec => "npm",
            Self::Npx => "npx",
        }
    }

    /// Its arguments, for the package's program to be run with these.
    pub(super) fn arguments(self, package: &Package, arguments: &[&str]) -> Vec<String> {
        let named = format!("--package={}", package.name);
        let own: &[&str] = match self {
            Self::Bunx => &["--silent", package.name],
            Self::PnpmDlx => &["-s", "dlx", package.name],
            Self::YarnDlx => &["dlx", "-q", package.name],
            Self::NpmExec => &["exec", "--yes", &named, "--", package.program],
            Self::Npx => &["--yes", package.name],
        };
        own.iter().chain(arguments).map(|text| (*text).to_owned()).collect()
    }
}

/// A runner that is there.
#[derive(Debug)]
pub(super) struct Runner {
    pub(super) kind: Kind,
    pub(super) program: PathBuf,
}

impl Runner {
    /// The first candidate of this kind that says its version.
    ///
    /// # Errors
    /// When the run is over.
    pub(super) fn find(kind: Kind, starter: &Starter<'_>) -> Result<Option<Self>, HostError> {
        let names = starter.file_names(kind.program());
        let own = (kind == Kind::Bunx).then_some(starter.home).flatten();
        let own = own.map(|home| home.join(".bun/bin"));
        let folders = own.iter().chain(starter.folders);
        let files = folders.flat_map(|folder| names.iter().map(|name| folder.join(name)));
        let mut candidates: Vec<PathBuf> = files.filter(|file| file.is_file()).collect();
        candidates.extend(program::first_of(&names, &starter.path));
        for (index, program) in candidates.iter().enumerate() {
            // The path usually leads to one of the others.
            if candidates[..index].contains(program) {
                continue;
            }
            if let Attempt::Done(_) = starter.attempt(program, &["--version".to_owned()], None)? {
                return Ok(Some(Self { kind, program: program.clone() }));
            }
        }
        Ok(None)
    }
}
