use vario_dialects::BackgroundDialect;
use vario_sandbox::LogLevel::{Debug, Info};
use vario_value::Value;

use crate::rig::{Setup, get, json, routed};

fn fixture() -> Setup {
    Setup::fixture(BackgroundDialect::Vario, "background/index.js", "vario-default")
}

#[test]
fn our_own_plugins_have_one_ctx() {
    let mut rig = fixture()
        .answer("http.fetch", |args| {
            Ok(Value::from([
                ("status", Value::Int(200)),
                ("headers", Value::List(vec![])),
                (
                    "body",
                    Value::Bytes(args[0].get("url").unwrap().to_json().to_string().into_bytes()),
                ),
            ]))
        })
        .answer("process.run", |_| {
            Ok(Value::from([("code", Value::Int(0)), ("stdout", Value::Bytes(b"now".to_vec()))]))
        })
        .load();
    assert_eq!(rig.fatal(), None);
    assert_eq!(rig.loaded().unwrap().get("routes").unwrap().as_list().unwrap().len(), 4);
    rig.start();
    assert!(rig.has_logged(Info, "started demo"));
    rig.advance(250);
    rig.ok("settings", json(r#"{"a":1}"#));
    assert_eq!(rig.http(get("ticks", "")).1, r#"{"ticks":2,"changed":{"a":1}}"#);
    assert!(rig.http(get("hash", "text=abc")).1.starts_with("ba7816bf"));
    assert_eq!(rig.http(get("news", "")).1, "https://news.example/?q=a+b");
    assert_eq!(
        rig.http(get("run", "")).1,
        r#"{"code":0,"stdout":"now","signal":null,"stderr":""}"#
    );
    assert_eq!(
        rig.http(routed("/items-api", "GET", "/items/4", None)).1,
        r#"{"id":"4","base":"/items-api"}"#
    );
    assert_eq!(rig.http(routed("/items-api", "GET", "/fails", None)).0, 500);
    rig.ok("event", json(r#"{"sub":1,"event":{"id":"1","type":"weather:x","payload":"wet","source":"x","timestamp":1}}"#));
    assert!(rig.has_logged(Debug, "weather:x wet"));
    let request = json(r#"{"from":"o","type":"double","payload":21,"message":{}}"#);
    assert_eq!(rig.ok("request", request), Value::Int(42));
    rig.ok("stop", json("{}"));
    assert!(rig.has_logged(Info, "stopped"));
    assert_eq!(rig.wait, None, "its timers are gone");
}
