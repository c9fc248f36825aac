use std::time::{Duration, Instant};

use vario_host::{Host as _, HostError, RunId};
use vario_value::Value;

use super::super::support::{World, ask, texts};
use super::bytes;
use crate::NativeHost;

/// One host, as what is open lives from call to call.
struct Desk {
    world: World,
    host: NativeHost,
}

impl Desk {
    fn new() -> Self {
        let world = World::plugin(&[]);
        let host = world.host();
        Self { world, host }
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, HostError> {
        ask(&self.host, &self.world.scope, &format!("database.{name}"), args)
    }

    #[track_caller]
    fn failure(&self, name: &str, args: &[Value]) -> String {
        match self.call(name, args) {
            Err(HostError::Failed(words)) => words,
            other => panic!("{name} must fail, but gave {other:?}"),
        }
    }

    fn open(&self) -> Value {
        self.call("open", &["a.db".into()]).unwrap()
    }

    fn prepare(&self, database: &Value, sql: &str) -> Value {
        let prepared = self.call("prepare", &[database.clone(), sql.into()]).unwrap();
        prepared.get("statement").unwrap().clone()
    }
}

fn list(items: &[Value]) -> Value {
    Value::List(items.to_vec())
}

#[test]
fn a_database_is_used_as_plugins_do() {
    let desk = Desk::new();
    let database = desk.open();
    let exec = |sql: &str| desk.call("exec", &[database.clone(), sql.into()]);
    exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT UNIQUE)").unwrap();
    assert!(desk.world.path("data/a.db").is_file());
    let insert = desk.prepare(&database, "INSERT INTO t(b) VALUES (@b)");
    let named = Value::from([("b", Value::from("x"))]);
    let done = desk.call("run", &[insert.clone(), named.clone()]).unwrap();
    let expected = [("changes", Value::Int(1)), ("lastInsertRowid", Value::Int(1))];
    assert_eq!(done, Value::from(expected));
    let message = desk.failure("run", &[insert.clone(), list(&[named])]);
    assert_eq!(message, "SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b");

    let select = "SELECT a, b, x'00ff', 0.5, NULL, 9007199254740991 FROM t WHERE a = ? AND b = $b";
    let select = desk.prepare(&database, select);
    let params = list(&[Value::Int(1), Value::from([("b", Value::from("x"))])]);
    let row = list(&[
        Value::Int(1),
        "x".into(),
        bytes(&[0, 255]),
        Value::Float(0.5),
        Value::Null,
        Value::Int(9_007_199_254_740_991),
    ]);
    assert_eq!(desk.call("get", &[select.clone(), params.clone()]), Ok(row.clone()));
    assert_eq!(
        desk.call("all", &[select.clone(), params.clone()]),
        Ok(list(std::slice::from_ref(&row)))
    );
    let cursor = desk.call("iterate", &[select.clone(), params]).unwrap();
    assert_eq!(desk.call("next", std::slice::from_ref(&cursor)), Ok(list(&[row])));
    assert_eq!(desk.call("next", std::slice::from_ref(&cursor)), Ok(list(&[])));
    assert_eq!(desk.call("end", &[cursor]), Ok(Value::Absent));
    let none = list(&[Value::Int(9), Value::from([("b", Value::from("x"))])]);
    assert_eq!(desk.call("get", &[select.clone(), none]), Ok(Value::Absent));
    let large = desk.prepare(&database, "SELECT ?");
    let digits = list(&["9007199254740992".into()]);
    let params = list(std::slice::from_ref(&digits));
    let words = "9007199254740992 is too large for a number of the script's";
    assert_eq!(desk.failure("get", &[large.clone(), params.clone()]), words);
    assert_eq!(desk.call("get", &[large, params, Value::Bool(true)]), Ok(list(&[digits])));
    let truth = list(&[Value::Bool(true)]);
    let words = "SQLite3 can only bind numbers, strings, bigints, buffers, and null";
    assert_eq!(desk.failure("run", &[insert, truth]), words);

    exec("BEGIN").unwrap();
    let state = |open, inside| {
        Value::from([("open", Value::Bool(open)), ("inTransaction", Value::Bool(inside))])
    };
    assert_eq!(desk.call("state", std::slice::from_ref(&database)), Ok(state(true, true)));
    desk.call("close", std::slice::from_ref(&database)).unwrap();
    assert_eq!(desk.call("state", std::slice::from_ref(&database)), Ok(state(false, false)));
    assert_eq!(desk.failure("get", &[select]), "The database connection is not open");
}

#[test]
fn names_stay_in_the_plugins_folder() {
    let desk = Desk::new();
    let hostile = [
        "",
        " ",
        ".",
        "..",
        "../a.db",
        "a/b.db",
        "/etc/passwd",
        "a\\b",
        "C:a",
        "a..b",
        "a\0b",
        "a\n",
        "a.db-wal",
        "a.db-shm",
        "A.DB-JOURNAL",
        "file:a?mode=ro",
        ":memory:",
    ];
    for name in hostile {
        let message = desk.failure("open", &texts(&[name]));
        assert!(message.contains("is no name of a database"), "{name:?}: {message}");
    }
    assert!(!desk.failure("open", &texts(&[&"x".repeat(300)])).is_empty());
    assert_eq!(std::fs::read_dir(desk.world.path("data")).unwrap().count(), 0);
    for database in [Value::Int(-1), Value::Int(99), Value::Float(0.5), Value::Float(f64::NAN)] {
        let message = desk.failure("exec", &[database, "SELECT 1".into()]);
        assert_eq!(message, "The database connection is not open");
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_folder_leads_nowhere() {
    let desk = Desk::new();
    std::os::unix::fs::symlink(desk.world.path("b.db"), desk.world.path("data/a.db")).unwrap();
    desk.world.denied("database.open", &["a.db".into()], "read:~/b.db");
    assert!(!desk.world.path("b.db").exists());
}

#[test]
fn the_end_of_a_run_closes_and_rolls_back() {
    let mut desk = Desk::new();
    let database = desk.open();
    let sql = "CREATE TABLE t(a); INSERT INTO t VALUES (1); BEGIN; INSERT INTO t VALUES (2)";
    desk.call("exec", &[database.clone(), sql.into()]).unwrap();
    // A probe may read it meanwhile.
    let read = |desk: &Desk| {
        let path = desk.world.path("data/a.db");
        let args = texts(&[path.to_str().unwrap(), "SELECT a FROM t"]);
        ask(&desk.host, &desk.world.scope, "sqlite.query", &args)
    };
    assert_eq!(read(&desk), Ok("[{\"a\":1}]\n".into()));
    desk.host.end_run(&desk.world.scope);
    assert!(!desk.world.path("data/a.db-wal").exists(), "it was closed");
    desk.world.scope.run_id = RunId::next();
    let message = desk.failure("exec", &[database, "SELECT 1".into()]);
    assert_eq!(message, "The database connection is not open", "another run has its own");
    assert_eq!(read(&desk), Ok("[{\"a\":1}]\n".into()));
}

#[test]
fn databases_keep_to_the_quota() {
    let desk = Desk::new();
    let fill = std::fs::File::create(desk.world.path("data/fill")).unwrap();
    fill.set_len(100 * 1024 * 1024 - 200_000).unwrap();
    let database = desk.open();
    let exec = |sql: &str| desk.call("exec", &[database.clone(), sql.into()]);
    exec("CREATE TABLE t(a)").unwrap();
    let insert = desk.prepare(&database, "INSERT INTO t VALUES (zeroblob(20000))");
    let mut refused = None;
    for _ in 0..20 {
        if let Err(error) = desk.call("run", std::slice::from_ref(&insert)) {
            refused = Some(error.to_string());
            break;
        }
    }
    assert_eq!(refused.as_deref(), Some("SQLITE_FULL: database or disk is full"));
    fill.set_len(200 * 1024 * 1024).unwrap();
    std::fs::write(desk.world.path("data/fill2"), "x").unwrap();
    // The room is measured again after a while, which is short for so few files.
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match exec("UPDATE t SET a = 1") {
            Err(error) if error.to_string().starts_with("SQLITE_FULL: the plugin's data") => break,
            other => assert!(Instant::now() < until, "{other:?}"),
        }
    }
}

#[test]
fn a_cancelled_run_ends_its_statement() {
    const FOR_EVER: &str = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) \
        SELECT count(*) FROM c";
    let desk = Desk::new();
    let database = desk.open();
    let cancel = desk.world.scope.cancel.clone();
    let canceller = std::thread::spawn(move || cancel.cancel());
    let found = desk.call("exec", &[database, FOR_EVER.into()]);
    canceller.join().unwrap();
    assert_eq!(found, Err(HostError::Halted("probe cancelled".to_owned())));
}
