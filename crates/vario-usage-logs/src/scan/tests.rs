use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use proptest::prelude::*;

use super::{is_configured_fast, parse_day, parse_timezone};
use crate::testing::{claude, claude_at, codex, folder, scan, write};
use crate::{Cache, Error, Grouping, Problem, Reason, Report, RuleSet, Scan, Source};

const FILE: &str = "projects/p/s1.jsonl";

fn claude_scan(folder: &Path) -> Scan<'static> {
    scan(Source::Claude, folder, RuleSet::Ccusage20)
}

fn append(folder: &Path, name: &str, text: &str) {
    let mut file = OpenOptions::new().append(true).open(folder.join(name)).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn a_line_that_is_being_written_counts_when_it_is_done() {
    let folder = folder(&[(FILE, &claude("m1", "r", 1))]);
    let cache = Cache::new(folder.path().join("cache"));
    let scan = claude_scan(folder.path());
    let line = claude("m2", "r", 2);
    let (half, rest) = line.split_at(line.len() - 9);
    append(folder.path(), FILE, half);
    let report = scan.run(&cache);
    assert_eq!(report.tokens.output, 1);
    assert!(matches!(&report.problems[..], [Problem { unfinished: true, malformed: 0, .. }]));
    append(folder.path(), FILE, rest);
    let report = scan.run(&cache);
    assert_eq!((report.tokens.output, report.problems), (3, Vec::new()));
}

#[test]
fn a_whole_last_line_without_an_end_counts_at_once_and_not_twice() {
    let folder = folder(&[(FILE, claude("m1", "r", 1).trim_end())]);
    let cache = Cache::new(folder.path().join("cache"));
    let scan = claude_scan(folder.path());
    assert_eq!(scan.run(&cache).tokens.output, 1);
    append(folder.path(), FILE, &format!("\n{}", claude("", "", 2)));
    assert_eq!(scan.run(&cache).tokens.output, 3);
}

#[test]
fn damaged_lines_are_named_and_the_others_count() {
    let bad = claude("m2", "r", 2);
    let text = [claude("m1", "r", 1), bad[..bad.len() - 5].to_owned() + "\n", claude("m3", "r", 3)];
    let folder = folder(&[(FILE, &text.concat())]);
    let report = claude_scan(folder.path()).run(&Cache::none());
    assert_eq!((report.tokens.output, report.problems[0].malformed), (4, 1));
    let (explained, lines) = claude_scan(folder.path()).explain();
    assert_eq!(explained, report);
    let reasons: Vec<_> = lines.iter().map(|line| (line.line, line.dropped)).collect();
    assert_eq!(reasons, [(1, None), (2, Some(Reason::Malformed)), (3, None)]);
}

#[test]
fn a_huge_line_is_named_and_the_others_count() {
    let folder = folder(&[(FILE, &claude("m1", "r", 1))]);
    append(folder.path(), FILE, &format!("{{\"x\":\"{}\"}}\n", "x".repeat(17 << 20)));
    append(folder.path(), FILE, &claude("m2", "r", 2));
    let report = claude_scan(folder.path()).run(&Cache::none());
    assert_eq!((report.tokens.output, report.problems[0].too_long), (3, 1));
    let (_, lines) = claude_scan(folder.path()).explain();
    assert_eq!((lines[1].line, lines[1].dropped), (2, Some(Reason::TooLong)));
    assert_eq!((lines[2].line, lines[2].dropped), (3, None));
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named_and_the_others_count() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&[(FILE, &claude("m1", "r", 1)), ("projects/p/b.jsonl", "")]);
    let path = folder.path().join("projects/p/b.jsonl");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        // Root reads everything.
        return;
    }
    let report = claude_scan(folder.path()).run(&Cache::none());
    assert_eq!(report.tokens.output, 1);
    assert_eq!(report.problems[0].path, path);
    assert!(report.problems[0].unreadable.is_some());
}

#[test]
fn explaining_names_the_line_that_counts_for_a_copy() {
    let text = [claude("m", "r", 1), claude("m", "r", 2)].concat();
    let folder = folder(&[(FILE, &text)]);
    let (_, lines) = claude_scan(folder.path()).explain();
    assert_eq!(lines[0].dropped, Some(Reason::Copy));
    assert_eq!(lines[0].copy_of, Some((folder.path().join(FILE), 2)));
    let message = lines[1].message.as_ref().unwrap();
    assert_eq!((message.cost, message.price.unwrap().output), (5e-5, 25e-6));
}

#[test]
fn days_are_those_of_the_time_zone_and_can_be_bounded() {
    let at = |time, message| claude_at(time, "s1", message, "r", 1, "");
    let text = [at("2026-05-01T03:00:00Z", "a"), at("2026-05-01T05:00:00Z", "b")].concat();
    let folder = folder(&[(FILE, &text)]);
    let scan = claude_scan(folder.path()).timezone(parse_timezone("America/New_York").unwrap());
    let days = |scan: &Scan<'_>| -> Vec<String> {
        scan.run(&Cache::none()).rows.into_iter().map(|row| row.name).collect()
    };
    assert_eq!(days(&scan), ["2026-04-30", "2026-05-01"]);
    assert_eq!(days(&scan.clone().since(Some(parse_day("20260501").unwrap()))), ["2026-05-01"]);
    assert_eq!(days(&scan.until(Some(parse_day("2026-04-30").unwrap()))), ["2026-04-30"]);
}

#[test]
fn days_and_time_zones_that_are_none() {
    for text in ["", "2026", "20261301", "2026-01-32", "today", "20260101x"] {
        assert!(matches!(parse_day(text), Err(Error::BadDay { .. })), "{text}");
    }
    assert!(matches!(parse_timezone("Mars/Olympus"), Err(Error::UnknownTimeZone { .. })));
}

#[test]
fn nothing_is_an_answer_too() {
    let report = Scan::new(Source::Codex, Vec::new()).run(&Cache::none());
    assert_eq!((report.rows.len(), report.files, report.cost), (0, 0, 0.0));
}

/// Something that happens to one of a few log files.
#[derive(Clone, Debug)]
enum Change {
    Append(usize, String),
    Truncate(usize, usize),
    Delete(usize),
    Replace(usize, String),
}

fn text(source: Source) -> impl Strategy<Value = String> {
    let requests = prop::sample::select(vec!["r1", "r2", ""]);
    let line =
        (0..4_u64, requests, 1..9_u64).prop_map(move |(one, request, tokens)| match source {
            Source::Claude => claude(&format!("m{one}"), request, tokens),
            Source::Codex => codex(
                &format!("2026-05-01T10:00:0{one}.000Z"),
                (!request.is_empty()).then_some(tokens),
                Some(tokens * one),
            ),
        });
    let odd = prop::sample::select(vec![
        "{\"a",
        "\n",
        "{}\n",
        "x\n",
        "{\"usage\":{\"output_tokens\":3}}\n",
    ]);
    let piece = prop_oneof![6 => line, 1 => odd.prop_map(str::to_owned)];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| {
        let mut text = pieces.concat();
        // Now and then a line is cut and goes on with the next change.
        if text.len() % 3 == 0 {
            text.truncate(text.len() * 2 / 3);
        }
        text
    })
}

fn changes(source: Source) -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        4 => (0..3_usize, text(source)).prop_map(|(file, text)| Change::Append(file, text)),
        1 => (0..3_usize, 0..400_usize).prop_map(|(file, size)| Change::Truncate(file, size)),
        1 => (0..3_usize).prop_map(Change::Delete),
        1 => (0..3_usize, text(source)).prop_map(|(file, text)| Change::Replace(file, text)),
    ];
    prop::collection::vec(change, 1..8)
}

fn apply(folder: &Path, source: Source, change: &Change) {
    let name = |file: &usize| match source {
        Source::Claude => format!("projects/p/s{file}.jsonl"),
        Source::Codex => format!("sessions/s{file}.jsonl"),
    };
    match change {
        Change::Append(file, text) => {
            let mut bytes = fs::read(folder.join(name(file))).unwrap_or_default();
            if bytes.is_empty() {
                write(folder, &name(file), b"");
            }
            append(folder, &name(file), text);
            bytes.extend_from_slice(text.as_bytes());
        }
        Change::Truncate(file, size) => {
            if let Ok(file) = OpenOptions::new().write(true).open(folder.join(name(file))) {
                let size = (*size as u64).min(file.metadata().unwrap().len());
                file.set_len(size).unwrap();
            }
        }
        Change::Delete(file) => drop(fs::remove_file(folder.join(name(file)))),
        Change::Replace(file, text) => write(folder, &name(file), text.as_bytes()),
    }
}

fn incremental(source: Source, rules: RuleSet, by: Grouping, changes: &[Change]) {
    let home = folder(&[("projects/x", ""), ("sessions/x", "")]);
    let cache = Cache::new(home.path().join("cache"));
    let scan = || scan(source, home.path(), rules).by(by);
    for change in changes {
        apply(home.path(), source, change);
        let warm = Report { unchanged: false, ..scan().run(&cache) };
        assert_eq!(warm, scan().run(&Cache::none()), "{change:?}");
        assert_eq!(warm, scan().threads(3).run(&Cache::none()));
        assert_eq!(warm, scan().explain().0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn going_on_with_claude_is_as_starting_anew(
        changes in changes(Source::Claude),
        rules in prop::sample::select(RuleSet::ALL.to_vec()),
        by in prop::sample::select(vec![Grouping::Daily, Grouping::Session]),
    ) {
        incremental(Source::Claude, rules, by, &changes);
    }

    #[test]
    fn going_on_with_codex_is_as_starting_anew(
        changes in changes(Source::Codex),
        rules in prop::sample::select(RuleSet::ALL.to_vec()),
        by in prop::sample::select(vec![Grouping::Daily, Grouping::Session]),
    ) {
        incremental(Source::Codex, rules, by, &changes);
    }
}

#[test]
fn a_scan_that_nobody_wants_ends_and_keeps_nothing() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("sessions")).unwrap();
    std::fs::write(home.path().join("sessions/a.jsonl"), "{}\n").unwrap();
    let cache = tempfile::tempdir().unwrap();
    let scan = Scan::new(Source::Codex, vec![home.path().into()]);
    let stopped = scan.clone().stop_when(&|| true);
    assert_eq!(stopped.run_unless_stopped(&Cache::new(cache.path())), None);
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
    assert_eq!(scan.run(&Cache::none()).files, 1);
}

/// A device never ends, and a pipe waits for a writer.
#[cfg(unix)]
#[test]
fn settings_that_are_no_file_are_none() {
    let home = tempfile::tempdir().unwrap();
    assert!(!is_configured_fast(home.path()));
    std::os::unix::fs::symlink("/dev/zero", home.path().join("config.toml")).unwrap();
    assert!(!is_configured_fast(home.path()));
    std::fs::remove_file(home.path().join("config.toml")).unwrap();
    std::fs::write(home.path().join("config.toml"), "service_tier = 'fast'").unwrap();
    assert!(is_configured_fast(home.path()));
}
