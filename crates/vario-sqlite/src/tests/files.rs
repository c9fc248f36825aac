//! Files that mean harm: links, journals that lead elsewhere, schemas with traps, damage.

use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rusqlite::Connection;

use super::{Fixture, call, text};
use crate::{Call, Error, exec, query};

#[cfg(unix)]
#[test]
fn links_are_followed_unless_told_otherwise() {
    use std::os::unix::fs::symlink;

    let fixture = Fixture::new("CREATE TABLE t AS SELECT 1 AS a");
    let folder = fixture.folder.path().canonicalize().unwrap();
    fs::create_dir(folder.join("sub")).unwrap();
    fs::copy(folder.join("test.db"), folder.join("sub/inner.db")).unwrap();
    symlink(folder.join("test.db"), folder.join("link.db")).unwrap();
    symlink(folder.join("sub"), folder.join("linked")).unwrap();
    symlink(folder.join("nowhere.db"), folder.join("dangling.db")).unwrap();
    // Whether a call follows none, and whether it succeeds when it follows.
    let cases = [
        ("the file itself", "test.db", true, true),
        ("in a folder", "sub/inner.db", true, true),
        ("a link", "link.db", false, true),
        ("in a linked folder", "linked/inner.db", false, true),
        ("a link to nothing", "dangling.db", false, false),
    ];
    for (name, path, strict_works, works) in cases {
        let path = text(&folder.join(path));
        let strict = Call { no_follow: true, ..call() };
        for (call, expected) in [(strict, strict_works), (call(), works)] {
            let read = query(&path, "SELECT a FROM t", &call);
            assert_eq!(read.is_ok(), expected, "{name}: {read:?}");
            if let Err(error) = read {
                let shown = error.to_string();
                assert!(shown.contains("unable to open database file"), "{name}: {shown}");
            }
            if name != "a link to nothing" || call.no_follow {
                let written = exec(&path, "UPDATE t SET a = 1", &call);
                assert_eq!(written.is_ok(), expected, "{name}: {written:?}");
            }
        }
    }
    assert!(!folder.join("nowhere.db").exists(), "nothing was created through the link");
}

#[cfg(unix)]
#[test]
fn a_journal_or_log_that_is_a_link_is_not_followed() {
    use std::os::unix::fs::symlink;

    for suffix in ["-journal", "-wal", "-shm"] {
        let mode = if suffix == "-journal" { "DELETE" } else { "WAL" };
        let sql = format!("PRAGMA journal_mode = {mode}; CREATE TABLE t AS SELECT 1 AS a");
        let fixture = Fixture::new(&sql);
        let canary = fixture.file("canary");
        fs::write(&canary, "precious").unwrap();
        symlink(&canary, fixture.file(&format!("test.db{suffix}"))).unwrap();
        let strict = Call { no_follow: true, ..call() };
        let path = text(&fixture.file("test.db").canonicalize().unwrap());
        let _ = exec(&path, "UPDATE t SET a = 2", &strict);
        let _ = query(&path, "SELECT a FROM t", &strict);
        assert_eq!(fs::read_to_string(&canary).unwrap(), "precious", "{suffix}");
    }
}

/// A journal whose end names a further file, as it is left by a crash in a transaction over
/// several databases.
fn journal_naming(other: &str) -> Vec<u8> {
    let mut journal = vec![1; 512];
    journal.extend(other.as_bytes());
    journal.extend(u32::try_from(other.len()).unwrap().to_be_bytes());
    // The sum of the name's bytes, which SQLite takes as signed.
    let sum = other
        .bytes()
        .fold(0u32, |sum, byte| sum.wrapping_add_signed(i32::from(i8::from_ne_bytes([byte]))));
    journal.extend(sum.to_be_bytes());
    journal.extend([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
    journal
}

#[test]
fn a_journal_that_leads_to_other_files_is_not_played_back() {
    let fixture = Fixture::new("CREATE TABLE t AS SELECT 1 AS a");
    // SQLite would read this file, look at every path in it, and delete it.
    let further = fixture.file("x-mj0000009AA");
    fs::write(&further, "/some/path\0").unwrap();
    let journal = journal_naming(&text(&further));
    fs::write(fixture.file("test.db-journal"), &journal).unwrap();
    assert_eq!(
        fixture.exec("UPDATE t SET a = 2").unwrap_err(),
        "sqlite3 error: Error: unfinished transaction over several databases; \
         open it once with the program it belongs to"
    );
    // Reading cannot roll back, and so falls back to the file as it is.
    assert_eq!(fixture.query("SELECT a FROM t").as_deref(), Ok("[{\"a\":1}]\n"));
    assert!(further.exists());
    assert_eq!(fs::read(fixture.file("test.db-journal")).unwrap(), journal);
}

#[cfg(unix)]
#[test]
fn a_journal_that_leads_to_other_files_is_found_through_a_link() {
    let fixture = Fixture::new("CREATE TABLE t AS SELECT 1 AS a");
    let further = fixture.file("x-mj0000009AA");
    fs::write(&further, "").unwrap();
    let journal = journal_naming(&text(&further));
    fs::write(fixture.file("test.db-journal"), journal).unwrap();
    std::os::unix::fs::symlink(fixture.file("test.db"), fixture.file("link.db")).unwrap();
    assert!(exec(&text(&fixture.file("link.db")), "UPDATE t SET a = 2", &call()).is_err());
    assert!(further.exists());
}

#[test]
fn an_ordinary_journal_is_played_back() {
    let fixture = Fixture::new("CREATE TABLE t AS SELECT 1 AS a");
    let writer = Connection::open(fixture.file("test.db")).unwrap();
    // A cache of one page makes the file and its journal hit the disk before the end.
    writer
        .execute_batch(
            "PRAGMA cache_size = 1; BEGIN; UPDATE t SET a = 2; \
             CREATE TABLE big AS SELECT zeroblob(100000) AS b",
        )
        .unwrap();
    for name in ["test.db", "test.db-journal"] {
        fs::copy(fixture.file(name), fixture.file(&format!("crashed-{name}"))).unwrap();
    }
    let crashed = text(&fixture.file("crashed-test.db"));
    exec(&crashed, "INSERT INTO t VALUES (3)", &call()).unwrap();
    let rows = query(&crashed, "SELECT a FROM t ORDER BY a", &call()).unwrap();
    assert_eq!(rows, "[{\"a\":1},\n{\"a\":3}]\n");
}

#[test]
fn traps_in_the_schema() {
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)";
    // Made by a program that trusts the schema; then the plugin's statement, and what stops it.
    let cases = [
        (
            "view that loads code",
            "CREATE VIEW v AS SELECT load_extension('x') AS a".to_owned(),
            "SELECT * FROM v",
            Some(""),
        ),
        (
            "trigger that loads code",
            "CREATE TABLE t (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN \
             SELECT load_extension('x'); END"
                .to_owned(),
            "INSERT INTO t VALUES (1)",
            Some(""),
        ),
        (
            "trigger with an FTS tokenizer",
            "CREATE TABLE t (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN \
             SELECT fts3_tokenizer('x', x'00'); END"
                .to_owned(),
            "INSERT INTO t VALUES (1)",
            Some(""),
        ),
        (
            "bomb in a default",
            "CREATE TABLE t (a, b DEFAULT (hex(zeroblob(1e9))))".to_owned(),
            "INSERT INTO t (a) VALUES (1)",
            Some("too big"),
        ),
        (
            "bomb in a generated column",
            "CREATE TABLE t (a, b AS (hex(zeroblob(a)))); INSERT INTO t VALUES (1)".to_owned(),
            "INSERT INTO t VALUES (1e9); SELECT length(b) FROM t",
            Some("too big"),
        ),
        (
            "bomb in a check",
            "CREATE TABLE t (a CHECK (hex(zeroblob(a)) <> ''))".to_owned(),
            "INSERT INTO t VALUES (1e9)",
            Some("too big"),
        ),
        (
            "endless view",
            format!("CREATE VIEW v AS {endless} SELECT n FROM c WHERE n < 0"),
            "SELECT * FROM v",
            None,
        ),
        (
            "endless trigger",
            format!(
                "CREATE TABLE t (a); CREATE TABLE u (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN \
                 INSERT INTO u SELECT * FROM ({endless} SELECT n FROM c); END"
            ),
            "INSERT INTO t VALUES (1)",
            None,
        ),
        (
            "trigger instead of a view's row",
            format!(
                "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; \
                 CREATE TRIGGER tr INSTEAD OF INSERT ON v BEGIN \
                 INSERT INTO t SELECT * FROM ({endless} SELECT n FROM c); END"
            ),
            "INSERT INTO v VALUES (1)",
            None,
        ),
    ];
    for (name, schema, sql, reason) in cases {
        let fixture = Fixture::new(&schema);
        let deadline =
            if reason.is_some() { Duration::from_mins(1) } else { Duration::from_millis(50) };
        let result = exec(&fixture.path(), sql, &Call::until(Instant::now() + deadline));
        match (result.expect_err(name), reason) {
            (Error::TimedOut, None) => {}
            (Error::Exec(text), Some(reason)) => assert!(text.contains(reason), "{name}: {text}"),
            (other, _) => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn triggers_of_the_tools_own_work() {
    // As a tool keeps a search index beside its table.
    let fixture = Fixture::new(
        "CREATE TABLE t (k PRIMARY KEY, v); CREATE VIRTUAL TABLE f USING fts5(v); \
         CREATE TRIGGER tr AFTER INSERT ON t BEGIN \
         INSERT INTO f VALUES (replace(trim(new.v, '-'), 'o', '0')); END",
    );
    fixture.exec("INSERT OR REPLACE INTO t VALUES ('a', '--hello--')").unwrap();
    let found = fixture.query("SELECT v FROM f WHERE f MATCH 'hell0'");
    assert_eq!(found.as_deref(), Ok("[{\"v\":\"hell0\"}]\n"));
    // The tables behind the index are the module's.
    assert!(fixture.exec("DELETE FROM f_data").is_err());
}

/// What the binding says when it could not make sense of a name, instead of a panic.
const MALFORMED: &str = "malformed database schema (11)";

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,12}",
        proptest::sample::select(vec![
            "SELECT ",
            "FROM ",
            "t",
            "u",
            "a",
            "WHERE ",
            "(",
            ")",
            ",",
            ";",
            "*",
            "'x'",
            "\"x\"",
            "1",
            "NULL",
            "x'00'",
            "=",
            "||",
            "LIKE ",
            "UNION ",
            "WITH ",
            "RECURSIVE ",
            "AS ",
            "INSERT ",
            "INTO ",
            "VALUES ",
            "UPDATE ",
            "SET ",
            "DELETE ",
            "CREATE ",
            "TABLE ",
            "TEMP ",
            "VIEW ",
            "TRIGGER ",
            "PRAGMA ",
            "table_info",
            "BEGIN ",
            "COMMIT ",
            "ATTACH ",
            "VACUUM ",
            "json_each",
            "instr",
            "replace",
            "trim",
            "json_patch",
            "?",
            ":x",
            "--",
            "/*",
            "\n",
            "\0",
            " ",
            "\u{e9}",
            "ORDER BY ",
            "LIMIT ",
            "EXPLAIN ",
            "RAISE",
            "CASE ",
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_is_sql_or_an_error(sql in pieces()) {
        let fixture = Fixture::new("CREATE TABLE t (a, u); INSERT INTO t VALUES (1, 'x')");
        let soon = || Call::until(Instant::now() + Duration::from_secs(10));
        for result in [query(&fixture.path(), &sql, &soon()).map(drop), exec(&fixture.path(), &sql, &soon())] {
            if let Err(error) = result {
                prop_assert!(!error.to_string().contains(MALFORMED), "{error}");
            }
        }
        prop_assert_eq!(fixture.names().len(), 1, "{:?}", fixture.names());
    }

    #[test]
    fn any_damage_is_an_error_or_harmless(
        damage in proptest::collection::vec((0usize..20_480, any::<u8>()), 1..40),
        cut in 0usize..20_480,
    ) {
        let fixture = Fixture::new(
            "CREATE TABLE t (a, b UNIQUE); CREATE INDEX i ON t (a); \
             CREATE VIEW v AS SELECT a FROM t; INSERT INTO t VALUES (1, 'x'), (2, zeroblob(9000))",
        );
        let mut bytes = fs::read(fixture.file("test.db")).unwrap();
        for (at, byte) in damage {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        if cut % 4 == 0 {
            bytes.truncate(cut);
        }
        fs::write(fixture.file("test.db"), bytes).unwrap();
        let soon = || Call::until(Instant::now() + Duration::from_secs(10));
        for sql in ["SELECT * FROM t ORDER BY b", "SELECT * FROM v", "PRAGMA integrity_check"] {
            // Whatever comes, it comes back.
            let _ = query(&fixture.path(), sql, &soon());
        }
        let _ = exec(&fixture.path(), "INSERT OR REPLACE INTO t VALUES (3, 'x')", &soon());
        prop_assert!(fixture.names().iter().all(|name| name.starts_with("test.db")));
    }
}
