//! `vario completions`: scripts that make a shell complete this program's arguments.

use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_complete_nushell::Nushell;

use crate::cli::{Cli, CompletionsArgs, ShellArg};
use crate::exit::Exit;
use crate::terminal;

pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    let (mut command, mut script) = (offered(&Cli::command()), Vec::new());
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

/// The command without what is hidden: generators offer that, too, and a hidden option may give a
/// plugin's engine all rights.
fn offered(command: &Command) -> Command {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set()).cloned();
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set()).map(offered);
    let mut offered = Command::new(command.get_name().to_owned()).args(shown).subcommands(commands);
    if let Some(about) = command.get_about() {
        offered = offered.about(about.clone());
    }
    if let Some(version) = command.get_version() {
        offered = offered.version(version.to_owned()).propagate_version(true);
    }
    offered
}
