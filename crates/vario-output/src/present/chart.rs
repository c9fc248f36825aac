use super::number::count_text;
use crate::output::{BarChartLine, Point};

/// Where a chart is drawn, which sets how low its lowest bar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarSize {
    /// Small bars in the line itself.
    Inline,
    /// Large bars in the pop-up.
    PopUp,
}

/// The height of each bar in percent (contract section 7.7). A point that cannot be drawn (a value
/// that is negative or not finite) has none.
pub fn bar_heights(line: &BarChartLine, size: BarSize) -> Vec<f64> {
    let lowest: f64 = match size {
        BarSize::Inline => 10.0,
        BarSize::PopUp => 6.0,
    };
    let highest = drawn(line).map(|point| point.value).fold(1.0, f64::max);
    drawn(line)
        .map(|point| {
            if point.value > 0.0 { lowest.max(point.value / highest * 100.0) } else { lowest / 2.0 }
        })
        .collect()
}

/// The text for a point's value: the plugin's own, else the number.
pub fn value_text(point: &Point) -> String {
    point.value_label.clone().unwrap_or_else(|| count_text(point.value))
}

/// The readout with nothing pointed at: `peak 1,234`.
pub fn peak_text(line: &BarChartLine) -> Option<String> {
    peak(line).map(|point| format!("peak {}", value_text(point)))
}

/// The readout for one bar: `Mar 4 · 1,234`.
pub fn point_text(point: &Point) -> String {
    format!("{} · {}", point.label, value_text(point))
}

/// What a screen reader says: `Tokens: 3 days, latest 5 on Mar 4, peak 9. From the log`.
pub fn accessible_text(line: &BarChartLine) -> Option<String> {
    let latest = drawn(line).next_back()?;
    let peak = peak(line)?;
    let mut text = format!(
        "{}: {} days, latest {} on {}, peak {}.",
        line.label,
        drawn(line).count(),
        value_text(latest),
        latest.label,
        value_text(peak)
    );
    if let Some(note) = &line.note {
        text.push(' ');
        text.push_str(note);
    }
    Some(text)
}

fn drawn(line: &BarChartLine) -> impl DoubleEndedIterator<Item = &Point> {
    line.points.iter().filter(|point| point.value.is_finite() && point.value >= 0.0)
}

/// The highest point, the first of equals.
fn peak(line: &BarChartLine) -> Option<&Point> {
    drawn(line).reduce(|peak, point| if point.value > peak.value { point } else { peak })
}
