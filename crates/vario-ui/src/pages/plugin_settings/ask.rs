//! One setting: its definition, what it is now, and what is being typed.

use serde_json::Value;
use vario_manifest::{Error, SettingDef, SettingKind};

use crate::command::Command;
use crate::cx::Cx;
use crate::model::PluginView;
use crate::widgets::Named;

pub(super) struct Ask<'a> {
    pub(super) view: &'a PluginView,
    pub(super) setting: &'a SettingDef,
    /// What was set by the user.
    stored: Option<&'a Value>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(view: &'a PluginView, setting: &'a SettingDef) -> Self {
        let stored = view.values.get(&setting.key);
        // What does not fit counts as none.
        let stored = stored.filter(|value| setting.check(value).is_ok());
        Self { view, setting, stored }
    }

    /// Its name, its key where the manifest leaves the name empty.
    pub(super) fn name(&self) -> &'a str {
        let name = self.setting.name.trim();
        if name.is_empty() { &self.setting.key } else { name }
    }

    pub(super) fn named(&self) -> Named<'a> {
        Named { name: self.name(), about: self.setting.description.trim() }
    }

    /// What holds: what was set, else the default.
    pub(super) fn value(&self) -> Option<&'a Value> {
        self.stored.or(self.setting.default.as_ref())
    }

    /// The same as it is typed.
    pub(super) fn text(&self) -> String {
        self.value().map_or_else(String::new, as_text)
    }

    /// Whether something else than the default was set.
    pub(super) fn is_changed(&self) -> bool {
        self.stored.is_some() && self.stored != self.setting.default.as_ref()
    }

    /// Where a draft of it is.
    pub(super) fn place(&self) -> (String, String) {
        (self.view.id().to_owned(), self.setting.key.clone())
    }

    /// What a typed text means; nothing forgets the setting.
    ///
    /// # Errors
    /// What is wrong with it, for whoever types.
    pub(super) fn read(&self, typed: &str) -> Result<Value, String> {
        if typed.trim().is_empty() {
            return if self.setting.required && self.setting.default.is_none() {
                Err("A value is needed".to_owned())
            } else {
                Ok(Value::Null)
            };
        }
        let typed = match self.setting.kind {
            SettingKind::Date => typed.trim(),
            _ => typed,
        };
        self.setting.parse(typed).map_err(|error| match error {
            Error::Setting { reason, .. } => capital(&reason),
            error => capital(&error.to_string()),
        })
    }

    pub(super) fn send(&self, cx: &mut Cx<'_>, value: Value) {
        let (id, key) = self.place();
        cx.send(Command::SetPluginSetting { id, key, value });
    }
}

/// A value as it is typed.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => {
            serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
        }
        _ => value.to_string(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
