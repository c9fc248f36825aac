use vario_value::Value;

use super::Warnings;
use super::fields::Fields;
use crate::limits::MAX_POINTS;
use crate::output::{BarChartLine, Line, Point};

/// Checks a bar chart (contract section 3.2): error lines for its bad points, then the chart, or
/// the reason why there is none.
pub(super) fn push(
    fields: Fields<'_>,
    index: usize,
    label: String,
    color: Option<String>,
    lines: &mut Vec<Line>,
    warnings: &mut Warnings,
) {
    let Some(items) = fields.get("points").and_then(Value::as_list) else {
        lines.push(Line::error(format!("barChart line at index {index} missing points")));
        return;
    };
    if items.len() > MAX_POINTS {
        warnings.push(|| {
            format!("barChart line at index {index}: only the first {MAX_POINTS} points are used")
        });
    }
    let mut points = Vec::with_capacity(items.len().min(MAX_POINTS));
    for (position, item) in items.iter().take(MAX_POINTS).enumerate() {
        match point(item, index, position, warnings) {
            Ok(point) => points.push(point),
            Err(text) => lines.push(Line::error(text)),
        }
    }
    if points.is_empty() {
        lines.push(Line::error(format!("barChart line at index {index} has no valid points")));
        return;
    }
    let note = optional(fields, "note", warnings, || format!("barChart line at index {index}"));
    lines.push(Line::BarChart(BarChartLine { label, points, note, color }));
}

fn point(
    item: &Value,
    index: usize,
    position: usize,
    warnings: &mut Warnings,
) -> Result<Point, String> {
    let Some(fields) = Fields::of(item) else {
        return Err(format!(
            "barChart line at index {index} has invalid point at index {position}"
        ));
    };
    let Some(label) = fields.trimmed("label") else {
        return Err(format!(
            "barChart line at index {index} has empty point label at index {position}"
        ));
    };
    let value = fields.get("value").and_then(Value::as_f64);
    let Some(value) = value.filter(|value| value.is_finite() && *value >= 0.0) else {
        return Err(format!("barChart line at index {index} point {position} invalid value"));
    };
    let value_label = optional(fields, "valueLabel", warnings, || {
        format!("barChart line at index {index} point {position}")
    });
    Ok(Point { label, value, value_label })
}

/// A trimmed text; a blank one is none, and anything else is none with a warning.
fn optional(
    fields: Fields<'_>,
    key: &str,
    warnings: &mut Warnings,
    place: impl FnOnce() -> String,
) -> Option<String> {
    if fields.is_not_text(key) {
        warnings.push(|| format!("{}: {key} is ignored, it is not a string", place()));
    }
    fields.trimmed(key)
}
