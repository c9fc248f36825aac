//! What a plugin keeps by key. With Stratos that is one store with the settings that its manifest
//! declares (its reference, section 4): both are read and written as `ctx.config`.

use serde_json::{Map, Value as Json};
use vario_manifest::{Dialect, SettingDef, SettingScope};

use crate::session::Session;

/// One value; nothing when neither the plugin nor the user has set it.
pub(crate) fn get(session: &Session, key: &str) -> Result<Option<Json>, String> {
    let kept = session.parts.storage.get(session.id(), key)?;
    if kept.is_some() || declared(session, key).is_none() {
        return Ok(kept);
    }
    Ok(session.parts.settings.stored(&session.plugin).remove(key))
}

/// All values, without defaults.
pub(crate) fn all(session: &Session) -> Result<Map<String, Json>, String> {
    session.parts.storage.all(session.id())
}

/// Sets a value. That of a setting is the user's to change later, so it is kept where he changes
/// it, unless it is of another type than he could give it.
pub(crate) fn set(session: &Session, key: &str, value: &Json) -> Result<(), String> {
    let (parts, id) = (&session.parts, session.id());
    let Some(setting) = declared(session, key) else { return parts.storage.set(id, key, value) };
    not_of_the_airline(setting)?;
    if setting.check(value).is_err() {
        return parts.storage.set(id, key, value);
    }
    parts.settings.set(&session.plugin, key, value)?;
    parts.storage.remove(id, key)
}

/// Forgets a value; a setting has its default again.
pub(crate) fn remove(session: &Session, key: &str) -> Result<(), String> {
    let parts = &session.parts;
    if let Some(setting) = declared(session, key) {
        not_of_the_airline(setting)?;
        let is_set = parts.settings.stored(&session.plugin).contains_key(key);
        if let (true, Some(default)) = (is_set, &setting.default) {
            parts.settings.set(&session.plugin, key, default)?;
        }
    }
    parts.storage.remove(session.id(), key)
}

fn declared<'a>(session: &'a Session, key: &str) -> Option<&'a SettingDef> {
    let settings = &session.plugin.settings;
    let is_one_store = session.plugin.dialect == Dialect::Stratos;
    settings.iter().find(|setting| is_one_store && setting.key == key)
}

fn not_of_the_airline(setting: &SettingDef) -> Result<(), String> {
    match setting.scope {
        SettingScope::Airline => Err(format!("`{}` is set by the airline", setting.key)),
        SettingScope::User => Ok(()),
    }
}
