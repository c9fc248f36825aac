//! Notes in a database, and who is told of them.

use serde_json::{Value as Json, json};

use super::{NOTES, answer};
use crate::rig::{Answered, LONG, Rig, request};

fn notes(rig: &Rig, id: &str, query: &str) -> Json {
    answer(&rig.get(&format!("/api/{id}/notes{query}")))
}

fn add(rig: &Rig, id: &str, list: &Json) -> Answered {
    rig.post(&format!("/api/{id}/notes"), list)
}

fn delete(rig: &Rig, id: &str, note: u32) -> u16 {
    rig.ask(&request("DELETE", &format!("/api/{id}/notes?id={note}"), &[], b"")).status()
}

fn count(rig: &Rig, id: &str) -> Json {
    rig.request(id, "count", &json!(null)).unwrap()
}

fn set(rig: &Rig, id: &str, values: &Json) {
    let values = values.as_object().unwrap().clone();
    rig.user.settings.lock().unwrap().insert(id.to_owned(), values);
    rig.supervisor.settings_changed(id);
}

fn in_json(status: u16, body: &Json) -> Json {
    json!([status, "application/json; charset=utf-8", body])
}

#[test]
fn our_own_plugins_answer_from_a_database_alike() {
    let hello = json!({ "id": 1, "text": "grüße", "tag": "a" });
    let bye = json!({ "id": 2, "text": "bye", "tag": null });
    let outcome = NOTES.both(|rig, id| {
        let list = json!([{ "text": "grüße", "tag": "a" }, { "text": "bye" }]);
        json!([
            notes(rig, id, ""),
            answer(&add(rig, id, &json!([]))),
            answer(&add(rig, id, &list)),
            // One too long takes those before it away again.
            answer(&add(rig, id, &json!([{ "text": "gone" }, { "text": "ü".repeat(21) }]))),
            notes(rig, id, ""),
            notes(rig, id, "?tag=a"),
            notes(rig, id, "?tag=b"),
            rig.ipc(id, "find", &[json!("a")]).unwrap(),
            rig.ipc(id, "find", &[json!("b")]).unwrap(),
            delete(rig, id, 1),
            delete(rig, id, 1),
            notes(rig, id, ""),
        ])
    });
    let expected = json!([
        in_json(200, &json!([])),
        in_json(201, &json!([])),
        in_json(201, &json!([1, 2])),
        in_json(413, &json!({ "error": "a note has at most 20 characters" })),
        in_json(200, &json!([hello, bye])),
        in_json(200, &json!([hello])),
        in_json(200, &json!([])),
        [hello],
        [],
        204,
        404,
        in_json(200, &json!([bye])),
    ]);
    assert_eq!(outcome, expected);
}

#[test]
fn our_own_plugins_hear_and_tell_alike() {
    let outcome = NOTES.both(|rig, id| {
        // As long as a note may be, in characters.
        rig.supervisor.publish("notes:add", json!({ "text": "ü".repeat(20) }));
        let told = rig.until_event("notes:added");
        json!([told, count(rig, id), rig.request(id, "missing", &json!(null)).is_err()])
    });
    assert_eq!(outcome, json!([{ "ids": [1], "count": 1 }, 1, true]));
}

#[test]
fn our_own_plugins_obey_settings_and_remember_alike() {
    let settings = json!({ "longest": 3, "everyMs": 20 });
    let outcome = NOTES.both(|rig, id| {
        let first = add(rig, id, &json!([{ "text": "four" }])).status();
        set(rig, id, &settings);
        // So often that it can be waited for.
        let due = rig.until_event("notes:due");
        let second = add(rig, id, &json!([{ "text": "four" }])).status();
        rig.supervisor.restart(id, LONG).unwrap();
        rig.until_logged(id, "stopped with 1");
        rig.until_active(id);
        json!([first, due, second, answer(&rig.get(&format!("/api/{id}/state")))])
    });
    let state = json!({ "starts": 2, "count": 1, "settings": settings });
    assert_eq!(outcome, json!([201, { "count": 1 }, 413, in_json(200, &state)]));
}
