use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{Fixture, call};
use crate::{Call, CancelHandle, Error, exec, query};

/// Never ends by itself and never gives a row.
const ENDLESS: &str =
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c WHERE n < 0";

#[test]
fn after_the_deadline_nothing_happens() {
    let fixture = Fixture::new("");
    let path = fixture.file("new.db").to_str().unwrap().to_owned();
    let late = Call::until(Instant::now());
    assert!(matches!(query(&path, "SELECT 1", &late), Err(Error::TimedOut)));
    assert!(matches!(exec(&path, "CREATE TABLE t (a)", &late), Err(Error::TimedOut)));
    assert_eq!(fixture.names(), ["test.db"]);
}

#[test]
fn the_deadline_ends_an_endless_statement_without_a_second_attempt() {
    let fixture = Fixture::new("CREATE TABLE t (a)");
    let soon = || Call::until(Instant::now() + Duration::from_millis(50));
    let endless_insert = ENDLESS.replace("SELECT n FROM c", "INSERT INTO t SELECT n FROM c");
    let error = query(&fixture.path(), ENDLESS, &soon()).unwrap_err();
    assert_eq!(error.to_string(), "probe timed out");
    for sql in [ENDLESS, &endless_insert] {
        assert!(matches!(exec(&fixture.path(), sql, &soon()), Err(Error::TimedOut)), "{sql}");
    }
    assert_eq!(fixture.query("SELECT a FROM t").as_deref(), Ok(""), "nothing half done");
}

#[test]
fn cancelling_from_another_thread() {
    let fixture = Fixture::new("CREATE TABLE t (a)");
    for run in [true, false] {
        let call = Call { cancel: CancelHandle::new(), ..call() };
        let cancel = call.cancel.clone();
        let canceller = thread::spawn(move || cancel.cancel());
        let path = fixture.path();
        let error = if run {
            query(&path, ENDLESS, &call).unwrap_err()
        } else {
            exec(&path, ENDLESS, &call).unwrap_err()
        };
        assert_eq!(error.to_string(), "sqlite3 statement cancelled");
        canceller.join().unwrap();
        assert!(matches!(query(&path, "SELECT 1", &call), Err(Error::Cancelled)));
    }
}

#[test]
fn the_deadline_bounds_the_wait_for_a_lock() {
    let fixture = Fixture::new("CREATE TABLE t (a)");
    let locker = Connection::open(fixture.file("test.db")).unwrap();
    locker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let soon = Call::until(Instant::now() + Duration::from_millis(50));
    let result = exec(&fixture.path(), "INSERT INTO t VALUES (1)", &soon);
    assert!(matches!(result, Err(Error::TimedOut)), "{result:?}");
}

#[test]
fn the_size_of_a_result_is_limited() {
    let fixture = Fixture::new("");
    let call = Call { max_result_bytes: 100, ..call() };
    let rows = |count: usize| {
        format!(
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) \
             SELECT 'x' v FROM c"
        )
    };
    // `[{"v":"x"}` is 10 bytes, each further row 11, the end 2.
    assert_eq!(query(&fixture.path(), &rows(9), &call).unwrap().len(), 100);
    for sql in [rows(10), rows(usize::MAX), "SELECT hex(zeroblob(1000))".to_owned()] {
        let error = query(&fixture.path(), &sql, &call).unwrap_err();
        assert_eq!(error.to_string(), "sqlite3 result exceeds the limit of 100 bytes", "{sql}");
    }
}

#[test]
fn the_size_of_a_value_is_limited() {
    let fixture = Fixture::new("");
    let error = fixture.query("SELECT length(zeroblob(100000000))").unwrap_err();
    assert!(error.contains("string or blob too big (18)"), "{error}");
}

#[test]
fn the_deadline_ends_even_a_function_that_never_looks_at_the_clock() {
    let fixture = Fixture::new("");
    // The pattern fails at its last byte, at every place: seconds, within one step.
    let sql = "SELECT hex(zeroblob(8000000)) LIKE '%' || hex(zeroblob(120)) || '1'";
    let soon = Call::until(Instant::now() + Duration::from_millis(50));
    let result = query(&fixture.path(), sql, &soon);
    assert!(matches!(result, Err(Error::TimedOut)), "{result:?}");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_not_opened() {
    let fixture = Fixture::new("");
    let pipe = fixture.file("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for path in [pipe.to_str().unwrap(), "/dev/zero"] {
        for error in [
            query(path, "SELECT 1", &call()).unwrap_err(),
            exec(path, "SELECT 1", &call()).unwrap_err(),
        ] {
            assert!(error.to_string().contains("unable to open database file"), "{path}: {error}");
        }
    }
}
