use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::options::DisplayMode;
use super::progress::clamp01;
use crate::output::{Line, ProgressLine};

/// How many bars the tray icon has at most.
pub const MAX_BARS: usize = 4;

/// How many providers the tray tooltip lists at most.
pub const MAX_TOOLTIP_LINES: usize = 20;

/// Which quota stands for a plugin (contract section 7.10, `menubarMetric`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum MetricChoice {
    /// The first primary candidate that has data.
    #[default]
    Default,
    /// The weekly candidate if it has data, else as by default.
    Weekly,
}

/// The quota that stands for a plugin in small places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric<'a> {
    /// The line.
    pub line: &'a ProgressLine,
    /// The weekly one was asked for and this is not it.
    pub fell_back: bool,
}

impl Metric<'_> {
    /// How far its bar is filled, 0 to 1.
    pub fn fraction(&self, mode: DisplayMode) -> f64 {
        let line = self.line;
        clamp01(match mode {
            DisplayMode::Used => line.used / line.limit,
            DisplayMode::Left => (line.limit - line.used) / line.limit,
        })
    }
}

/// The quota that stands for a plugin (contract section 7.9), from its lines and the labels its
/// manifest names. A plugin without primary candidates has none, even with a weekly one, and is
/// left out of icon and tooltip; one with candidates and no data keeps an empty place there.
pub fn primary_metric<'a, S: AsRef<str>>(
    lines: &'a [Line],
    primary_candidates: &[S],
    weekly_candidate: Option<&str>,
    choice: MetricChoice,
) -> Option<Metric<'a>> {
    if primary_candidates.is_empty() {
        return None;
    }
    let find =
        |label: &str| lines.iter().filter_map(Line::as_progress).find(|line| line.label == label);
    if choice == MetricChoice::Weekly
        && let Some(line) = weekly_candidate.and_then(find)
    {
        return Some(Metric { line, fell_back: false });
    }
    let line = primary_candidates.iter().find_map(|label| find(label.as_ref()))?;
    Some(Metric { line, fell_back: choice == MetricChoice::Weekly })
}

/// `42%`, or `--%` without data.
pub fn percent_text(fraction: Option<f64>) -> String {
    fraction.map_or_else(|| "--%".to_owned(), |fraction| format!("{}%", (fraction * 100.0).round()))
}

/// One plugin in the tray tooltip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TooltipEntry<'a> {
    /// The plugin's display name.
    pub name: &'a str,
    /// Its metric, if it has data.
    pub metric: Option<Metric<'a>>,
}

/// The tray tooltip: the app's name, then `Name: 42%` a line, at most [`MAX_TOOLTIP_LINES`].
/// Where a plugin fell back from its weekly quota, every line says which quota it shows.
pub fn tooltip_text(app_name: &str, entries: &[TooltipEntry<'_>], mode: DisplayMode) -> String {
    let shown = entries.get(..MAX_TOOLTIP_LINES).unwrap_or(entries);
    let fell_back = |entry: &TooltipEntry<'_>| entry.metric.is_some_and(|metric| metric.fell_back);
    let with_labels = shown.iter().any(fell_back);
    let mut text = app_name.to_owned();
    for entry in shown {
        let percent = percent_text(entry.metric.map(|metric| metric.fraction(mode)));
        for part in ["\n", entry.name, ": ", &percent] {
            text.push_str(part);
        }
        if let Some(metric) = entry.metric.filter(|_| with_labels) {
            text.push_str(" · ");
            text.push_str(&metric.line.label);
        }
    }
    text
}

/// A tray bar in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BarFill {
    /// The width of the fill, drawn opaque.
    pub fill_px: f64,
    /// The width of the remainder at the right end, drawn at 24 %; the track below is at 16 %.
    pub remainder_px: f64,
}

/// How a tray bar is drawn (contract section 7.9): nearly full bars are shortened so that their
/// remainder stays visible at that size. Without data there is a track only.
pub fn bar_fill(track_px: f64, fraction: Option<f64>) -> BarFill {
    let fraction = clamp01(fraction.unwrap_or_default());
    if fraction <= 0.0 {
        return BarFill { fill_px: 0.0, remainder_px: 0.0 };
    }
    if fraction >= 1.0 {
        return BarFill { fill_px: track_px, remainder_px: 0.0 };
    }
    let visual = visual_fraction(fraction);
    let least_remainder = (track_px * 0.2).round().max(4.0);
    let most_fill = (track_px - least_remainder).max(1.0);
    let fill_px = (track_px * visual).round().min(most_fill).max(1.0);
    let remainder_px = (track_px - fill_px).max(least_remainder).min((track_px - 1.0).max(0.0));
    BarFill { fill_px, remainder_px }
}

/// Above 70 % the remainder is a multiple of 15 %.
fn visual_fraction(fraction: f64) -> f64 {
    if fraction <= 0.7 {
        return fraction;
    }
    // 0.85 leaves 0.15000000000000002 in doubles, which is one step and not two.
    let steps = ((1.0 - fraction) / 0.15 - 1e-9).ceil();
    1.0 - steps * 0.15
}
