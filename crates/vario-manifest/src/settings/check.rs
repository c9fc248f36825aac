use regex::{Regex, RegexBuilder};
use serde_json::Value;

use crate::error::Error;
use crate::nearest::nearest;
use crate::settings::date::is_date;
use crate::settings::{SettingDef, SettingKind, SettingOption};

impl SettingDef {
    /// Whether `value` may be stored for this setting.
    ///
    /// # Errors
    /// [`Error::Setting`] says what was expected. It never repeats the value of a secret.
    pub fn check(&self, value: &Value) -> Result<(), Error> {
        self.kind.check(value).map_err(|reason| Error::Setting { key: self.key.clone(), reason })
    }

    /// The value that a text from a command line or a form stands for.
    ///
    /// Booleans are `true yes on 1` and `false no off 0`; numbers are decimal; `json` is parsed;
    /// everything else is the text itself.
    ///
    /// # Errors
    /// [`Error::Setting`], also when the value does not pass [`SettingDef::check`].
    pub fn parse(&self, text: &str) -> Result<Value, Error> {
        let refuse = |reason: String| Error::Setting { key: self.key.clone(), reason };
        let value = match &self.kind {
            SettingKind::Boolean => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Value::Bool(true),
                "false" | "no" | "off" | "0" => Value::Bool(false),
                _ => return Err(refuse(format!("expected `true` or `false`, found {text:?}"))),
            },
            SettingKind::Number { .. } | SettingKind::Range { .. } => parse_number(text.trim())
                .ok_or_else(|| refuse(format!("expected a number, found {text:?}")))?,
            SettingKind::Json => serde_json::from_str(text)
                .map_err(|error| refuse(format!("expected JSON: {error}")))?,
            _ => Value::String(text.to_owned()),
        };
        self.check(&value)?;
        Ok(value)
    }
}

impl SettingKind {
    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        match self {
            Self::Boolean if value.is_boolean() => Ok(()),
            Self::Boolean => Err(wrong_type("true or false", value)),
            Self::Text { pattern, .. } => {
                let text = text_of(value)?;
                match pattern.as_deref().and_then(compile) {
                    Some(regex) if !regex.is_match(text) => {
                        let pattern = pattern.as_deref().unwrap_or_default();
                        Err(format!("{text:?} does not match the pattern `{pattern}`"))
                    }
                    _ => Ok(()),
                }
            }
            Self::Longtext { .. } => text_of(value).map(drop),
            // The value itself must not end up in a message.
            Self::Secret { .. } if value.is_string() => Ok(()),
            Self::Secret { .. } => Err("expected a text".to_owned()),
            Self::Number { min, max, .. } => check_number(value, *min, *max),
            Self::Range { min, max, .. } => check_number(value, Some(*min), Some(*max)),
            Self::List { options } | Self::Radio { options } => check_option(value, options),
            Self::Date => {
                let text = text_of(value)?;
                if is_date(text) {
                    Ok(())
                } else {
                    Err(format!("expected a day such as `2026-01-31`, found {text:?}"))
                }
            }
            Self::Json => Ok(()),
        }
    }
}

/// Memory that one compiled pattern may take. It bounds the time to compile it, too.
const MAX_PATTERN_BYTES: usize = 256 * 1024;

/// The pattern, made to match the whole text. None if it is beyond this host.
pub(super) fn compile(pattern: &str) -> Option<Regex> {
    let whole = format!("^(?:{pattern})$");
    RegexBuilder::new(&whole).size_limit(MAX_PATTERN_BYTES).build().ok()
}

fn parse_number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    let plain = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let number: f64 = text.parse().ok().filter(|number: &f64| plain && number.is_finite())?;
    serde_json::Number::from_f64(number).map(Value::Number)
}

fn text_of(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| wrong_type("a text", value))
}

fn check_number(value: &Value, min: Option<f64>, max: Option<f64>) -> Result<(), String> {
    let number = value.as_f64().ok_or_else(|| wrong_type("a number", value))?;
    if let Some(min) = min.filter(|min| number < *min) {
        return Err(format!("{number} is less than {min}"));
    }
    if let Some(max) = max.filter(|max| number > *max) {
        return Err(format!("{number} is more than {max}"));
    }
    Ok(())
}

fn check_option(value: &Value, options: &[SettingOption]) -> Result<(), String> {
    let text = text_of(value)?;
    if options.iter().any(|option| option.value == text) {
        return Ok(());
    }
    let listed =
        options.iter().map(|option| format!("`{}`", option.value)).collect::<Vec<_>>().join(", ");
    let near = nearest(text, options.iter().map(|option| option.value.as_str()))
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Err(format!("expected one of {listed}, found {text:?}{near}"))
}

fn wrong_type(expected: &str, value: &Value) -> String {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    format!("expected {expected}, found {found}")
}
