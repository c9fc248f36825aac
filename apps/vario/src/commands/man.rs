//! `vario man`: the manual pages.

use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::cli::{Cli, Global, ManArgs};
use crate::exit::{Exit, usage};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &ManArgs) -> anyhow::Result<Exit> {
    if let Some(folder) = &args.out {
        write(folder).map_err(|error| {
            usage(format!("the pages cannot be written into {}: {error}", folder.display()))
        })?;
        if !global.quiet {
            terminal::say(&format!("the pages are in {}", folder.display()));
        }
        return Ok(Exit::Ok);
    }
    let mut page = Vec::new();
    Man::new(Cli::command()).render(&mut page)?;
    terminal::print(&String::from_utf8(page)?)?;
    Ok(Exit::Ok)
}

fn write(folder: &Path) -> std::io::Result<()> {
    if folder.exists() && !folder.is_dir() {
        return Err(std::io::Error::other("it is no folder"));
    }
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
}
