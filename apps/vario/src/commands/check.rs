//! `vario check`: every problem of plugin folders, as a compiler prints them.

use std::path::{Path, PathBuf};

use vario_manifest::{Diagnostics, DiskFolder, Part, Severity, is_candidate};
use vario_runtime::{Checked, check_folders};

use crate::cli::{CheckArgs, Global};
use crate::exit::{Exit, usage};
use crate::style::Style;
use crate::terminal;

pub(crate) fn run(global: &Global, args: &CheckArgs) -> anyhow::Result<Exit> {
    let mut folders = Vec::new();
    for dir in &args.dirs {
        folders.extend(plugin_folders(dir)?);
    }
    let vario = super::open(super::options(global))?;
    let isolation = super::isolation(&vario)?;
    let checked = check_folders(vario.engines(), &isolation, &folders);
    if args.json {
        terminal::print_json(&checked.iter().map(json).collect::<Vec<_>>())?;
    } else {
        let style = terminal::stdout_style(global);
        for checked in &checked {
            terminal::print(&text(checked, style))?;
        }
    }
    let failed = checked.iter().any(|checked| checked.diagnostics.errors() > 0);
    Ok(if failed { Exit::NotOk } else { Exit::Ok })
}

/// The folder itself when it is a plugin, else the plugins in it.
fn plugin_folders(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if is_candidate(&super::named_folder(dir)?) {
        return Ok(vec![dir.to_owned()]);
    }
    let entries = std::fs::read_dir(dir)
        .map_err(|error| usage(format!("cannot read {}: {error}", dir.display())))?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            path.is_dir() && DiskFolder::open(path).is_ok_and(|folder| is_candidate(&folder))
        })
        .collect();
    folders.sort();
    if folders.is_empty() {
        return Err(usage(format!("no plugin in {}: no folder has a plugin.json", dir.display())));
    }
    Ok(folders)
}

fn text(checked: &Checked, style: Style) -> String {
    let render = |part: Part, text: &str| paint(style, part, text);
    let mut lines: Vec<String> =
        checked.diagnostics.list().iter().map(|diagnostic| diagnostic.render(&render)).collect();
    let name = terminal::plain(&checked.folder.display().to_string());
    lines.push(format!("{name}: {}\n", summary(&checked.diagnostics, style)));
    lines.join("\n")
}

fn paint(style: Style, part: Part, text: &str) -> String {
    match part {
        Part::Severity(Severity::Error) => style.red(text),
        Part::Severity(_) => style.yellow(text),
        Part::Message => style.bold(text),
        Part::Help => style.cyan(text),
        _ => style.dim(text),
    }
}

fn summary(diagnostics: &Diagnostics, style: Style) -> String {
    let count =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match (diagnostics.errors(), diagnostics.warnings()) {
        (0, 0) => style.green("ok"),
        (0, warnings) => style.yellow(&count(warnings, "warning")),
        (errors, 0) => style.red(&count(errors, "error")),
        (errors, warnings) => {
            format!("{}, {}", style.red(&count(errors, "error")), count(warnings, "warning"))
        }
    }
}

fn json(checked: &Checked) -> serde_json::Value {
    serde_json::json!({
        "folder": checked.folder,
        "id": checked.id,
        "ok": checked.diagnostics.errors() == 0,
        "problems": checked.diagnostics.list(),
    })
}
