//! Settings by name. The names come from the types, so there is no list to keep in step.

use schemars::generate::SchemaSettings;
use serde::Serialize as _;
use serde_json::{Map, Value};
use toml_edit::Key;

use crate::Error;
use crate::config::json::from_value;
use crate::config::read::Reading;
use crate::config::settings::Settings;
use crate::document::did_you_mean;

/// One setting, for a list of all.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name, such as `display.theme_mode`.
    pub key: String,
    /// What holds now.
    pub value: Value,
    /// What holds if the file says nothing.
    pub default: Value,
    /// Whether the file says something.
    pub is_set: bool,
    /// What it is about.
    pub description: String,
}

/// The JSON schema of `config.toml`.
pub fn config_schema() -> Value {
    schemars::schema_for!(Settings).to_value()
}

/// The sections of the file with the defaults of what is in them.
pub(super) fn defaults() -> Map<String, Value> {
    tree(&Settings::default())
}

fn tree(settings: &Settings) -> Map<String, Value> {
    match settings.serialize(serde_json::value::Serializer) {
        Ok(Value::Object(sections)) => sections,
        // Settings hold nothing that JSON cannot say; if they did, every test here would fail.
        _ => Map::new(),
    }
}

/// The settings with one value changed; why it does not fit, otherwise.
pub(super) fn with(
    settings: &Settings,
    section: &str,
    key: &str,
    value: Value,
) -> Result<Settings, String> {
    let mut sections = tree(settings);
    if let Some(Value::Object(keys)) = sections.get_mut(section) {
        keys.insert(key.to_owned(), value);
    }
    serde_json::from_value(Value::Object(sections)).map_err(|error| error.to_string())
}

/// Section and key of a setting that is not a plugin's.
pub(super) fn split(name: &str) -> Result<(&str, &str), Error> {
    let defaults = defaults();
    let known = |section: &str, key: &str| {
        let keys = defaults.get(section).and_then(Value::as_object);
        section != "plugin" && keys.is_some_and(|keys| keys.contains_key(key))
    };
    match name.split_once('.') {
        Some((section, key)) if known(section, key) => Ok((section, key)),
        Some(("plugin", _)) => {
            let hint = "; a plugin's settings are set with the plugin's id and the key".to_owned();
            Err(Error::UnknownKey { key: name.to_owned(), hint })
        }
        _ => {
            let names = names(&defaults);
            // Someone may have forgotten the section only.
            let suffix = |full: &&String| full.split_once('.').is_some_and(|(_, key)| key == name);
            let hint = names.iter().find(suffix).map_or_else(
                || did_you_mean(name, names.iter().map(String::as_str)),
                |full| format!("; did you mean `{full}`?"),
            );
            Err(Error::UnknownKey { key: name.to_owned(), hint })
        }
    }
}

fn names(sections: &Map<String, Value>) -> Vec<String> {
    let ordinary = sections.iter().filter(|(section, _)| *section != "plugin");
    let keys = ordinary.filter_map(|(section, keys)| Some((section, keys.as_object()?)));
    keys.flat_map(|(section, keys)| keys.keys().map(move |key| format!("{section}.{key}")))
        .collect()
}

/// The value of any setting, a plugin's too.
pub(super) fn get(settings: &Settings, name: &str) -> Result<Value, Error> {
    // Read as TOML reads a dotted key, since ids and keys may need quotes.
    if let Ok(path) = Key::parse(name)
        && let [plugin, id, middle, key] = &path[..]
        && (plugin.get(), middle.get()) == ("plugin", "settings")
    {
        let found = settings.plugin.get(id.get()).and_then(|it| it.settings.get(key.get()));
        return Ok(found.cloned().unwrap_or(Value::Null));
    }
    let (section, key) = split(name)?;
    Ok(tree(settings).get(section).and_then(|keys| keys.get(key)).cloned().unwrap_or_default())
}

/// What a text means as the value of a setting: section, key and value in canonical form.
pub(super) fn parse<'a>(name: &'a str, text: &str) -> Result<(&'a str, &'a str, Value), Error> {
    let (section, key) = split(name)?;
    let defaults = Settings::default();
    let default = get(&defaults, name)?;
    let mut refusal = None;
    for candidate in candidates(text, &default) {
        match with(&defaults, section, key, candidate) {
            Ok(settings) => return Ok((section, key, get(&settings, name)?)),
            // The first reading is what was most likely meant, so its refusal is told.
            Err(message) => refusal = refusal.or(Some(message)),
        }
    }
    Err(Error::value(name, refusal.unwrap_or_else(|| format!("expected a list, found {text:?}"))))
}

/// What a text could mean, the likeliest first, given what the setting holds by default.
fn candidates(text: &str, default: &Value) -> Vec<Value> {
    let as_toml = text.parse::<toml_edit::Value>().ok().and_then(|value| from_value(&value).ok());
    let as_text = Value::from(text);
    match default {
        Value::Array(_) => {
            if let Some(list) = as_toml.filter(Value::is_array) {
                return vec![list];
            }
            let listed = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            vec![Value::Array(listed.map(Value::from).collect())]
        }
        Value::Bool(_) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => vec![Value::Bool(true)],
            "false" | "no" | "off" | "0" => vec![Value::Bool(false)],
            _ => vec![as_text],
        },
        Value::Number(_) => as_toml.into_iter().chain([as_text]).collect(),
        // Nothing is how to switch off what is off by default.
        Value::Null if text.is_empty() => vec![Value::Null],
        _ => vec![as_text],
    }
}

pub(super) fn entries(reading: &Reading) -> Vec<Entry> {
    let (defaults, values) = (defaults(), tree(&reading.settings));
    let schema = inlined_schema();
    let names = names(&defaults);
    let entry = |name: String| {
        let (section, key) = name.split_once('.')?;
        let pointer = format!("/properties/{section}/properties/{key}/description");
        let description = schema.pointer(&pointer).and_then(Value::as_str).unwrap_or_default();
        Some(Entry {
            value: values.get(section)?.get(key)?.clone(),
            default: defaults.get(section)?.get(key)?.clone(),
            is_set: reading.set.contains(&name),
            description: description.to_owned(),
            key: name,
        })
    };
    names.into_iter().filter_map(entry).collect()
}

/// The schema without references, so that a description is found by its path.
fn inlined_schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|it| it.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<Settings>().to_value()
}
