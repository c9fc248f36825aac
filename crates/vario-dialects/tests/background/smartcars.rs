use vario_dialects::BackgroundEnd;
use vario_sandbox::LogLevel;
use vario_value::Value;

use crate::rig::{Setup, get, json, post};

#[test]
fn sc_05_object_export_starts_answers_and_stops() {
    let mut rig = Setup::smartcars(
        r#"
        let identity;
        module.exports = {
            onStart: async (given) => { identity = given; console.log("started", given.storagePath); },
            onEnd: async () => { await new Promise((done) => setTimeout(done, 50)); console.log("ended"); },
            routes: { get: { "who-am.i_1": { handler: (req, res) => res.json({ id: identity.va_user.pilotID, q: req.query.a }) } } },
        };
        "#,
    )
    .load();
    assert_eq!(rig.fatal(), None);
    assert!(rig.loaded().is_some());
    rig.start_with(json(r#"{"account":{"va_user":{"pilotID":"VA1"}},"storagePath":"/data/demo"}"#));
    assert!(rig.has_logged(LogLevel::Info, "started /data/demo"));
    assert_eq!(rig.http(get("who-am.i_1", "a=1")), (200, r#"{"id":"VA1","q":"1"}"#.to_owned()));
    let stop = rig.begin("stop", json(r#"{"reason":"shutdown"}"#));
    assert_eq!(rig.answer_to(stop), None, "onEnd is awaited");
    rig.advance(60);
    assert_eq!(rig.answer_to(stop), Some(Ok(Value::Absent)));
    assert_eq!(rig.close(), BackgroundEnd::Closed);
}

#[test]
fn sc_15_post_without_body_gives_an_empty_object() {
    let mut rig = Setup::smartcars(
        "exports.routes = { post: { x: { handler: (req, res) => { const { a } = req.body; res.send({ a: a === undefined, body: req.body }); } } } };",
    )
    .load();
    rig.start();
    assert_eq!(rig.http(post("x", None, "")), (200, r#"{"a":true,"body":{}}"#.to_owned()));
}
