//! Workers that behave as if a plugin had taken their engine over. The worst that comes of it is
//! one error line.

use serde_json::{Value as Json, json};

use crate::rig::{LANGUAGES, Rig};

const ROGUE: &str = env!("CARGO_BIN_EXE_rogue");

/// What a card shows when a process is gone or makes no sense.
const DIED: &str = "the plugin's process ended unexpectedly";
const TIMED_OUT: &str = "probe timed out after 1s";

/// Longer than any of these takes that ends by itself, however busy the machine is.
const LONG: &str = "60s";

/// Runs rogues side by side and compares what each one's card says.
fn expect(timeout: &str, cases: &[(&str, &str)]) {
    let rig = Rig::new();
    for (attack, _) in cases {
        let text = format!("attack:{attack} ");
        rig.plugin(LANGUAGES[0], attack, &format!("-- {text}"), &format!("// {text}"));
    }
    let args = ["probe", "--json", "--timeout", timeout, "--worker", ROGUE];
    let ran = rig.run(&args);
    let snapshots = ran.json();
    let of = |attack: &str| {
        let snapshots = snapshots.as_array().expect("a list");
        let snapshot = snapshots.iter().find(|snapshot| snapshot["providerId"] == attack);
        let snapshot = snapshot.unwrap_or_else(|| panic!("no result of {attack}: {ran}"));
        let line = &snapshot["lines"][0];
        if line["type"] == "badge" { line["text"].clone() } else { line["value"].clone() }
    };
    let found: Vec<(&str, Json)> = cases.iter().map(|(attack, _)| (*attack, of(attack))).collect();
    let expected: Vec<(&str, Json)> =
        cases.iter().map(|(attack, text)| (*attack, json!(text))).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_worker_has_no_rights() {
    let cases = [
        ("files", "nothing"),
        ("processes", "nothing"),
        ("environment", "nothing"),
        ("memory", "nothing"),
        // What no engine ever does is the end of the process.
        ("sockets", DIED),
        ("signals", DIED),
    ];
    expect(LONG, &cases);
}

#[test]
fn what_a_worker_says_is_not_believed() {
    let cases = [
        ("garbage", DIED),
        ("giant", DIED),
        ("flood", DIED),
        ("odd-end", DIED),
        ("wide-end", DIED),
        ("exit", DIED),
        ("abort", DIED),
        ("unknown-calls", "asked"),
    ];
    expect(LONG, &cases);
}

#[test]
fn a_worker_that_does_not_end_is_ended() {
    expect("1s", &[("half", TIMED_OUT), ("silence", TIMED_OUT), ("spin", TIMED_OUT)]);
}

#[test]
fn a_worker_that_is_not_there_is_an_error() {
    let rig = Rig::new();
    rig.says("one", "hello");
    let ran = rig.run(&["probe", "--json", "--worker", "/nowhere/worker"]).exits(1);
    let error = ran.json()[0]["error"].as_str().expect("an error").to_owned();
    assert!(error.contains("/nowhere/worker"), "never a run without isolation: {ran}");
}
