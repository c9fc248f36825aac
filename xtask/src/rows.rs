//! `cargo xtask rows [--check]`: which test proves which row of the contracts that background
//! plugins rely on.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::{check_flag, process, setup};

const ROWS: &str = "fixtures/background/rows.txt";
const TABLE: &str = "fixtures/background/ROWS.md";

/// Where the test runner says what became of each test.
const REPORT: &str = "target/nextest/default/junit.xml";

/// Runs the tests of all rows and writes the committed table; with `--check` fails if a row has no
/// test, a test fails, or the table is not the committed one.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let check = check_flag("rows", args)?;
    if !setup::has_nextest(root) {
        bail!("cargo-nextest is not installed; run `cargo xtask setup`");
    }
    let mut command = process::cargo(root, &["nextest", "run", "--locked", "--workspace"]);
    command.args(["--no-fail-fast", "-E", "test(/(^|::)(sc|st|ms)_[0-9][0-9]_/)"]);
    command.env("CARGO_TARGET_DIR", root.join("target"));
    let ran = process::run(command);
    finish(root, check)?;
    ran
}

/// As [`run`] with `--check`, on what the last run of all tests left behind.
pub(crate) fn check_last(root: &Path) -> Result<()> {
    finish(root, true)
}

fn finish(root: &Path, check: bool) -> Result<()> {
    let rows = std::fs::read_to_string(root.join(ROWS)).context(ROWS)?;
    let report = std::fs::read_to_string(root.join(REPORT)).context(REPORT)?;
    let (table, missing) = table(&rows, &outcomes(&report));
    let file = root.join(TABLE);
    if check {
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        if committed != table {
            bail!("{TABLE} is not current; run `cargo xtask rows` and look at the difference");
        }
    } else {
        std::fs::write(&file, &table).with_context(|| TABLE.to_owned())?;
    }
    if !missing.is_empty() {
        bail!("no passing test for {}", missing.join(", "));
    }
    println!("every row of {ROWS} has its tests");
    Ok(())
}

/// Every test of a row with whether it passed, by the row's id as it begins names.
fn outcomes(report: &str) -> BTreeMap<String, BTreeMap<String, bool>> {
    let mut found: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    for case in report.split("<testcase ").skip(1) {
        let case = case.split("</testcase>").next().unwrap_or(case);
        let head = case.split('>').next().unwrap_or(case);
        let (Some(name), Some(of)) = (attribute(head, "name"), attribute(head, "classname")) else {
            continue;
        };
        let short = name.rsplit("::").next().unwrap_or(name);
        let Some((kind, rest)) = short.split_once('_') else { continue };
        let Some((number, _)) = rest.split_once('_') else { continue };
        let is_row = ["sc", "st", "ms"].contains(&kind)
            && number.len() == 2
            && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_row {
            // What passed at a second attempt has passed; what failed at the last has not.
            let passed = !case.contains("<failure") && !case.contains("<error");
            let row = format!("{kind}_{number}");
            found.entry(row).or_default().insert(format!("{of}::{name}"), passed);
        }
    }
    found
}

fn attribute<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let start = head
        .find(&format!(" {name}=\""))
        .or_else(|| head.starts_with(&format!("{name}=\"")).then_some(0))?;
    head[start..].split('"').nth(1)
}

/// The table, and the rows that nothing proves.
fn table(rows: &str, outcomes: &BTreeMap<String, BTreeMap<String, bool>>) -> (String, Vec<String>) {
    let mut text = String::from(
        "# What background plugins rely on, and what proves it\n\n\
         Written by `cargo xtask rows` from `rows.txt` and the outcomes of the tests.\n\n\
         | row | what | tests | result |\n|---|---|---|---|\n",
    );
    let mut missing = Vec::new();
    for line in rows.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let (row, what) = line.split_once(' ').unwrap_or((line, ""));
        let (what, reason) =
            what.split_once(" ! ").map_or((what, None), |(what, why)| (what, Some(why)));
        let key = row.to_lowercase().replace('-', "_");
        let tests = outcomes.get(&key);
        let names: Vec<String> = tests
            .into_iter()
            .flatten()
            .map(|(name, _)| format!("`{}`", name.rsplit("::").next().unwrap_or(name)))
            .collect();
        let result = match (tests, reason) {
            (Some(tests), _) if tests.values().all(|passed| *passed) => "passes".to_owned(),
            (Some(_), _) => {
                missing.push(row.to_owned());
                "FAILS".to_owned()
            }
            (None, Some(reason)) => format!("not testable: {reason}"),
            (None, None) => {
                missing.push(row.to_owned());
                "NO TEST".to_owned()
            }
        };
        let _a_string_takes_everything =
            writeln!(text, "| {row} | {what} | {} | {result} |", names.join("<br>"));
    }
    (text, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"<testsuites><testsuite name="a"><testcase name="m::sc_01_reads" classname="a">
        </testcase><testcase name="sc_02_fails" classname="b"><failure type="x">no</failure></testcase>
        <testcase name="other" classname="b"/></testsuite></testsuites>"#;

    #[test]
    fn a_row_without_a_passing_test_is_named() {
        let outcomes = outcomes(REPORT);
        let rows = "# head\nSC-01 one\nSC-02 two\nSC-03 three\nSC-04 four ! no service\n";
        let (text, missing) = table(rows, &outcomes);
        assert_eq!(missing, ["SC-02", "SC-03"]);
        assert!(text.contains("| SC-01 | one | `sc_01_reads` | passes |"), "{text}");
        assert!(text.contains("| SC-04 | four |  | not testable: no service |"), "{text}");
    }
}
