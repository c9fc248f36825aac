//! `vario import`: take over what another program left behind.

use std::io::ErrorKind;

use vario_store::{ImportLine, ImportOutcome};

use super::history::number;
use crate::cli::{Global, ImportArgs, ImportFrom, ImportOpenusageArgs};
use crate::exit::{Exit, no_match, usage};
use crate::style::{Look, Style};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &ImportArgs) -> anyhow::Result<Exit> {
    match &args.from {
        ImportFrom::Openusage(args) => openusage(global, args),
    }
}

fn openusage(global: &Global, args: &ImportOpenusageArgs) -> anyhow::Result<Exit> {
    let mut vario = super::open(super::options(global))?;
    super::say_warnings(global, &vario);
    let dir = args.dir.display();
    match std::fs::metadata(&args.dir) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => {
            return Err(usage(format!(
                "{dir}: it is no folder; name the one that holds `settings.json`"
            )));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(usage(format!("{dir}: there is no such folder")));
        }
        Err(error) => return Err(usage(format!("{dir}: it cannot be looked at: {error}"))),
    }
    // What the lines name must be right wherever they are read.
    let folder = std::path::absolute(&args.dir).unwrap_or_else(|_no_place| args.dir.clone());
    let lines =
        vario.import_openusage(&folder, args.dry_run).map_err(|error| usage(error.to_string()))?;
    if lines.is_empty() {
        return Err(no_match(format!(
            "{dir} holds nothing of OpenUsage's: neither `settings.json` nor `plugins_data`; \
             `vario import openusage --help` says where they are"
        )));
    }
    let style = terminal::stdout_style(global);
    for line in &lines {
        terminal::print_line(&row(style, args.dry_run, line))?;
    }
    if !global.quiet {
        terminal::say(&summary(args.dry_run, &lines));
    }
    let failed = lines.iter().any(|line| matches!(line.outcome, ImportOutcome::Failed { .. }));
    Ok(if failed { Exit::NotOk } else { Exit::Ok })
}

/// `set      displayMode: display.display_mode = "used"`
fn row(style: Style, dry_run: bool, line: &ImportLine) -> String {
    let (word, look, rest) = match &line.outcome {
        ImportOutcome::Set { key, value } => {
            (if dry_run { "would set" } else { "set" }, Look::Green, format!("{key} = {value}"))
        }
        ImportOutcome::Copied { to } => {
            let word = if dry_run { "would copy" } else { "copied" };
            (word, Look::Green, format!("to {}", to.display()))
        }
        ImportOutcome::Same => ("same", Look::Dim, "it is so already".to_owned()),
        ImportOutcome::Kept { why } => ("kept", Look::Yellow, why.clone()),
        ImportOutcome::Left { why } => ("left", Look::Dim, why.clone()),
        ImportOutcome::Failed { why } => ("failed", Look::Red, why.clone()),
    };
    let column = if dry_run { 10 } else { 6 };
    let rest = terminal::in_line(&format!("{}: {rest}", line.source));
    format!("{} {rest}", style.paint(look, &format!("{word:<column$}")))
}

fn summary(dry_run: bool, lines: &[ImportLine]) -> String {
    let count = |is: fn(&ImportOutcome) -> bool| {
        lines.iter().filter(|line| is(&line.outcome)).count() as u64
    };
    let set = count(|outcome| matches!(outcome, ImportOutcome::Set { .. }));
    let copied = count(|outcome| matches!(outcome, ImportOutcome::Copied { .. }));
    let kept = count(|outcome| matches!(outcome, ImportOutcome::Kept { .. }));
    let failed = count(|outcome| matches!(outcome, ImportOutcome::Failed { .. }));
    let end = if dry_run { "; nothing was changed" } else { "" };
    format!(
        "{} set, {} copied, {kept} kept as they are here, {failed} failed{end}",
        number(set, "setting"),
        number(copied, "file"),
    )
}
