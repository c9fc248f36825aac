use serde_json::json;
use vario_cassette::{Cassette, Order};
use vario_host::{Cancel, HostError};
use vario_value::Value;

use super::rig::{NOW, Rig};
use crate::{RecordOptions, record, replay};

fn cassette(json: serde_json::Value) -> Cassette {
    serde_json::from_value(json).expect("the case is a cassette")
}

const READS: &str = "let t; try { t = ctx.host.fs.readText('~/a') } catch (e) { t = String(e) } \
    const v = ctx.host.env.get('X'); \
    return { plan: ctx.nowIso, lines: [ctx.line.text({ label: String(v), value: t })] }";

#[test]
fn a_replay_answers_from_the_cassette_with_its_clock() {
    let rig = Rig::with_host(|_, _| panic!("a replay touches nothing"));
    rig.js("a", READS);
    let catalog = rig.catalog();
    let tape = cassette(json!({
        "cassette": 1, "plugin": "a", "unixMs": 1_700_000_000_000_i64,
        "calls": [
            { "fn": "fs.readText", "args": ["~/a"], "err": "gone" },
            { "fn": "env.get", "args": ["X"] },
        ],
        "output": {
            "plan": "2023-11-14T22:13:20Z",
            "lines": [{ "type": "text", "label": "undefined", "value": "Error: gone" }],
        },
    }));
    let replayed =
        replay(&rig.context, &catalog.plugins[0], &tape, Order::Strict).expect("it runs");
    assert!(replayed.is_ok(), "{replayed:?}");
    assert!(replayed.unused.is_empty());
    assert!(!rig.context.app.paths.data_dir().exists(), "no directory is made");
}

#[test]
fn a_mismatch_cannot_be_caught() {
    let rig = Rig::new();
    rig.js("a", READS);
    let catalog = rig.catalog();
    let tape = cassette(json!({
        "cassette": 1, "plugin": "a", "unixMs": 0,
        "calls": [{ "fn": "fs.readText", "args": ["~/b"], "ok": "x" }],
    }));
    let replayed =
        replay(&rig.context, &catalog.plugins[0], &tape, Order::Strict).expect("it runs");
    let mismatch = replayed.mismatch.clone().expect("a mismatch");
    assert_eq!(mismatch.call.args, [json!("~/a")]);
    assert_eq!(mismatch.expected.expect("a call").args, [json!("~/b")]);
    assert!(!replayed.is_ok());
    assert_eq!(replayed.unused.len(), 1);
}

#[test]
fn a_recorded_run_replays_without_its_secrets() {
    let secret = "sk-live-0123456789abcdefABCDEF";
    let rig = Rig::with_host(move |call, _| match call.name.as_ref() {
        "fs.readText" => Ok(Value::Str(format!(r#"{{"access_token":"{secret}"}}"#))),
        "http.request" => Ok(Value::from([
            ("status", Value::Int(200)),
            ("headers", Value::from([("x", Value::from("y"))])),
            ("bodyText", Value::from(r#"{"email":"someone@example.com","used":7}"#)),
        ])),
        _ => Err(HostError::failed("no")),
    });
    rig.js(
        "a",
        "const t = JSON.parse(ctx.host.fs.readText('~/auth')).access_token; \
         const r = ctx.util.requestJson({ url: 'https://api.example.com/', \
             headers: { Authorization: 'Bearer ' + t } }); \
         return { plan: r.json.email, lines: [ctx.line.progress({ label: 'u', used: r.json.used, \
             limit: 100, format: { kind: 'percent' } })] }",
    );
    let catalog = rig.catalog();
    let recorded =
        record(&rig.context, &catalog.plugins[0], RecordOptions::default(), &NOW, &Cancel::new())
            .expect("it runs");
    assert_eq!(recorded.snapshot.output.plan.as_deref(), Some("someone@example.com"));
    let tape = recorded.cassette.expect("it replays");
    let text = serde_json::to_string(&tape).expect("JSON");
    assert!(!text.contains(secret) && !text.contains("someone@example.com"), "{text}");
    let replayed =
        replay(&rig.context, &catalog.plugins[0], &tape, Order::Strict).expect("it runs");
    assert!(replayed.is_ok() && replayed.unused.is_empty(), "{replayed:?}");
}

#[test]
fn a_cancelled_recording_ends_at_once_and_leaves_no_cassette() {
    // Live, the run is stopped from inside its first call. A replay of it would loop until
    // the deadline.
    let cancel = Cancel::new();
    let fire = cancel.clone();
    let rig = Rig::with_host(move |_, _| {
        fire.cancel();
        Ok(Value::Bool(true))
    });
    rig.js("a", "ctx.host.fs.exists('x'); for (;;) {}");
    let catalog = rig.catalog();
    let recorded =
        record(&rig.context, &catalog.plugins[0], RecordOptions::default(), &NOW, &cancel)
            .expect("it runs");
    assert_eq!(recorded.snapshot.error.as_deref(), Some("probe was cancelled"));
    assert_eq!(recorded.cassette.expect_err("no cassette"), "the run was cancelled");
}

#[test]
fn a_cassette_may_come_from_a_host_that_offered_more() {
    let rig = Rig::new();
    rig.js("a", "return { plan: ctx.host.keychain.deleteGenericPassword('s'), lines: [1].map(() => ({ type: 'badge' })) }");
    let catalog = rig.catalog();
    let tape = cassette(json!({
        "cassette": 1, "plugin": "a", "unixMs": 0,
        "calls": [{ "fn": "keychain.deleteGenericPassword", "args": ["s"], "ok": "gone" }],
    }));
    let replayed =
        replay(&rig.context, &catalog.plugins[0], &tape, Order::Strict).expect("it runs");
    assert!(replayed.is_ok(), "{replayed:?}");
    assert_eq!(replayed.output["plan"], "gone");
}
