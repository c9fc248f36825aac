use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::call;
use crate::{Call, CancelHandle, Changes, Column, Error, Params, Sessions, SqlValue, State, query};

/// A folder, and databases that are kept open in it.
struct Desk {
    folder: TempDir,
    sessions: Sessions,
    cancel: CancelHandle,
}

impl Desk {
    fn new() -> Self {
        let cancel = CancelHandle::new();
        let sessions = Sessions::new(cancel.clone());
        Self { folder: tempfile::tempdir().unwrap(), sessions, cancel }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn open(&self, name: &str) -> u64 {
        self.sessions.open(&self.path(name), &call()).unwrap()
    }

    fn exec(&self, database: u64, sql: &str) -> Result<(), String> {
        self.sessions.exec(database, sql, None, &call()).map_err(|error| error.to_string())
    }

    fn prepare(&self, database: u64, sql: &str) -> u64 {
        self.sessions.prepare(database, sql, &call()).unwrap().statement
    }

    fn run(&self, statement: u64, params: Params) -> Result<Changes, String> {
        let done = self.sessions.run(statement, params, None, &call());
        done.map_err(|error| error.to_string())
    }

    /// All rows of some SQL.
    fn all(&self, database: u64, sql: &str) -> Vec<Vec<SqlValue>> {
        let statement = self.prepare(database, sql);
        self.sessions.all(statement, Params::default(), &call()).unwrap()
    }
}

fn positional(values: &[SqlValue]) -> Params {
    Params::positional(values)
}

fn named(values: &[(&str, i64)]) -> Params {
    let named = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    Params { named, positional: Vec::new() }
}

#[test]
fn statements_run_with_their_parameters() {
    let desk = Desk::new();
    let database = desk.open("a.db");
    desk.exec(database, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); CREATE TABLE u(x)").unwrap();
    let insert = desk.prepare(database, "INSERT INTO t(b) VALUES (?)");
    let values = [
        SqlValue::from("x"),
        SqlValue::Blob(vec![0, 255]),
        SqlValue::Integer(i64::MAX),
        SqlValue::Real(0.5),
        SqlValue::Null,
    ];
    for (last_row, value) in (1..).zip(&values) {
        let done = desk.run(insert, positional(std::slice::from_ref(value)));
        assert_eq!(done, Ok(Changes { rows: 1, last_row }));
    }
    let found: Vec<SqlValue> =
        desk.all(database, "SELECT b FROM t ORDER BY a").into_iter().flatten().collect();
    assert_eq!(found, values);

    let one = desk.prepare(database, "SELECT b FROM t WHERE a = @a");
    let get = |params| desk.sessions.get(one, params, &call());
    assert_eq!(get(named(&[("a", 1), ("unused", 2)])).unwrap(), Some(vec!["x".into()]));
    assert_eq!(get(named(&[("a", 99)])).unwrap(), None);
    let select = desk.prepare(database, "SELECT a FROM t");
    assert_eq!(desk.run(select, Params::default()).unwrap().rows, 0, "nothing was changed");
    let returning = desk.sessions.prepare(database, "DELETE FROM t RETURNING a", &call()).unwrap();
    assert!(returning.is_reader);
    assert_eq!(desk.run(returning.statement, Params::default()).unwrap().rows, 5);
}

#[test]
fn wrong_parameters_are_told() {
    let desk = Desk::new();
    let database = desk.open("a.db");
    let cases = [
        ("SELECT ?, ?", positional(&[1_i64.into()]), "Too few parameter values were provided"),
        ("SELECT ?", positional(&[1_i64.into(), 2_i64.into()]), "Too many parameter values"),
        ("SELECT 1", positional(&[1_i64.into()]), "Too many parameter values were provided"),
        ("SELECT :a, $b", named(&[("a", 1)]), "Missing named parameter \"b\""),
        ("SELECT @a", positional(&[1_i64.into()]), "Missing named parameter \"a\""),
    ];
    for (sql, params, words) in cases {
        let statement = desk.prepare(database, sql);
        let message = desk.run(statement, params).unwrap_err();
        assert!(message.contains(words), "{sql}: {message}");
    }
}

#[test]
fn errors_begin_with_the_extended_code() {
    let desk = Desk::new();
    let database = desk.open("a.db");
    desk.exec(
        database,
        "PRAGMA foreign_keys = ON; CREATE TABLE t(a UNIQUE, b NOT NULL, c CHECK (c > 0)); \
         CREATE TABLE k(a INTEGER PRIMARY KEY); CREATE TABLE f(a REFERENCES k(a)); \
         INSERT INTO t VALUES (1, 1, 1); INSERT INTO k VALUES (1)",
    )
    .unwrap();
    let cases = [
        (
            "INSERT INTO t VALUES (1, 1, 1)",
            "SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.a",
        ),
        ("INSERT INTO t VALUES (2, NULL, 1)", "SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint "),
        ("INSERT INTO t VALUES (2, 1, 0)", "SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: "),
        ("INSERT INTO k VALUES (1)", "SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: k.a"),
        ("INSERT INTO f VALUES (9)", "SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed"),
        ("SELEC", "SQLITE_ERROR: near \"SELEC\": syntax error"),
        ("SELECT * FROM none", "SQLITE_ERROR: no such table: none"),
        ("COMMIT", "SQLITE_ERROR: cannot commit - no transaction is active"),
        ("ATTACH '/tmp/other.db' AS o", "SQLITE_AUTH: not authorized"),
        ("SELECT load_extension('x')", "SQLITE_"),
        ("PRAGMA journal_mode = OFF", "SQLITE_AUTH: not authorized"),
        ("VACUUM INTO '/tmp/other.db'", "SQLITE_"),
    ];
    for (sql, words) in cases {
        let message = desk.exec(database, sql).unwrap_err();
        assert!(message.starts_with(words), "{sql}: {message}");
    }
    let prepare = |sql| desk.sessions.prepare(database, sql, &call()).unwrap_err().to_string();
    assert_eq!(
        prepare("SELECT 1; SELECT 2"),
        "The supplied SQL string contains more than one statement"
    );
    for empty in ["", "  ", "-- nothing"] {
        assert_eq!(prepare(empty), "The supplied SQL string contains no statements");
    }
    assert!(prepare("SELECT 'a\0b'").starts_with("SQLITE_ERROR: "));
}

#[test]
fn columns_say_where_they_come_from() {
    let desk = Desk::new();
    let database = desk.open("a.db");
    desk.exec(database, "CREATE TABLE t(a INTEGER, b TEXT)").unwrap();
    let sql = "SELECT a AS x, b, a + 1 FROM t";
    let prepared = desk.sessions.prepare(database, sql, &call()).unwrap();
    let column = |name: &str, of: Option<&str>, declared: Option<&str>| Column {
        name: name.to_owned(),
        column: of.map(str::to_owned),
        table: of.map(|_| "t".to_owned()),
        declared: declared.map(str::to_owned),
    };
    let expected = [
        column("x", Some("a"), Some("INTEGER")),
        column("b", Some("b"), Some("TEXT")),
        column("a + 1", None, None),
    ];
    assert!(prepared.is_reader);
    assert_eq!(prepared.columns, expected);
    let insert = desk.sessions.prepare(database, "INSERT INTO t VALUES (1, 2)", &call()).unwrap();
    assert!(!insert.is_reader && insert.columns.is_empty());
}

#[test]
fn rows_are_fetched_piece_by_piece() {
    const ROWS: &str = "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c \
        WHERE x < 1000) SELECT x FROM c";
    let desk = Desk::new();
    let database = desk.open("a.db");
    let statement = desk.prepare(database, ROWS);
    let begin = || desk.sessions.iterate(statement, Params::default(), &call()).unwrap();
    let next = |cursor| desk.sessions.next(cursor, &call()).unwrap();
    let (one, other) = (begin(), begin());
    let first = next(one);
    assert!((1..1000).contains(&first.len()));
    assert_eq!(next(other), first, "each has its own place");
    let mut count = first.len();
    loop {
        let rows = next(one);
        if rows.is_empty() {
            break;
        }
        count += rows.len();
        assert_eq!(rows.last(), Some(&vec![SqlValue::Integer(i64::try_from(count).unwrap())]));
    }
    assert_eq!(count, 1000);
    assert!(next(one).is_empty(), "it stays at its end");
    desk.sessions.end(other, &call()).unwrap();
    desk.sessions.end(other, &call()).unwrap();
    assert!(next(other).is_empty());

    desk.exec(database, "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)").unwrap();
    let reading = desk.prepare(database, "SELECT a FROM t");
    let cursor = desk.sessions.iterate(reading, Params::default(), &call()).unwrap();
    desk.exec(database, "INSERT INTO t VALUES (3)").unwrap();
    assert!(next(cursor).len() >= 2, "writes are possible meanwhile");
    for _ in 1..32 {
        begin();
    }
    let message = desk.sessions.iterate(statement, Params::default(), &call()).unwrap_err();
    assert!(message.to_string().contains("32 iterators"), "{message}");
}

#[test]
fn transactions_are_the_scripts_and_an_open_one_is_rolled_back() {
    let desk = Desk::new();
    let database = desk.open("a.db");
    let state = |database| desk.sessions.state(database, &call()).unwrap();
    desk.exec(database, "CREATE TABLE t(a); BEGIN; INSERT INTO t VALUES (1)").unwrap();
    assert_eq!(state(database), State { is_open: true, is_in_transaction: true });
    desk.exec(database, "COMMIT; BEGIN; INSERT INTO t VALUES (2)").unwrap();
    desk.sessions.close(database);
    desk.sessions.close(database);
    assert_eq!(state(database), State { is_open: false, is_in_transaction: false });
    let rows = query(&desk.path("a.db"), "SELECT a FROM t", &call()).unwrap();
    assert_eq!(rows, "[{\"a\":1}]\n");
    for number in [database, 99, u64::MAX] {
        assert_eq!(
            desk.exec(number, "SELECT 1").unwrap_err(),
            "The database connection is not open"
        );
    }
}

#[test]
fn others_read_what_is_written_while_it_is_open() {
    let desk = Desk::new();
    let (one, other) = (desk.open("a.db"), desk.open("a.db"));
    assert_ne!(one, other);
    desk.exec(one, "CREATE TABLE t(a); INSERT INTO t VALUES (7)").unwrap();
    assert_eq!(desk.all(other, "SELECT a FROM t"), [[SqlValue::Integer(7)]]);
    desk.exec(one, "BEGIN; UPDATE t SET a = 8").unwrap();
    let path = desk.path("a.db");
    assert_eq!(query(&path, "SELECT a FROM t", &call()).unwrap(), "[{\"a\":7}]\n");
    desk.exec(one, "COMMIT").unwrap();
    assert_eq!(query(&path, "SELECT a FROM t", &call()).unwrap(), "[{\"a\":8}]\n");
    desk.sessions.close(one);
    assert_eq!(desk.all(other, "SELECT a FROM t"), [[SqlValue::Integer(8)]]);
}

#[test]
fn a_statement_that_never_ends_is_interrupted_and_the_database_stays() {
    const FOR_EVER: &str = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) \
        SELECT count(*) FROM c";
    let desk = Desk::new();
    let database = desk.open("a.db");
    desk.exec(database, "CREATE TABLE t(a)").unwrap();
    let statement = desk.prepare(database, FOR_EVER);
    let short = Call::until(Instant::now() + Duration::from_millis(50));
    let found = desk.sessions.get(statement, Params::default(), &short);
    assert!(matches!(found, Err(Error::TimedOut)), "{found:?}");
    desk.exec(database, "INSERT INTO t VALUES (1)").unwrap();

    let cancel = desk.cancel.clone();
    let canceller = std::thread::spawn(move || cancel.cancel());
    let ended = Call { cancel: desk.cancel.clone(), ..call() };
    let found = desk.sessions.get(statement, Params::default(), &ended);
    assert!(matches!(found, Err(Error::Cancelled)), "{found:?}");
    canceller.join().unwrap();
}

#[test]
fn sizes_are_limited() {
    let desk = Desk::new();
    let database = desk.open("a.db");
    desk.exec(database, "CREATE TABLE t(a)").unwrap();
    let limited = Call { max_result_bytes: 10_000, ..call() };
    let large = desk.prepare(database, "SELECT hex(zeroblob(20000))");
    let message = desk.sessions.all(large, Params::default(), &limited).unwrap_err().to_string();
    assert_eq!(message, "SQLITE_TOOBIG: the result exceeds the limit of 10000 bytes");

    let grow = |growth| {
        let sql = "INSERT INTO t VALUES (zeroblob(100000))";
        desk.sessions.exec(database, sql, growth, &call()).map_err(|error| error.to_string())
    };
    assert_eq!(grow(Some(8192)).unwrap_err(), "SQLITE_FULL: database or disk is full");
    assert_eq!(grow(None).unwrap_err(), "SQLITE_FULL: database or disk is full");
    desk.exec(database, "PRAGMA max_page_count = 1000000").unwrap();
    assert!(grow(None).is_err(), "the plugin cannot lift it");
    grow(Some(1_000_000)).unwrap();

    let mut open = 1;
    while desk.sessions.open(&desk.path(&format!("{open}.db")), &call()).is_ok() {
        open += 1;
    }
    assert_eq!(open, 16);
}

#[test]
fn statements_are_shared_and_forgotten() {
    let desk = Desk::new();
    let database = desk.open("a.db");
    let (one, other) = (desk.prepare(database, "SELECT 1"), desk.prepare(database, "SELECT 1"));
    desk.sessions.finalize(one, &call()).unwrap();
    assert!(desk.run(other, Params::default()).is_ok(), "somebody still has it");
    desk.sessions.finalize(other, &call()).unwrap();
    desk.sessions.finalize(other, &call()).unwrap();
    assert_eq!(
        desk.run(other, Params::default()).unwrap_err(),
        "This statement has been finalized"
    );
    // Far more than are kept compiled.
    let many: Vec<u64> =
        (0..300).map(|number| desk.prepare(database, &format!("SELECT {number}"))).collect();
    let first = desk.sessions.get(many[0], Params::default(), &call()).unwrap();
    assert_eq!(first, Some(vec![SqlValue::Integer(0)]));
    let huge = format!("SELECT '{}'", "x".repeat(900_000));
    let filled = (0..20).find_map(|number| {
        let sql = format!("{huge} AS c{number}");
        desk.sessions.prepare(database, &sql, &call()).err()
    });
    assert!(filled.unwrap().to_string().contains("not finalized"));
}

#[test]
fn what_is_no_database_is_refused() {
    let desk = Desk::new();
    std::fs::write(desk.folder.path().join("text"), "no database, but long enough".repeat(99))
        .unwrap();
    std::fs::create_dir(desk.folder.path().join("folder")).unwrap();
    let open = |name| desk.sessions.open(&desk.path(name), &call()).unwrap_err().to_string();
    assert!(open("text").starts_with("SQLITE_NOTADB: "), "{}", open("text"));
    assert!(open("folder").starts_with("SQLITE_CANTOPEN: "));
    assert!(open("none/a.db").starts_with("SQLITE_CANTOPEN: "));
    let late = Call::until(Instant::now());
    assert!(matches!(desk.sessions.open(&desk.path("a.db"), &late), Err(Error::TimedOut)));
    assert!(!desk.folder.path().join("a.db").exists());
}
