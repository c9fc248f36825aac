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

use crate::cli::{Cli, Command};
use crate::exit::Exit;

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
