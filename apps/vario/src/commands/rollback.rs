//! `vario rollback`: the version before the last update.

use super::install::failed;
use crate::cli::{Global, RollbackArgs};
use crate::exit::Exit;
use crate::terminal;

pub(crate) fn run(global: &Global, args: &RollbackArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    let installed = vario.installer().rollback(&args.id).map_err(|error| failed(&error))?;
    if !global.quiet {
        let plugin = &installed.plugin;
        let (name, version) = (terminal::name(&plugin.name), terminal::name(&plugin.version));
        let again = if installed.has_previous { "; the same command undoes this" } else { "" };
        terminal::say(&format!("{name} is {version} again{again}"));
    }
    Ok(Exit::Ok)
}
