//! The arguments of `vario import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    pub(crate) from: ImportFrom,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportFrom {
    /// Settings and plugins' data of the OpenUsage app, up to version 0.6
    Openusage(ImportOpenusageArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "\
OpenUsage keeps its data here:
  macOS    ~/Library/Application Support/com.sunstory.openusage
  Linux    ~/.local/share/com.sunstory.openusage
  Windows  %APPDATA%\\com.sunstory.openusage

What is set or kept in Vario already stays, and nothing is changed there.

Exits with 0 if all is here now, with 1 if something could not be taken over,
and with 4 if the folder holds nothing of OpenUsage's.")]
pub(crate) struct ImportOpenusageArgs {
    /// Its data folder, where `settings.json` is
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}
