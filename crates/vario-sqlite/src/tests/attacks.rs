//! SQL that means harm: a limit or the deadline ends it, and nothing but the file is reached.

use std::time::{Duration, Instant};

use super::{Fixture, call, text};
use crate::{Call, Error, exec, query};

/// Some rows to multiply, and texts to search.
const TABLES: &str = "CREATE TABLE t (a, b); \
    WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000) \
    INSERT INTO t SELECT n, 'text ' || n FROM c";

/// Both functions fail with this text somewhere in the error, and leave nothing behind.
#[track_caller]
fn check_refused(fixture: &Fixture, name: &str, sql: &str, reason: &str) {
    let expected = fixture.names();
    for result in [fixture.query(sql).map(drop), fixture.exec(sql)] {
        let error = result.expect_err(name);
        assert!(error.starts_with("sqlite3 error: Error: "), "{name}: {error}");
        assert!(error.contains(reason), "{name}: {error}");
        assert!(error.len() < 10_000, "{name}: {} bytes of error", error.len());
    }
    assert_eq!(fixture.names(), expected, "{name}");
}

#[test]
fn what_no_plugin_may_do() {
    let fixture = Fixture::new(TABLES);
    let other = text(&fixture.file("other.db"));
    let cases = [
        ("ATTACH", format!("ATTACH '{other}' AS o")),
        ("ATTACH by URL", format!("ATTACH 'file:{other}?mode=rwc' AS o")),
        ("ATTACH by URL in memory", "ATTACH 'file::memory:?cache=shared' AS o".to_owned()),
        ("ATTACH by expression", format!("ATTACH '{other}' || '' AS o")),
        ("ATTACH by parameter", "ATTACH ? AS o".to_owned()),
        ("ATTACH by subquery", format!("ATTACH (SELECT '{other}') AS o")),
        ("ATTACH in memory", "ATTACH ':memory:' AS o".to_owned()),
        ("ATTACH itself", format!("ATTACH '{}' AS o", fixture.path())),
        ("ATTACH without a file", "ATTACH '' AS o".to_owned()),
        ("VACUUM", "VACUUM".to_owned()),
        ("VACUUM INTO", format!("VACUUM INTO '{other}'")),
        ("VACUUM INTO by expression", format!("VACUUM INTO '{other}' || ''")),
        ("VACUUM INTO by parameter", "VACUUM INTO ?".to_owned()),
        ("load_extension", "SELECT load_extension('x')".to_owned()),
        ("load_extension, two arguments", "SELECT LOAD_EXTENSION('x', 'y')".to_owned()),
        ("readfile", "SELECT readfile('/etc/hostname')".to_owned()),
        ("writefile", "SELECT writefile('x', 'y')".to_owned()),
        ("edit", "SELECT edit('x', 'sh')".to_owned()),
        ("fts3_tokenizer", "SELECT fts3_tokenizer('x', x'0000000000000000')".to_owned()),
        ("fts3_tokenizer, one argument", "SELECT fts3_tokenizer('simple')".to_owned()),
        ("sqlite_log", "SELECT sqlite_log(1, 'x')".to_owned()),
        ("sqlite_dbpage", "SELECT * FROM sqlite_dbpage".to_owned()),
        ("fsdir", "SELECT * FROM fsdir('/')".to_owned()),
        ("FTS table", "CREATE VIRTUAL TABLE v USING fts5(x)".to_owned()),
        ("temporary FTS table", "CREATE VIRTUAL TABLE temp.v USING fts3(x)".to_owned()),
        ("R-tree", "CREATE VIRTUAL TABLE v USING rtree(a, b, c)".to_owned()),
        ("csv", "CREATE VIRTUAL TABLE v USING csv('/etc/passwd')".to_owned()),
        ("zipfile", "CREATE VIRTUAL TABLE v USING zipfile('x')".to_owned()),
        ("temp_store_directory", "PRAGMA temp_store_directory = '/'".to_owned()),
        ("data_store_directory", "PRAGMA data_store_directory('/')".to_owned()),
        ("activate_extensions", "PRAGMA activate_extensions('x')".to_owned()),
        ("key", "PRAGMA key = 'x'".to_owned()),
        ("rekey", "PRAGMA main.rekey = 'x'".to_owned()),
        ("lock_proxy_file", "PRAGMA lock_proxy_file = 'x'".to_owned()),
        ("schema_version", "PRAGMA schema_version = 7".to_owned()),
        ("no journal", "PRAGMA journal_mode = OFF".to_owned()),
        ("journal in memory", "PRAGMA main.journal_mode(MEMORY)".to_owned()),
        ("schema table", "DELETE FROM sqlite_schema".to_owned()),
        (
            "schema table, after asking",
            "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'x'".to_owned(),
        ),
        (
            "schema table, after resetting",
            "PRAGMA writable_schema = RESET; UPDATE sqlite_master SET sql = 'x'".to_owned(),
        ),
    ];
    for (name, sql) in cases {
        check_refused(&fixture, name, &sql, "");
    }
    assert_eq!(
        fixture.query("PRAGMA integrity_check").unwrap(),
        "[{\"integrity_check\":\"ok\"}]\n"
    );
}

#[test]
fn tuning_does_nothing_and_does_no_harm() {
    let fixture = Fixture::new(TABLES);
    let cases = [
        ("busy_timeout", "PRAGMA busy_timeout = 100000"),
        ("cache_size", "PRAGMA cache_size = -99999999"),
        ("hard_heap_limit", "PRAGMA hard_heap_limit = 1000"),
        ("locking_mode", "PRAGMA locking_mode = EXCLUSIVE"),
        ("max_page_count", "PRAGMA max_page_count = 4294967294"),
        ("mmap_size", "PRAGMA mmap_size = 999999999"),
        ("page_size", "PRAGMA page_size = 65536"),
        ("soft_heap_limit", "PRAGMA soft_heap_limit = 1"),
        ("temp_store", "PRAGMA temp_store = FILE"),
        ("threads", "PRAGMA threads = 8"),
        ("trusted_schema", "PRAGMA trusted_schema = ON"),
        ("wal_autocheckpoint", "PRAGMA wal_autocheckpoint = 0"),
        ("writable_schema", "PRAGMA writable_schema = ON"),
    ];
    for (name, sql) in cases {
        // No row comes from setting it, and reading it gives the same as before.
        let before = fixture.query(&format!("PRAGMA {name}")).unwrap();
        let both = format!("{sql}; PRAGMA {name}");
        assert_eq!(fixture.query(&both).as_ref(), Ok(&before), "{name}");
        assert_eq!(fixture.exec(sql), Ok(()), "{name}");
        assert_eq!(fixture.query(&format!("PRAGMA {name}")), Ok(before), "{name}");
    }
    let values = [("hard_heap_limit", "268435456"), ("trusted_schema", "0"), ("temp_store", "2")];
    for (name, value) in values {
        let read = fixture.query(&format!("PRAGMA {name}"));
        assert_eq!(read, Ok(format!("[{{\"{name}\":{value}}}]\n")));
    }
}

#[test]
fn what_plugins_may_do_works() {
    let fixture = Fixture::new(TABLES);
    let cases = [
        "REINDEX; ANALYZE",
        "CREATE TEMP TABLE x AS SELECT * FROM t ORDER BY b DESC; DROP TABLE x",
        "PRAGMA journal_mode = WAL; PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL",
        "PRAGMA table_info(t); SELECT * FROM pragma_table_info('t'); PRAGMA user_version = 3",
        "PRAGMA foreign_keys = ON; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)",
        "CREATE VIEW v AS SELECT replace(b, 'e', 'E') c FROM t WHERE instr(b, '9'); SELECT * FROM v",
        "CREATE INDEX i ON t (trim(b)); INSERT INTO t VALUES (1, ' x ')",
        "CREATE TABLE log (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN \
         INSERT INTO log VALUES (json_object('b', replace(new.b, 'x', 'y'))); END; \
         INSERT OR REPLACE INTO t VALUES (1, 'x')",
        "INSERT INTO t VALUES (1, \"in double quotes\")",
        "BEGIN IMMEDIATE; SAVEPOINT s; UPDATE t SET a = a + 1; ROLLBACK TO s; COMMIT",
    ];
    for sql in cases {
        assert_eq!(fixture.exec(sql), Ok(()), "{sql}");
    }
    let double = fixture.query("SELECT \"no column\" AS v");
    assert_eq!(double.as_deref(), Ok("[{\"v\":\"no column\"}]\n"));
    let logged = fixture.query("SELECT a FROM log LIMIT 1");
    assert_eq!(logged.as_deref(), Ok("[{\"a\":\"{\\\"b\\\":\\\"y\\\"}\"}]\n"));
}

#[test]
fn bombs_meet_a_limit() {
    let fixture = Fixture::new(TABLES);
    let repeat = |text: &str, count: usize| text.repeat(count);
    let big = "string or blob too big (18)";
    let cases = [
        ("zeroblob", "SELECT zeroblob(1e9)".to_owned(), big),
        ("randomblob", "SELECT randomblob(1000000000)".to_owned(), big),
        ("printf width", "SELECT printf('%1000000000d', 1)".to_owned(), big),
        ("printf of a character", "SELECT printf('%.*c', 1e9, 'x')".to_owned(), big),
        ("printf precision", "SELECT printf('%.100000000f', 1.0)".to_owned(), ""),
        ("hex", "SELECT hex(zeroblob(16000000))".to_owned(), big),
        (
            "replace chain",
            format!("SELECT {}'a'{}", repeat("replace(", 12), repeat(",'a','aaaaaaaa')", 12)),
            big,
        ),
        ("joined", format!("SELECT {}", ["hex(zeroblob(8000000))"; 3].join(" || ")), big),
        ("group_concat", "SELECT group_concat(hex(zeroblob(1000000))) FROM t".to_owned(), big),
        ("instr", "SELECT instr(zeroblob(9000000), zeroblob(4000000) || x'01')".to_owned(), big),
        (
            "replace",
            "SELECT replace(hex(zeroblob(8000000)), hex(zeroblob(4000000)) || '1', '')".to_owned(),
            big,
        ),
        (
            "trim",
            "SELECT trim(hex(zeroblob(8000000)), printf('%.*c', 1000000, 'x') || '0')".to_owned(),
            big,
        ),
        (
            "unhex",
            "SELECT unhex(hex(zeroblob(8000000)), printf('%.*c', 900000, 'x') || '0')".to_owned(),
            big,
        ),
        (
            "json_patch",
            "SELECT json_patch(x, x) FROM (SELECT '{\"a\":' || json_quote(hex(zeroblob(4000000))) \
             || '}' AS x)"
                .to_owned(),
            big,
        ),
        (
            "LIKE pattern",
            "SELECT 'x' LIKE printf('%.*c', 257, '%')".to_owned(),
            "LIKE or GLOB pattern too complex",
        ),
        (
            "GLOB pattern",
            "SELECT 'x' GLOB printf('%.*c', 257, '*')".to_owned(),
            "LIKE or GLOB pattern too complex",
        ),
        ("long SQL", format!("SELECT '{}'", repeat("x", 1_100_000)), ""),
        ("long token", format!("SELECT {}", repeat("x", 500_000)), "no such column"),
        ("deep expression", format!("SELECT {}1", repeat("- ", 5000)), ""),
        ("deep parentheses", format!("SELECT {}1{}", repeat("(", 9000), repeat(")", 9000)), ""),
        ("deep subqueries", format!("{}1{}", repeat("SELECT (", 900), repeat(")", 900)), ""),
        ("long sum", format!("SELECT 1{}", repeat("+1", 100_000)), "Expression tree is too large"),
        ("many terms", format!("SELECT 1{}", repeat(" UNION SELECT 1", 600)), "too many terms"),
        ("many columns", format!("SELECT 1{}", repeat(",1", 2000)), "too many columns"),
        ("many arguments", format!("SELECT max(1{})", repeat(",1", 200)), "too many arguments"),
        ("many tables", format!("SELECT 1 FROM t{}", repeat(",t", 100)), "at most 64 tables"),
        ("many parameters", "SELECT ?32000".to_owned(), "variable number must be between"),
        ("deep JSON", format!("SELECT json('{}')", repeat("[", 5000)), "malformed JSON"),
        ("huge row", format!("SELECT {}1", repeat("hex(zeroblob(4000000)),", 3)), ""),
        (
            "trigger recursion",
            "PRAGMA recursive_triggers = ON; CREATE TEMP TABLE r (a); \
             CREATE TEMP TRIGGER tr AFTER INSERT ON r BEGIN INSERT INTO r VALUES (1); END; \
             INSERT INTO r VALUES (1)"
                .to_owned(),
            "triggers nested too deep",
        ),
        (
            "endless message",
            "CREATE TEMP TABLE r (a); CREATE TEMP TRIGGER tr AFTER INSERT ON r BEGIN \
             SELECT raise(ABORT, hex(zeroblob(5000000))); END; INSERT INTO r VALUES (1)"
                .to_owned(),
            "",
        ),
        ("circular view", "CREATE TEMP VIEW v AS SELECT * FROM v; SELECT * FROM v".to_owned(), ""),
    ];
    for (name, sql, reason) in cases {
        check_refused_or_large(&fixture, name, &sql, reason);
    }
}

/// Like [`check_refused`], but a query may fail because of what its result would be.
#[track_caller]
fn check_refused_or_large(fixture: &Fixture, name: &str, sql: &str, reason: &str) {
    if name == "huge row" {
        let error = fixture.query(sql).expect_err(name);
        assert_eq!(error, "sqlite3 result exceeds the limit of 8388608 bytes", "{name}");
        assert_eq!(fixture.exec(sql), Ok(()), "{name}");
    } else {
        check_refused(fixture, name, sql, reason);
    }
}

#[test]
fn what_has_no_end_ends_at_the_deadline() {
    let fixture = Fixture::new(TABLES);
    let path = fixture.path();
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)";
    let json = "(SELECT '[' || substr(replace(hex(zeroblob(50000)), '00', '0,'), 1, 99999) || ']')";
    let cases = [
        ("recursive query", format!("{endless} SELECT n FROM c WHERE n < 0")),
        ("recursive query, sum", format!("{endless} SELECT sum(n) FROM c")),
        ("recursive query, row by row", format!("{endless} SELECT 1 FROM c WHERE n < 0 LIMIT 9")),
        ("cartesian join", "SELECT count(*) FROM t, t u, t v, t w, t x".to_owned()),
        (
            "correlated",
            "SELECT (SELECT count(*) FROM t u, t v WHERE u.b||v.b = t.b) FROM t".to_owned(),
        ),
        (
            "window",
            "SELECT sum(length(w)) FROM (SELECT group_concat(hex(zeroblob(10000))) OVER \
             (ORDER BY t.a ROWS BETWEEN 500 PRECEDING AND CURRENT ROW) w FROM t, t u)"
                .to_owned(),
        ),
        (
            "LIKE over and over",
            format!(
                "{endless} SELECT count(*) FROM c WHERE hex(zeroblob(20000 + n % 2)) \
                 LIKE '%' || hex(zeroblob(100)) || '1'"
            ),
        ),
        (
            "LIKE with many wildcards",
            format!(
                "{endless} SELECT count(*) FROM c WHERE hex(zeroblob(9000 + n % 2)) LIKE '{}1'",
                "%0_".repeat(80)
            ),
        ),
        (
            "GLOB",
            format!(
                "{endless} SELECT count(*) FROM c WHERE hex(zeroblob(9000 + n % 2)) GLOB '{}1'",
                "*[0-9]".repeat(40)
            ),
        ),
        (
            "views of views",
            (1..20).fold("CREATE TEMP VIEW v0 AS SELECT a FROM t".to_owned(), |sql, n| {
                let below = n - 1;
                format!("{sql}; CREATE TEMP VIEW v{n} AS SELECT x.a FROM v{below} x, v{below} y")
            }) + "; SELECT count(*) FROM v19",
        ),
        ("json_each", format!("SELECT count(*) FROM json_each({json}) a, json_each({json}) b")),
        (
            "json_tree",
            format!("SELECT count(a.fullkey) FROM json_tree({json}) a, json_tree({json})"),
        ),
        ("ORDER BY", "SELECT * FROM t, t u, t v ORDER BY random()".to_owned()),
        ("DISTINCT", "SELECT count(DISTINCT t.a * u.a * v.a) FROM t, t u, t v".to_owned()),
        ("random", format!("{endless} SELECT 1 FROM c WHERE length(randomblob(1000000)) = 1")),
        (
            "instr over and over",
            format!(
                "{endless} SELECT count(*) FROM c \
                 WHERE instr(zeroblob(1000000 + n % 2), zeroblob(10000) || x'01')"
            ),
        ),
        (
            "pragma functions",
            "SELECT count(*) FROM pragma_function_list a, pragma_function_list b, \
             pragma_function_list c, pragma_function_list d"
                .to_owned(),
        ),
    ];
    for (name, sql) in cases {
        let soon = || Call::until(Instant::now() + Duration::from_millis(50));
        let result = query(&path, &sql, &soon());
        assert!(matches!(result, Err(Error::TimedOut)), "{name}: {result:?}");
        let result = exec(&path, &sql, &soon());
        assert!(matches!(result, Err(Error::TimedOut)), "{name}: {result:?}");
    }
    // Statements that write leave nothing half done.
    let writes = [
        format!("CREATE TABLE u AS {endless} SELECT n FROM c"),
        format!("{endless} INSERT INTO t SELECT n, n FROM c"),
        "UPDATE t SET a = (SELECT count(*) FROM t u, t v, t w)".to_owned(),
        "DELETE FROM t WHERE (SELECT count(*) FROM t u, t v, t w) > 0".to_owned(),
        format!("{endless} INSERT OR REPLACE INTO t SELECT 1, 1 FROM c"),
        "CREATE TEMP TRIGGER tr AFTER INSERT ON t BEGIN \
         INSERT INTO t SELECT a.a, 1 FROM t a, t b, t c, t d; END; INSERT INTO t VALUES (1, 1)"
            .to_owned(),
    ];
    for sql in writes {
        let soon = Call::until(Instant::now() + Duration::from_millis(50));
        let result = exec(&path, &sql, &soon);
        assert!(matches!(result, Err(Error::TimedOut)), "{sql}: {result:?}");
    }
    let after =
        fixture.query("SELECT count(*) n, sum(a) s, (SELECT count(*) FROM sqlite_schema) m FROM t");
    assert_eq!(after.as_deref(), Ok("[{\"n\":1000,\"s\":500500,\"m\":1}]\n"));
}

#[test]
fn large_but_honest_sql_works() {
    let fixture = Fixture::new(TABLES);
    let list = (1..=50_000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let rows = vec!["(1)"; 20_000].join(",");
    let cases = [
        ("IN list", format!("SELECT count(*) n FROM t WHERE a IN ({list})"), "1000"),
        ("VALUES", format!("SELECT count(*) n FROM (VALUES {rows})"), "20000"),
        (
            "500 terms",
            format!("SELECT count(*) n FROM (SELECT 1{})", " UNION ALL SELECT 1".repeat(499)),
            "500",
        ),
        ("ORs", format!("SELECT count(*) n FROM t WHERE a = 0{}", " OR a = 7".repeat(900)), "1"),
        ("a text of 8 MB", "SELECT length(hex(zeroblob(4000000))) n".to_owned(), "8000000"),
        ("instr", "SELECT instr(hex(zeroblob(8000000)) || 'x', 'x') n".to_owned(), "16000001"),
        (
            "replace",
            "SELECT length(replace(hex(zeroblob(4000000)), '00', 'x')) n".to_owned(),
            "4000000",
        ),
        (
            "64 tables",
            format!("SELECT count(*) n FROM t{} WHERE t.a = 0", ", (SELECT 1)".repeat(63)),
            "0",
        ),
    ];
    for (name, sql, expected) in cases {
        assert_eq!(fixture.query(&sql), Ok(format!("[{{\"n\":{expected}}}]\n")), "{name}");
    }
}

#[test]
fn a_file_grows_only_so_far() {
    let fixture = Fixture::new("CREATE TABLE t (a)");
    let path = fixture.path();
    let call = Call { max_growth_bytes: 1024 * 1024, ..call() };
    let insert = |bytes: usize| format!("INSERT INTO t VALUES (randomblob({bytes}))");
    let full = "sqlite3 error: Error: stepping, database or disk is full (13)";
    assert_eq!(exec(&path, &insert(2_000_000), &call).unwrap_err().to_string(), full);
    for sql in ["PRAGMA max_page_count = 4294967294", "PRAGMA page_size = 65536"] {
        let result = exec(&path, &format!("{sql}; {}", insert(2_000_000)), &call);
        assert_eq!(result.unwrap_err().to_string(), full, "{sql}");
    }
    // Several statements share the allowance; several calls have one each.
    let twice = [insert(700_000), insert(700_000)].join(";");
    assert_eq!(exec(&path, &twice, &call).unwrap_err().to_string(), full);
    for _ in 0..3 {
        exec(&path, &insert(700_000), &call).unwrap();
    }
    let length = || fixture.file("test.db").metadata().unwrap().len();
    assert!((2_800_000..3_000_000).contains(&length()), "{}", length());
    // What is there already may be far larger than the allowance.
    let none = Call { max_growth_bytes: 0, ..call.clone() };
    assert!(exec(&path, &insert(10_000), &none).is_err());
    exec(&path, "DELETE FROM t WHERE rowid = 1", &none).unwrap();
    exec(&path, &insert(10_000), &none).unwrap();
    exec(&path, &insert(10_000), &Call { max_growth_bytes: u64::MAX, ..call }).unwrap();
}

#[test]
fn nothing_temporary_is_written_to_disk() {
    let fixture = Fixture::new(TABLES);
    // Larger than the cache: on disk it would need a file.
    let sql = "CREATE TEMP TABLE x AS SELECT t.a, u.b, randomblob(100) c FROM t, t u LIMIT 100000; \
        SELECT count(*) n FROM (SELECT DISTINCT c FROM x ORDER BY c)";
    assert_eq!(fixture.query(sql).as_deref(), Ok("[{\"n\":100000}]\n"));
}
