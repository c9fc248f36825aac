//! Results that show every kind of line.

use vario_model::{Cause, Snapshot};
use vario_output::{
    BadgeLine, BarChartLine, Format, Line, Output, Point, ProgressLine, TextLine, rfc3339_utc,
};

use super::{Card, NOW_MS};

const HOUR_MS: i64 = 3_600_000;

pub(super) fn snapshot(name: &str, plan: Option<&str>, lines: Vec<Line>) -> Snapshot {
    let output = Output { plan: plan.map(str::to_owned), lines };
    Snapshot::new(name.to_lowercase(), name, output, NOW_MS, 12)
}

pub(super) fn card(snapshot: &Snapshot) -> Card<'_> {
    Card { snapshot, brand_color: None, note: None }
}

pub(super) fn text(label: &str, value: &str) -> TextLine {
    TextLine { label: label.into(), value: value.into(), ..TextLine::default() }
}

pub(super) fn badge(label: &str, text: &str, color: Option<&str>) -> Line {
    Line::Badge(BadgeLine {
        label: label.into(),
        text: text.into(),
        color: color.map(str::to_owned),
        subtitle: None,
    })
}

pub(super) fn percent(label: &str, used: f64) -> ProgressLine {
    ProgressLine {
        label: label.into(),
        used,
        limit: 100.0,
        format: Format::Percent,
        resets_at: None,
        period_duration_ms: None,
        color: None,
    }
}

/// The line in a period of so many hours, of which so many are left.
pub(super) fn in_period(line: ProgressLine, period_hours: i64, left_hours: f64) -> Line {
    #[expect(clippy::cast_possible_truncation, reason = "a few days")]
    let left_ms = (left_hours * 3_600_000.0) as i64;
    Line::Progress(ProgressLine {
        resets_at: Some(rfc3339_utc(NOW_MS + left_ms)),
        period_duration_ms: u64::try_from(period_hours * HOUR_MS).ok(),
        ..line
    })
}

pub(super) fn chart(label: &str, values: &[f64]) -> BarChartLine {
    let point = |(day, value): (usize, &f64)| Point {
        label: format!("Feb {}", day + 1),
        value: *value,
        value_label: None,
    };
    BarChartLine {
        label: label.into(),
        points: values.iter().enumerate().map(point).collect(),
        note: None,
        color: None,
    }
}

/// Thirty days with a weekly rhythm.
fn tokens() -> BarChartLine {
    let values: Vec<f64> = (0..28_u32)
        .map(|day| f64::from([310, 420, 515, 480, 640, 90, 0][day as usize % 7] + day * 17))
        .collect();
    let note = Some("From the local log; today is not over".to_owned());
    BarChartLine { note, ..chart("Tokens", &values) }
}

fn claude() -> Snapshot {
    let extra =
        ProgressLine { limit: 50.0, format: Format::Dollars, ..percent("Extra usage", 12.5) };
    snapshot(
        "Claude",
        Some("Max 20x"),
        vec![
            in_period(percent("Session", 47.0), 5, 2.1),
            in_period(percent("Weekly", 71.0), 168, 76.0),
            in_period(percent("Opus", 20.0), 168, 76.0),
            Line::Progress(extra),
            Line::Text(text("Today", "$4.12 · 5.1M tokens")),
            Line::Text(TextLine {
                color: Some("#22c55e".into()),
                subtitle: Some("since 5 Feb".into()),
                ..text("Last 30 days", "$88.90 · 123M tokens")
            }),
            Line::BarChart(tokens()),
        ],
    )
}

fn cursor() -> Snapshot {
    let requests = Format::Count { suffix: "requests".into() };
    let used = ProgressLine { limit: 500.0, format: requests, ..percent("Requests", 423.0) };
    let coloured = ProgressLine { color: Some("#f59e0b".into()), ..percent("Auto", 62.0) };
    snapshot(
        "Cursor",
        Some("Pro"),
        vec![
            in_period(used, 30 * 24, 10.0 * 24.0),
            in_period(coloured, 30 * 24, 10.0 * 24.0),
            badge("Status", "Connected", Some("#22c55e")),
            Line::Badge(BadgeLine {
                label: "Credits".into(),
                text: "Expiring".into(),
                color: None,
                subtitle: Some("3 of 10 end this week".into()),
            }),
        ],
    )
}

fn edges() -> Snapshot {
    let over = ProgressLine { limit: 20.0, format: Format::Dollars, ..percent("Over", 31.25) };
    snapshot(
        "Edges",
        None,
        vec![
            in_period(percent("Untouched", 0.0), 5, 3.0),
            in_period(percent("Full", 100.0), 5, 1.0),
            Line::Progress(over),
            Line::Progress(percent("A hair", 0.04)),
            Line::Progress(percent("Almost", 99.96)),
            in_period(percent("Past", 30.0), 5, -3.0),
            Line::Text(text("", "No label")),
            Line::Text(text("No value", "")),
            Line::BarChart(chart("One day", &[7.0])),
            Line::BarChart(chart("A week", &[1.0, 5.0, 0.0, 9.0, 3.0, 2.0, 8.0])),
            Line::BarChart(chart("Nothing", &[0.0, 0.0, 0.0])),
        ],
    )
}

fn long() -> Snapshot {
    let label = "A label that goes on for much longer than any label has reason to";
    let many = Format::Count { suffix: "very elaborately named units of consumption".into() };
    let used = ProgressLine { limit: 1e15, format: many, ..percent(label, 123_456_789.0) };
    snapshot(
        "The plugin whose name is longer than most terminals are wide, and that still goes on",
        Some("Enterprise Business Ultimate Team Plan With Annual Commitment, Prepaid"),
        vec![
            in_period(used, 5, 2.0),
            Line::Text(text(label, "A value that is just as long as its label, so nothing fits")),
            badge(label, "And a badge with a text that is not any shorter than the others", None),
        ],
    )
}

fn world() -> Snapshot {
    snapshot(
        "通义千问 — 数据中心控制台",
        Some("专业版 🚀"),
        vec![
            in_period(percent("每周配额", 35.0), 168, 100.0),
            Line::Text(text("Family", "👨‍👩‍👧‍👦 and 🇩🇪 flags, 1️⃣ keycaps, ❤️ hearts")),
            Line::Text(text("Cafe\u{301}", "e\u{301}a\u{308}o\u{302} decomposed")),
            Line::Text(text(
                "説明",
                "これは折り返されるべきではなく、切り詰められるべき非常に長い説明文です。さらに続きます。",
            )),
            badge("状態", "接続済み", Some("#3b82f6")),
        ],
    )
}

fn hostile() -> Snapshot {
    snapshot(
        "Bad\x1b[31mActor\x1b]0;title\x07",
        Some("Pro\r\nX-Plan: Max\u{202e}xaM"),
        vec![
            Line::Text(text("Clear\x1b[2J", "one\ntwo\tthree   four\u{9b}31m")),
            Line::Text(text("Bidi \u{202e}kcab", "zero\u{200b}width\u{feff} \u{2066}iso\u{2069}")),
            Line::Text(text("Zalgo", &format!("a{}b", "\u{301}".repeat(500)))),
            badge("Back\x08\x08", "del\x7f", Some("\x1b[31m")),
            Line::error("line one\nline two\x1b[0m"),
        ],
    )
}

fn failed() -> Snapshot {
    let text = "Token expired. Run `claude` to log in again, or `claude setup-token` if you have \
                no browser on this machine.";
    let cause = Cause {
        message: "TypeError: cannot read property 'accessToken' of null".into(),
        file: Some("plugin.js".into()),
        line: Some(41),
        column: Some(17),
        stack: Some("    at load (plugin.js:41:17)\n    at probe (plugin.js:88:5)\n".into()),
        ..Cause::default()
    };
    snapshot("Codex", None, vec![Line::error(text)]).with_cause(Some(cause))
}

fn partly() -> Snapshot {
    snapshot(
        "Amp",
        Some("Free"),
        vec![Line::error("Usage could not be read"), in_period(percent("Credits", 55.0), 24, 6.0)],
    )
}

pub(super) fn all() -> Vec<Snapshot> {
    let empty = snapshot("Empty", None, Vec::new());
    vec![claude(), cursor(), failed(), partly(), edges(), long(), world(), hostile(), empty]
}

pub(super) fn cards(snapshots: &[Snapshot]) -> Vec<Card<'_>> {
    let looks = [
        (Some("#DE7356"), None),
        (Some("#000000"), Some("cached 3m ago")),
        (Some("#74AA9C"), None),
        (Some("#F34E3F"), None),
    ];
    let looks = looks.into_iter().chain(std::iter::repeat((None, None)));
    snapshots
        .iter()
        .zip(looks)
        .map(|(snapshot, (brand_color, note))| Card {
            snapshot,
            brand_color,
            note: note.map(str::to_owned),
        })
        .collect()
}
