//! Statements that want all memory. The limit is the process's, so this test has one of its own.

use std::time::{Duration, Instant};

use vario_sqlite::{Call, Database, OpenOptions, exec, query};

#[test]
fn memory_bombs_meet_the_limit_and_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let database = Database::open(&file, &OpenOptions::default()).unwrap();
    database.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    let path = file.to_str().unwrap();

    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)";
    let blobs = "WITH RECURSIVE c(n, x) AS (SELECT 1, zeroblob(1) UNION \
        SELECT n + 1, n || zeroblob(1000000) FROM c)";
    let aggregates = vec!["group_concat(hex(zeroblob(1000000)), n)"; 100].join(", ");
    let values = vec!["zeroblob(16000000) || 1"; 100].join(", ");
    let cases = [
        ("recursive query", format!("{blobs} SELECT max(n) FROM c")),
        ("DISTINCT", format!("{endless} SELECT count(DISTINCT n || zeroblob(1000000)) FROM c")),
        ("ORDER BY", format!("{endless} SELECT n FROM c ORDER BY n || zeroblob(1000000)")),
        ("GROUP BY", format!("{endless} SELECT n FROM c GROUP BY n || zeroblob(1000000)")),
        (
            "JSON array",
            format!(
                "{endless} SELECT json_group_array(hex(zeroblob(1000000))) FROM (SELECT n FROM c LIMIT 300)"
            ),
        ),
        (
            "JSON object",
            format!(
                "{endless} SELECT json_group_object(n, hex(zeroblob(1000000))) FROM (SELECT n FROM c LIMIT 300)"
            ),
        ),
        (
            "many aggregates",
            format!("{endless} SELECT {aggregates} FROM (SELECT n FROM c LIMIT 7)"),
        ),
        ("many values", format!("SELECT max({values})")),
        (
            "temporary table",
            format!("CREATE TEMP TABLE x AS {endless} SELECT n || zeroblob(1000000) FROM c"),
        ),
        (
            "window",
            format!("{endless} SELECT count(*) OVER (ORDER BY n || zeroblob(1000000)) FROM c"),
        ),
    ];
    for (name, sql) in cases {
        // Long enough that no case meets it.
        let call = Call::until(Instant::now() + Duration::from_mins(2));
        for error in [query(path, &sql, &call).map(drop), exec(path, &sql, &call)] {
            let error = error.expect_err(name).to_string();
            let is_limit = ["out of memory (7)", "database or disk is full (13)", "too big (18)"];
            assert!(is_limit.iter().any(|text| error.contains(text)), "{name}: {error}");
        }
        let read = database.query_first("SELECT a FROM t", &[], |row| row.get::<i64>(0));
        assert_eq!(read.unwrap(), Some(1), "{name}");
        assert_eq!(query(path, "SELECT a FROM t", &call).unwrap(), "[{\"a\":1}]\n", "{name}");
    }
    #[cfg(target_os = "linux")]
    {
        // The most memory this process ever had.
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let peak: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(peak < 512 * 1024, "{line}");
    }
}
