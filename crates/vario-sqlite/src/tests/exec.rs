use super::{Fixture, call, text};
use crate::{exec, query};

#[test]
fn writing() {
    let fixture = Fixture::new("CREATE TABLE t (k PRIMARY KEY, v)");
    fixture.exec("INSERT OR REPLACE INTO t VALUES ('a', 1); SELECT * FROM t;").unwrap();
    fixture.exec("INSERT OR REPLACE INTO t VALUES ('a', 2)").unwrap();
    assert_eq!(fixture.query("SELECT v FROM t").as_deref(), Ok("[{\"v\":2}]\n"));
    assert_eq!(fixture.names(), ["test.db"]);
}

#[test]
fn every_row_is_stepped_through() {
    let fixture = Fixture::new("CREATE TABLE t (v)");
    fixture.exec("INSERT INTO t VALUES (1), (2), (3) RETURNING v").unwrap();
    assert_eq!(fixture.query("SELECT count(*) n FROM t").as_deref(), Ok("[{\"n\":3}]\n"));
}

#[test]
fn a_missing_file_is_created_but_no_folder() {
    let fixture = Fixture::new("");
    let path = text(&fixture.file("new.db"));
    exec(&path, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", &call()).unwrap();
    assert_eq!(query(&path, "SELECT a FROM t", &call()).unwrap(), "[{\"a\":1}]\n");

    let path = text(&fixture.file("no/such/folder.db"));
    assert_eq!(
        exec(&path, "SELECT 1", &call()).unwrap_err().to_string(),
        format!(
            "sqlite3 error: Error: unable to open database \"{path}\": unable to open database file"
        )
    );
}

#[test]
fn errors_keep_what_was_done_before() {
    let fixture = Fixture::new("CREATE TABLE t (a UNIQUE)");
    assert_eq!(
        fixture
            .exec("INSERT INTO t VALUES (1); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)"),
        Err("sqlite3 error: Error: stepping, UNIQUE constraint failed: t.a (19)".to_owned())
    );
    assert_eq!(fixture.query("SELECT a FROM t").as_deref(), Ok("[{\"a\":1}]\n"));
    // An open transaction is undone.
    fixture.exec("BEGIN; INSERT INTO t VALUES (3)").unwrap();
    assert_eq!(fixture.query("SELECT a FROM t").as_deref(), Ok("[{\"a\":1}]\n"));
}

#[test]
fn foreign_keys_are_not_enforced_unless_asked_for() {
    let fixture = Fixture::new("CREATE TABLE p (id PRIMARY KEY); CREATE TABLE c (p REFERENCES p)");
    fixture.exec("INSERT INTO c VALUES (7)").unwrap();
    assert!(fixture.exec("PRAGMA foreign_keys = 1; INSERT INTO c VALUES (8)").is_err());
}

#[test]
fn a_write_waits_for_a_lock() {
    let fixture = Fixture::new("CREATE TABLE t (a)");
    let locker = rusqlite::Connection::open(fixture.file("test.db")).unwrap();
    locker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| fixture.exec("INSERT INTO t VALUES (1)"));
        locker.execute_batch("COMMIT").unwrap();
        assert_eq!(writer.join().unwrap(), Ok(()));
    });
}
