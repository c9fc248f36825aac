//! One module per subcommand.

mod check;
mod config;
mod doctor;
mod list;
mod probe;
mod replay;
mod schema;
mod state;
mod test;

use vario_bootstrap::Vario;
use vario_host::Cancel;
use vario_runtime::Catalog;

use crate::cli::{Cli, Command, Global};
use crate::exit::Exit;
use crate::terminal;

/// Runs the command that was asked for.
pub(crate) fn run(cli: &Cli) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match &cli.command {
        Command::Probe(args) => probe::run(global, args),
        Command::List(args) => list::run(global, args),
        Command::Check(args) => check::run(global, args),
        Command::Enable(args) => state::enable(global, args),
        Command::Disable(args) => state::disable(global, args),
        Command::Test(args) => test::run(global, args),
        Command::Replay(args) => replay::run(global, args),
        Command::Config(args) => config::run(global, args),
        Command::Schema(args) => schema::run(args),
        Command::Doctor(args) => doctor::run(global, args),
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
        fire.cancel();
    })?;
    Ok(cancel)
}

fn say_warnings(global: &Global, vario: &Vario) {
    for warning in vario.warnings() {
        terminal::warn(global, &warning);
    }
}

/// One line for each plugin that cannot be used; `vario check` says more.
fn say_problems(global: &Global, catalog: &Catalog) {
    for problem in &catalog.problems {
        let first = problem.diagnostics.list().first().map_or("", |first| first.message.as_str());
        let path = problem.path.display();
        terminal::warn(global, &format!("{path} cannot be used: {}", terminal::plain(first)));
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
