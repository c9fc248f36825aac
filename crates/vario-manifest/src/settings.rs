//! Settings of a plugin: their definitions, and whether a value fits.

mod check;
mod date;
mod define;

#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::Value;

pub(crate) use crate::settings::define::{object_settings, setting_list};

/// The definition of one setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingDef {
    /// Unique name within the plugin.
    pub key: String,
    /// Name to show.
    pub name: String,
    /// More about it; may be empty.
    pub description: String,
    /// Type and bounds.
    #[serde(flatten)]
    pub kind: SettingKind,
    /// Who sets it.
    pub scope: SettingScope,
    /// Value while none is set; it fits the definition. A secret has none.
    pub default: Option<Value>,
    /// Whether the plugin needs a value.
    pub required: bool,
}

/// Types of settings (reference of Stratos, section 1, and `secret`).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum SettingKind {
    /// True or false.
    Boolean,
    /// One line of text.
    Text {
        /// Regular expression that the whole text has to match. One that this host cannot
        /// compile is not applied.
        pattern: Option<String>,
        /// Shown while there is no text.
        placeholder: Option<String>,
    },
    /// Text of several lines.
    Longtext {
        /// Shown while there is no text.
        placeholder: Option<String>,
    },
    /// A finite number.
    Number {
        /// Smallest.
        min: Option<f64>,
        /// Largest.
        max: Option<f64>,
        /// Distance between two offered values; other values are accepted.
        step: Option<f64>,
    },
    /// A number on a slider.
    Range {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// Distance between two offered values; other values are accepted.
        step: Option<f64>,
    },
    /// One of several texts, shown as a list.
    List {
        /// What can be chosen.
        options: Vec<SettingOption>,
    },
    /// One of several texts, shown as buttons.
    Radio {
        /// What can be chosen.
        options: Vec<SettingOption>,
    },
    /// A day, `YYYY-MM-DD`.
    Date,
    /// Any JSON value.
    Json,
    /// Text that is kept in the keychain and never shown.
    Secret {
        /// Shown while there is no text.
        placeholder: Option<String>,
    },
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingOption {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// Who sets a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SettingScope {
    /// The user.
    User,
    /// The airline; read-only here.
    Airline,
}

impl SettingKind {
    /// The names of all types, as a manifest writes them.
    pub const NAMES: [&str; 10] = [
        "boolean", "text", "longtext", "number", "range", "list", "radio", "date", "json", "secret",
    ];

    /// The name a manifest uses in `type`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Text { .. } => "text",
            Self::Longtext { .. } => "longtext",
            Self::Number { .. } => "number",
            Self::Range { .. } => "range",
            Self::List { .. } => "list",
            Self::Radio { .. } => "radio",
            Self::Date => "date",
            Self::Json => "json",
            Self::Secret { .. } => "secret",
        }
    }

    /// Whether its values belong in the keychain and never into a file or a log.
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::Secret { .. })
    }
}
