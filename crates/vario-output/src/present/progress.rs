use super::number::{count_text, dollar_text};
use super::options::{DisplayMode, ResetDisplay};
use super::reset::{LocalTime, reset_text};
use crate::output::{Format, ProgressLine};
use crate::rfc3339::parse_rfc3339_ms;

/// The number shown: what is used, or what is left and never below 0 (contract section 7.4).
pub fn shown_value(line: &ProgressLine, mode: DisplayMode) -> f64 {
    match mode {
        DisplayMode::Used => line.used,
        DisplayMode::Left => (line.limit - line.used).max(0.0),
    }
}

/// How far the bar is filled, 0 to 100, in hundredths of a percent (contract section 7.4).
pub fn bar_percent(line: &ProgressLine, mode: DisplayMode) -> f64 {
    (clamp01(shown_value(line, mode) / line.limit) * 10_000.0).round() / 100.0
}

/// The text below the bar at the left: `42% left`, `$1,234.50`, `7 requests left`.
pub fn left_text(line: &ProgressLine, mode: DisplayMode) -> String {
    let shown = shown_value(line, mode);
    let suffix = if mode == DisplayMode::Left { " left" } else { "" };
    amount_text(&line.format, shown) + suffix
}

/// A number in the unit of a quota: `42%`, `$1,234.50`, `7 requests`.
pub fn amount_text(format: &Format, value: f64) -> String {
    match format {
        Format::Percent => format!("{}%", value.round()),
        Format::Dollars => format!("${}", dollar_text(value)),
        Format::Count { suffix } => format!("{} {suffix}", count_text(value)),
    }
}

/// The text below the bar at the right: the reset, or the limit if there is no reset.
pub fn right_text(
    line: &ProgressLine,
    display: ResetDisplay,
    now_ms: i64,
    local: &LocalTime,
) -> String {
    line.resets_at
        .as_deref()
        .and_then(parse_rfc3339_ms)
        .and_then(|resets_at_ms| reset_text(display, resets_at_ms, now_ms, local))
        .unwrap_or_else(|| limit_text(line))
}

fn limit_text(line: &ProgressLine) -> String {
    match &line.format {
        Format::Percent => format!("{}% cap", line.limit),
        Format::Dollars => format!("${} limit", dollar_text(line.limit)),
        Format::Count { suffix } => format!("{} {suffix}", count_text(line.limit)),
    }
}

/// A share of a whole; what is not finite is none of it.
pub(super) fn clamp01(share: f64) -> f64 {
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
}
