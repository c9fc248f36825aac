//! What the releases themselves printed for generated logs, against what this crate counts.
//!
//! `golden/` holds the output of `ccusage@20.0.24`, `ccusage@18.0.11` and `@ccusage/codex@18.0.11`
//! with `--json --offline --timezone America/New_York` for the small profile of the generator, seed 7.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../examples/usage_generate/corpus.rs"]
#[expect(dead_code, reason = "the generator has more profiles than this test needs")]
mod corpus;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use serde_json::Value;
use vario_usage_logs::{Cache, Environment, Grouping, RuleSet, Scan, Source, parse_timezone};

/// Rows by name: days in one form, sessions with their project.
fn rows(report: &Value) -> BTreeMap<String, Value> {
    let rows = report["daily"].as_array().or_else(|| report["sessions"].as_array());
    let name = |row: &Value| match row["date"].as_str() {
        Some(day) => match Date::strptime("%b %d, %Y", day) {
            Ok(day) => day.to_string(),
            Err(_) => day.to_owned(),
        },
        None => format!("{} {}", row["projectPath"], row["sessionId"]),
    };
    rows.expect("there are rows").iter().map(|row| (name(row), row.clone())).collect()
}

/// Whether every number of `theirs` is the same in `ours`, costs to a millionth of a cent.
fn same(theirs: &Value, ours: &Value, place: &str) {
    match theirs {
        Value::Object(fields) => {
            for (name, value) in fields {
                // Texts are not numbers: how a day, a time or a list of names is printed is ours.
                let text = ["date", "lastActivity", "firstActivity", "modelsUsed", "versions"];
                if !text.contains(&name.as_str()) {
                    same(value, &ours[name], &format!("{place}/{name}"));
                }
            }
        }
        Value::Array(items) => {
            let by_name = |items: &[Value]| -> BTreeMap<String, Value> {
                items.iter().map(|item| (item["modelName"].to_string(), item.clone())).collect()
            };
            let (theirs, ours) = (by_name(items), by_name(ours.as_array().expect(place)));
            assert_eq!(theirs.len(), ours.len(), "{place}");
            for (name, item) in theirs {
                same(&item, &ours[&name], &format!("{place}/{name}"));
            }
        }
        Value::Number(number) => {
            let (theirs, ours) = (number.as_f64(), ours.as_f64());
            let apart = theirs.zip(ours).map(|(theirs, ours)| (theirs - ours).abs());
            assert!(apart.is_some_and(|apart| apart < 1e-8), "{place}: {theirs:?} is {ours:?}");
        }
        other => assert_eq!(other, ours, "{place}"),
    }
}

#[track_caller]
fn check(source: Source, grouping: Grouping, rules: RuleSet, release: &str) {
    let folder = tempfile::tempdir().unwrap();
    let profile = corpus::Profile::small(7);
    let written = match source {
        Source::Claude => corpus::claude(folder.path(), profile),
        Source::Codex => corpus::codex(folder.path(), profile),
    };
    assert_eq!(written.unwrap().files, 40);
    let kind = match grouping {
        Grouping::Daily => "daily",
        Grouping::Session => "session",
    };
    let golden = format!("tests/golden/{}-{kind}-{release}.json", source.name());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(golden);
    let theirs: Value = serde_json::from_str(&std::fs::read_to_string(golden).unwrap()).unwrap();

    let environment = Environment {
        claude_config_dir: Some(folder.path().display().to_string()),
        codex_home: Some(folder.path().display().to_string()),
        ..Environment::default()
    };
    let folders = environment.folders(source, rules).unwrap();
    let scan = Scan::new(source, folders)
        .rules(rules)
        .by(grouping)
        .timezone(parse_timezone("America/New_York").unwrap());
    let ours = scan.run(&Cache::none()).to_json();

    let (their_rows, our_rows) = (rows(&theirs), rows(&ours));
    assert_eq!(their_rows.keys().collect::<Vec<_>>(), our_rows.keys().collect::<Vec<_>>());
    for (name, row) in &their_rows {
        same(row, &our_rows[name], name);
    }
    same(&theirs["totals"], &ours["totals"], "totals");
}

#[test]
fn days_of_claude_are_those_of_ccusage_20() {
    check(Source::Claude, Grouping::Daily, RuleSet::Ccusage20, "20.0.24");
}

#[test]
fn sessions_of_claude_are_those_of_ccusage_20() {
    check(Source::Claude, Grouping::Session, RuleSet::Ccusage20, "20.0.24");
}

#[test]
fn days_of_claude_are_those_of_ccusage_18() {
    check(Source::Claude, Grouping::Daily, RuleSet::Ccusage18, "18.0.11");
}

#[test]
fn sessions_of_claude_are_those_of_ccusage_18() {
    check(Source::Claude, Grouping::Session, RuleSet::Ccusage18, "18.0.11");
}

#[test]
fn days_of_codex_are_those_of_ccusage_20() {
    check(Source::Codex, Grouping::Daily, RuleSet::Ccusage20, "20.0.24");
}

#[test]
fn sessions_of_codex_are_those_of_ccusage_20() {
    check(Source::Codex, Grouping::Session, RuleSet::Ccusage20, "20.0.24");
}

#[test]
fn days_of_codex_are_those_of_ccusage_18() {
    check(Source::Codex, Grouping::Daily, RuleSet::Ccusage18, "18.0.11");
}

#[test]
fn sessions_of_codex_are_those_of_ccusage_18() {
    check(Source::Codex, Grouping::Session, RuleSet::Ccusage18, "18.0.11");
}
