use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The label of a badge that reports an error (contract section 2.4).
pub const ERROR_LABEL: &str = "Error";

/// The colour of a badge that reports an error.
pub const ERROR_COLOR: &str = "#ef4444";

/// What a probe returned, after validation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Output {
    /// The subscription plan, never empty.
    pub plan: Option<String>,
    /// The lines in the order the plugin returned them.
    pub lines: Vec<Line>,
}

/// One line of an output. Every key of its type is written, an absent one as `null`; when read,
/// an absent key and `null` are equal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Line {
    /// A label and a value.
    Text(TextLine),
    /// A label and a pill.
    Badge(BadgeLine),
    /// A quota.
    Progress(ProgressLine),
    /// A series of values.
    BarChart(BarChartLine),
}

/// A label and a value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct TextLine {
    /// What the value is of; may be empty.
    pub label: String,
    /// The value; may be empty.
    pub value: String,
    /// A colour as the plugin wrote it, not checked.
    pub color: Option<String>,
    /// Small text below.
    pub subtitle: Option<String>,
}

/// A label and a pill.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct BadgeLine {
    /// What the badge is about; [`ERROR_LABEL`] marks a failure.
    pub label: String,
    /// The text in the pill; may be empty.
    pub text: String,
    /// A colour as the plugin wrote it, not checked.
    pub color: Option<String>,
    /// Small text below.
    pub subtitle: Option<String>,
}

/// How much of a quota is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressLine {
    /// What is counted; may be empty.
    pub label: String,
    /// Finite, at least 0; may exceed `limit`.
    pub used: f64,
    /// Finite, above 0; 100 for [`Format::Percent`].
    pub limit: f64,
    /// The unit.
    pub format: Format,
    /// RFC 3339 text as the plugin wrote it, see [`parse_rfc3339_ms`](crate::parse_rfc3339_ms).
    pub resets_at: Option<String>,
    /// The length of the period in milliseconds, at least 1.
    pub period_duration_ms: Option<u64>,
    /// A colour as the plugin wrote it, not checked.
    pub color: Option<String>,
}

/// The unit of a [`ProgressLine`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Format {
    /// Percent; the limit is 100.
    Percent,
    /// Dollars, not cents.
    Dollars,
    /// A number of things.
    Count {
        /// What is counted, trimmed, not empty.
        suffix: String,
    },
}

impl Format {
    /// The unit in a word, for programs: `percent`, `dollars` or what is counted.
    pub fn unit(&self) -> &str {
        match self {
            Self::Percent => "percent",
            Self::Dollars => "dollars",
            Self::Count { suffix } => suffix,
        }
    }
}

impl ProgressLine {
    /// When it begins anew, in seconds since the epoch, as monitoring systems count.
    #[expect(clippy::cast_precision_loss, reason = "exact to the millisecond for 280,000 years")]
    pub fn reset_seconds(&self) -> Option<f64> {
        let ms = self.resets_at.as_deref().and_then(crate::parse_rfc3339_ms)?;
        Some(ms as f64 / 1000.0)
    }
}

/// A series of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BarChartLine {
    /// What is charted; may be empty.
    pub label: String,
    /// At least 1, at most [`MAX_POINTS`](crate::MAX_POINTS).
    pub points: Vec<Point>,
    /// Small text below, trimmed, not empty.
    pub note: Option<String>,
    /// A colour as the plugin wrote it, not checked.
    pub color: Option<String>,
}

/// One bar of a [`BarChartLine`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// Where it stands, usually a day; trimmed, not empty.
    pub label: String,
    /// Finite, at least 0.
    pub value: f64,
    /// The value as text, trimmed, not empty.
    pub value_label: Option<String>,
}

impl Output {
    /// The output of a run that failed: no plan, one error line (contract section 2.4).
    pub fn error(text: impl Into<String>) -> Self {
        Self { plan: None, lines: vec![Line::error(text)] }
    }

    /// Whether the run counts as a success: no badge is labelled `Error` (section 5.2).
    pub fn is_ok(&self) -> bool {
        !self.lines.iter().any(|line| line.error_text().is_some())
    }

    /// The text of the first badge labelled `Error`, if there is one.
    pub fn first_error(&self) -> Option<&str> {
        self.lines.iter().find_map(Line::error_text)
    }

    /// The error a front shows in place of data: the output is exactly one badge labelled `Error`
    /// (section 5.2). Any other output is shown as data, error badges included.
    pub fn ui_error(&self) -> Option<&str> {
        if let [line] = self.lines.as_slice() { line.error_text() } else { None }
    }

    /// How many bytes all texts have together.
    pub(crate) fn text_bytes(&self) -> usize {
        text_len(self.plan.as_ref()) + self.lines.iter().map(Line::text_bytes).sum::<usize>()
    }
}

impl Line {
    /// The badge that stands for a failure (contract section 2.4).
    pub fn error(text: impl Into<String>) -> Self {
        Self::Badge(BadgeLine {
            label: ERROR_LABEL.to_owned(),
            text: text.into(),
            color: Some(ERROR_COLOR.to_owned()),
            subtitle: None,
        })
    }

    /// The label, whatever the type.
    pub fn label(&self) -> &str {
        match self {
            Self::Text(line) => &line.label,
            Self::Badge(line) => &line.label,
            Self::Progress(line) => &line.label,
            Self::BarChart(line) => &line.label,
        }
    }

    /// The text of this line if it is a badge labelled `Error`, whatever its colour.
    pub fn error_text(&self) -> Option<&str> {
        match self {
            Self::Badge(badge) if badge.label == ERROR_LABEL => Some(&badge.text),
            _ => None,
        }
    }

    /// The quota, if this is a progress line.
    pub fn as_progress(&self) -> Option<&ProgressLine> {
        if let Self::Progress(line) = self { Some(line) } else { None }
    }

    fn text_bytes(&self) -> usize {
        match self {
            Self::Text(line) => {
                let texts = text_len(line.color.as_ref()) + text_len(line.subtitle.as_ref());
                line.label.len() + line.value.len() + texts
            }
            Self::Badge(line) => {
                let texts = text_len(line.color.as_ref()) + text_len(line.subtitle.as_ref());
                line.label.len() + line.text.len() + texts
            }
            Self::Progress(line) => {
                let suffix =
                    if let Format::Count { suffix } = &line.format { suffix.len() } else { 0 };
                let texts = text_len(line.resets_at.as_ref()) + text_len(line.color.as_ref());
                line.label.len() + suffix + texts
            }
            Self::BarChart(line) => {
                let texts = text_len(line.note.as_ref()) + text_len(line.color.as_ref());
                let points = line.points.iter().map(Point::text_bytes).sum::<usize>();
                line.label.len() + points + texts
            }
        }
    }
}

impl Point {
    fn text_bytes(&self) -> usize {
        self.label.len() + text_len(self.value_label.as_ref())
    }
}

fn text_len(text: Option<&String>) -> usize {
    text.map_or(0, String::len)
}
