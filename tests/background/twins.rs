//! A plugin and its twin in Lua: the same steps, one expectation.

use serde_json::{Value as Json, json};
use vario_model::BackgroundState;

use crate::rig::{Answered, Rig, request};

mod bodies;
mod notes;

/// The two folders of a pair, and the ids in them.
struct Pair {
    folders: [&'static str; 2],
    ids: [&'static str; 2],
}

const SMARTCARS: Pair = Pair {
    folders: ["smartcars-object", "smartcars-object-lua"],
    ids: ["demo.smartcars-object", "demo.smartcars-object-lua"],
};

const TYPESCRIPT: Pair = Pair {
    folders: ["smartcars-typescript", "smartcars-typescript-lua"],
    ids: ["demo.smartcars-typescript", "demo.smartcars-typescript-lua"],
};

const STRATOS: Pair = Pair {
    folders: ["stratos-default", "stratos-default-lua"],
    ids: ["demo-default", "demo-default-lua"],
};

const ROUTER: Pair = Pair {
    folders: ["stratos-router", "stratos-router-lua"],
    ids: ["demo-router", "demo-router-lua"],
};

const MENU: Pair = Pair {
    folders: ["mudstack-menu", "mudstack-menu-lua"],
    ids: ["demo.mudstack.menu", "demo.mudstack.menu.lua"],
};

const HELLO: Pair = Pair {
    folders: ["mudstack-hello", "mudstack-hello-lua"],
    ids: ["demo.mudstack.hello", "demo.mudstack.hello.lua"],
};

const TEMPLATE: Pair = Pair {
    folders: ["mudstack-template", "mudstack-template-lua"],
    ids: ["demo.mudstack.template", "demo.mudstack.template.lua"],
};

const OURS: Pair = Pair {
    folders: ["vario-default", "vario-default-lua"],
    ids: ["demo-background", "demo-background-lua"],
};

const NOTES: Pair =
    Pair { folders: ["vario-object", "vario-object-lua"], ids: ["demo-notes", "demo-notes-lua"] };

impl Pair {
    /// Hosts each alone, takes the steps with it, stops it, and gives what both said. Its own id
    /// is written as `ID`.
    fn both(&self, steps: impl Fn(&Rig, &str) -> Json) -> Json {
        let outcomes: Vec<Json> = self
            .folders
            .iter()
            .zip(self.ids)
            .map(|(folder, id)| {
                let rig = Rig::new();
                rig.fixture(folder);
                rig.sign_in(1);
                rig.rescan();
                rig.until_active(id);
                let outcome = steps(&rig, id);
                rig.supervisor.stop(id, crate::rig::LONG).unwrap();
                rig.until_state(id, BackgroundState::Unloaded);
                // Lua's tables have no order, and these maps compare without one.
                serde_json::from_str(&outcome.to_string().replace(id, "ID")).unwrap()
            })
            .collect();
        assert_eq!(outcomes[0], outcomes[1], "{} and {} differ", self.folders[0], self.folders[1]);
        outcomes[0].clone()
    }
}

/// What an answer comes to.
fn answer(answer: &Answered) -> Json {
    let text = String::from_utf8_lossy(&answer.bytes()).into_owned();
    let body = serde_json::from_str(&text).unwrap_or_else(|_no_json| json!(text));
    json!([answer.status(), answer.header("content-type"), body])
}

#[test]
fn smartcars_plugins_answer_alike() {
    SMARTCARS.both(|rig, id| {
        let get = |name: &str| answer(&rig.get(&format!("/api/{id}/{name}")));
        rig.until_logged(id, "started for VA7");
        json!([
            get("echo-it_now?a=1&b=2&b=3&c"),
            get("current.wav"),
            get("current.wav?time=night"),
            get("throws"),
            get("rejects"),
            get("twice"),
            get("missing"),
            answer(&rig.post(&format!("/api/{id}/sum"), &json!({ "a": 2, "b": "40" }))),
            answer(&rig.ask(&request("POST", &format!("/api/{id}/sum"), &[], b""))),
            answer(&rig.post(&format!("/api/{id}/state"), &json!({}))),
        ])
    });
}

#[test]
fn stratos_plugins_answer_alike() {
    STRATOS.both(|rig, id| {
        let ipc = |channel: &str, args: &[Json]| match rig.ipc(id, channel, args) {
            Ok(value) => value,
            Err(_words) => json!("an error"),
        };
        let report = ipc("report", &[]);
        let report = ["list", "missing", "nothing", "overridden", "all"].map(|key| &report[key]);
        json!([
            ipc("add", &[json!(1), json!(2)]),
            ipc("removed", &[]),
            ipc("fails", &[]),
            report,
            ipc("send", &[json!("plain")]),
            ipc("database", &[])["row"],
            ipc("database", &[]) == json!("an error"),
        ])
    });
}

#[test]
fn routers_answer_alike() {
    ROUTER.both(|rig, id| {
        let routes = rig.info(id).unwrap().routes;
        let prefix = routes[0].path.trim_end_matches('/').to_owned();
        let get = |path: &str| answer(&rig.get(&format!("{prefix}{path}")));
        json!([
            get("/state?id=5")[2]["id"],
            get("/state?id=5")[2]["base"] == json!(prefix),
            answer(&rig.post(&format!("{prefix}/play/horn"), &json!({ "times": 3 }))),
            get("/state")[2]["played"],
            get("/nowhere"),
            rig.get(&format!("{prefix}/thrown")).status(),
            rig.get(&format!("{prefix}/rejected")).status(),
        ])
    });
}

#[test]
fn mudstack_plugins_do_alike() {
    for pair in [&HELLO, &TEMPLATE] {
        pair.both(|rig, id| json!(rig.path(id)));
    }
    MENU.both(|rig, id| {
        let menu = rig.supervisor.menu();
        let command = menu.first().expect("it has a command").id.clone();
        rig.supervisor
            .run_menu(id, &command, json!({ "selection": [{ "versionId": "v" }] }))
            .unwrap();
        rig.until_logged(id, "greetings");
        json!([menu.len(), command.replace(".lua", "")])
    });
}

#[test]
fn our_own_plugins_answer_alike() {
    OURS.both(|rig, id| {
        json!([
            answer(&rig.get(&format!("/api/{id}/hash?text=abc"))),
            rig.request(id, "double", &json!(21)).unwrap_or_else(|words| json!(words)),
            rig.request(id, "missing", &json!(1)).is_err(),
            answer(&rig.get("/items-api/items/7")),
            rig.get("/items-api/fails").status(),
            rig.get("/items-api/nothing").status(),
        ])
    });
}
