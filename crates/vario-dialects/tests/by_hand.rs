#![allow(clippy::unwrap_used, clippy::disallowed_methods, dead_code, missing_docs)]
#[path = "background/rig.rs"]
mod rig;
use rig::*;
use std::path::Path;
use vario_dialects::BackgroundDialect::*;
use vario_value::Value;
fn fetchy(setup: Setup) -> Setup {
    setup.answer("http.fetch", |args| {
        let url = args[0].get("url").unwrap().as_str().unwrap().to_owned();
        println!("FETCH {} {}", url, args[0].to_json());
        if url.contains("fail") {
            return Err("ECONNREFUSED|connect refused".into());
        }
        let status = if url.contains("404") { 404 } else { 200 };
        let body = if url.contains("installed") {
            r#"[{"id":"com.tfdidesign.flight-tracking"}]"#.to_owned()
        } else {
            format!(r#"{{"url":{url:?},"config":{{"privateAPI":"https://p.example/"}}}}"#)
        };
        Ok(Value::from([
            ("status", Value::Int(status)),
            ("statusText", "OK".into()),
            ("url", url.into()),
            (
                "headers",
                Value::List(vec![Value::List(vec![
                    "content-type".into(),
                    "application/json".into(),
                ])]),
            ),
            ("body", Value::Bytes(body.into_bytes())),
            ("redirected", Value::Bool(false)),
        ]))
    })
}
fn open(d: vario_dialects::BackgroundDialect, entry: &str, p: &str) -> Rig {
    println!("=== {p}");
    let t = std::time::Instant::now();
    let rig = fetchy(Setup::new(d, entry).folder(&Path::new("/tmp/js-real").join(p))).load();
    println!("loaded in {:?} {:?} fatal {:?}", t.elapsed(), rig.loaded(), rig.fatal());
    rig
}
fn show(rig: &Rig) {
    for l in rig.log() {
        println!("LOG {l:?}");
    }
}
#[test]
fn loadsheet() {
    let mut rig = open(Stratos, "background/index.js", "p/loadsheet");
    rig.start();
    println!("{:?}", rig.http(routed("/loadsheet", "GET", "/ofp?id=5", None)));
    println!("{:?}", rig.http(routed("/loadsheet", "GET", "/ofp", None)));
    println!("{:?}", rig.http(routed("/loadsheet", "GET", "/nothing", None)));
    show(&rig);
}
fn cabin_of(p: &str) {
    let mut rig = open(Stratos, "background/index.js", p);
    rig.start();
    for (m, u, b) in [
        ("GET", "/state", None),
        ("POST", "/play/c1", Some(r#"{"times":3}"#)),
        ("POST", "/play/x", Some("{}")),
        ("GET", "/state?x=1", None),
        ("GET", "/boom", None),
        ("GET", "/sync", None),
        ("GET", "/mid", None),
        ("GET", "/none", None),
        ("POST", "/play/c2", Some("{bad")),
    ] {
        println!(
            "{m} {u} {:?}",
            rig.send("http", routed("/api/cabin", m, u, b))
                .map(|r| r.map(|v| v.to_json().to_string()))
        );
    }
    println!("{:?}", rig.calls("ipc.send"));
    rig.ok("stop", json("{}"));
    show(&rig);
}
#[test]
fn cabin() {
    cabin_of("p/cabin");
}
#[test]
fn cabin_esbuild4() {
    cabin_of("p/esb4");
}
#[test]
fn cabin_esbuild5() {
    cabin_of("p/esb5");
}
const ID: &str = r#"{"account":{"airline":{"settings":{"scriptURL":"https://va.example/api/"}},"va_user":{"session":"s"}},"storagePath":"/data/demo"}"#;
#[test]
fn live() {
    let mut rig = open(Smartcars, "background/index.js", "p/live");
    println!("{:?}", rig.send("start", json(ID)));
    println!("{:?}", rig.http(get("flights", "")));
    println!("{:?}", rig.http(get("path_data", "id=4&b=c d")));
    show(&rig);
}
#[test]
fn center() {
    let mut rig = open(Smartcars, "background/index.js", "p/center");
    println!("{:?}", rig.send("start", json(ID)));
    for call in rig.calls("routes.add") {
        println!("{:?}", call);
    }
    println!("{:?}", rig.http(get("airports", "")));
    show(&rig);
}
#[test]
fn example() {
    let mut rig = open(Smartcars, "background/index.js", "p/example");
    rig.start();
    println!("{:?}", rig.http(get("something", "")));
    println!("{:?}", rig.http(post("something", None, "")));
}
#[test]
fn announcements() {
    let mut rig = open(Smartcars, "background/index.js", "p/ann");
    rig.start();
    rig.advance(3000);
    println!("{:?}", rig.http(get("current.wav", "123")));
    println!("{:?}", rig.calls("http.fetch").len());
    rig.ok("stop", json("{}"));
    show(&rig);
}
#[test]
fn axios_new() {
    let mut rig = open(Smartcars, "background/index.js", "p/axnew");
    println!("{:?}", rig.http(get("x", "")));
    show(&rig);
}
#[test]
fn mud() {
    for (p, h) in [
        ("src/mud", ""),
        ("src/mud/examples/hello-world", ""),
        ("src/mud/examples/context-menu-example", "x"),
    ] {
        let mut rig = open(Mudstack, "index.js", p);
        rig.start();
        let manifest =
            std::fs::read_to_string(Path::new("/tmp/js-real").join(p).join("manifest.json"))
                .unwrap();
        println!("{manifest}");
        if !h.is_empty() {
            let m = json(&manifest);
            let handler = m.get("subscriptions").unwrap().as_list().unwrap()[0]
                .get("handler")
                .unwrap()
                .clone();
            rig.ok("event", Value::from([("handler", handler), ("event", json(r#"{"id":"r1","type":"x","payload":{"selection":[1]},"source":"app","timestamp":1}"#))]));
        }
        rig.ok("stop", json("{}"));
        show(&rig);
    }
}
