//! `vario install`: shows what a plugin is and what would change, asks, and installs it.

mod show;

use std::io::IsTerminal as _;

use vario_bootstrap::Vario;
use vario_package::{Candidate, Error, Installed};

use crate::cli::{Global, InstallArgs};
use crate::exit::{Exit, no_match, not_ok, usage};
use crate::terminal;

pub(super) use show::{count, size};

pub(crate) fn run(global: &Global, args: &InstallArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    let installs = vario.installer();
    let mut candidate = installs.inspect(&args.source).map_err(|error| match &error {
        // What cannot be read was named by the user.
        Error::Io { .. } => usage(terminal::plain(&error.to_string())),
        _ => failed(&error),
    })?;
    let plan = installs.plan(&candidate);
    let rights = vario.inherited_rights(&plan.id);
    for warning in &candidate.warnings {
        terminal::warn(global, warning);
    }
    let print = |path: Option<&std::path::Path>| {
        let json = show::json(&candidate, &plan, &rights, path);
        if args.json { terminal::print_json(&json) } else { Ok(()) }
    };
    if plan.from.as_ref().is_some_and(|from| from.same) {
        terminal::say(&format!("{} is installed already", show::name(&candidate.plugin)));
        print(Some(&installs.folder().join(&plan.id)))?;
        return Ok(Exit::Ok);
    }
    if !args.yes || !global.quiet {
        terminal::say(&show::text(global, &candidate, &plan, &rights));
    }
    if !args.yes {
        let question = if plan.from.is_some() { "Update it?" } else { "Install it?" };
        match may(question)? {
            Some(true) => {}
            Some(false) => {
                print(None)?;
                terminal::say("Nothing was changed.");
                return Ok(Exit::NotOk);
            }
            None => {
                print(None)?;
                return Err(usage("there is nobody to ask; --yes installs it"));
            }
        }
    }
    let installed = finish(global, &vario, &mut candidate)?;
    if args.json {
        let json = show::json(&candidate, &plan, &rights, Some(&installed.path));
        terminal::print_json(&json)?;
    }
    Ok(Exit::Ok)
}

/// Installs what was looked at and says what comes next.
pub(super) fn finish(
    global: &Global,
    vario: &Vario,
    candidate: &mut Candidate,
) -> anyhow::Result<Installed> {
    let installed = vario.installer().install(candidate).map_err(|error| failed(&error))?;
    if !global.quiet {
        terminal::say(&show::done(&installed, &vario.inherited_rights(&installed.plugin.id)));
    }
    Ok(installed)
}

/// Asks a question that no is the answer to if nothing is typed. Nothing when there is nobody.
pub(super) fn may(question: &str) -> anyhow::Result<Option<bool>> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(None);
    }
    let line = terminal::answer(&format!("{question} [y/N] "))?;
    let answer = line.unwrap_or_default().trim().to_lowercase();
    Ok(Some(answer == "y" || answer == "yes"))
}

/// How the program ends with a failure.
pub(super) fn failed(error: &Error) -> anyhow::Error {
    let words = terminal::plain(&error.to_string());
    match error {
        Error::Io { .. } | Error::Busy { .. } | Error::Taken { .. } | Error::Changed => {
            not_ok(words)
        }
        Error::NotInstalled { .. } | Error::NoPrevious { .. } => no_match(words),
        _ => usage(words),
    }
}
