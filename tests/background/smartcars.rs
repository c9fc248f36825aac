//! Rows of the smartCARS reference.

use serde_json::json;

use crate::rig::Rig;

const MANIFEST: &str = r#"{ "id": "com.example.one", "name": "One", "version": "1.0.0", "type": "user", "description": "" }"#;

#[test]
fn sc_10_get_and_post_reach_their_handlers() {
    let rig = Rig::new();
    rig.plugin("one", &[("plugin.json", MANIFEST), ("background/index.js", "
        module.exports = {
            onStart: async (identity) => { console.log('hello', identity.va_user.pilotID); },
            routes: {
                get: { 'some-thing': { handler: (req, res) => res.json({ query: req.query, params: req.params, method: req.method }) } },
                post: { echo: { handler: (req, res) => { res.status(201).json({ body: req.body }); } } },
            },
        };
    ")]);
    rig.sign_in(1);
    rig.rescan();
    rig.until_active("com.example.one");
    let answer = rig.get("/api/com.example.one/some-thing?a=1&b=2&b=3");
    assert_eq!(answer.status(), 200, "{}", answer.text());
    assert_eq!(
        answer.json(),
        json!({ "query": { "a": "1", "b": ["2", "3"] }, "params": { "pluginId": "com.example.one", "handlerName": "some-thing" }, "method": "GET" })
    );
    let answer = rig.post("/api/com.example.one/echo", &json!({ "x": [1, null] }));
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.json(), json!({ "body": { "x": [1, null] } }));
    rig.until_logged("com.example.one", "hello VA7");
}
