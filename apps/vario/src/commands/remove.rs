//! `vario remove`: takes a plugin away, and with --purge what is kept about it.

use vario_bootstrap::Vario;
use vario_package::Error;

use super::install::{failed, may};
use crate::cli::{Global, RemoveArgs};
use crate::exit::{Exit, no_match, not_ok, usage};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &RemoveArgs) -> anyhow::Result<Exit> {
    let mut vario = super::open(super::options(global))?;
    let id = terminal::name(&args.id);
    if !args.purge && !is_known(&vario, &args.id) && vario.installer().current(&args.id).is_none() {
        let near = super::probe::nearest(&args.id, &vario.catalog());
        return Err(no_match(format!("there is no plugin `{id}`{near}")));
    }
    if !args.yes {
        let with = if args.purge { " with its data, settings and history" } else { "" };
        match may(&format!("Remove `{id}`{with}?"))? {
            Some(true) => {}
            Some(false) => {
                terminal::say("Nothing was changed.");
                return Ok(Exit::NotOk);
            }
            None => return Err(usage("there is nobody to ask; --yes removes it")),
        }
    }
    let plugin = match vario.installer().remove(&args.id) {
        Ok(plugin) => plugin,
        // What is left of a plugin that is gone can still be deleted.
        Err(Error::NotInstalled { .. }) if args.purge && !is_known(&vario, &args.id) => None,
        Err(error @ Error::NotInstalled { .. }) => return Err(elsewhere(&vario, args, &error)),
        Err(error) => return Err(failed(&error)),
    };
    let taken_back = vario.take_back(&args.id);
    taken_back
        .map_err(|error| not_ok(format!("`{id}` is removed, but it keeps its rights: {error}")))?;
    if args.purge {
        let kept = vario.purge(&args.id, plugin.as_ref());
        let kept = kept.map_err(|error| not_ok(error.to_string()))?;
        if !kept.is_empty() {
            return Err(not_ok(format!("not everything could be deleted: {}", kept.join("; "))));
        }
    }
    if !global.quiet {
        let rest = "; its data and settings are kept (--purge deletes them)";
        terminal::say(&format!("`{id}` is removed{}", if args.purge { "" } else { rest }));
    }
    Ok(Exit::Ok)
}

/// Whether there is such a plugin anywhere.
fn is_known(vario: &Vario, id: &str) -> bool {
    vario.catalog().get(id).is_some()
}

/// Where the plugin is, if it is not where plugins are installed.
fn elsewhere(vario: &Vario, args: &RemoveArgs, error: &Error) -> anyhow::Error {
    let catalog = vario.catalog();
    let id = &args.id;
    let Some(found) = catalog.get(id) else {
        return no_match(format!("{error}{}", super::probe::nearest(id, &catalog)));
    };
    let words = match &found.path {
        Some(path) => format!("it is in {}, which is yours to delete", path.display()),
        None => format!("it comes with vario; `vario disable {id}` keeps it from running"),
    };
    no_match(format!("`{id}` was not installed: {words}"))
}
