use std::fs;
use std::path::Path;
use std::time::Duration;

use super::Fixture;
use crate::{Database, Error, ErrorKind, OpenOptions, SqlValue};

fn open(path: &Path) -> Database {
    Database::open(path, &OpenOptions::default()).unwrap()
}

fn read_only() -> OpenOptions {
    OpenOptions { read_only: true, ..OpenOptions::default() }
}

/// Gives up on a lock at once.
fn impatient() -> OpenOptions {
    OpenOptions { busy_timeout: Duration::ZERO, ..OpenOptions::default() }
}

fn count(database: &Database) -> i64 {
    database.query_first("SELECT count(*) FROM t", &[], |row| row.get(0)).unwrap().unwrap()
}

#[test]
fn values_make_the_round_trip() {
    let database = Database::in_memory().unwrap();
    let values = [
        SqlValue::Null,
        SqlValue::Integer(i64::MIN),
        SqlValue::Real(0.1),
        SqlValue::Text("caf\u{e9}\0".to_owned()),
        SqlValue::Blob(vec![0, 255]),
    ];
    for value in values {
        let read =
            database.query("SELECT ?1", std::slice::from_ref(&value), |row| row.get::<SqlValue>(0));
        assert_eq!(read.unwrap(), [value]);
    }
}

#[test]
fn cells_are_read_as_the_type_asked_for() {
    let database = Database::in_memory().unwrap();
    let row = database
        .query_first("SELECT 7, 1.5, 'x', x'01', NULL, 1, -1", &[], |row| {
            assert_eq!(row.get::<i64>(0)?, 7);
            assert_eq!(row.get::<u32>(0)?, 7);
            assert!((row.get::<f64>(1)? - 1.5).abs() < f64::EPSILON);
            assert_eq!(row.get::<String>(2)?, "x");
            assert_eq!(row.get::<Vec<u8>>(3)?, [1]);
            assert_eq!(row.get::<Option<String>>(4)?, None);
            assert_eq!(row.get::<Option<i64>>(0)?, Some(7));
            assert!(row.get::<bool>(5)?);
            assert!(row.get::<String>(0).is_err(), "an integer is no text");
            assert!(row.get::<bool>(0).is_err(), "7 is no truth value");
            assert!(row.get::<u32>(6).is_err(), "-1 does not fit");
            assert!(row.get::<i64>(7).is_err(), "there is no such column");
            Ok(())
        })
        .unwrap();
    assert_eq!(row, Some(()));
    let parameters: [SqlValue; 4] =
        [true.into(), Some("x").into(), None::<i64>.into(), 5_u32.into()];
    let none =
        database.query_first("SELECT ?1 + ?4 WHERE ?2 IS ?3", &parameters, |row| row.get::<i64>(0));
    assert_eq!(none.unwrap(), None);
}

#[test]
fn statements_change_rows() {
    let fixture = Fixture::new("");
    let database = open(&fixture.file("store.db"));
    database.execute_batch("CREATE TABLE t (a INTEGER PRIMARY KEY, b)").unwrap();
    let insert = "INSERT INTO t (b) VALUES (?1), (?2)";
    assert_eq!(database.execute(insert, &["x".into(), SqlValue::Null]).unwrap(), 2);
    assert_eq!(database.last_insert_rowid(), 2);
    assert_eq!(database.execute("DELETE FROM t", &[]).unwrap(), 2);
    assert_eq!(database.execute("SELEC 1", &[]).unwrap_err().kind(), ErrorKind::Other);
    assert_eq!(database.execute(insert, &[]).unwrap_err().kind(), ErrorKind::Other);
}

#[test]
fn transactions_are_all_or_nothing() {
    let database = Database::in_memory().unwrap();
    database.execute_batch("CREATE TABLE t (a UNIQUE)").unwrap();
    let failed: Result<(), Error> = database.transaction(|database| {
        database.execute("INSERT INTO t VALUES (1)", &[])?;
        database.execute("INSERT INTO t VALUES (1)", &[])?;
        Ok(())
    });
    assert!(failed.unwrap_err().to_string().contains("UNIQUE constraint failed"));
    assert_eq!(count(&database), 0);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        database.transaction::<(), Error>(|database| {
            database.execute("INSERT INTO t VALUES (1)", &[])?;
            panic!("in the middle")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(count(&database), 0);
    let written: Result<usize, Error> =
        database.transaction(|database| database.execute("INSERT INTO t VALUES (1)", &[]));
    assert_eq!(written.unwrap(), 1);
    assert_eq!(count(&database), 1);
}

#[test]
fn migrations_run_once_and_in_order() {
    let fixture = Fixture::new("");
    let path = fixture.file("store.db");
    let first = "CREATE TABLE t (a)";
    let second = "ALTER TABLE t ADD b; INSERT INTO t VALUES (1, 2)";
    assert_eq!(open(&path).migrate(&[first]).unwrap(), 1);
    let database = open(&path);
    assert_eq!(database.migrate(&[first, second]).unwrap(), 1);
    assert_eq!(database.migrate(&[first, second]).unwrap(), 0);
    assert_eq!((database.user_version().unwrap(), count(&database)), (2, 1));
    // A step that fails leaves everything as it was.
    let failing = [first, second, "INSERT INTO t VALUES (3, 4)", "nonsense"];
    assert!(database.migrate(&failing).is_err());
    assert_eq!((database.user_version().unwrap(), count(&database)), (2, 1));
    // So does a file from the future.
    let error = database.migrate(&[first]).unwrap_err();
    assert!(matches!(error, Error::NewerFormat { found: 2, known: 1, .. }), "{error:?}");
}

#[test]
fn one_writes_while_others_read() {
    let fixture = Fixture::new("");
    let path = fixture.file("store.db");
    let writer = open(&path);
    writer.execute_batch("CREATE TABLE t (a); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)").unwrap();
    let reader = Database::open(&path, &read_only()).unwrap();
    assert!(reader.is_read_only() && !writer.is_read_only());
    assert_eq!(count(&reader), 0);
    let other = Database::open(&path, &impatient()).unwrap();
    let error = other.execute("INSERT INTO t VALUES (2)", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(count(&reader), 1);
    let error = reader.execute("INSERT INTO t VALUES (2)", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
}

#[test]
fn a_missing_file_is_not_created_for_reading() {
    let fixture = Fixture::new("");
    let error = Database::open(&fixture.file("none.db"), &read_only()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(error.to_string().contains("none.db"), "{error}");
    assert_eq!(fixture.names(), ["test.db"]);
}

#[test]
fn damage_is_told_apart() {
    let fixture = Fixture::new(
        "CREATE TABLE t (a); CREATE INDEX i ON t (a);
         WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000)
         INSERT INTO t SELECT n FROM c",
    );
    let path = fixture.file("test.db");
    let options = OpenOptions { wal: false, ..OpenOptions::default() };
    open(&path).quick_check().unwrap();
    let good = fs::read(&path).unwrap();

    fs::write(&path, b"this is not a database".repeat(100)).unwrap();
    let error = Database::open(&path, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");

    let mut damaged = good.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4096].fill(0x55);
    fs::write(&path, &damaged).unwrap();
    let error = Database::open(&path, &options).unwrap().quick_check().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");

    fs::write(&path, &good[..good.len() / 2]).unwrap();
    let result = Database::open(&path, &options).and_then(|database| database.quick_check());
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Corrupt);
}

#[test]
fn a_full_disk_is_told_apart() {
    let database = Database::in_memory().unwrap();
    database.execute_batch("CREATE TABLE t (a); PRAGMA max_page_count = 3").unwrap();
    let error = database.execute("INSERT INTO t VALUES (zeroblob(100000))", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Full, "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_only_be_read_is_opened_for_reading() {
    use std::os::unix::fs::PermissionsExt as _;

    let fixture = Fixture::new("CREATE TABLE t (a)");
    let path = fixture.file("test.db");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    // The superuser may write all the same.
    if fs::OpenOptions::new().write(true).open(&path).is_err() {
        let database = open(&path);
        assert!(database.is_read_only());
        let error = database.execute("INSERT INTO t VALUES (1)", &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReadOnly);
    }
}

#[test]
fn an_enormous_patience_is_fine() {
    let fixture = Fixture::new("");
    let options = OpenOptions { busy_timeout: Duration::MAX, ..OpenOptions::default() };
    assert!(Database::open(&fixture.file("store.db"), &options).is_ok());
}
