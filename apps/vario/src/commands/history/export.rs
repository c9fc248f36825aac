//! History for other programs.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};
use vario_output::rfc3339_utc;
use vario_store::{HistoryPoint, Series};

use super::History;
use crate::terminal;

const HEAD: &str = "plugin,metric,at,resolution,used,min,max,limit\r\n";

/// An array with an element for each quota.
pub(super) fn json(histories: &[History]) -> anyhow::Result<()> {
    let series = histories.iter().flat_map(|history| {
        history.series.iter().map(|series| {
            json!({
                "plugin": history.plugin,
                "metric": series.label,
                "points": series.points.iter().map(point).collect::<Vec<_>>(),
            })
        })
    });
    terminal::print_json(&series.collect::<Vec<_>>())
}

fn point(point: &HistoryPoint) -> Json {
    json!({
        "at": rfc3339_utc(point.at_ms),
        "resolution": point.grain.name(),
        "used": point.used,
        "min": point.min,
        "max": point.max,
        "limit": point.limit,
    })
}

/// A record for each measurement, under a head.
pub(super) fn csv(histories: &[History]) -> anyhow::Result<()> {
    terminal::print(HEAD)?;
    for history in histories {
        for series in &history.series {
            terminal::print(&records(&history.plugin, series))?;
        }
    }
    Ok(())
}

fn records(plugin: &str, series: &Series) -> String {
    let head = format!("{},{}", field(plugin), field(&series.label));
    let mut text = String::new();
    for point in &series.points {
        let (at, grain) = (rfc3339_utc(point.at_ms), point.grain.name());
        let HistoryPoint { used, min, max, limit, .. } = point;
        let _infallible = write!(text, "{head},{at},{grain},{used},{min},{max},{limit}\r\n");
    }
    text
}

/// A field of a record, in quotes where it must be (RFC 4180 section 2), and without what a
/// terminal would obey: labels are plugins' words.
pub(super) fn field(text: &str) -> String {
    let text = terminal::plain(text);
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
