//! `vario audit`: every host call that plugins made.

use vario_model::AuditEntry;

use crate::cli::{AuditArgs, Global};
use crate::exit::{Exit, no_match, not_ok};
use crate::style::Style;
use crate::terminal;

pub(crate) fn run(global: &Global, args: &AuditArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    super::say_warnings(global, &vario);
    let entries = vario.audit(args.id.as_deref(), args.limit);
    let entries = entries.map_err(|error| not_ok(error.to_string()))?;
    for warning in vario.store().map(|store| store.take_warnings()).unwrap_or_default() {
        terminal::warn(global, &warning);
    }
    let is_wanted = |entry: &&AuditEntry| !args.refused || !entry.allowed;
    let entries: Vec<&AuditEntry> = entries.iter().filter(is_wanted).collect();
    if args.json {
        terminal::print_json(&entries)?;
        return Ok(Exit::Ok);
    }
    if entries.is_empty() {
        return Err(no_match("nothing is recorded yet"));
    }
    let style = terminal::stdout_style(global);
    for entry in entries {
        terminal::print_line(&line(entry, style))?;
    }
    Ok(Exit::Ok)
}

/// `2026-01-01 10:00:00  claude  http.request  https://…  refused`
fn line(entry: &AuditEntry, style: Style) -> String {
    let state = match (entry.allowed, entry.ok) {
        (false, _) => style.red("refused"),
        (true, true) => style.green("ok"),
        (true, false) => style.yellow("failed"),
    };
    let time = jiff::Timestamp::from_millisecond(entry.at_ms).map_or_else(
        |_| entry.at_ms.to_string(),
        |at| at.to_zoned(terminal::time_zone()).strftime("%F %T").to_string(),
    );
    let size = if entry.bytes == 0 { String::new() } else { format!(" {} B", entry.bytes) };
    let (ms, tenths) = (entry.duration_us / 1_000, entry.duration_us % 1_000 / 100);
    let end = style.dim(&format!("{size} {ms}.{tenths} ms"));
    let (plugin, target) = (terminal::in_line(&entry.plugin_id), terminal::in_line(&entry.target));
    let target = if target.is_empty() { target } else { format!(" {target}") };
    format!("{} {plugin} {}{target} {state}{end}", style.dim(&time), entry.function)
}
