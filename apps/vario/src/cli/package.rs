//! The arguments of what gets, takes back, removes and shares plugins.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct PackArgs {
    /// The plugin's folder
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Where the zip file goes, made if it is missing; the plugin's folder if not given
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Build the parts of a smartCARS plugin with npm first
    #[arg(long)]
    pub(crate) build: bool,
    /// Install the plugin instead of writing a zip file
    #[arg(long)]
    pub(crate) install: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InstallArgs {
    /// The plugin's folder, or a zip file of it
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Print what it is and what changes as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RollbackArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Delete its data, settings, rights and history too
    #[arg(long)]
    pub(crate) purge: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}
