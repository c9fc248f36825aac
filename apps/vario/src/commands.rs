//! One module per subcommand.

mod account;
mod audit;
mod background;
mod bus;
mod check;
mod completions;
mod config;
mod doctor;
mod grant;
mod grants;
mod guard;
mod history;
mod import;
mod install;
mod list;
mod man;
mod metric;
mod pack;
mod probe;
mod remove;
mod replay;
mod rollback;
mod runs;
mod schema;
mod serve;
mod state;
mod test;
mod usage;

use std::path::Path;

use vario_bootstrap::{IsolationOption, Options, Vario};
use vario_host::Cancel;
use vario_manifest::DiskFolder;
use vario_runtime::owner::Changed;
use vario_runtime::{Catalog, Isolation, RunContext};

use crate::cli::{Cli, Command, Global, IsolationArg};
use crate::exit::{Exit, usage};
use crate::terminal;

#[cfg(test)]
mod tests;

/// Runs the command that was asked for.
pub(crate) fn run(cli: &Cli) -> anyhow::Result<Exit> {
    let global = &cli.global;
    let exit = match &cli.command {
        Command::Probe(args) => probe::run(global, args),
        Command::List(args) => list::run(global, args),
        Command::Check(args) => check::run(global, args),
        Command::Enable(args) => state::enable(global, args),
        Command::Disable(args) => state::disable(global, args),
        Command::Grant(args) => grant::grant(global, args),
        Command::Revoke(args) => grant::revoke(global, args),
        Command::Grants(args) => grants::run(global, args),
        Command::Audit(args) => audit::run(global, args),
        Command::Guard(args) => guard::run(global, args),
        Command::History(args) => history::run(global, args),
        Command::Test(args) => test::run(global, args),
        Command::Replay(args) => replay::run(global, args),
        Command::Config(args) => config::run(global, args),
        Command::Import(args) => import::run(global, args),
        Command::Account(args) => account::run(global, args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(global, args),
        Command::Pack(args) => pack::run(global, args),
        Command::Install(args) => install::run(global, args),
        Command::Rollback(args) => rollback::run(global, args),
        Command::Remove(args) => remove::run(global, args),
        Command::Doctor(args) => doctor::run(global, args),
        Command::Background(args) => background::run(global, args),
        Command::Bus(args) => bus::run(global, args),
        Command::Serve(args) => serve::run(global, args),
        Command::Usage(args) => usage::run(global, args),
    }?;
    if let Some(what) = changes(&cli.command)
        && let Ok(vario) = open(options(global))
    {
        vario.tell_owner(what);
    }
    Ok(exit)
}

/// What a command may have changed, for those who have read it before. One that only looks may be
/// among them, which costs a reading.
fn changes(command: &Command) -> Option<Changed> {
    match command {
        Command::Enable(_) | Command::Disable(_) | Command::Import(_) => Some(Changed::Config),
        Command::Config(args) if args.unset || args.words.len() > 1 => Some(Changed::Config),
        Command::Account(args) if account::changes(args) => Some(Changed::Config),
        Command::Grant(_) | Command::Revoke(_) => Some(Changed::Grants),
        Command::Install(_) | Command::Rollback(_) | Command::Remove(_) => Some(Changed::Plugins),
        Command::Pack(args) if args.install => Some(Changed::Plugins),
        _ => None,
    }
}

/// Ctrl-C ends what runs; a second one ends the program at once.
fn cancel_on_signal() -> anyhow::Result<Cancel> {
    let cancel = Cancel::new();
    let fire = cancel.clone();
    ctrlc::set_handler(move || {
        if fire.is_cancelled() {
            std::process::exit(130);
        }
        terminal::interrupt();
        fire.cancel();
    })?;
    Ok(cancel)
}

/// The only thing that can fail is finding the folders: the environment is at fault, not we.
fn open(options: Options) -> anyhow::Result<Vario> {
    Vario::open(options).map_err(|error| usage(error.to_string()))
}

/// What the options of every command mean.
fn options(global: &Global) -> Options {
    let isolation = match (global.isolation, &global.worker) {
        (Some(IsolationArg::InProcess), _) => IsolationOption::InProcess,
        (_, Some(worker)) => IsolationOption::Worker(worker.clone()),
        (Some(IsolationArg::Process), None) => IsolationOption::Process,
        (None, None) => IsolationOption::Configured,
    };
    Options { plugins: global.plugins.clone(), isolation, ..Options::default() }
}

/// What runs need; without it the program itself is at fault.
fn context(vario: &Vario, catalog: &Catalog) -> anyhow::Result<RunContext> {
    vario.context(catalog).map_err(|error| anyhow::anyhow!("{error}"))
}

/// Where plugins are parsed and run.
fn isolation(vario: &Vario) -> anyhow::Result<Isolation> {
    vario.isolation().map_err(|error| anyhow::anyhow!("{error}"))
}

/// A folder that was named on the command line.
fn named_folder(path: &Path) -> anyhow::Result<DiskFolder> {
    use vario_manifest::Error;
    DiskFolder::open(path).map_err(|error| {
        let name = path.display();
        usage(match error {
            Error::Missing { .. } => format!("{name}: there is no such folder"),
            Error::NotRegular { .. } => format!("{name} is not a folder"),
            error => error.to_string(),
        })
    })
}

fn say_warnings(global: &Global, vario: &Vario) {
    for warning in vario.warnings() {
        terminal::warn(global, &warning);
    }
}

/// One line for each folder that cannot be searched and for each plugin that cannot be used;
/// `vario check` says more.
fn say_problems(global: &Global, vario: &Vario, catalog: &Catalog) {
    // Where there is no plugin at all, the folders are listed anyway.
    for searched in catalog.searched.iter().filter(|_| !catalog.plugins.is_empty()) {
        // The default folder is made when a plugin is installed, and missing until then.
        let is_missing_default =
            searched.path == vario.paths().plugins_dir() && !searched.path.exists();
        if let Err(error) = &searched.state
            && !is_missing_default
        {
            let path = searched.path.display();
            terminal::warn(global, &format!("{path} cannot be searched: {error}"));
        }
    }
    for problem in &catalog.problems {
        let first = problem.diagnostics.list().first().map_or("", |first| first.message.as_str());
        let path = problem.path.display();
        terminal::warn(global, &format!("{path} cannot be used: {first}"));
    }
}

/// Why there is nothing to run, with the folders that were searched.
fn nothing_to_run(catalog: &Catalog) -> String {
    let head = if catalog.plugins.is_empty() {
        "no plugin found; searched:"
    } else {
        "no plugin is enabled (`vario enable ID`); searched:"
    };
    let folders = catalog.searched.iter().map(|searched| {
        let state = match &searched.state {
            Ok(()) => String::new(),
            Err(error) => format!(" ({error})"),
        };
        format!("\n  {}{state}", searched.path.display())
    });
    head.to_owned() + &folders.collect::<String>()
}
