//! The real process list of this machine.

use std::net::TcpListener;

use vario_value::Value;

use super::support::World;

/// This very test is the language server: its command line has a flag only if the harness put one
/// there, so the token is not asked for.
#[cfg(target_os = "linux")]
#[test]
fn this_process_is_found_with_its_ports() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let second = TcpListener::bind("[::1]:0").ok();
    let port = |listener: &TcpListener| i64::from(listener.local_addr().unwrap().port());
    let program = std::env::current_exe().unwrap();
    let name = program.file_name().unwrap().to_str().unwrap();
    let options = Value::from([
        ("processName", Value::from(name)),
        ("markers", Value::List(Vec::new())),
        ("csrfFlag", Value::from("")),
    ]);
    let found = World::new().call("ls.discover", &[options]).unwrap();
    let keys: Vec<_> = found.as_map().expect("found").keys().map(String::as_str).collect();
    assert_eq!(keys, ["pid", "csrf", "ports", "extra", "extensionPort"]);
    assert_eq!(found.get("csrf"), Some(&Value::from("")));
    assert_eq!(found.get("extensionPort"), Some(&Value::Null));
    // Another copy of this test may run beside us, and may come first.
    if found.get("pid") == Some(&Value::Int(i64::from(std::process::id()))) {
        let ports = found.get("ports").unwrap().as_list().unwrap();
        assert!(ports.contains(&Value::Int(port(&listener))), "{found:?}");
        assert!(second.is_none_or(|second| ports.contains(&Value::Int(port(&second)))));
    }
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let world = World::new();
    let options = |name: &str| {
        [Value::from([
            ("processName", Value::from(name)),
            ("markers", Value::List(Vec::new())),
            ("csrfFlag", Value::from("--token-nobody-has")),
        ])]
    };
    for name in ["", "a-program-that-nobody-runs"] {
        // The arguments of the test process itself do not hold the name.
        assert_eq!(world.call("ls.discover", &options(name)), Ok(Value::Null));
    }
    let message = world.failure("ls.discover", &[Value::Map(vario_value::Map::new())]);
    assert!(message.starts_with("invalid discover opts: "), "{message}");
}
