//! `settings.json`, a flat object that the app's store plugin wrote (contract section 7.10).

use std::path::Path;

use serde_json::{Map, Value};

use super::{ImportLine, ImportOutcome, SETTINGS};
use crate::Config;
use crate::document::text_of;

/// Their key, and ours that means the same.
const SAME: [(&str, &str); 10] = [
    ("autoUpdateInterval", "updates.auto_update_interval"),
    ("displayMode", "display.display_mode"),
    ("resetTimerDisplayMode", "display.reset_timer_display_mode"),
    ("timeFormatMode", "display.time_format_mode"),
    ("menubarIconStyle", "display.menubar_icon_style"),
    ("menubarMetric", "display.menubar_metric"),
    ("themeMode", "display.theme_mode"),
    ("globalShortcut", "app.global_shortcut"),
    ("startOnLogin", "app.start_on_login"),
    ("logLevel", "app.log_level"),
];

/// Keys that mean nothing here, and why.
const LEFT: [(&str, &str); 4] = [
    ("trayShowPercentage", "the tray's style decides that"),
    ("retirementNoticeDismissedAt", "there is no such notice here"),
    ("analytics.daily_active_day", "nothing is counted here"),
    ("migrations.pluginProfilesAutoEnabled", "there was nothing to migrate here"),
];

/// A longer id is no plugin's.
const MAX_ID: usize = 200;

/// More ids than this are no list of plugins.
const MAX_IDS: usize = 1000;

pub(super) fn import(path: &Path, config: &mut Config, dry_run: bool, lines: &mut Vec<ImportLine>) {
    let settings = match read(path) {
        Ok(settings) => settings,
        Err(why) => {
            let outcome = ImportOutcome::Failed { why };
            lines.push(ImportLine { source: SETTINGS.to_owned(), outcome });
            return;
        }
    };
    for (key, value) in &settings {
        if key == "plugins" {
            plugins(value, config, dry_run, lines);
            continue;
        }
        let outcome = one(key, value, &settings, config, dry_run);
        lines.push(ImportLine { source: key.clone(), outcome });
    }
}

fn read(path: &Path) -> Result<Map<String, Value>, String> {
    // A link is not followed: it could show a file of somebody else's in the report.
    let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    if !is_file {
        return Err("it is not an ordinary file".to_owned());
    }
    let text = text_of(path).map_err(|error| error.to_string())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match serde_json::from_str(text) {
        Ok(Value::Object(settings)) => Ok(settings),
        Ok(_) => Err("expected a JSON object".to_owned()),
        Err(error) => Err(format!("it is not JSON: {error}")),
    }
}

/// Any key but `plugins`.
fn one(
    key: &str,
    value: &Value,
    all: &Map<String, Value>,
    config: &mut Config,
    dry_run: bool,
) -> ImportOutcome {
    if value.is_null() {
        return left("it is not set");
    }
    if key == "trayIconStyle" {
        // The style of older versions counts where there is no newer one.
        let style = match value.as_str() {
            _ if all.get("menubarIconStyle").is_some_and(|style| !style.is_null()) => None,
            Some("bars") => Some("bars"),
            Some("circle") => Some("donut"),
            _ => None,
        };
        return match style {
            Some(style) => set(config, "display.menubar_icon_style", style, dry_run),
            None => left("a newer setting took its place"),
        };
    }
    if let Some((_, why)) = LEFT.iter().find(|(theirs, _)| *theirs == key) {
        return left(why);
    }
    let Some((_, ours)) = SAME.iter().find(|(theirs, _)| *theirs == key) else {
        return left("no version of OpenUsage is known to use it");
    };
    let text = match value {
        Value::String(text) if key == "globalShortcut" => shortcut(text),
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => {
            let why = "expected a text, a number or true and false".to_owned();
            return ImportOutcome::Failed { why };
        }
    };
    set(config, ours, &text, dry_run)
}

/// One modifier was written for two systems.
fn shortcut(text: &str) -> String {
    let here = if cfg!(target_os = "macos") { "Cmd" } else { "Ctrl" };
    let word = |word: &str| match word.trim().to_ascii_lowercase().as_str() {
        "commandorcontrol" | "cmdorctrl" | "cmdorcontrol" | "commandorctrl" => here.to_owned(),
        _ => word.trim().to_owned(),
    };
    text.split('+').map(word).collect::<Vec<_>>().join("+")
}

/// Which plugins there were, in which order.
fn plugins(value: &Value, config: &mut Config, dry_run: bool, lines: &mut Vec<ImportLine>) {
    let (mut order, mut disabled) = (ids(value.get("order")), ids(value.get("disabled")));
    if let (Ok(order), Ok(disabled)) = (&mut order, &mut disabled) {
        rename_windsurf(order, disabled);
    }
    for (key, ids) in [("order", order), ("disabled", disabled)] {
        let outcome = match ids {
            Ok(ids) if ids.is_empty() => left("there are none"),
            Ok(ids) => {
                let text = Value::from(ids).to_string();
                set(config, &format!("plugins.{key}"), &text, dry_run)
            }
            Err(why) => ImportOutcome::Failed { why },
        };
        lines.push(ImportLine { source: format!("plugins.{key}"), outcome });
    }
}

/// Each id once.
fn ids(value: Option<&Value>) -> Result<Vec<String>, String> {
    let expected = || "expected a list of plugins' ids".to_owned();
    let values = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(values)) if values.len() <= MAX_IDS => values,
        Some(_) => return Err(expected()),
    };
    let mut ids: Vec<String> = Vec::new();
    for value in values {
        let id = value.as_str().ok_or_else(expected)?;
        if id.is_empty() || id.len() > MAX_ID || id.chars().any(char::is_control) {
            return Err(expected());
        }
        if ids.iter().all(|known| known != id) {
            ids.push(id.to_owned());
        }
    }
    Ok(ids)
}

/// The last version did so at its start; who never started it has the older lists.
fn rename_windsurf(order: &mut Vec<String>, disabled: &mut Vec<String>) {
    let has = |ids: &[String], wanted: &str| ids.iter().any(|id| id == wanted);
    let (had_windsurf, had_devin) = (has(order, "windsurf"), has(order, "devin"));
    let was_disabled = has(disabled, "windsurf");
    if had_devin {
        order.retain(|id| id != "windsurf");
    }
    for id in order.iter_mut().filter(|id| *id == "windsurf") {
        "devin".clone_into(id);
    }
    disabled.retain(|id| id != "windsurf");
    if had_windsurf && !was_disabled {
        disabled.retain(|id| id != "devin");
    }
    if !had_devin && was_disabled && !has(disabled, "devin") {
        disabled.push("devin".to_owned());
    }
}

/// Sets a value that the user has not set here.
fn set(config: &mut Config, key: &str, text: &str, dry_run: bool) -> ImportOutcome {
    let failed = |error: crate::Error| ImportOutcome::Failed { why: error.to_string() };
    let (value, now) = match (config.understood(key, text), config.get(key)) {
        (Ok(value), Ok(now)) => (value, now),
        (Err(error), _) | (_, Err(error)) => return failed(error),
    };
    let is_set = config.entries().iter().any(|entry| entry.key == key && entry.is_set);
    if now == value {
        return ImportOutcome::Same;
    }
    if is_set {
        return ImportOutcome::Kept {
            why: format!("`{key}` is set to {now} here, not to {value}"),
        };
    }
    if !dry_run && let Err(error) = config.set(key, text) {
        return failed(error);
    }
    ImportOutcome::Set { key: key.to_owned(), value }
}

fn left(why: &str) -> ImportOutcome {
    ImportOutcome::Left { why: why.to_owned() }
}
