//! The arguments of what tells others about the arguments.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "\
bash        vario completions bash > ~/.local/share/bash-completion/completions/vario
zsh         vario completions zsh > a folder of $fpath/_vario
fish        vario completions fish > ~/.config/fish/completions/vario.fish
powershell  vario completions powershell | Out-String | Invoke-Expression   (in $PROFILE)
nushell     vario completions nushell | save vario.nu, then `use vario.nu *` in config.nu")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: ShellArg,
}

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellArg {
    /// Bash
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// PowerShell
    Powershell,
    /// Nushell
    Nushell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write the page of every command into this folder, made if it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
