//! `vario serve` with smartCARS plugins, over connections on loopback: what pages and other
//! programs get, on the ports of smartCARS (which are any free ones here) and on our own.

#[cfg(target_os = "linux")]
mod browser;
mod client;

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};

use serde_json::{Value as Json, json};

use self::client::{Served, hear, until};
use crate::package::archive::zip;
use crate::rig::Rig;

const ID: &str = "com.example.demo";
const MANIFEST: &str = r#"{ "id": "com.example.demo", "name": "Demo", "version": "1.0.0", "type": "user", "description": "d",
    "availableSettings": { "loud": { "name": "Loud", "type": "boolean", "default": true },
        "theirs": { "name": "Theirs", "type": "number", "default": 1, "settingType": "airline" } } }"#;
const CODE: &str = r#"
    const axios = require("axios"), fs = require("fs"), path = require("path");
    let identity, socket, settings = null;
    exports.onStart = async (given) => {
        identity = given;
        fs.writeFileSync(path.join(identity.storagePath, "started.txt"), identity.va_user.pilotID);
        socket = new WebSocket("ws://localhost:7173");
        socket.onmessage = (event) => console.log("heard", event.data);
        await new Promise((open) => { socket.onopen = open; });
    };
    exports.onEnd = () => fs.writeFileSync(path.join(identity.storagePath, "ended.txt"), "yes");
    exports.onSettingsUpdate = (values) => { settings = values; socket.send(JSON.stringify({ type: "told", data: values })); };
    exports.routes = {
        get: {
            pilot: { handler: (req, res) => res.json(identity.va_user.pilotID) },
            asks: { handler: async (req, res) => res.json((await axios.get("http://localhost:7172" + req.query.path)).data) },
            "current.wav": { handler: (req, res) => res.sendFile(path.join(__dirname, "bell.wav")) },
        },
        post: {
            echo: { handler: (req, res) => res.status(201).json({ body: req.body, query: req.query, params: req.params }) },
            say: { handler: (req, res) => { socket.send(JSON.stringify({ type: "said", data: req.body })); res.send(); } },
        },
    };
"#;

/// What the plugin asks for, and why it runs.
const RIGHTS: [&str; 3] = ["routes", "bus:*", "net:localhost:7172"];

/// A home with the plugin installed and somebody signed in.
fn home() -> Rig {
    home_with("<title>Demo</title>")
}

/// The same with a page of its own.
fn home_with(page: &str) -> Rig {
    let rig = Rig::new();
    let archive = zip(&[
        ("plugin.json", MANIFEST),
        ("background/index.js", CODE),
        ("background/bell.wav", "0123456789"),
        ("ui/index.html", page),
        ("ui/assets/app.js", "let demo;"),
        ("ui/menu_icon_light.png", "light"),
        ("ui/menu_icon_dark.png", "dark"),
    ]);
    let archive = rig.home.write("demo.zip", archive);
    rig.run(&["install", archive.to_str().expect("a plain path"), "--yes"]).exits(0);
    sign_in(&rig, "VA1");
    rig.run(&[&["grant", ID], &RIGHTS[..]].concat()).exits(0);
    rig
}

/// Writes who is signed in, without secrets: there is no keychain here.
fn sign_in(rig: &Rig, pilot: &str) {
    let identity = json!({
        "airline": { "id": 9, "isPartner": false, "settings": { "scriptURL": "https://va.example/api/" },
            "plugins": [{ "id": ID, "appliedSettings": { "theirs": 5, "loud": false } }] },
        "va_user": { "dbID": 7, "pilotID": pilot, "session": "" },
    });
    let text = format!("[use]\nsmartcars = 'va'\n[smartcars.va]\nidentity = '{identity}'\n");
    rig.home.write("config/vario/accounts.toml", text);
}

fn route(name: &str) -> String {
    format!("/api/{ID}/{name}")
}

#[test]
fn what_a_plugin_lacked_can_be_granted_by_name_of_its_last_run() {
    let rig = home();
    rig.run(&["revoke", ID]).exits(0);
    let served = Served::start(rig);
    // Without the first its module fails; without the second its start waits without end.
    for right in ["routes", r"bus:\*"] {
        until(right, || {
            let list = served.rig.run(&["background", "list", "--json"]).json();
            let needs = list[0]["needs"].as_array();
            needs.is_some_and(|needs| needs.iter().any(|need| need["permission"] == right))
        });
        served.rig.run(&["grant", ID, "--from-last-run"]).exits(0);
    }
    served.until_runs(ID);
}

#[test]
fn sc_10_sc_14_routes_over_connections() {
    let served = Served::start(home());
    served.until_runs(ID);
    for origin in [served.smartcars(), served.main()] {
        let answer = origin.get(&route("pilot"));
        assert_eq!((answer.status, answer.json()), (200, json!("VA1")));
        let answer = origin.post(&route("echo?a=1&a=2"), &json!({ "x": 1 }));
        let expected = json!({ "body": { "x": 1 }, "query": { "a": ["1", "2"] }, "params": { "pluginId": ID, "handlerName": "echo" } });
        assert_eq!((answer.status, answer.json()), (201, expected));
        let wave = origin.get(&route("current.wav?1712345"));
        assert_eq!((wave.status, wave.header("content-type")), (200, Some("audio/wav")));
        assert_eq!(wave.body, b"0123456789");
        let part = origin.ask("GET", &route("current.wav"), &[("Range", "bytes=2-4")], b"");
        assert_eq!((part.status, part.header("content-range")), (206, Some("bytes 2-4/10")));
        assert_eq!(part.body, b"234");
        assert_eq!(origin.get(&route("none")).status, 404);
        assert_eq!(origin.get("/api/com.example.none/pilot").status, 404);
    }
    // A page on loopback, as an iframe of smartCARS is one.
    let page = [("Origin", "http://localhost:7172")];
    let answer = served.smartcars().ask("GET", &route("pilot"), &page, b"");
    assert_eq!(answer.header("access-control-allow-origin"), Some(page[0].1));
    let before = served.smartcars().ask("OPTIONS", &route("echo"), &page, b"");
    assert_eq!(before.status, 204);
    assert!(before.header("access-control-allow-methods").is_some_and(|all| all.contains("POST")));
    let foreign = [("Origin", "https://evil.example")];
    assert_eq!(served.smartcars().ask("GET", &route("pilot"), &foreign, b"").status, 403);
}

#[test]
fn sc_21_a_page_hears_the_background() {
    let served = Served::start(home());
    served.until_runs(ID);
    for attempt in 0..2 {
        // The second connection is what a page opens after it was reloaded.
        let mut page = served.bus();
        served.smartcars().post(&route("say"), &json!({ "n": attempt }));
        let event = hear(&mut page, "said");
        assert_eq!((&event["source"], &event["data"]), (&json!(ID), &json!({ "n": attempt })));
        assert!(event["timestamp"].is_i64(), "{event}");
        // And the background hears the page.
        page.send(json!({ "type": "clicked", "data": attempt }).to_string().into())
            .expect("the server reads");
        served.until_logged(ID, &format!(r#""source":"external","data":{attempt}"#));
        page.close(None).expect("it is open");
    }
}

#[test]
fn sc_27_pages() {
    let served = Served::start(home());
    let page = served.smartcars();
    let index = page.get(&format!("/plugins/{ID}/?darkmode=true&forecolor=%23fff"));
    assert_eq!((index.status, index.text()), (200, "<title>Demo</title>".to_owned()));
    assert_eq!(index.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(index.header("content-security-policy").is_some());
    for (path, body) in [
        ("assets/app.js", "let demo;"),
        ("menu_icon_light.png", "light"),
        ("menu_icon_dark.png", "dark"),
        ("settings/of/the/page", "<title>Demo</title>"),
    ] {
        let answer = page.get(&format!("/plugins/{ID}/{path}"));
        assert_eq!((answer.status, answer.text().as_str()), (200, body), "{path}");
    }
    assert_eq!(page.get("/plugins/com.example.none/").status, 404);
    for path in ["..%2fplugin.json", "../plugin.json", "%2e%2e/background/index.js"] {
        let answer = page.get(&format!("/plugins/{ID}/{path}"));
        assert!(!answer.text().contains("availableSettings"), "{path}");
        assert!(!answer.text().contains("require"), "{path}");
    }
    // On our own port each page has an origin of its own.
    let moved = served.main().get(&format!("/plugins/{ID}/?darkmode=true"));
    let port = served.main().port();
    let own = format!("{ID}.localhost:{port}");
    let to = format!("http://{own}/plugins/{ID}/?darkmode=true");
    assert_eq!((moved.status / 100, moved.header("location")), (3, Some(to.as_str())));
    let index = served.main().named(&own).get(&format!("/plugins/{ID}/"));
    assert_eq!((index.status, index.text()), (200, "<title>Demo</title>".to_owned()));
}

#[test]
fn sc_29_sc_09_sc_08_the_host_answers_and_settings_change() {
    let served = Served::start(home());
    served.until_runs(ID);
    let core = served.smartcars();
    assert!(core.get("/api/config").json()["config"].is_object());
    let identity = core.get("/api/identity").json();
    assert_eq!(
        (&identity["va_user"]["pilotID"], &identity["storagePath"]),
        (&json!("VA1"), &Json::Null)
    );
    // The airline's value counts where the airline sets it, and nowhere else.
    let settings = || core.get(&format!("/api/settings/{ID}")).json();
    assert_eq!(settings(), json!({ "loud": true, "theirs": 5 }));
    assert_eq!(core.get("/api/settings").json()[ID], settings());
    let expected = json!([{ "id": ID, "name": "Demo", "version": "1.0.0", "type": "user", "description": "d", "ui": true }]);
    assert_eq!(core.get("/api/plugins/installed").json(), expected);
    let mut bus = served.bus();
    for (path, body) in [
        ("navigate", json!({ "pluginID": ID })),
        ("play-sound", json!({ "url": "http://localhost:7172/api/x/current.wav" })),
        ("stop-sound", json!({})),
        ("notify", json!({ "message": "m", "type": "success" })),
    ] {
        assert_eq!(core.post(&format!("/api/{path}"), &body).status, 200, "{path}");
        let event = hear(&mut bus, &format!("core.{path}"));
        assert_eq!((&event["source"], &event["data"]), (&json!("core"), &body));
    }
    let forged = [("Content-Type", "application/json"), ("X-Vario-Plugin", ID)];
    let line = br#"{ "message": "from a page", "level": "error" }"#;
    assert_eq!(core.ask("POST", "/api/log", &forged, line).status, 200);
    served.until_logged("smartcars", "from a page");
    // Changed by the user, kept, and told.
    served.rig.run(&["config", "plugin", ID, "loud", "false"]).exits(0);
    assert_eq!(hear(&mut bus, "told")["data"], json!({ "loud": false, "theirs": 5 }));
    assert_eq!(settings(), json!({ "loud": false, "theirs": 5 }));
}

#[test]
fn sc_30_both_loopbacks_and_the_ports_in_code() {
    let served = Served::start(home());
    served.until_runs(ID);
    for name in ["localhost", "127.0.0.1", "[::1]"] {
        let Some(origin) = served.smartcars().at(name) else { continue };
        assert_eq!(origin.get(&route("pilot")).json(), json!("VA1"), "{name}");
    }
    // What a program of another machine's name asks is not for us.
    let elsewhere = served.smartcars().named("evil.example");
    assert_eq!(elsewhere.get(&route("pilot")).status, 403);
    // The plugin's own requests reach the right place, wherever that is served.
    let answer = served.main().get(&route("asks?path=/api/com.example.demo/pilot"));
    assert_eq!(answer.json(), json!("VA1"));
    let answer = served.main().get(&route("asks?path=/api/identity"));
    assert_eq!(answer.json()["va_user"]["pilotID"], "VA1");
    // Who is signed in is not for every program, however it spells the path.
    for path in ["/api/identity", "/api/%69dentity", "/api/settings", "/api/s%65ttings"] {
        assert_eq!(served.main().get(path).status, 403, "{path}");
    }
}

#[test]
fn sc_31_somebody_else_signs_in() {
    let served = Served::start(home());
    served.until_runs(ID);
    let file =
        |name: &str| served.rig.home.path().join(format!("data/vario/plugins_data/{ID}/{name}"));
    let core = served.smartcars();
    std::fs::remove_file(served.rig.home.path().join("config/vario/accounts.toml"))
        .expect("it is there");
    until("it has ended", || core.get(&route("pilot")).status == 404);
    assert_eq!(std::fs::read_to_string(file("ended.txt")).expect("it was written"), "yes");
    assert_eq!(core.get("/api/identity").status, 404);
    sign_in(&served.rig, "VA2");
    until("the other one", || core.get(&route("pilot")).text() == "\"VA2\"");
    let started = std::fs::read_to_string(file("started.txt")).expect("it was written");
    assert_eq!(started, "VA2");
    assert_eq!(served.end(), Some(0));
}

/// Pages have the ports of smartCARS written into their code: whoever hosts opens these for them.
#[test]
fn sc_30_a_page_gets_the_ports_that_its_code_names_or_says_which_is_taken() {
    const DECLARED: &str = r#"{ "id": "plain", "name": "Plain", "version": "1", "type": "user" }"#;
    let rig = home_with(r#"<script>fetch("http://localhost:7172/api/x")</script>"#);
    for (name, content) in [
        ("plugin.json", DECLARED),
        ("background/index.js", "module.exports = {};"),
        ("ui/index.html", "plain"),
    ] {
        rig.home.write(&format!("plugins/plain/{name}"), content);
    }
    rig.says("one", "something to watch");
    let page = |id| rig.run(&["background", "page", id]);
    let port = |address: &str| {
        let rest = address.split_once(".localhost:").expect("its own host").1;
        rest.split('/').next().and_then(|port| port.parse::<u16>().ok()).expect("a port")
    };
    let taken = TcpListener::bind("127.0.0.1:7172").expect("nobody else is smartCARS");
    let mut watcher = watch(&rig);
    until("it hosts", || page("plain").code == Some(0));
    page("nobody").exits(4);
    let plain = page("plain").stdout;
    let refused = page(ID).exits(1);
    assert!(refused.stderr.contains("port 7172 (smartCARS routes and pages)"), "{refused}");
    assert_eq!(page("plain").stdout, plain, "the others are served as before");
    drop(taken);
    let shown = page(ID).exits(0).stdout;
    assert_eq!(port(&shown), port(&plain), "pages that are open find it again");
    assert!(shown.ends_with("?darkmode=false&forecolor=1c1c1e&backcolor=ffffff\n"), "{shown}");
    TcpStream::connect("127.0.0.1:7172").expect("it is served");
    TcpStream::connect("127.0.0.1:7173").expect("the bus, too");
    kill(&mut watcher);

    // Whoever serves on purpose serves what was asked for.
    let mut command = rig.command(&["serve", "--port", "0", "--plugins"]);
    command.arg(rig.plugins()).stdout(Stdio::null());
    let mut serve = command.spawn().expect("the program starts");
    until("it hosts", || page("plain").code == Some(0));
    let refused = page(ID).exits(1);
    assert!(refused.stderr.contains("`vario serve --compat smartcars`"), "{refused}");
    kill(&mut serve);
}

/// A front that hosts, without being asked to serve.
fn watch(rig: &Rig) -> Child {
    let mut command = rig.command(&["probe", "--watch", "--plugins"]);
    command.arg(rig.plugins()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}

fn kill(child: &mut Child) {
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[test]
fn managing_over_http_needs_a_fit_token_and_answers_once() {
    let rig = home();
    let file = rig.home.write("state/vario/token", "short");
    let served = Served::start(rig);
    served.until_runs(ID);
    let token = std::fs::read_to_string(file).expect("it is there");
    let bearer = format!("Bearer {token}");
    let manage = |body: &[u8]| {
        let headers = [("Authorization", bearer.as_str())];
        served.main().ask("POST", "/v1/manage", &headers, body)
    };
    let listed = manage(br#"{"do":"list"}"#);
    assert_eq!((listed.status, listed.json()[0]["id"].clone()), (200, json!(ID)));
    // Events have no end.
    assert_eq!(manage(br#"{"do":"tail"}"#).status, 400);
}
