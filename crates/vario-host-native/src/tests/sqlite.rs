use vario_host::HostError;
use vario_value::Value;

use super::support::{World, texts};

#[test]
fn databases_are_found_below_the_home() {
    let world = World::new();
    let exec = |sql: &str| world.call("sqlite.exec", &texts(&["~/a.db", sql]));
    let query = |sql: &str| world.call("sqlite.query", &texts(&["~/a.db", sql]));
    assert_eq!(exec("CREATE TABLE t(a, b)"), Ok(Value::Absent));
    assert!(world.path("a.db").is_file());
    assert_eq!(query("SELECT * FROM t"), Ok(Value::from("")));
    assert_eq!(exec("INSERT INTO t VALUES (1, 'x'), (NULL, 2.5)"), Ok(Value::Absent));
    let rows = "[{\"a\":1,\"b\":\"x\"},\n{\"a\":null,\"b\":2.5}]\n";
    assert_eq!(query("SELECT * FROM t"), Ok(Value::from(rows)));
}

#[test]
fn failures_have_the_contracts_texts() {
    let world = World::new();
    let dot = "sqlite3 dot-commands are not allowed";
    for name in ["sqlite.query", "sqlite.exec"] {
        assert_eq!(world.failure(name, &texts(&["~/a.db", "SELECT 1;\n .shell x"])), dot);
    }
    let message = world.failure("sqlite.query", &texts(&["~/none.db", "SELECT 1"]));
    assert!(message.starts_with("sqlite3 error: "), "{message}");
    assert!(message.contains(" (fallback: "), "{message}");
    assert!(!world.path("none.db").exists());
    let message = world.failure("sqlite.exec", &texts(&["~/a.db", "SELEC"]));
    assert!(message.starts_with("sqlite3 error: "), "{message}");
}

#[test]
fn a_cancellation_ends_a_query_in_flight() {
    const FOR_EVER: &str = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) \
        SELECT count(*) FROM c";
    let world = World::new();
    world.call("sqlite.exec", &texts(&["~/a.db", "CREATE TABLE t(a)"])).unwrap();
    let cancel = world.scope.cancel.clone();
    let canceller = std::thread::spawn(move || cancel.cancel());
    let found = world.call("sqlite.query", &texts(&["~/a.db", FOR_EVER]));
    canceller.join().unwrap();
    assert_eq!(found, Err(HostError::Halted("probe cancelled".to_owned())));
}
