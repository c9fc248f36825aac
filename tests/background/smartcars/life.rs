//! Start, end, settings, accounts, and plugins that misbehave (sections 3, 4 and 8).

use std::path::PathBuf;

use serde_json::{Value as Json, json};
use vario_background::AccountKind;
use vario_model::BackgroundState;

use super::{go, plugin, plugin_with, running};
use crate::rig::{LONG, Options, Rig, impatient};

const ID: &str = "com.example.one";
const GOOD: &str = "com.example.good";
const FINE: &str = "exports.routes = { get: { ok: { handler: (req, res) => res.send('ok') } } };";

#[test]
fn sc_06_on_start_gets_the_identity_once() {
    let rig = running(
        ID,
        "let calls = 0, ended = false;
         exports.onStart = async (identity, more) => {
             calls += 1;
             await new Promise((done) => setTimeout(done, 20));
             console.log('pilot', identity.va_user.pilotID, typeof more);
             ended = true;
         };
         exports.routes = { get: { calls: { handler: (req, res) => res.json([calls, ended]) } } };",
    );
    // Active only after all of it.
    assert_eq!(rig.get(&format!("/api/{ID}/calls")).json(), json!([1, true]));
    rig.until_logged(ID, "pilot VA7 undefined");
    rig.rescan();
    assert_eq!(rig.get(&format!("/api/{ID}/calls")).json(), json!([1, true]));
    assert_eq!(rig.path(ID), ["loading", "loaded", "activating", "active"]);
}

#[test]
fn sc_06_a_start_that_fails_harms_nobody() {
    let rig = Rig::new();
    plugin(&rig, GOOD, FINE);
    let end = "exports.onEnd = () => console.log('it was ended');";
    for (id, start) in [
        ("com.example.throws", "() => { throw new TypeError('no start'); }"),
        ("com.example.rejects", "async () => { throw new TypeError('no start'); }"),
    ] {
        plugin(&rig, id, &format!("{FINE} {end} exports.onStart = {start};"));
    }
    go(&rig, &[GOOD]);
    for id in ["com.example.throws", "com.example.rejects"] {
        rig.until_state(id, BackgroundState::Failed);
        assert!(rig.reason(id).contains("no start"), "{}", rig.reason(id));
        rig.until("its process is gone", || rig.info(id).is_some_and(|info| info.pid.is_none()));
        assert_eq!(rig.get(&format!("/api/{id}/ok")).status(), 404);
        assert!(!rig.has_logged(id, "it was ended"));
    }
    assert_eq!(rig.get(&format!("/api/{GOOD}/ok")).status(), 200);
}

#[test]
fn sc_06_routes_answer_while_the_start_is_pending() {
    let rig = Rig::new();
    let code = format!(
        "let go; exports.onStart = () => new Promise((done) => {{ go = done; }}); {FINE}
        exports.routes.post = {{ go: {{ handler: (req, res) => {{ go(); res.send(); }} }} }};"
    );
    plugin(&rig, ID, &code);
    rig.sign_in(1);
    rig.rescan();
    rig.until_state(ID, BackgroundState::Activating);
    assert_eq!(rig.get(&format!("/api/{ID}/ok")).text(), "ok");
    assert_eq!(rig.post(&format!("/api/{ID}/go"), &json!({})).status(), 200);
    rig.until_active(ID);
}

#[test]
fn sc_06_a_late_start_degrades_and_may_still_end_well() {
    let rig = Rig::with(Options { supervision: impatient });
    let code = format!(
        "let go; exports.onStart = () => new Promise((done) => {{ go = done; }}); {FINE}
        exports.routes.post = {{ go: {{ handler: (req, res) => {{ go(); res.send(); }} }} }};"
    );
    plugin(&rig, ID, &code);
    rig.sign_in(1);
    rig.rescan();
    rig.until_state(ID, BackgroundState::Degraded);
    rig.until_logged(ID, "its start takes more than");
    assert_eq!(rig.get(&format!("/api/{ID}/ok")).text(), "ok");
    rig.post(&format!("/api/{ID}/go"), &json!({}));
    rig.until_active(ID);
}

#[test]
fn sc_07_on_end_is_waited_for_with_a_bound() {
    let rig = Rig::with(Options { supervision: impatient });
    let slow = "async () => { await new Promise((done) => setTimeout(done, 50)); console.log('all is kept'); }";
    for (id, end) in [
        ("com.example.slow", slow),
        ("com.example.never", "() => new Promise(() => {})"),
        ("com.example.throws", "() => { throw new Error('no end'); }"),
        ("com.example.loops", "() => { for (;;); }"),
    ] {
        plugin(&rig, id, &format!("setInterval(() => {{}}, 5); exports.onEnd = {end}; {FINE}"));
    }
    let all = ["com.example.slow", "com.example.never", "com.example.throws", "com.example.loops"];
    go(&rig, &all);
    for id in all {
        rig.supervisor.stop(id, LONG).unwrap();
        assert_eq!(rig.get(&format!("/api/{id}/ok")).status(), 404);
        assert_eq!(rig.info(id).unwrap().pid, None);
    }
    assert!(rig.has_logged("com.example.slow", "all is kept"));
    assert!(rig.has_logged("com.example.throws", "no end"));
    let expected = ["deactivating", "inactive", "unloading", "unloaded"];
    assert_eq!(rig.path("com.example.slow")[4..8], expected);
}

#[test]
fn sc_07_the_end_of_the_host_is_the_end_of_plugins() {
    let rig = running(
        ID,
        "const fs = require('fs');
         let file;
         exports.onStart = (identity) => { file = identity.storagePath + '/ended.txt'; };
         exports.onEnd = async () => { await null; fs.writeFileSync(file, 'yes'); };",
    );
    let file = rig.get("/api/identity").json()["storagePath"].clone();
    assert_eq!(file, Json::Null, "the folder of one plugin is nothing for all");
    let (home, _user) = rig.shut_down();
    let written = find(home.path().to_owned(), "ended.txt").expect("it was written");
    assert_eq!(std::fs::read_to_string(written).unwrap(), "yes");
}

fn find(folder: PathBuf, name: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { find(path, name) } else { path.ends_with(name).then_some(path) }
    })
}

const SETTINGS: &str = r#""availableSettings": {
    "loud": { "name": "Loud", "type": "boolean", "default": true },
    "name": { "name": "Name", "type": "text", "default": "x" },
    "bare": { "name": "No default", "type": "number" }
},"#;

#[test]
fn sc_08_on_settings_update_follows_what_is_kept() {
    let rig = Rig::new();
    plugin_with(
        &rig,
        ID,
        SETTINGS,
        "
        const axios = require('axios');
        let calls = 0;
        exports.onSettingsUpdate = async (settings) => {
            calls += 1;
            const { data } = await axios.get('http://localhost:7172/api/settings/com.example.one');
            console.log('told', JSON.stringify({ calls, given: settings, asked: data }));
            if (settings.name === 'bad') throw new Error('not that');
        };
        exports.routes = { get: { calls: { handler: (req, res) => res.json(calls) } } };
    ",
    );
    go(&rig, &[ID]);
    assert_eq!(rig.get(&format!("/api/{ID}/calls")).json(), json!(0), "not at the start");
    set(&rig, "loud", json!(false));
    let values = r#"{"loud":false,"name":"x"}"#;
    rig.until_logged(ID, &format!(r#"told {{"calls":1,"given":{values},"asked":{values}}}"#));
    // An error is nothing but a line of the log.
    set(&rig, "name", json!("bad"));
    rig.until_logged(ID, "not that");
    assert_eq!(rig.get(&format!("/api/{ID}/calls")).json(), json!(2));
    assert_eq!(rig.info(ID).unwrap().state, BackgroundState::Active);
    let told = rig.until_event("settings.updated");
    assert_eq!(told["id"], ID);
}

fn set(rig: &Rig, key: &str, value: Json) {
    let mut settings = rig.user.settings.lock().unwrap();
    settings.entry(ID.to_owned()).or_default().insert(key.to_owned(), value);
    drop(settings);
    rig.supervisor.settings_changed(ID);
}

#[test]
fn sc_09_the_settings_route_merges_defaults() {
    let rig = Rig::new();
    plugin_with(&rig, ID, SETTINGS, FINE);
    go(&rig, &[ID]);
    let get = || rig.get(&format!("/api/settings/{ID}")).json();
    assert_eq!(get(), json!({ "loud": true, "name": "x" }));
    set(&rig, "bare", json!(3));
    assert_eq!(get(), json!({ "loud": true, "name": "x", "bare": 3 }));
    let all = rig.get("/api/settings").json();
    assert_eq!(all[ID], get());
    assert!(all["core"].is_object(), "{all}");
    assert_eq!(rig.get("/api/settings/com.example.none").status(), 404);
}

/// Everything an identity may hold (section 4).
fn identity(pilot: &str) -> Json {
    json!({
        "tfdi_design_user": { "id": 1, "hasPremium": true, "token": "t0ken", "expiry": 5, "firstName": "A", "lastNameInitial": "B",
            "authority": 0, "developer": false, "tester": false, "showHost": false },
        "airline": { "id": 9, "isPartner": true, "name": "VA",
            "settings": { "airlineName": "VA", "airlineICAO": "VAX", "accentBackgroundColor": "#000", "accentForegroundColor": "#fff",
                "welcomeMessage": null, "maintenanceMode": false, "logo": "", "logoDark": "", "icon": "",
                "scriptURL": "https://va.example/api/", "vaURL": "" },
            "plugins": [{ "id": ID, "name": "One", "version": "1.0.0", "type": "user", "availableSettings": {}, "appliedSettings": { "loud": true } }] },
        "va_user": { "dbID": 7, "pilotID": pilot, "firstName": "A", "lastName": "B", "email": "a@b.example", "rank": "Captain",
            "rankImage": null, "rankLevel": 3, "avatar": null, "session": "s3cret" },
    })
}

const KEEPS: &str = "
    const fs = require('fs');
    let identity, before;
    exports.onStart = (given) => {
        identity = given;
        const file = identity.storagePath + '/count.txt';
        before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
        fs.writeFileSync(file, String(Number(before || 0) + 1));
    };
    exports.routes = { get: {
        identity: { handler: (req, res) => res.json(identity) },
        before: { handler: (req, res) => res.json(before) },
        frozen: { handler: (req, res) => { identity.va_user.pilotID = 'X'; res.json([identity.va_user.pilotID, Object.isFrozen(identity)]); } },
    } };";

#[test]
fn sc_22_identity_and_folder() {
    let rig = Rig::new();
    let (one, two) = (ID, "com.example.two");
    plugin(&rig, one, KEEPS);
    plugin(&rig, two, KEEPS);
    rig.account(AccountKind::Smartcars, identity("VA7"), None);
    rig.rescan();
    let get = |id: &str, name: &str| rig.get(&format!("/api/{id}/{name}")).json();
    let mut folders = Vec::new();
    for id in [one, two] {
        rig.until_active(id);
        let mut given = get(id, "identity");
        let folder = given.as_object_mut().unwrap().remove("storagePath").unwrap();
        assert_eq!(given, identity("VA7"));
        assert_eq!(get(id, "frozen"), json!(["VA7", true]));
        assert_eq!(get(id, "before"), Json::Null);
        let folder = PathBuf::from(folder.as_str().unwrap());
        assert!(folder.is_absolute() && folder.is_dir() && !folder.starts_with(rig.plugins()));
        folders.push(folder);
    }
    assert_ne!(folders[0], folders[1]);
    assert_eq!(rig.get("/api/identity").json(), identity("VA7"), "without a folder");
    // An update replaces the plugin's own folder and nothing else.
    std::fs::remove_dir_all(rig.plugins().join("one")).unwrap();
    plugin(
        &rig,
        one,
        &format!("{KEEPS} exports.routes.get.new = {{ handler: (req, res) => res.json('new') }};"),
    );
    rig.rescan();
    rig.until("the update runs", || rig.get(&format!("/api/{one}/new")).status() == 200);
    rig.until_active(one);
    assert_eq!(get(one, "before"), json!("1"));
    assert_eq!(PathBuf::from(get(one, "identity")["storagePath"].as_str().unwrap()), folders[0]);
    assert_eq!(rig.path(two).len(), 4, "the other one ran on");
}

#[test]
fn sc_28_crash_loop_and_failure_at_load() {
    let rig = Rig::with(Options { supervision: impatient });
    plugin(&rig, GOOD, FINE);
    let bad = [
        ("com.example.top", "throw new RangeError('at the top');"),
        ("com.example.syntax", "let a = ;"),
        ("com.example.absent", "require('left-pad');"),
    ];
    for (id, code) in bad {
        plugin(&rig, id, code);
    }
    plugin(&rig, "com.example.loop", "exports.onStart = () => { for (;;); };");
    plugin(&rig, "com.example.toploop", "for (;;);");
    plugin(
        &rig,
        "com.example.timer",
        &format!(
            "{FINE} exports.onStart = () => {{ setTimeout(() => {{ throw new Error('in a timer'); }}, 1); Promise.reject(new Error('unhandled')); }};"
        ),
    );
    go(&rig, &[GOOD]);
    let good = || assert_eq!(rig.get(&format!("/api/{GOOD}/ok")).text(), "ok");
    for (id, _) in bad {
        rig.until_state(id, BackgroundState::Failed);
        good();
        // The same code would fail again.
        assert_eq!(rig.path(id), ["loading", "failed"]);
        assert_eq!(rig.info(id).unwrap().restarts, 0);
    }
    assert_eq!(rig.reason("com.example.top"), "at the top");
    for id in ["com.example.loop", "com.example.toploop"] {
        rig.until(id, || rig.path(id).contains(&"failed".to_owned()));
        good();
    }
    // Neither of these ends a plugin.
    rig.until_logged("com.example.timer", "unhandled");
    rig.until_logged("com.example.timer", "in a timer");
    good();
}

#[test]
fn sc_28_three_crashes_are_the_end() {
    let rig = Rig::new();
    plugin(&rig, GOOD, FINE);
    plugin(&rig, ID, FINE);
    go(&rig, &[GOOD, ID]);
    for crash in 1..=3 {
        rig.until_active(ID);
        kill(rig.info(ID).unwrap().pid.unwrap());
        rig.until("it has crashed", || {
            rig.path(ID).iter().filter(|state| *state == "failed").count() == crash
        });
        assert_eq!(rig.get(&format!("/api/{GOOD}/ok")).text(), "ok");
    }
    assert!(rig.reason(ID).contains("3 times"), "{}", rig.reason(ID));
    assert_eq!(rig.info(ID).unwrap().restarts, 2);
    assert_eq!(rig.get(&format!("/api/{ID}/ok")).status(), 404);
    // The user may try it again.
    rig.supervisor.start(ID, LONG).unwrap();
    assert_eq!(rig.get(&format!("/api/{ID}/ok")).text(), "ok");
}

#[cfg(unix)]
fn kill(pid: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}

#[test]
fn sc_31_signing_out_and_in() {
    let rig = Rig::new();
    let code = format!(
        "{KEEPS} exports.onEnd = async () => {{ await null; console.log('goodbye', identity.va_user.pilotID); }};"
    );
    let all = [ID, "com.example.two"];
    for id in all {
        plugin(&rig, id, &code);
    }
    rig.rescan();
    rig.until("it is said why", || rig.reason(ID).contains("nobody is signed in"));
    assert_eq!(rig.get("/api/identity").status(), 404);
    rig.account(AccountKind::Smartcars, identity("VA1"), None);
    for id in all {
        rig.until_active(id);
    }
    rig.sign_out(AccountKind::Smartcars);
    for id in all {
        rig.until_state(id, BackgroundState::Unloaded);
        rig.until_logged(id, "goodbye VA1");
        assert_eq!(rig.get(&format!("/api/{id}/identity")).status(), 404);
    }
    let pilot =
        |id: &str| rig.get(&format!("/api/{id}/identity")).json()["va_user"]["pilotID"].clone();
    rig.account(AccountKind::Smartcars, identity("VA2"), None);
    for id in all {
        rig.until_active(id);
        assert_eq!(pilot(id), "VA2");
    }
    // Without signing out in between.
    rig.account(AccountKind::Smartcars, identity("VA3"), None);
    for id in all {
        rig.until_logged(id, "goodbye VA2");
        rig.until("it has the new identity", || {
            // Nothing while its start is pending.
            rig.get(&format!("/api/{id}/identity")).text().contains(r#""pilotID":"VA3""#)
        });
        rig.until_active(id);
    }
}
