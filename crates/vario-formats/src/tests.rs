use jiff::tz::TimeZone;
use vario_model::Snapshot;
use vario_output::present::{DisplayMode, HourCycle, LocalTime, MetricChoice, ResetDisplay};
use vario_output::{BadgeLine, Format as Unit, Line, Output, ProgressLine, TextLine};

use crate::{Format, Item, View, render};

/// 1 January 2026, noon, in UTC.
const NOW_MS: i64 = 1_767_268_800_000;

fn view(mode: DisplayMode, is_stream: bool) -> View {
    let local = LocalTime { zone: TimeZone::UTC, hours: HourCycle::H24 };
    View { mode, reset: ResetDisplay::Relative, local, now_ms: NOW_MS, is_stream }
}

fn quota(label: &str, used: f64, more: impl FnOnce(&mut ProgressLine)) -> Line {
    let mut line = ProgressLine {
        label: label.to_owned(),
        used,
        limit: 100.0,
        format: Unit::Percent,
        resets_at: None,
        period_duration_ms: None,
        color: None,
    };
    more(&mut line);
    Line::Progress(line)
}

fn snapshot(id: &str, name: &str, plan: Option<&str>, lines: Vec<Line>) -> Snapshot {
    let output = Output { plan: plan.map(str::to_owned), lines };
    Snapshot::new(id, name, output, NOW_MS - 60_000, 12)
}

/// One of each: room, a warning by its pace, critical, failed, without a quota, and hostile.
fn plugins() -> Vec<Snapshot> {
    let text = |label: &str, value: &str| {
        Line::Text(TextLine {
            label: label.to_owned(),
            value: value.to_owned(),
            ..TextLine::default()
        })
    };
    vec![
        snapshot(
            "claude",
            "Claude",
            Some("Max 20x"),
            vec![
                quota("Session", 42.0, |line| {
                    line.resets_at = Some("2026-01-01T14:30:00Z".to_owned());
                    line.period_duration_ms = Some(5 * 3_600_000);
                }),
                quota("Weekly", 96.0, |_| {}),
            ],
        ),
        snapshot(
            "codex",
            "Codex",
            None,
            vec![quota("Session", 70.0, |line| {
                line.resets_at = Some("2026-01-01T16:00:00Z".to_owned());
                line.period_duration_ms = Some(5 * 3_600_000);
            })],
        ),
        snapshot(
            "money",
            "Money",
            None,
            vec![quota("Spent", 49.5, |line| {
                line.limit = 50.0;
                line.format = Unit::Dollars;
            })],
        ),
        snapshot("broken", "Broken", None, vec![Line::error("Not logged in. Run `tool login`.")]),
        snapshot(
            "disk",
            "Disk",
            None,
            vec![Line::Badge(BadgeLine {
                label: "State".to_owned(),
                text: "as healthy as a disk can be, they say".to_owned(),
                ..BadgeLine::default()
            })],
        ),
        snapshot(
            "hostile",
            "<b>#[fg=red]|x\n%{}`$(id)'\"\\",
            Some("& | -"),
            vec![
                text("--label|color=red", "a\u{1b}[31m\nb & <i> #S ~~~\n---\n| bash=/bin/sh"),
                text("---", "| shell=id"),
            ],
        ),
        snapshot("empty", "Empty", None, vec![]),
    ]
}

fn rendered(format: Format, mode: DisplayMode, is_stream: bool) -> String {
    let plugins = plugins();
    let primary = ["Session".to_owned(), "Spent".to_owned()];
    let item = |snapshot| Item {
        snapshot,
        primary: &primary,
        weekly: None,
        choice: MetricChoice::Default,
    };
    let items: Vec<Item<'_>> = plugins.iter().map(item).collect();
    render(format, &items, &view(mode, is_stream))
}

#[test]
fn waybar() {
    let text = rendered(Format::Waybar, DisplayMode::Used, false);
    assert_eq!(text.lines().count(), 1);
    let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    insta::assert_json_snapshot!(read);
}

#[test]
fn i3status_rust() {
    let text = rendered(Format::I3statusRust, DisplayMode::Left, true);
    assert_eq!(text.lines().count(), 1);
    let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    insta::assert_json_snapshot!(read);
}

#[test]
fn tmux() {
    insta::assert_snapshot!(rendered(Format::Tmux, DisplayMode::Used, true));
}

#[test]
fn starship() {
    insta::assert_snapshot!(rendered(Format::Starship, DisplayMode::Left, false));
}

#[test]
fn no_name_is_a_command_in_a_prompt() {
    let hostile =
        snapshot("evil", "a$(b)`c`${d}$[e]\\ $5", None, vec![quota("Used", 97.0, |_| {})]);
    let choice = MetricChoice::Default;
    let items = [Item { snapshot: &hostile, primary: &[], weekly: None, choice }];
    let shown = render(Format::Starship, &items, &view(DisplayMode::Left, false));
    assert_eq!(shown, "a＄(b)ˋcˋ＄{d}＄[e]＼ $5 3%\n");
}

#[test]
fn xbar() {
    insta::assert_snapshot!(rendered(Format::Xbar, DisplayMode::Used, false));
    let streamed = rendered(Format::Xbar, DisplayMode::Used, true);
    assert_eq!(streamed, format!("~~~\n{}", rendered(Format::Xbar, DisplayMode::Used, false)));
}

#[test]
fn prometheus_and_openmetrics() {
    insta::assert_snapshot!(rendered(Format::Prometheus, DisplayMode::Used, false));
    insta::assert_snapshot!(rendered(Format::Openmetrics, DisplayMode::Left, false));
}

#[test]
fn nothing_at_all() {
    for (format, expected) in [
        (
            Format::Waybar,
            "{\"text\":\"\",\"alt\":\"idle\",\"tooltip\":\"\",\"class\":[\"idle\"]}\n",
        ),
        (
            Format::I3statusRust,
            "{\"icon\":\"\",\"state\":\"Idle\",\"text\":\"\",\"short_text\":\"\"}\n",
        ),
        (Format::Tmux, "\n"),
        (Format::Starship, "\n"),
        (Format::Prometheus, ""),
        (Format::Openmetrics, "# EOF\n"),
    ] {
        assert_eq!(render(format, &[], &view(DisplayMode::Used, false)), expected, "{format:?}");
    }
}

/// What turns the direction of writing would turn that of all that stands behind it.
#[test]
fn nothing_unseen_comes_through() {
    let name = "a\u{202e}b\u{2066}c\u{200b}d\u{feff}";
    let plugin = snapshot("p", name, Some(name), vec![quota(name, 97.0, |_| {})]);
    let choice = MetricChoice::Default;
    let item = Item { snapshot: &plugin, primary: &[], weekly: None, choice };
    for format in [
        Format::Waybar,
        Format::I3statusRust,
        Format::Tmux,
        Format::Starship,
        Format::Xbar,
        Format::Prometheus,
        Format::Openmetrics,
    ] {
        let text = render(format, &[item], &view(DisplayMode::Left, false));
        assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}']), "{text:?}");
    }
}

/// They end in terminals, too.
#[test]
fn labels_of_metrics_hold_nothing_that_a_terminal_obeys() {
    let plugin = snapshot(
        "p",
        "P",
        None,
        vec![quota("a\u{1b}[31m\"\\\nb", 1.0, |line| {
            line.format = Unit::Count { suffix: "x\u{9b}".to_owned() };
        })],
    );
    let item =
        Item { snapshot: &plugin, primary: &[], weekly: None, choice: MetricChoice::Default };
    for format in [Format::Prometheus, Format::Openmetrics] {
        let text = render(format, &[item], &view(DisplayMode::Used, false));
        assert!(text.contains(r#"line="a�[31m\"\\\nb",unit="x�""#), "{text}");
        assert!(!text.contains(|it: char| it.is_control() && it != '\n'), "{text}");
    }
}
