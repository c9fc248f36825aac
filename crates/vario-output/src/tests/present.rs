mod card;
mod chart;
mod colour;
mod metric;
mod pace;
mod progress;
mod reset;
mod spark;

use crate::{Format, ProgressLine};

const MINUTE: i64 = 60_000;

/// A percent line with a period of 100 minutes that ends 100 minutes after the epoch.
fn percent(used: f64) -> ProgressLine {
    quota(used, 100.0, Format::Percent)
}

fn quota(used: f64, limit: f64, format: Format) -> ProgressLine {
    ProgressLine {
        label: "Session".to_owned(),
        used,
        limit,
        format,
        resets_at: Some("1970-01-01T01:40:00Z".to_owned()),
        period_duration_ms: Some(6_000_000),
        color: None,
    }
}

fn count(suffix: &str) -> Format {
    Format::Count { suffix: suffix.to_owned() }
}
