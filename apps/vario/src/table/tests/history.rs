use vario_output::Format;
use vario_store::{Grain, HistoryPoint};

use super::super::{HistoryCard, HistoryRow, HistoryView, MIN_WIDTH, render_history};
use super::*;

const HOUR_MS: i64 = 60 * 60 * 1000;

fn at(hours: i64, used: f64) -> HistoryPoint {
    let at_ms = NOW_MS - hours * HOUR_MS;
    HistoryPoint { at_ms, grain: Grain::Sample, used, min: used, max: used, limit: 100.0 }
}

fn drawn(width: usize, style: Style, unicode: bool, label: &str, name: &str) -> String {
    let points = [at(24, 0.0), at(18, 30.0), at(12, 60.0), at(6, 100.0), at(0, 5.0)];
    let suffix = label.to_owned();
    let count = Format::Count { suffix };
    let rows = vec![
        HistoryRow { label: "Session", format: Some(&Format::Percent), points: &points },
        HistoryRow { label, format: Some(&count), points: &points[..1] },
        HistoryRow { label: "Old", format: None, points: &points[1..] },
    ];
    let from_ms = NOW_MS - 24 * HOUR_MS;
    let card = HistoryCard { name, brand_color: Some("#ff8800"), from_ms, to_ms: NOW_MS, rows };
    let zone = TimeZone::UTC;
    let view = HistoryView { width, style, unicode, zone };
    render_history(&view, &[card.clone(), card])
}

#[test]
fn a_day() {
    let text = drawn(60, *PLAIN, true, "requests", "Claude");
    let first: Vec<&str> = text.lines().take(7).collect();
    assert_eq!(first[0], "▌ Claude ─────────────── 2026-03-03 12:00 – 2026-03-04 12:00");
    assert_eq!(first[1], "  Session");
    let heights: Vec<&str> = first[2].split_whitespace().collect();
    assert_eq!(heights, ["▁", "▂", "▅", "█", "▁"]);
    assert_eq!(first[3], "  now 5% · min 0% · max 100% · limit 100% · last 2026-03-04");
    assert_eq!(first[4], "  12:00");
    assert_eq!(first[5], "  requests");
    assert!(text.contains("now 0 requests · min 0 requests"), "{text}");
    assert!(text.contains("now 5 · min 5 · max 100 · limit 100"), "{text}");
    let coloured = drawn(60, *TRUE_COLOUR, true, "requests", "Claude");
    assert_eq!(stripped(&coloured), text);
}

#[test]
fn no_row_is_too_wide_whatever_a_plugin_calls_things() {
    let odd = ["", "\x1b[31m\u{202e}日本語 label that is long and goes on and on\n\n", "👨‍👩‍👧"];
    for width in 0..130 {
        for (label, unicode) in odd.into_iter().flat_map(|label| [(label, true), (label, false)]) {
            let text = drawn(width, *PLAIN, unicode, label, label);
            for line in text.lines() {
                let found = unicode_width::UnicodeWidthStr::width(line);
                assert!(found <= width.max(MIN_WIDTH), "{width}: {line}");
                assert_eq!(line, line.trim_end());
            }
            assert!(unicode || text.is_ascii(), "{text}");
            assert!(!text.contains(['\x1b', '\u{202e}']), "{text}");
        }
    }
}
