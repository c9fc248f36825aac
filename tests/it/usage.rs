//! `vario usage`: tokens by the session logs of Claude Code and Codex.

use serde_json::json;

use crate::rig::{LANGUAGES, Ran, Rig};

/// A message of Claude's, as its log has it.
fn message(id: &str, time: &str, model: &str, output: u32) -> String {
    json!({
        "type": "assistant", "timestamp": time, "sessionId": "s", "version": "1.0.0", "requestId": id,
        "message": { "id": id, "model": model, "usage": {
            "input_tokens": 1000, "output_tokens": output,
            "cache_creation_input_tokens": 200, "cache_read_input_tokens": 3000,
        } },
    })
    .to_string()
        + "\n"
}

fn rig() -> Rig {
    let rig = Rig::new();
    let log = [
        message("a", "2026-01-01T10:00:00.000Z", "claude-sonnet-4-20250514", 500),
        message("a", "2026-01-01T10:00:00.000Z", "claude-sonnet-4-20250514", 500),
        message("x", "2026-01-02T09:00:00.000Z", "broken", 1).replace("requestId", "\""),
        message("b", "2026-01-02T10:00:00.000Z", "claude-of-the-future", 70),
        message("c", "2026-01-02T11:00:00.000Z", "claude-of-the-future", 5)[..200].to_owned(),
    ];
    rig.home.write(".claude/projects/p/one.jsonl", log.concat());
    rig
}

fn usage(rig: &Rig, args: &[&str]) -> Ran {
    let mut command = rig.command(&["usage"]);
    command.args(args).env("COLUMNS", "100");
    rig.finish(command)
}

#[test]
fn days_and_what_could_not_be_counted() {
    let rig = rig();
    insta::assert_snapshot!(usage(&rig, &["claude"]).exits(0));
    let json = usage(&rig, &["claude", "--json", "--since", "2026-01-02"]).exits(0).json();
    assert_eq!(json["daily"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&json["daily"][0]["date"], &json["totals"]["outputTokens"]),
        (&json!("2026-01-02"), &json!(70))
    );
    let sessions = usage(&rig, &["claude", "--session", "--json"]).exits(0).json();
    assert_eq!(sessions["sessions"].as_array().map(Vec::len), Some(1));
    // The last line is counted once it is finished.
    let log = rig.home.path().join(".claude/projects/p/one.jsonl");
    let whole = std::fs::read_to_string(&log).expect("it is there");
    let (whole, _cut) = whole.rsplit_once('\n').expect("it has lines");
    let more = message("c", "2026-01-02T11:00:00.000Z", "claude-of-the-future", 5);
    std::fs::write(&log, format!("{whole}\n{more}")).expect("it is ours");
    let json = usage(&rig, &["claude", "--json"]).exits(0).json();
    assert_eq!(json["totals"]["outputTokens"], json!(575));
}

#[test]
fn each_line_is_explained() {
    let rig = rig();
    insta::assert_snapshot!(usage(&rig, &["claude", "--explain"]).exits(0));
    let ran = usage(&rig, &["claude", "--explain", "--json"]).exits(0);
    let lines: Vec<serde_json::Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let counted: Vec<bool> = lines.iter().map(|line| line["counted"] == true).collect();
    assert_eq!(counted, [true, false, false, true, false]);
    assert_eq!(lines[1]["copyOf"]["line"], 1);
}

/// Contract section 4.10: without Node, and only with the right to it.
#[test]
fn plugins_are_told_what_was_used() {
    let rig = rig();
    for (number, language) in LANGUAGES.iter().enumerate() {
        rig.plugin(
            *language,
            &format!("counts-{number}"),
            "local usage = ctx.host.ccusage.query({ provider = 'claude', since = '20260101' })
            local day = usage.status == 'ok' and usage.data.daily[1]
            return { lines = { ctx.line.text({ label = 'Used', value = day and day.date .. ' ' .. day.totalTokens or usage.status }) } }",
            "const usage = ctx.host.ccusage.query({ provider: 'claude', since: '20260101' });
            const day = usage.status === 'ok' && usage.data.daily[0];
            return { lines: [ctx.line.text({ label: 'Used', value: day ? day.date + ' ' + day.totalTokens : usage.status })] };",
        );
    }
    let said = || {
        // One question at a time (contract section 4.10): a second one is refused.
        let json = rig.run(&["probe", "--json", "--jobs", "1"]).exits(0).json();
        let snapshots = json.as_array().expect("a list").clone();
        snapshots.iter().map(|one| one["lines"][0]["value"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(said(), vec![json!("no_runner"); LANGUAGES.len()]);
    for number in 0..LANGUAGES.len() {
        rig.run(&["grant", &format!("counts-{number}"), "ccusage"]).exits(0);
    }
    assert_eq!(said(), vec![json!("2026-01-02 4270"); LANGUAGES.len()], "the newest day first");
}

#[test]
fn prices_of_the_user() {
    let rig = rig();
    rig.home.write(
        "config/vario/prices.toml",
        "[models.claude-of-the-future]\ninput = 1\noutput = 2\n",
    );
    let ran = usage(&rig, &["claude", "--json", "--since", "20260102"]).exits(0);
    // 1,000 tokens of input at 1 USD a million, 70 of output at 2, 200 cached at a quarter more than
    // input, and 3,000 read again at a tenth of it.
    let cost = ran.json()["totals"]["totalCost"].as_f64().expect("a number");
    assert!((cost - 0.00169).abs() < 1e-9, "{cost}");
    rig.home.write("config/vario/prices.toml", "[models");
    let ran = usage(&rig, &["claude"]).exits(2);
    assert!(ran.stderr.contains("prices.toml"), "{ran}");
}

#[test]
fn names_that_a_user_gives_models() {
    let rig = rig();
    let mut command = rig.command(&["usage", "claude", "--json", "--since", "20260102"]);
    command.env("CCUSAGE_MODEL_ALIASES", "claude-of-the-future=claude-opus-4-5");
    let report = rig.finish(command).exits(0).json();
    assert_eq!(report["daily"][0]["modelsUsed"][0], "claude-opus-4-5");
    assert!(report["totals"]["totalCost"].as_f64().is_some_and(|cost| cost > 0.0), "{report}");
}

#[test]
fn what_is_not_there() {
    let rig = rig();
    let ran = usage(&rig, &["codex"]).exits(4);
    assert!(ran.stderr.contains("codex has left no session logs"), "{ran}");
    assert!(usage(&rig, &["claude", "--since", "20270101"]).exits(0).stderr.contains("no tokens"));
    for args in
        [&["claude", "--since", "soon"][..], &["claude", "--rules", "ccusage-1"], &["gemini"]]
    {
        usage(&rig, args).exits(2);
    }
    let mut command = rig.command(&["usage", "claude"]);
    command.env("CLAUDE_CONFIG_DIR", "/nowhere");
    let ran = rig.finish(command).exits(2);
    assert!(ran.stderr.contains("`CLAUDE_CONFIG_DIR` is `/nowhere`"), "{ran}");
}
