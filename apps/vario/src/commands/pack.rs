//! `vario pack`: one zip file of a plugin's folder.

use vario_package::{Build, Error, PackOptions};

use super::install;
use crate::cli::{Global, PackArgs};
use crate::exit::{Exit, not_ok, usage};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &PackArgs) -> anyhow::Result<Exit> {
    super::named_folder(&args.dir)?;
    let build = args.build.then(|| Build { is_shown: !global.quiet, ..Build::default() });
    let options = PackOptions { out: args.out.clone(), build, ..PackOptions::default() };
    if args.install {
        return install(global, args, &options);
    }
    let packed = vario_package::pack(&args.dir, &options).map_err(failed)?;
    for warning in &packed.warnings {
        terminal::warn(global, warning);
    }
    if !global.quiet {
        let (files, size) = (packed.entries.len(), install::size(packed.bytes));
        terminal::say(&format!("packed {}, {size}:", install::count(files, "file")));
        for entry in packed.entries.iter().filter(|_| global.verbose > 0) {
            terminal::say(&format!("  {}", terminal::in_line(entry)));
        }
    }
    terminal::print_line(&packed.file.display().to_string())?;
    Ok(Exit::Ok)
}

/// Puts what would be packed among the plugins. The option says so, and the folder is the user's
/// own, so nobody is asked.
fn install(global: &Global, args: &PackArgs, options: &PackOptions) -> anyhow::Result<Exit> {
    if args.out.is_some() {
        terminal::warn(global, "no zip file is written with --install, so --out does nothing");
    }
    let vario = super::open(super::options(global))?;
    let mut candidate = vario_package::prepare(&args.dir, options).map_err(failed)?;
    install::finish(global, &vario, &mut candidate)?;
    Ok(Exit::Ok)
}

/// What is wrong with the folder is no mistake of the command line.
fn failed(error: Error) -> anyhow::Error {
    match error {
        Error::Source { .. } => usage(error.to_string()),
        error => not_ok(error.to_string()),
    }
}
