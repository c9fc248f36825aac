//! Section 3 of the contract: every check, in its order, with its text.

mod bar_chart;
mod fields;
mod progress;

use vario_value::Value;

use self::fields::Fields;
use crate::limits::OutputLimits;
use crate::output::{BadgeLine, Line, Output, TextLine};
use crate::shape::OUTPUT_SHAPE;

/// The failure text for a result that is no object (contract section 2.4).
pub const NON_OBJECT_TEXT: &str = "probe() returned non-object";

/// How many warnings one output may raise; a chart of bad points would raise thousands.
const MAX_WARNINGS: usize = 100;

/// A valid output and what was left out of it on the way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Validated {
    /// What to show.
    pub output: Output,
    /// For the plugin's log: properties that were ignored, by line index. At most 100.
    pub warnings: Vec<String>,
}

/// Checks a result that was read by [`OUTPUT_SHAPE`] (contract section 3).
///
/// Of each object, an entry that is missing altogether is a getter that threw, as
/// [`Shape::Object`](vario_value::Shape::Object) says; use [`validate_detached`] for a value that
/// was not read by the shape. Bytes count as text, with bad UTF-8 replaced: read by the shape,
/// only a Lua string can be bytes, and this is the output border where section 12 wants it checked.
///
/// Lines past the limit are not looked at, nor is a non-object among them.
pub fn validate(read: &Value, limits: &OutputLimits) -> Validated {
    let mut warnings = Warnings::default();
    let mut output = output(read, limits, &mut warnings);
    if output.text_bytes() > limits.bytes {
        output = Output::error(limits.too_large_text());
    }
    Validated { output, warnings: warnings.0 }
}

/// Checks a value that no engine read, such as one from JSON: an absent key is undefined.
pub fn validate_detached(value: &Value, limits: &OutputLimits) -> Validated {
    validate(&OUTPUT_SHAPE.read(value), limits)
}

fn output(read: &Value, limits: &OutputLimits, warnings: &mut Warnings) -> Output {
    let Some(result) = Fields::of(read) else {
        return Output::error(NON_OBJECT_TEXT);
    };
    let plan = result.text("plan").filter(|plan| !plan.is_empty());
    let fail = |plan, text: String| Output { plan, lines: vec![Line::error(text)] };
    let Some(items) = result.get("lines").and_then(Value::as_list) else {
        return fail(plan, "missing lines".to_owned());
    };
    if items.is_empty() {
        return fail(plan, "no lines returned".to_owned());
    }

    let count = limits.line_count();
    let shown: Option<Vec<Fields<'_>>> = items.iter().take(count).map(Fields::of).collect();
    let Some(shown) = shown else {
        let is_primitive = |item: &Value| Fields::of(item).is_none();
        let index = items.iter().position(is_primitive).unwrap_or_default();
        return fail(plan, format!("invalid line at index {index}"));
    };

    let mut lines = Vec::with_capacity(shown.len());
    for (index, fields) in shown.iter().enumerate() {
        push_line(*fields, index, &mut lines, warnings);
        // One chart can add an error line for each of its points.
        if lines.len() > count {
            break;
        }
    }
    if items.len() > count || lines.len() > count {
        lines.truncate(count);
        lines.push(Line::error(limits.too_many_lines_text()));
    }
    Output { plan, lines }
}

fn push_line(fields: Fields<'_>, index: usize, lines: &mut Vec<Line>, warnings: &mut Warnings) {
    let label = fields.text("label").unwrap_or_default();
    let color = fields.text("color");
    match fields.text("type").unwrap_or_default().as_str() {
        "text" => lines.push(Line::Text(TextLine {
            label,
            value: fields.text("value").unwrap_or_default(),
            color,
            subtitle: fields.text("subtitle"),
        })),
        "badge" => lines.push(Line::Badge(BadgeLine {
            label,
            text: fields.text("text").unwrap_or_default(),
            color,
            subtitle: fields.text("subtitle"),
        })),
        "progress" => lines.push(match progress::read(fields, index, label, color, warnings) {
            Ok(line) => Line::Progress(line),
            Err(text) => Line::error(text),
        }),
        "barChart" => bar_chart::push(fields, index, label, color, lines, warnings),
        other => lines.push(Line::error(format!("unknown line type at index {index}: {other}"))),
    }
}

/// Collects warnings up to a fixed number.
#[derive(Debug, Default)]
struct Warnings(Vec<String>);

impl Warnings {
    fn push(&mut self, text: impl FnOnce() -> String) {
        match self.0.len() {
            count if count < MAX_WARNINGS - 1 => self.0.push(text()),
            count if count == MAX_WARNINGS - 1 => {
                self.0.push("further warnings are left out".into());
            }
            _ => {}
        }
    }
}
