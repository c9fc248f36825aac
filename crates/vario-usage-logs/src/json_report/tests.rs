use serde_json::json;

use crate::testing::{claude, codex, folder, report, scan};
use crate::{Cache, Grouping, RuleSet, Source};

#[test]
fn a_day_of_claude() {
    let text = claude("m", "r", 2);
    let report = report(Source::Claude, &[("projects/p/s1.jsonl", &text)], Grouping::Daily);
    let tokens = json!({
        "inputTokens": 0, "outputTokens": 2, "cacheCreationTokens": 0, "cacheReadTokens": 0,
    });
    let with = |more: serde_json::Value| {
        let mut object = tokens.clone();
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    };
    let breakdown = with(json!({"modelName": "claude-opus-4-5", "cost": 5e-5}));
    let expected = json!({
        "daily": [with(json!({
            "date": "2026-05-01", "totalTokens": 2, "totalCost": 5e-5,
            "modelsUsed": ["claude-opus-4-5"], "modelBreakdowns": [breakdown],
        }))],
        "totals": with(json!({"totalTokens": 2, "totalCost": 5e-5})),
    });
    assert_eq!(report.to_json(), expected);
}

#[test]
fn a_session_of_codex_by_both_rules() {
    let text = codex("2026-05-01T10:00:01.500Z", Some(4), Some(4));
    let folder = folder(&[("sessions/2026/a.jsonl", &text)]);
    let session = |rules| {
        let scan = scan(Source::Codex, folder.path(), rules).by(Grouping::Session);
        scan.run(&Cache::none()).to_json()["sessions"][0].clone()
    };
    let newer = session(RuleSet::Ccusage20);
    assert_eq!(newer["sessionId"], "2026/a");
    assert_eq!(newer["directory"], "2026");
    assert_eq!(newer["sessionFile"], "a");
    assert_eq!(newer["lastActivity"], "2026-05-01T10:00:01.500Z");
    assert_eq!(newer["costUSD"], 4e-5);
    assert_eq!(newer["models"]["gpt-5"]["isFallback"], true);
    assert_eq!(newer["cacheReadTokens"], 0);
    let older = session(RuleSet::Ccusage18);
    assert_eq!((&older["cachedInputTokens"], &older["cacheReadTokens"]), (&json!(0), &json!(null)));
}
