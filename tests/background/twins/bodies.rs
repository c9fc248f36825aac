//! Bodies that come in and go out again: the pair only echoes them.

use serde_json::{Value as Json, json};

use super::{TYPESCRIPT, answer};
use crate::rig::request;

const JSON: &str = "application/json";

/// JSON that is to come back as it was.
const KEPT: [&str; 6] = [
    r#"{"list":[],"none":{},"null":null,"no":false}"#,
    r#"{"text":"é\u0000\n","numbers":[0,1,1.5,-0.25,1e21,9007199254740991]}"#,
    "[[null,1,null],[],[[{}]]]",
    "[]",
    "{}",
    "null",
];

#[test]
fn smartcars_plugins_take_json_alike() {
    let outcome = TYPESCRIPT.both(|rig, id| {
        let target = format!("/api/{id}/something");
        let headers = [("content-type", JSON)];
        let send =
            |body: &&str| answer(&rig.ask(&request("POST", &target, &headers, body.as_bytes())));
        KEPT.iter().map(send).collect()
    });
    let kept = KEPT.map(|body| serde_json::from_str::<Json>(body).unwrap());
    assert_eq!(outcome, kept.map(|data| data_of(&data)).into_iter().collect::<Json>());
}

#[test]
fn smartcars_plugins_take_other_bodies_alike() {
    let steps = [
        ("application/vnd.demo+json; charset=utf-8", r#"{"a":1}"#, json!({ "a": 1 })),
        (
            "application/x-www-form-urlencoded",
            "a=1&b=2&b=3&c=%C3%A9+x&d",
            json!({ "a": "1", "b": ["2", "3"], "c": "é x", "d": "" }),
        ),
        ("text/plain; charset=utf-8", "grüße", json!("grüße")),
        (JSON, "", json!({})),
    ];
    let outcome = TYPESCRIPT.both(|rig, id| {
        let target = format!("/api/{id}/something");
        let send = |(kind, body, _): &(&str, &str, Json)| {
            let headers = [("content-type", *kind)];
            answer(&rig.ask(&request("POST", &target, &headers, body.as_bytes())))
        };
        steps.iter().map(send).collect()
    });
    assert_eq!(outcome, steps.iter().map(|(_, _, data)| data_of(data)).collect::<Json>());
}

#[test]
fn smartcars_plugins_know_their_methods_alike() {
    let steps = [
        ("GET", "something", "", 200),
        ("HEAD", "something", "", 200),
        ("POST", "something", r#"{"a":"#, 400),
        ("PUT", "something", "{}", 404),
        ("GET", "Something", "", 404),
    ];
    let outcome = TYPESCRIPT.both(|rig, id| {
        let headers = [("content-type", JSON)];
        let send = |(method, name, body, _): &(&str, &str, &str, u16)| {
            let target = format!("/api/{id}/{name}");
            rig.ask(&request(method, &target, &headers, body.as_bytes())).status()
        };
        steps.iter().map(send).collect()
    });
    assert_eq!(outcome, steps.iter().map(|(_, _, _, status)| *status).collect::<Json>());
}

/// What the pair makes of a body.
fn data_of(data: &Json) -> Json {
    json!([200, "application/json; charset=utf-8", { "data": data }])
}
