//! `vario enable` and `vario disable`. The state is kept in the configuration, never in a
//! plugin's folder.

use crate::cli::{Global, IdArgs};
use crate::exit::{Exit, no_match, not_ok};
use crate::terminal;

pub(crate) fn enable(global: &Global, args: &IdArgs) -> anyhow::Result<Exit> {
    set(global, args, true)
}

pub(crate) fn disable(global: &Global, args: &IdArgs) -> anyhow::Result<Exit> {
    set(global, args, false)
}

fn set(global: &Global, args: &IdArgs, enabled: bool) -> anyhow::Result<Exit> {
    let mut vario = super::open(super::options(global))?;
    let catalog = vario.catalog();
    let (known, unknown): (Vec<&String>, Vec<&String>) =
        args.ids.iter().partition(|id| catalog.get(id).is_some());
    for id in &known {
        vario.set_enabled(id, enabled).map_err(|error| not_ok(error.to_string()))?;
    }
    for id in &unknown {
        terminal::warn(global, &format!("there is no plugin `{id}`; `vario list` shows them"));
    }
    if known.is_empty() {
        return Err(no_match("nothing was changed"));
    }
    Ok(if unknown.is_empty() { Exit::Ok } else { Exit::NotOk })
}
