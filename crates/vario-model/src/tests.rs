use serde_json::json;
use vario_output::{Line, Output, TextLine};

use crate::{
    AutoUpdate, COOLDOWN_MS, Card, Cause, Need, NeedReason, PluginState, Refusal, RunEvent,
    RunTrigger, Snapshot, UpdateInterval, auto_due, cooldown_left_ms,
};

const MINUTE: i64 = 60_000;

fn text_line() -> Line {
    Line::Text(TextLine { label: "A".into(), value: "1".into(), ..TextLine::default() })
}

fn snapshot(lines: Vec<Line>) -> Snapshot {
    let output = Output { plan: Some("Pro".into()), lines };
    Snapshot::new("claude", "Claude", output, 1_700_000_000_000, 12)
}

#[test]
fn snapshots_in_json() {
    let cause = Cause { message: "boom".into(), line: Some(3), ..Cause::default() };
    let snapshot = snapshot(vec![text_line(), Line::error("bad")]).with_cause(Some(cause));
    let need = Need { permission: "net:a.example:443".into(), reason: NeedReason::NotGranted };
    let snapshot = snapshot.with_needs(vec![need], vec!["kept".into()]);
    let expected = json!({
        "providerId": "claude",
        "displayName": "Claude",
        "plan": "Pro",
        "lines": [
            {"type": "text", "label": "A", "value": "1", "color": null, "subtitle": null},
            {"type": "badge", "label": "Error", "text": "bad", "color": "#ef4444", "subtitle": null},
        ],
        "fetchedAt": "2023-11-14T22:13:20.000Z",
        "ok": false,
        "error": "bad",
        "cause": {"message": "boom", "file": null, "line": 3, "column": null, "stack": null,
            "stopped": null},
        "durationMs": 12,
        "needs": [{"permission": "net:a.example:443", "reason": "notGranted"}],
        "notices": ["kept"],
    });
    let found = serde_json::to_value(&snapshot).expect("a snapshot is JSON");
    assert_eq!(found.to_string(), expected.to_string(), "keys in this order");
    let back: Snapshot = serde_json::from_value(found).expect("a snapshot is read back");
    assert_eq!(back, snapshot);
    assert_eq!(back.fetched_at_ms(), Some(1_700_000_000_000));
}

#[test]
fn snapshots_without_trouble() {
    let found = serde_json::to_value(snapshot(vec![text_line()])).expect("a snapshot is JSON");
    assert_eq!(
        (&found["ok"], &found["error"], &found["cause"]),
        (&json!(true), &json!(null), &json!(null))
    );
}

#[test]
fn the_snapshot_schema_has_all_keys() {
    let schema = schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Snapshot>()
        .to_value();
    let mut required: Vec<&str> = schema["required"]
        .as_array()
        .expect("required keys")
        .iter()
        .filter_map(|key| key.as_str())
        .collect();
    required.sort_unstable();
    assert_eq!(
        required,
        [
            "cause",
            "displayName",
            "durationMs",
            "error",
            "fetchedAt",
            "lines",
            "needs",
            "notices",
            "ok",
            "plan",
            "providerId"
        ]
    );
}

#[test]
fn events_in_json() {
    let cases = [
        (
            RunEvent::Started { provider_id: "a".into(), trigger: RunTrigger::Manual },
            json!({"event": "started", "providerId": "a", "trigger": "manual"}),
        ),
        (RunEvent::Completed, json!({"event": "completed"})),
    ];
    for (event, expected) in cases {
        assert_eq!(serde_json::to_value(&event).expect("JSON"), expected);
        assert_eq!(serde_json::from_value::<RunEvent>(expected).expect("read back"), event);
    }
    let finished = RunEvent::Finished { snapshot: Box::new(snapshot(vec![text_line()])) };
    let found = serde_json::to_value(&finished).expect("JSON");
    assert_eq!(
        (&found["event"], &found["snapshot"]["providerId"]),
        (&json!("finished"), &json!("claude"))
    );
    assert_eq!(serde_json::from_value::<RunEvent>(found).expect("read back"), finished);
}

/// Contract section 5.3.
#[test]
fn states() {
    let good = snapshot(vec![text_line()]);
    let mut state = PluginState::default();
    assert!(state.enabled);

    state.start();
    state.finish(good.clone(), RunTrigger::Start, 10);
    assert_eq!(
        (state.last_updated_at, state.last_manual_refresh_at),
        (Some(10), None),
        "automatic"
    );

    state.start();
    assert!(state.loading && state.data.is_some(), "data stays while loading");
    state.finish(good.clone(), RunTrigger::Manual, 20);
    assert_eq!(
        (state.last_updated_at, state.last_manual_refresh_at),
        (Some(20), Some(20)),
        "manual"
    );

    state.start();
    state.finish(snapshot(vec![Line::error("no")]), RunTrigger::Manual, 30);
    let kept = PluginState {
        enabled: true,
        data: Some(good.clone()),
        loading: false,
        error: Some("no".into()),
        last_manual_refresh_at: Some(20),
        last_updated_at: Some(20),
    };
    assert_eq!(state, kept, "a failure keeps old data and times");

    state.start();
    assert_eq!(state, PluginState { error: None, loading: true, ..kept.clone() }, "error goes");
    state.finish(snapshot(vec![Line::error(" ")]), RunTrigger::Auto, 40);
    assert_eq!(state.error.as_deref(), Some("Couldn't update data. Try again?"), "blank error");

    state.start();
    state.fail_to_start();
    let not_started = PluginState { error: Some("Failed to start probe".into()), ..kept };
    assert_eq!(state, not_started);

    let mixed = snapshot(vec![text_line(), Line::error("one bad line")]);
    state.start();
    state.finish(mixed.clone(), RunTrigger::Auto, 50);
    assert_eq!((state.error, state.data), (None, Some(mixed)), "error badges among data are data");
}

/// Contract section 5.4: only successful manual refreshes count.
#[test]
fn cooldown() {
    let cases = [
        ("never refreshed", None, 0, 0),
        ("just now", Some(0), 0, COOLDOWN_MS),
        ("a minute ago", Some(0), MINUTE, 4 * MINUTE),
        ("a moment before the end", Some(0), COOLDOWN_MS - 1, 1),
        ("five minutes ago", Some(0), COOLDOWN_MS, 0),
        ("long ago", Some(0), 90 * MINUTE, 0),
        ("the clock was set back", Some(90 * MINUTE), 0, COOLDOWN_MS),
        ("no overflow", Some(i64::MIN), i64::MAX, 0),
        ("no overflow the other way", Some(i64::MAX), i64::MIN, COOLDOWN_MS),
    ];
    for (name, last, now, expected) in cases {
        assert_eq!(cooldown_left_ms(last, now), expected, "{name}");
    }
}

#[test]
fn refusals() {
    let good = || snapshot(vec![text_line()]);
    let bad = || snapshot(vec![Line::error("no")]);
    let after = |snapshot, trigger| {
        let mut state = PluginState::default();
        state.finish(snapshot, trigger, 0);
        state.refusal(MINUTE)
    };
    let cooling = Some(Refusal::CoolingDown { left_ms: 4 * MINUTE });
    assert_eq!(after(good(), RunTrigger::Manual), cooling);
    assert_eq!(after(bad(), RunTrigger::Manual), None, "failures do not count");
    for trigger in [RunTrigger::Auto, RunTrigger::Start, RunTrigger::Enabled] {
        assert_eq!(after(good(), trigger), None, "{trigger:?} does not count");
    }
    let mut state = PluginState::default();
    state.start();
    assert_eq!(state.refusal(0), Some(Refusal::Loading));
    assert!(!state.wants_auto_update(), "it runs already");
    let disabled = PluginState { enabled: false, ..PluginState::default() };
    assert!(!disabled.wants_auto_update() && PluginState::default().wants_auto_update());
}

#[test]
fn due() {
    let cases = [
        ("never ran", None, 0, true),
        ("just ran", Some(0), 0, false),
        ("a moment before", Some(0), 15 * MINUTE - 1, false),
        ("on time", Some(0), 15 * MINUTE, true),
        ("the clock was set back", Some(90 * MINUTE), 0, true),
        ("no overflow", Some(i64::MIN), i64::MAX, true),
    ];
    for (name, last, now, expected) in cases {
        assert_eq!(auto_due(last, 15 * MINUTE, now), expected, "{name}");
    }
}

#[test]
fn the_timer() {
    let mut timer = AutoUpdate::start(UpdateInterval::Five, 0);
    assert_eq!(timer.left_ms(true, 0), Some(5 * MINUTE));
    assert_eq!(timer.left_ms(true, 4 * MINUTE), Some(MINUTE));
    assert_eq!(timer.left_ms(true, 9 * MINUTE), Some(0), "overdue");
    assert_eq!(timer.left_ms(false, 4 * MINUTE), None, "no plugin enabled");
    timer.restart(4 * MINUTE);
    assert_eq!(timer.left_ms(true, 5 * MINUTE), Some(4 * MINUTE), "a manual refresh restarts it");
    assert_eq!(timer.left_ms(true, 0), Some(0), "the clock was set back");
}

#[test]
fn intervals_in_json() {
    assert_eq!(UpdateInterval::default(), UpdateInterval::Fifteen);
    for interval in UpdateInterval::ALL {
        let json = serde_json::to_value(interval).expect("JSON");
        assert_eq!(json, interval.minutes());
        assert_eq!(serde_json::from_value::<UpdateInterval>(json).expect("read back"), interval);
    }
    let error = serde_json::from_value::<UpdateInterval>(json!(7)).expect_err("no such choice");
    assert_eq!(error.to_string(), "an update interval is 5, 15, 30 or 60 minutes, not 7");
}

/// Contract section 7.3, the table.
#[test]
fn cards() {
    // (loading, error, has data, shown)
    let cases = [
        (true, false, false, Card::Skeleton),
        (true, true, false, Card::Error),
        (false, true, false, Card::Error),
        (true, true, true, Card::StaleData),
        (false, true, true, Card::StaleData),
        (true, false, true, Card::Data),
        (false, false, true, Card::Data),
        (false, false, false, Card::Empty),
    ];
    for (loading, error, has_data, expected) in cases {
        let state =
            PluginState { loading, error: error.then(|| "e".to_owned()), ..PluginState::default() };
        assert_eq!(state.card(has_data), expected, "{loading} {error} {has_data}, by lines");
        let updated = PluginState { last_updated_at: has_data.then_some(5), ..state };
        assert_eq!(updated.card(false), expected, "{loading} {error} {has_data}, by time");
    }
}
