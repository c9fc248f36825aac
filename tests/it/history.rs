//! `vario history`: what is kept, shown and exported.

use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use vario_model::{RunTrigger, Snapshot};
use vario_output::{Format, Line, Output, ProgressLine};
use vario_store::Store;

use crate::rig::Rig;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    i64::try_from(since.as_millis()).expect("it is not that late")
}

fn quota(label: &str, used: f64, limit: f64, format: Format) -> Line {
    Line::Progress(ProgressLine {
        label: label.into(),
        used,
        limit,
        format,
        resets_at: None,
        period_duration_ms: None,
        color: None,
    })
}

/// What a run would have left at that time.
fn ran(rig: &Rig, id: &str, at_ms: i64, lines: Vec<Line>) {
    let store = Store::open_file(&rig.home.path().join("state/vario/state.db")).expect("a store");
    let snapshot = Snapshot::new(id, id, Output { plan: None, lines }, at_ms, 5);
    store.save(&snapshot, RunTrigger::Auto, at_ms).expect("it can be written");
}

/// `one` was at 2 %, 98 % and 42 % of its session, and for long at 1 of 50 dollars.
fn filled() -> (Rig, i64) {
    let rig = Rig::new();
    rig.says("one", "hello");
    let now = now_ms();
    let runs = [(400 * DAY_MS, 9.0), (60 * DAY_MS, 7.0), (6 * DAY_MS, 2.0)];
    for (ago, used) in runs.into_iter().chain([(3 * DAY_MS, 98.0), (HOUR_MS, 42.0)]) {
        let session = quota("Session", used, 100.0, Format::Percent);
        let money = quota("Extra, \"paid\"", 1.0, 50.0, Format::Dollars);
        ran(&rig, "one", now - ago, vec![session, money]);
    }
    (rig, now)
}

#[test]
fn a_week_is_shown_as_bars_and_numbers() {
    let (rig, _) = filled();
    let shown = rig.run(&["history", "one"]).exits(0);
    assert_eq!(shown.stderr, "");
    assert!(shown.stdout.starts_with("▌ The one ─"), "{shown}");
    assert!(shown.stdout.contains("now 42% · min 2% · max 98% · limit 100% · last "), "{shown}");
    assert!(shown.stdout.contains("now $1 · min $1 · max $1 · limit $50"), "{shown}");
    let bars = shown.stdout.lines().nth(2).expect("bars under the label");
    assert_eq!(bars.split_whitespace().collect::<Vec<_>>(), ["▁", "█", "▃"], "{shown}");
    assert!(shown.stdout.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let day = rig.run(&["history", "one", "--since", "1d", "--metric", "session"]).exits(0);
    assert!(day.stdout.contains("now 42% · min 42% · max 42%"), "{day}");
    assert!(!day.stdout.contains("Extra"), "{day}");
    let all = rig.run(&["history", "--since", "2000-01-01"]).exits(0);
    assert!(all.stdout.contains("min 2% · max 98%"), "{all}");
}

#[test]
fn what_is_new_fills_its_row() {
    let rig = Rig::new();
    let now = now_ms();
    for (ago, used) in [(2 * HOUR_MS, 1.0), (0, 99.0)] {
        ran(&rig, "new", now - ago, vec![quota("Q", used, 100.0, Format::Percent)]);
    }
    let bars = |args: &[&str]| {
        let shown = rig.run(args).exits(0);
        shown.stdout.lines().nth(2).expect("bars under the label").to_owned()
    };
    assert!(bars(&["history", "new"]).starts_with("  ▁ "), "from the first measurement on");
    assert!(bars(&["history", "new", "--since", "7d"]).starts_with("   "), "as it was asked for");
}

#[test]
fn without_utf_8_and_colours_everything_is_ascii() {
    let (rig, _) = filled();
    let mut command = rig.command(&["history", "one", "--plugins", "plugins"]);
    command.env("LANG", "C").env("LC_ALL", "C").env("COLUMNS", "40").env("NO_COLOR", "1");
    let shown = rig.finish(command).exits(0);
    assert!(shown.stdout.is_ascii() && !shown.stdout.contains('\x1b'), "{shown}");
    assert!(shown.stdout.lines().all(|line| line.len() <= 40), "{shown}");
    assert!(shown.stdout.contains("# The one"), "{shown}");
    let mut command = rig.command(&["history", "one", "--plugins", "plugins"]);
    command.env("CLICOLOR_FORCE", "1");
    assert!(rig.finish(command).exits(0).stdout.contains("\x1b[36m"));
}

#[test]
fn json_has_every_point_of_a_month_and_hours_of_a_year() {
    let (rig, now) = filled();
    let all = rig.run(&["history", "--json"]).exits(0).json();
    let session = &all[0];
    assert_eq!((&session["plugin"], &session["metric"]), (&json!("one"), &json!("Session")));
    let points = session["points"].as_array().expect("points");
    // What is older than a year was dropped when the next run was saved.
    let grains: Vec<_> = points.iter().map(|point| &point["resolution"]).collect();
    assert_eq!(grains, ["hour", "sample", "sample", "sample"]);
    let last = Snapshot::new("", "", Output::default(), now - HOUR_MS, 0).fetched_at;
    let expected = json!({
        "at": last, "resolution": "sample", "used": 42.0, "min": 42.0, "max": 42.0, "limit": 100.0,
    });
    assert_eq!(points[3], expected);
    let week = rig.run(&["history", "one", "--json", "--since", "7d"]).exits(0).json();
    assert_eq!(week[0]["points"].as_array().map(Vec::len), Some(3));
}

#[test]
fn csv_follows_its_rfc() {
    let (rig, _) = filled();
    let csv = rig.run(&["history", "--csv", "--since", "2d"]).exits(0).stdout;
    let records: Vec<&str> = csv.split("\r\n").collect();
    let [head, session, extra, ""] = records.as_slice() else { panic!("{csv}") };
    assert_eq!(*head, "plugin,metric,at,resolution,used,min,max,limit");
    assert!(session.starts_with("one,Session,2"), "{csv}");
    assert!(session.ends_with("Z,sample,42,42,42,100"), "{csv}");
    assert!(extra.starts_with("one,\"Extra, \"\"paid\"\"\",2"), "{csv}");
}

#[test]
fn what_is_not_there_is_said_and_exits_with_four() {
    let (rig, _) = filled();
    rig.says("two", "hello");
    let cases: [(&[&str], &str); 5] = [
        (&["history", "onw"], "there is no plugin `onw`; did you mean `one`?"),
        (&["history", "two"], "nothing was measured of `two` in this time"),
        (&["history", "one", "--since", "1s"], "nothing was measured of `one`"),
        (&["history", "--json", "--since", "1s"], "nothing was measured in this time"),
        (&["history", "one", "--metric", "Sesion"], "no quota `Sesion`; did you mean `Session`?"),
    ];
    for (args, words) in cases {
        let ran = rig.run(args).exits(4);
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.contains(words), "{ran}");
    }
    for args in [["history", "--metric", "A"], ["history", "one", "--prune"]] {
        rig.run(&args).exits(2);
    }
    rig.run(&["history", "one", "--since", "soon"]).exits(2);
}

#[test]
fn the_history_of_a_removed_plugin_can_still_be_read() {
    let rig = Rig::new();
    ran(
        &rig,
        "gone",
        now_ms(),
        vec![quota("Q", 1.0, 3.0, Format::Count { suffix: "cups".into() })],
    );
    let shown = rig.run(&["history", "gone"]).exits(0);
    assert!(shown.stdout.contains("now 1 cups · min 1 cups"), "{shown}");
}

#[test]
fn pruning_and_the_doctor_count() {
    let (rig, _) = filled();
    let report = rig.run(&["doctor", "--json"]).exits(0).json();
    let words = report["history"].as_str().expect("a text");
    assert!(words.starts_with("6 samples and 8 hours since 20"), "{words}");
    assert!(words.ends_with(" KiB"), "{words}");
    // A run of long ago comes late, as after a clock that was wrong.
    ran(&rig, "one", 1_000, vec![quota("Session", 1.0, 2.0, Format::Percent)]);
    let pruned = rig.run(&["history", "--prune"]).exits(0);
    assert_eq!(
        pruned.stderr,
        "dropped 1 sample older than 30 days and 1 hour older than a year; \
         kept 6 samples and 8 hours\n"
    );
    assert_eq!(pruned.stdout, "");
    assert_eq!(rig.run(&["history", "--prune", "-q"]).exits(0).stderr, "");
}

#[test]
fn what_plugins_call_their_quotas_does_nothing_to_a_terminal() {
    let rig = Rig::new();
    let label = "\x1b[2J\r\n=1+1,\u{202e}";
    ran(&rig, "odd", now_ms(), vec![quota(label, 1.0, 2.0, Format::Percent)]);
    for format in [&["history"][..], &["history", "--json"], &["history", "--csv"]] {
        let shown = rig.run(format).exits(0);
        assert!(!shown.stdout.contains(['\x1b', '\u{202e}']), "{shown}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let rig = Rig::new();
    // More than a pipe holds, so that somebody must have read it.
    let label = "x".repeat(1000);
    let now = now_ms();
    for minute in 0..200 {
        let line = quota(&label, 1.0, 2.0, Format::Percent);
        ran(&rig, "one", now - minute * 60_000, vec![line]);
    }
    for format in ["--csv", "--json"] {
        let mut command = rig.command(&["history", format]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
    }
}
