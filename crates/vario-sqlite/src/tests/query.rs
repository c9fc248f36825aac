use std::fs;

use rusqlite::Connection;

use super::{Fixture, call, text};
use crate::{Call, exec, query};

const EMPTY: &str = "CREATE TABLE t (a, b)";

#[test]
fn output_is_the_programs() {
    let fixture = Fixture::new("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (2, NULL)");
    let cases = [
        ("rows", "SELECT * FROM t", "[{\"a\":1,\"b\":\"x\"},\n{\"a\":2,\"b\":null}]\n"),
        ("zero rows", "SELECT * FROM t WHERE 0", ""),
        ("no statement", "", ""),
        ("blanks and comments", " ;; -- nothing\n /* here */", ""),
        (
            "several statements",
            "SELECT 1; SELECT 2 WHERE 0; SELECT 3",
            "[{\"1\":1}]\n[{\"3\":3}]\n",
        ),
        ("doubled names", "SELECT 1 a, 2 a", "[{\"a\":1,\"a\":2}]\n"),
        ("odd names", "SELECT 1 'we\"ird', 2 '\u{e9}\n'", "[{\"we\"ird\":1,\"\u{e9}\n\":2}]\n"),
        ("alias", "SELECT hex(b) AS requestHex FROM t LIMIT 1", "[{\"requestHex\":\"78\"}]\n"),
        ("unbound parameter", "SELECT ?1 p, :x q", "[{\"p\":null,\"q\":null}]\n"),
        ("open comment", "SELECT 1 a /* x", "[{\"a\":1}]\n"),
        ("pragma", "PRAGMA user_version", "[{\"user_version\":0}]\n"),
        (
            "temporary table",
            "CREATE TEMP TABLE x (y); INSERT INTO x VALUES (5); SELECT y FROM x",
            "[{\"y\":5}]\n",
        ),
        (
            "JSON1",
            "SELECT json_extract('{\"a\":[1,2]}', '$.a[1]') j, json_valid('{') v, json_type('[]') t",
            "[{\"j\":2,\"v\":0,\"t\":\"array\"}]\n",
        ),
        (
            "CTE",
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3) SELECT sum(n) s FROM c",
            "[{\"s\":6}]\n",
        ),
    ];
    for (name, sql, expected) in cases {
        // Names are escaped like values; the table above spells them readably.
        let expected = match name {
            "odd names" => "[{\"we\\\"ird\":1,\"\u{e9}\\n\":2}]\n",
            _ => expected,
        };
        assert_eq!(fixture.query(sql).as_deref(), Ok(expected), "{name}");
    }
}

#[test]
fn values_are_the_programs() {
    let fixture = Fixture::new(EMPTY);
    let cases = [
        ("1", "1"),
        ("-1", "-1"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9007199254740993", "9007199254740993"),
        ("NULL", "null"),
        ("1.0", "1.0"),
        ("0.1", "0.1"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("-2.5", "-2.5"),
        ("-0.0", "0.0"),
        ("1e300", "1e300"),
        ("1e-5", "1e-5"),
        ("5e-324", "5e-324"),
        ("1e15", "1000000000000000.0"),
        ("9e999", "1e999"),
        ("-9e999", "-1e999"),
        ("9e999 - 9e999", "null"),
        ("''", "\"\""),
        ("'\u{e9}\u{20ac}\u{1f600}'", "\"\u{e9}\u{20ac}\u{1f600}\""),
        ("char(8, 9, 10, 12, 13)", r#""\b\t\n\f\r""#),
        ("char(1, 11, 27, 31)", r#""\u0001\u000b\u001b\u001f""#),
        ("char(34, 47, 92, 39)", r#""\"/\\'""#),
        ("char(127, 128, 8232)", "\"\u{7f}\u{80}\u{2028}\""),
        ("'a' || char(0) || 'b'", "\"a\""),
        ("x''", "\"\""),
        ("x'00ff41'", "\"\\u0000\u{fffd}A\""),
        ("x'e29883'", "\"\u{2603}\""),
        ("CAST(x'ff' AS TEXT)", "\"\u{fffd}\""),
        ("1 = 1", "1"),
    ];
    for (sql, expected) in cases {
        let result = fixture.query(&format!("SELECT {sql} AS v"));
        assert_eq!(result, Ok(format!("[{{\"v\":{expected}}}]\n")), "{sql}");
        if !expected.contains("e999") {
            let json: serde_json::Value = serde_json::from_str(&result.unwrap()).unwrap();
            assert!(json[0].get("v").is_some(), "{sql} is JSON");
        }
    }
}

#[test]
fn errors_resemble_the_programs() {
    let fixture = Fixture::new(EMPTY);
    let path = fixture.path();
    let missing = text(&fixture.file("missing.db"));
    let cases = [
        ("no table", path.as_str(), "SELECT * FROM nope", "Error: in prepare, no such table: nope"),
        (
            "syntax",
            &path,
            "SELECT 1 frm x y",
            "Error: in prepare, near \"x\": syntax error\n  SELECT 1 frm x y\n               ^--- error here",
        ),
        (
            "second statement",
            &path,
            "SELECT 1; SELEC 2",
            "Error: in prepare, near \"SELEC\": syntax error\n   SELEC 2\n   ^--- error here",
        ),
        (
            "open quote",
            &path,
            "SELECT 'x",
            "Error: in prepare, unrecognized token: \"'x\"\n  SELECT 'x\n         ^--- error here",
        ),
        (
            "writing",
            &path,
            "INSERT INTO t VALUES (1, 2)",
            "Error: stepping, attempt to write a readonly database (8)",
        ),
        (
            "overflow",
            &path,
            "SELECT abs(-9223372036854775808)",
            "Error: stepping, integer overflow",
        ),
        (
            "missing file",
            &missing,
            "SELECT 1",
            "Error: unable to open database \"MISSING\": unable to open database file",
        ),
    ];
    for (name, path, sql, expected) in cases {
        let error = query(path, sql, &call()).expect_err(name).to_string();
        let fallback = expected.replace("MISSING", &format!("file:{missing}?immutable=1"));
        let first = expected.replace("MISSING", &missing);
        assert_eq!(error, format!("sqlite3 error: {first} (fallback: {fallback})"), "{name}");
    }
    assert_eq!(fixture.names(), ["test.db"], "nothing was created");
}

#[test]
fn a_late_error_is_shown_with_its_surroundings() {
    let fixture = Fixture::new(EMPTY);
    let long = "\u{e9}".repeat(100);
    let error = fixture.query(&format!("SELECT '{long}' AS a,\n\tb FORM t, '{long}'")).unwrap_err();
    let lines: Vec<_> = error.lines().take(3).collect();
    assert!(lines[0].ends_with("near \"t\": syntax error"), "{error}");
    assert!(lines[1].contains("' AS a,  b FORM t, '\u{e9}"), "{error}");
    assert!(lines[2].contains("error here ---^"), "{error}");
}

#[test]
fn dot_commands() {
    let fixture = Fixture::new(EMPTY);
    for sql in [".tables", "  .shell ls", "SELECT 1;\n\t.quit", "SELECT 1\r\n.x", "SELECT '\n.x'"] {
        assert_eq!(
            fixture.query(sql).unwrap_err(),
            "sqlite3 dot-commands are not allowed",
            "{sql:?}"
        );
        assert_eq!(fixture.exec(sql).unwrap_err(), "sqlite3 dot-commands are not allowed");
    }
    assert_eq!(fixture.query("SELECT t.a\nFROM t WHERE 'x' = ' .y'"), Ok(String::new()));
}

#[test]
fn names_that_mean_something_in_a_url() {
    let names = [
        "a b.db",
        "100%.db",
        "x#y.db",
        "what?.db",
        "a%20b.db",
        "q?mode=memory",
        "\u{e9}.db",
        "'.db",
    ];
    for name in names {
        let fixture = Fixture::new(EMPTY);
        let path = fixture.file(name);
        fs::rename(fixture.file("test.db"), &path).unwrap();
        let path = text(&path);
        assert_eq!(
            query(&path, "SELECT count(*) n FROM t", &call()).unwrap(),
            "[{\"n\":0}]\n",
            "{name}"
        );
        // A lock that excludes readers leaves only the immutable attempt.
        let locker = Connection::open(&path).unwrap();
        locker.execute_batch("BEGIN EXCLUSIVE").unwrap();
        assert_eq!(
            query(&path, "SELECT count(*) n FROM t", &call()).unwrap(),
            "[{\"n\":0}]\n",
            "{name}"
        );
    }
}

#[test]
fn names_are_never_urls_or_memory() {
    let fixture = Fixture::new(EMPTY);
    let url = format!("file:{}", fixture.path());
    for path in [url.as_str(), ":memory:", "", "file::memory:", "a\0b"] {
        let error = query(path, "SELECT 1", &call()).expect_err("no such file").to_string();
        assert!(
            error.starts_with("sqlite3 error: Error: unable to open database"),
            "{path:?}: {error}"
        );
    }
}

#[test]
fn a_locked_database_is_read_at_once_without_its_lock() {
    let fixture = Fixture::new("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    let locker = Connection::open(fixture.file("test.db")).unwrap();
    locker.execute_batch("BEGIN EXCLUSIVE; INSERT INTO t VALUES (2)").unwrap();
    assert_eq!(fixture.query("SELECT a FROM t").as_deref(), Ok("[{\"a\":1}]\n"));
}

#[test]
fn a_write_ahead_log_held_by_another_connection_is_read() {
    let fixture = Fixture::new("PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
    let writer = Connection::open(fixture.file("test.db")).unwrap();
    writer.execute_batch("PRAGMA wal_autocheckpoint = 0; INSERT INTO t VALUES (1)").unwrap();
    assert!(fs::metadata(fixture.file("test.db-wal")).unwrap().len() > 0);
    assert_eq!(fixture.query("SELECT a FROM t").as_deref(), Ok("[{\"a\":1}]\n"));
    // A writer does not get in the way either.
    writer.execute_batch("BEGIN IMMEDIATE; INSERT INTO t VALUES (2)").unwrap();
    assert_eq!(fixture.query("SELECT a FROM t").as_deref(), Ok("[{\"a\":1}]\n"));
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(fixture.query("SELECT max(a) a FROM t").as_deref(), Ok("[{\"a\":2}]\n"));
}

#[test]
fn reading_leaves_nothing_behind() {
    let fixture = Fixture::new(EMPTY);
    fixture.query("SELECT * FROM t").unwrap();
    assert_eq!(fixture.names(), ["test.db"], "rollback journal");

    let fixture = Fixture::new("PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
    assert_eq!(fixture.names(), ["test.db"]);
    fixture.query("SELECT * FROM t").unwrap();
    assert_eq!(fixture.names(), ["test.db"], "write-ahead log that nobody has open");
}

/// A folder that is held open is the one, even if a link to another has taken its name.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_held_cannot_be_swapped() {
    for mode in ["DELETE", "WAL"] {
        let sql = format!("PRAGMA journal_mode = {mode}; CREATE TABLE t AS SELECT 1 AS a");
        let (fixture, other) = (Fixture::new(&sql), Fixture::new(&sql.replace('1', "2")));
        let (named, aside) = (fixture.file("named"), fixture.file("aside"));
        fs::create_dir(&named).unwrap();
        fs::rename(fixture.file("test.db"), named.join("test.db")).unwrap();
        let folder = Some(std::sync::Arc::new(fs::File::open(&named).unwrap().into()));
        fs::rename(&named, &aside).unwrap();
        std::os::unix::fs::symlink(other.folder.path(), &named).unwrap();

        let call = Call { folder, no_follow: true, ..call() };
        let path = named.join("test.db");
        let path = path.to_str().unwrap();
        for round in 0..2 {
            let rows = query(path, "SELECT a FROM t", &call);
            assert_eq!(rows.as_deref().ok(), Some("[{\"a\":1}]\n"), "{mode} {round}");
            exec(path, "UPDATE t SET a = 3", &call).unwrap();
            exec(path, "UPDATE t SET a = 1", &call).unwrap();
        }
        exec(path, "CREATE TABLE u (a); INSERT INTO u VALUES (9)", &call).unwrap();
        assert_eq!(other.query("SELECT a FROM t").as_deref(), Ok("[{\"a\":2}]\n"));
        assert_eq!(other.names(), ["test.db"], "{mode}");
        let missing = named.join("none.db");
        let text = query(missing.to_str().unwrap(), "SELECT 1", &call).unwrap_err().to_string();
        assert!(text.contains(missing.to_str().unwrap()) && !text.contains("/proc/"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_no_obstacle() {
    use std::os::unix::fs::PermissionsExt as _;

    for mode in ["DELETE", "WAL"] {
        let fixture =
            Fixture::new(&format!("PRAGMA journal_mode = {mode}; CREATE TABLE t AS SELECT 1 AS a"));
        let permissions = |mode| fs::Permissions::from_mode(mode);
        fs::set_permissions(fixture.file("test.db"), permissions(0o444)).unwrap();
        fs::set_permissions(fixture.folder.path(), permissions(0o555)).unwrap();
        let result = fixture.query("SELECT a FROM t");
        fs::set_permissions(fixture.folder.path(), permissions(0o755)).unwrap();
        assert_eq!(result.as_deref(), Ok("[{\"a\":1}]\n"), "{mode}");
    }
}

#[test]
fn files_that_are_no_database() {
    let fixture = Fixture::new("CREATE TABLE t AS SELECT 1 AS a");
    let good = fs::read(fixture.file("test.db")).unwrap();
    let mut damaged = good.clone();
    damaged[100..].fill(0xff);
    let cases: &[(&str, &[u8], &str)] = &[
        ("text", &[b'x'; 2000], "Error: in prepare, file is not a database (26)"),
        ("damaged", &damaged, "Error: in prepare, database disk image is malformed (11)"),
        (
            "cut",
            &good[..good.len() / 2],
            "Error: in prepare, database disk image is malformed (11)",
        ),
        ("empty", b"", "Error: in prepare, no such table: t"),
    ];
    for (name, bytes, expected) in cases {
        fs::write(fixture.file("test.db"), bytes).unwrap();
        assert_eq!(
            fixture.query("SELECT a FROM t"),
            Err(format!("sqlite3 error: {expected} (fallback: {expected})")),
            "{name}"
        );
    }
    let folder = text(fixture.folder.path());
    let error = query(&folder, "SELECT 1 FROM t", &call()).expect_err("a folder").to_string();
    assert!(error.starts_with("sqlite3 error: Error: "), "{error}");
}

#[test]
fn a_column_name_that_is_not_utf_8_is_an_error() {
    let fixture = Fixture::new("CREATE TABLE t (abcdefgh); INSERT INTO t VALUES (1)");
    let mut bytes = fs::read(fixture.file("test.db")).unwrap();
    let at = bytes.windows(8).position(|window| window == b"abcdefgh").unwrap();
    bytes[at] = 0xff;
    fs::write(fixture.file("test.db"), bytes).unwrap();
    let error = fixture.query("SELECT * FROM t").unwrap_err();
    assert!(error.starts_with("sqlite3 error: Error: in prepare, "), "{error}");
}
