//! `vario completions`: scripts that make a shell complete this program's arguments.

use clap::CommandFactory;
use clap_complete::{Shell, generate};
use clap_complete_nushell::Nushell;

use crate::cli::{Cli, CompletionsArgs, ShellArg};
use crate::exit::Exit;
use crate::terminal;

pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    let (mut command, mut script) = (Cli::command(), Vec::new());
    let name = "vario";
    match args.shell {
        ShellArg::Bash => generate(Shell::Bash, &mut command, name, &mut script),
        ShellArg::Zsh => generate(Shell::Zsh, &mut command, name, &mut script),
        ShellArg::Fish => generate(Shell::Fish, &mut command, name, &mut script),
        ShellArg::Powershell => generate(Shell::PowerShell, &mut command, name, &mut script),
        ShellArg::Nushell => generate(Nushell, &mut command, name, &mut script),
    }
    terminal::print(&String::from_utf8(script)?)?;
    Ok(Exit::Ok)
}
