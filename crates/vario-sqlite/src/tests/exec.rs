use std::fs;
use std::sync::Arc;

use super::{Fixture, call, text};
use crate::{Call, exec, query};

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
fn nothing_reaches_another_file() {
    let fixture = Fixture::new("CREATE TABLE t (a)");
    let other = text(&fixture.file("other.db"));
    let refused = [
        format!("ATTACH '{other}' AS o"),
        format!("ATTACH 'file:{other}?mode=rwc' AS o"),
        format!("ATTACH '{other}' || '' AS o"),
        "ATTACH ':memory:' AS o".to_owned(),
        format!("VACUUM INTO '{other}'"),
        format!("VACUUM INTO '{other}' || ''"),
        "SELECT load_extension('x')".to_owned(),
        "PRAGMA temp_store_directory = '/'".to_owned(),
        "PRAGMA hard_heap_limit = 1000".to_owned(),
        "PRAGMA busy_timeout = 100000".to_owned(),
        "SELECT readfile('/etc/hostname')".to_owned(),
        "SELECT writefile('x', 'y')".to_owned(),
        "SELECT fts3_tokenizer('x', x'00')".to_owned(),
    ];
    for sql in refused {
        let error = fixture.exec(&sql).expect_err(&sql);
        assert!(error.starts_with("sqlite3 error: Error: "), "{sql}: {error}");
        assert!(fixture.query(&sql).is_err(), "{sql}");
    }
    assert_eq!(fixture.names(), ["test.db"]);
    for sql in ["VACUUM", "ATTACH '' AS scratch; CREATE TABLE scratch.x (y)", "PRAGMA busy_timeout"]
    {
        assert_eq!(fixture.exec(sql), Ok(()), "{sql}");
    }
}

#[test]
fn other_files_may_be_allowed_one_by_one() {
    let fixture = Fixture::new("CREATE TABLE t AS SELECT 1 AS a");
    let other = text(&fixture.file("other.db"));
    let allowed = other.clone();
    let call = Call { attach_check: Some(Arc::new(move |path: &str| path == allowed)), ..call() };
    exec(&fixture.path(), &format!("VACUUM INTO '{other}'"), &call).unwrap();
    let sql = format!("ATTACH '{other}' AS o; SELECT a FROM o.t");
    assert_eq!(query(&fixture.path(), &sql, &call).unwrap(), "[{\"a\":1}]\n");
    let third = text(&fixture.file("third.db"));
    assert!(exec(&fixture.path(), &format!("VACUUM INTO '{third}'"), &call).is_err());
    // Attached in a query, a file is as read-only as the first.
    let sql = format!("ATTACH '{other}' AS o; INSERT INTO o.t VALUES (2)");
    assert!(query(&fixture.path(), &sql, &call).is_err());
    assert!(!fs::exists(third).unwrap());
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
