//! Every call is told of once, whatever becomes of it.

use std::sync::Arc;
use std::time::Instant;

use vario_host::HostError;
use vario_value::Value;

use super::http::{ANSWER, serve};
use super::support::{World, texts};

#[test]
fn each_call_is_told_of_once() {
    let world = World::new();
    std::fs::create_dir(world.path("folder")).unwrap();
    let empty = || vec![Value::Map(vario_value::Map::new())];
    let cases: [(&str, Vec<Value>, &str, bool, u64); 14] = [
        ("fs.writeText", texts(&["~/f", "abc"]), "~/f", true, 3),
        ("fs.readText", texts(&["~/f"]), "~/f", true, 3),
        ("fs.readText", texts(&["~/folder/../f"]), "~/f", true, 3),
        ("fs.readText", texts(&["~/none"]), "~/none", false, 0),
        ("fs.listDir", texts(&["~"]), "~", true, 7),
        ("fs.exists", texts(&["~/none"]), "~/none", true, 0),
        ("sqlite.exec", texts(&["~/a.db", "SELECT 'secret'"]), "~/a.db", true, 15),
        ("sqlite.query", texts(&["~/a.db", "SELECT"]), "~/a.db", false, 0),
        ("env.get", texts(&["ZAI_API_KEY"]), "ZAI_API_KEY", true, 0),
        ("keychain.readGenericPassword", texts(&["Service", "me"]), "Service", false, 0),
        ("http.request", empty(), "", false, 0),
        ("ls.discover", empty(), "", false, 0),
        ("settings.get", texts(&["broken"]), "broken", false, 0),
        ("fs.delete", texts(&["~/f"]), "", false, 0),
    ];
    for (name, args, target, ok, bytes) in cases {
        let answer = world.call(name, &args);
        let told = world.witness.take();
        assert_eq!(told.len(), 1, "of {name}");
        let told = &told[0];
        let found = (told.function.as_str(), told.target.as_str(), told.ok, told.bytes);
        assert_eq!(found, (name, target, ok, bytes), "{answer:?}");
        assert_eq!(told.needs, []);
    }
}

#[test]
fn requests_are_told_of_without_their_secrets() {
    let (port, server) = serve(ANSWER);
    let world = World::new();
    let url = format!("http://user:password@127.0.0.1:{port}/x?token=abcdefghijklmnop#secret");
    let body = "12345";
    let parts = [("url", Value::Str(url)), ("bodyText", Value::from(body))];
    let answer = world.call("http.request", &[Value::from(parts)]).unwrap();
    server.join().unwrap();
    let told = world.witness.take().remove(0);
    assert_eq!(told.target, format!("http://127.0.0.1:{port}/x?token=[REDACTED]"));
    let text = answer.get("bodyText").unwrap().as_str().unwrap();
    assert!(told.bytes >= (body.len() + text.len()) as u64, "{told:?}");
}

#[test]
fn calls_after_the_end_are_told_of_too() {
    let mut world = World::new();
    world.scope.deadline = Instant::now();
    world.failure("fs.readText", &texts(&["~/f"]));
    let told = world.witness.take();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].target.as_str(), told[0].ok), ("~/f", false));
}

#[test]
fn a_panic_is_an_error_of_that_call() {
    let mut world = World::new();
    world.config.environment = Arc::new(|name: &str| -> Option<String> {
        panic!("{name} breaks it, which is what this test is for")
    });
    let host = world.host();
    for _ in 0..2 {
        let call =
            |name, args: &[&str]| super::support::ask(&host, &world.scope, name, &texts(args));
        let failed = Err(HostError::Failed("the host call failed".to_owned()));
        assert_eq!(call("env.get", &["ZAI_API_KEY"]), failed);
        assert_eq!(call("fs.exists", &["~"]), Ok(Value::Bool(true)));
    }
    let told = world.witness.take();
    let told: Vec<_> = told.iter().map(|call| (call.function.as_str(), call.ok)).collect();
    let once = [("env.get", false), ("fs.exists", true)];
    assert_eq!(told, [once, once].concat());
}
