use vario_value::Value;

use super::Warnings;
use super::fields::{Fields, text};
use crate::output::{Format, ProgressLine};
use crate::rfc3339::parse_rfc3339_ms;

/// Checks a progress line (contract section 3.1); the error is the text of its error line.
pub(super) fn read(
    fields: Fields<'_>,
    index: usize,
    label: String,
    color: Option<String>,
    warnings: &mut Warnings,
) -> Result<ProgressLine, String> {
    let used = number(fields, "used", index)?;
    let limit = number(fields, "limit", index)?;
    if !used.is_finite() || used < 0.0 {
        return Err(format!("progress line at index {index} invalid used: {used}"));
    }
    if !limit.is_finite() || limit <= 0.0 {
        return Err(format!("progress line at index {index} invalid limit: {limit}"));
    }
    Ok(ProgressLine {
        label,
        used,
        limit,
        format: format(fields, limit, index)?,
        resets_at: resets_at(fields, index, warnings),
        period_duration_ms: period_duration_ms(fields, index, warnings),
        color,
    })
}

fn number(fields: Fields<'_>, key: &str, index: usize) -> Result<f64, String> {
    let Some(value) = fields.get(key) else {
        return Err(format!("progress line at index {index} missing {key}"));
    };
    value
        .as_f64()
        .ok_or_else(|| format!("progress line at index {index} invalid {key} (expected number)"))
}

fn format(fields: Fields<'_>, limit: f64, index: usize) -> Result<Format, String> {
    let Some(format) = fields.get("format").and_then(Fields::of) else {
        return Err(format!("progress line at index {index} missing format"));
    };
    let Some(kind) = format.get("kind") else {
        return Err(format!("progress line at index {index} missing format.kind"));
    };
    let Some(kind) = text(kind) else {
        return Err(format!(
            "progress line at index {index} invalid format.kind (expected string)"
        ));
    };
    match kind.as_str() {
        #[expect(clippy::float_cmp, reason = "the contract wants exactly 100")]
        "percent" if limit != 100.0 => Err(format!(
            "progress line at index {index}: percent format requires limit=100 (got {limit})"
        )),
        "percent" => Ok(Format::Percent),
        "dollars" => Ok(Format::Dollars),
        "count" => suffix(format)
            .map(|suffix| Format::Count { suffix })
            .map_err(|text| format!("progress line at index {index}: count format {text}")),
        kind => Err(format!("progress line at index {index} invalid format.kind: {kind}")),
    }
}

fn suffix(format: Fields<'_>) -> Result<String, &'static str> {
    let suffix = format.get("suffix").ok_or("missing suffix")?;
    let suffix = text(suffix).ok_or("suffix must be a string")?;
    let suffix = suffix.trim();
    if suffix.is_empty() { Err("suffix must be non-empty") } else { Ok(suffix.to_owned()) }
}

fn resets_at(fields: Fields<'_>, index: usize, warnings: &mut Warnings) -> Option<String> {
    if fields.is_not_text("resetsAt") {
        warnings.push(|| {
            format!("progress line at index {index}: resetsAt is ignored, it is not a string")
        });
        return None;
    }
    let text = fields.text("resetsAt")?;
    let text = text.trim();
    if text.is_empty() {
        // Blank is "not known" rather than a mistake, as null is.
        return None;
    }
    let stored = rfc3339(text);
    if stored.is_none() {
        warnings.push(|| {
            format!("progress line at index {index}: resetsAt is ignored, it is not RFC 3339")
        });
    }
    stored
}

/// The text as it is stored: as given, or with the `Z` that a time without a zone gets.
fn rfc3339(text: &str) -> Option<String> {
    if parse_rfc3339_ms(text).is_some() {
        return Some(text.to_owned());
    }
    let (_, time) = text.split_once('T')?;
    if text.ends_with('Z') || time.contains(['+', '-']) {
        return None;
    }
    let with_zone = format!("{text}Z");
    parse_rfc3339_ms(&with_zone).is_some().then_some(with_zone)
}

fn period_duration_ms(fields: Fields<'_>, index: usize, warnings: &mut Warnings) -> Option<u64> {
    let value = fields.get("periodDurationMs").unwrap_or(&Value::Bool(false));
    if value.is_nullish() {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "wanted: fractions are cut off, what is out of range saturates, NaN is 0"
    )]
    let period = match value {
        Value::Int(number) => u64::try_from(*number).ok(),
        Value::Float(number) => Some(*number as u64),
        _ => None,
    };
    let period = period.filter(|period| *period >= 1);
    if period.is_none() {
        warnings.push(|| {
            format!(
                "progress line at index {index}: periodDurationMs is ignored, it is not a number \
                 of at least 1"
            )
        });
    }
    period
}
