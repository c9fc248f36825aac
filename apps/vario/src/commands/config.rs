//! `vario config`: the configuration, and plugins' settings. A secret goes to the keychain and is
//! never shown.

use std::io::{IsTerminal, Read};

use serde_json::{Value as Json, json};
use vario_bootstrap::{SettingRow, Vario};

use crate::cli::{ConfigArgs, Global};
use crate::exit::{Exit, no_match, usage};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &ConfigArgs) -> anyhow::Result<Exit> {
    let mut vario = super::open(super::options(global))?;
    super::say_warnings(global, &vario);
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["plugin"] => Err(usage("expected `vario config plugin ID [KEY [VALUE]]`")),
        ["plugin", id] => list_settings(args, &vario, id),
        ["plugin", id, key] if args.unset => unset_setting(&mut vario, id, key),
        ["plugin", id, key] => setting(args, &mut vario, id, key),
        ["plugin", id, key, value] => set_setting(&mut vario, id, key, value),
        [] => list(args, &vario),
        [key] if args.unset => {
            vario.unset_config(key).map_err(|error| usage(error.to_string()))?;
            Ok(Exit::Ok)
        }
        [key] => {
            let value = vario.config_value(key).map_err(|error| usage(error.to_string()))?;
            show(args, &value)
        }
        [key, value] => {
            vario.set_config(key, value).map_err(|error| usage(error.to_string()))?;
            Ok(Exit::Ok)
        }
        _ => Err(usage("too many words; `vario config --help` shows the forms")),
    }
}

fn show(args: &ConfigArgs, value: &Json) -> anyhow::Result<Exit> {
    match value {
        value if args.json => terminal::print_json(value)?,
        Json::String(text) => terminal::print_line(&terminal::plain(text))?,
        value => terminal::print_line(&value.to_string())?,
    }
    Ok(Exit::Ok)
}

fn list(args: &ConfigArgs, vario: &Vario) -> anyhow::Result<Exit> {
    let rows = vario.config_values();
    if args.json {
        let map: serde_json::Map<String, Json> = rows.into_iter().collect();
        terminal::print_json(&map)?;
        return Ok(Exit::Ok);
    }
    for (key, value) in rows {
        terminal::print_line(&format!("{key} = {value}"))?;
    }
    Ok(Exit::Ok)
}

fn list_settings(args: &ConfigArgs, vario: &Vario, id: &str) -> anyhow::Result<Exit> {
    let rows = vario.settings(id).map_err(|error| no_match(error.to_string()))?;
    if args.json {
        let rows: Vec<Json> = rows.iter().map(setting_json).collect();
        terminal::print_json(&rows)?;
        return Ok(Exit::Ok);
    }
    if rows.is_empty() && !args.json {
        terminal::say(&format!("plugin `{id}` has no settings"));
    }
    for row in rows {
        let value = row.value.map_or_else(|| "(not set)".to_owned(), |value| value.to_string());
        let value = if row.is_secret { row.secret_state } else { value };
        let line = format!("{} = {value}    # {}: {}", row.key, row.kind, row.name);
        terminal::print_line(&terminal::in_line(&line))?;
    }
    Ok(Exit::Ok)
}

fn setting_json(row: &SettingRow) -> Json {
    json!({
        "key": row.key,
        "name": row.name,
        "type": row.kind,
        "value": if row.is_secret { &None } else { &row.value },
        "isSet": row.is_set,
    })
}

fn setting(args: &ConfigArgs, vario: &mut Vario, id: &str, key: &str) -> anyhow::Result<Exit> {
    let rows = vario.settings(id).map_err(|error| no_match(error.to_string()))?;
    let Some(row) = rows.into_iter().find(|row| row.key == key) else {
        return Err(usage(format!("plugin `{id}` has no setting `{key}`")));
    };
    if !row.is_secret {
        return show(args, &row.value.unwrap_or(Json::Null));
    }
    // A secret on the command line would stay in the shell's history.
    if std::io::stdin().is_terminal() {
        terminal::say(&format!("{key} is {}; pipe a value to set it", row.secret_state));
        return Ok(Exit::Ok);
    }
    let mut value = String::new();
    std::io::stdin()
        .take(64 * 1024)
        .read_to_string(&mut value)
        .map_err(|error| usage(format!("cannot read the secret from standard input: {error}")))?;
    let value = value.trim_end_matches(['\r', '\n']);
    if value.is_empty() {
        terminal::say(&format!("{key} is {}; pipe a value to set it", row.secret_state));
        return Ok(Exit::Ok);
    }
    set_setting(vario, id, key, value)
}

fn set_setting(vario: &mut Vario, id: &str, key: &str, value: &str) -> anyhow::Result<Exit> {
    vario.settings(id).map_err(|error| no_match(error.to_string()))?;
    vario.set_setting(id, key, value).map_err(|error| usage(error.to_string()))?;
    Ok(Exit::Ok)
}

fn unset_setting(vario: &mut Vario, id: &str, key: &str) -> anyhow::Result<Exit> {
    vario.settings(id).map_err(|error| no_match(error.to_string()))?;
    vario.unset_setting(id, key).map_err(|error| usage(error.to_string()))?;
    Ok(Exit::Ok)
}
