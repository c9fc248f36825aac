use serde_json::json;
use vario_store::Paths;

use super::{call, running, starting, write};
use crate::rig::{Options, Rig};

fn data(rig: &Rig) -> std::path::PathBuf {
    Paths::below(rig.home.path()).plugin_data_dir("demo")
}

/// Runs checks in the plugin, with a database that is new.
fn checked(body: &str) -> Rig {
    let rig = running(&format!(
        "{HELPERS}
         const db = ctx.database.open('flights.db');
         ctx.ipc.handle('check', async () => {{ {body}; return 'checked'; }});"
    ));
    assert_eq!(call(&rig, "check", &[]), json!("checked"));
    rig
}

const HELPERS: &str = r#"
    const assert = (await import("assert")).default.strict;
    const same = assert.deepEqual;
    const fails = (run, name, words, code) => {
        let failure;
        try { run(); } catch (error) { failure = error; }
        assert.ok(failure, `nothing is thrown: ${run}`);
        same([failure.name, failure.code], [name, code], `${run}: ${failure.message}`);
        assert.match(failure.message, words);
    };
"#;

#[test]
fn st_20_statements_parameters_and_rows() {
    checked(
        r#"
        same([db.open, db.inTransaction, db.name, db.memory, db.readonly], [true, false, "flights.db", false, false]);
        same(db.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c); CREATE TABLE u (a)"), db);
        const insert = db.prepare("INSERT INTO t (b, c) VALUES (?, ?)");
        same(insert.run("x", 1.5), { changes: 1, lastInsertRowid: 1 });
        same(insert.run(["y", null]), { changes: 1, lastInsertRowid: 2 });
        same([insert.reader, insert.source, insert.database === db], [false, "INSERT INTO t (b, c) VALUES (?, ?)", true]);
        for (const sign of ["@", ":", "$"]) {
            same(db.prepare(`INSERT INTO t (b, c) VALUES (${sign}b, ${sign}c)`).run({ b: sign, c: 0, unused: true }).changes, 1);
        }
        same(db.prepare("INSERT INTO t (b, c) VALUES (?, @c)").run("mixed", { c: 9 }).lastInsertRowid, 6);
        const select = db.prepare("SELECT a, b AS named, c + 1 FROM t WHERE a <= ?");
        same(select.get(1), { a: 1, named: "x", "c + 1": 2.5 });
        same(select.get(0), undefined);
        same(select.all(2).map((row) => row.a), [1, 2]);
        same(select.columns(), [
            { name: "a", column: "a", table: "t", database: "main", type: "INTEGER" },
            { name: "named", column: "b", table: "t", database: "main", type: "TEXT" },
            { name: "c + 1", column: null, table: null, database: null, type: null },
        ]);
        same(db.prepare("SELECT a FROM t ORDER BY a").pluck().all(), [1, 2, 3, 4, 5, 6]);
        same(db.prepare("SELECT a, b FROM t").raw().get(), [1, "x"]);
        const toggled = db.prepare("SELECT a FROM t").pluck();
        same([toggled.get(), toggled.pluck(false).get()], [1, { a: 1 }]);
        same(db.prepare("SELECT t.a, u.a FROM t LEFT JOIN u").expand().get(), { t: { a: 1 }, u: { a: null } });
        const bound = db.prepare("SELECT b FROM t WHERE a = ?").pluck().bind(2);
        same([bound.get(), bound.all()], ["y", ["y"]]);
        fails(() => bound.get(1), "TypeError", /already has bound/);
        fails(() => bound.bind(1), "TypeError", /only be invoked once/);
        same(db.prepare("UPDATE t SET c = 0").run().changes, 6);
        same(db.prepare("DELETE FROM t WHERE a > 4 RETURNING a").all(), [{ a: 5 }, { a: 6 }]);
        same(db.prepare("INSERT INTO u VALUES (1) RETURNING a").run().changes, 1);

        fails(() => db.prepare("SELECT 1; SELECT 2"), "RangeError", /more than one statement/);
        fails(() => db.prepare("CREATE TABLE v (a)").get(), "TypeError", /does not return data/);
        fails(() => db.prepare(5), "TypeError", /string/);
        fails(() => insert.run("one"), "RangeError", /Too few/);
        fails(() => insert.run(1, 2, 3), "RangeError", /Too many/);
        fails(() => db.prepare("SELECT @a").get({ b: 1 }), "RangeError", /Missing named parameter "a"/);
        fails(() => db.prepare("SELECT @a").get({ a: true }), "TypeError", /can only bind/);
        for (const bad of [true, undefined, Symbol("s"), new Date(0), () => 1, [[1]]]) fails(() => insert.run("x", bad), "TypeError", /can only bind|two different/);
        fails(() => db.prepare("SELECT ?, ?").get({}, {}), "TypeError", /two different objects/);
        "#,
    );
}

#[test]
fn st_20_errors_have_the_codes_of_sqlite() {
    checked(
        r#"
        db.exec("CREATE TABLE p (id INTEGER PRIMARY KEY, u UNIQUE, n NOT NULL, c CHECK (c > 0)); CREATE TABLE s (p REFERENCES p(id))");
        db.pragma("foreign_keys = ON");
        const insert = db.prepare("INSERT INTO p (id, u, n, c) VALUES (?, ?, ?, ?)");
        insert.run(1, 1, 1, 1);
        fails(() => insert.run(1, 2, 1, 1), "SqliteError", /UNIQUE constraint failed: p.id/, "SQLITE_CONSTRAINT_PRIMARYKEY");
        fails(() => insert.run(2, 1, 1, 1), "SqliteError", /UNIQUE constraint failed: p.u/, "SQLITE_CONSTRAINT_UNIQUE");
        fails(() => insert.run(2, 2, null, 1), "SqliteError", /NOT NULL/, "SQLITE_CONSTRAINT_NOTNULL");
        fails(() => insert.run(2, 2, 1, 0), "SqliteError", /CHECK/, "SQLITE_CONSTRAINT_CHECK");
        fails(() => db.prepare("INSERT INTO s VALUES (9)").run(), "SqliteError", /FOREIGN KEY/, "SQLITE_CONSTRAINT_FOREIGNKEY");
        fails(() => db.prepare("SELEC 1"), "SqliteError", /near "SELEC": syntax error/, "SQLITE_ERROR");
        fails(() => db.exec("INSERT INTO nowhere VALUES (1)"), "SqliteError", /no such table: nowhere/, "SQLITE_ERROR");
        fails(() => db.exec("ATTACH '/tmp/other.db' AS other"), "SqliteError", /./, "SQLITE_AUTH");
        fails(() => db.prepare("SELECT load_extension('x')").get(), "SqliteError", /not authorized/, "SQLITE_ERROR");
        try { db.prepare("bad"); } catch (error) { assert.ok(error instanceof Error && error.stack.includes("index.js")); }
        "#,
    );
}

#[test]
fn st_20_values_go_in_and_come_out_as_they_were() {
    checked(
        r#"
        db.exec("CREATE TABLE v (x)");
        const put = db.prepare("INSERT INTO v VALUES (?)");
        const back = db.prepare("SELECT x FROM v ORDER BY rowid DESC LIMIT 1").pluck();
        for (const value of [0, -1, 0.5, 1e300, "", "é\u{1F600}\0z", null, 9007199254740991, -9007199254740991]) {
            put.run(value);
            same(back.get(), value);
        }
        same(db.prepare("SELECT typeof(x) FROM v WHERE x = 0").pluck().get(), "integer");
        for (const bytes of [Buffer.from([0, 255, 1]), new Uint8Array([1, 2]), new Uint8Array(0), new Uint8Array([9, 8, 7]).subarray(1)]) {
            put.run(bytes);
            const found = back.get();
            assert.ok(Buffer.isBuffer(found), "a BLOB is a Buffer");
            same([...found], [...bytes]);
            same(db.prepare("SELECT typeof(x) FROM v ORDER BY rowid DESC LIMIT 1").pluck().get(), "blob");
        }
        put.run(5n);
        same(back.get(), 5);

        put.run(9223372036854775807n);
        fails(() => back.get(), "RangeError", /9223372036854775807 is too large/);
        same(db.prepare("SELECT x FROM v ORDER BY rowid DESC LIMIT 1").safeIntegers().get(), { x: 9223372036854775807n });
        same(back.safeIntegers().all(), [9223372036854775807n]);
        same([...back.iterate()], [9223372036854775807n]);
        put.run(-(2n ** 63n));
        same(back.get(), -(2n ** 63n));
        put.run(0.5);
        same(back.get(), 0.5, "only integers are BigInts");
        fails(() => put.run(2n ** 63n), "RangeError", /too big/);
        same(db.prepare("SELECT @a").pluck().safeIntegers().get({ a: 2n ** 60n }), 2n ** 60n);
        same(typeof put.safeIntegers().run(1).lastInsertRowid, "bigint");
        db.defaultSafeIntegers();
        same(db.prepare("SELECT 1").pluck().get(), 1n);
        db.defaultSafeIntegers(false);
        same(db.prepare("SELECT 1").pluck().get(), 1);
        "#,
    );
}

#[test]
fn st_20_transactions_nest_and_iterators_end() {
    checked(
        r#"
        db.exec("CREATE TABLE t (a INTEGER UNIQUE)");
        const put = db.prepare("INSERT INTO t VALUES (?)");
        const all = () => db.prepare("SELECT a FROM t ORDER BY a").pluck().all();
        const many = db.transaction((list, fail) => {
            assert.ok(db.inTransaction);
            for (const item of list) put.run(item);
            if (fail) throw new RangeError("no");
            return list.length;
        });
        same(many([1, 2]), 2);
        same(db.inTransaction, false);
        fails(() => many([3, 4], true), "RangeError", /^no$/);
        fails(() => many([5, 1]), "SqliteError", /UNIQUE/, "SQLITE_CONSTRAINT_UNIQUE");
        same([all(), db.inTransaction], [[1, 2], false]);
        const outer = db.transaction(() => {
            put.run(10);
            try { many([11, 12], true); } catch {}
            many([13]);
            fails(() => many([14, 10]), "SqliteError", /UNIQUE/, "SQLITE_CONSTRAINT_UNIQUE");
            assert.ok(db.inTransaction, "the outer one goes on");
        });
        outer();
        same(all(), [1, 2, 10, 13]);
        for (const kind of ["deferred", "immediate", "exclusive", "default"]) same(many[kind]([]), 0);
        const object = { base: 100, add: db.transaction(function (more) { put.run(this.base + more); }) };
        object.add(5);
        same(all().at(-1), 105);
        fails(() => db.transaction(async () => put.run(200))(), "TypeError", /promise/);
        same(all().includes(200), false);
        fails(() => db.transaction(5), "TypeError", /function/);
        db.exec("BEGIN"); put.run(300); db.exec("ROLLBACK");
        same(all().includes(300), false);

        db.exec("DELETE FROM t; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO t SELECT i FROM n");
        let sum = 0;
        const select = db.prepare("SELECT a FROM t ORDER BY a");
        for (const row of select.iterate()) sum += row.a;
        same(sum, 500500);
        const first = [];
        for (const a of db.prepare("SELECT a FROM t WHERE a > ? ORDER BY a").pluck().iterate(10)) { if (first.push(a) === 3) break; }
        same(first, [11, 12, 13]);
        for (let round = 0; round < 100; round += 1) for (const row of select.iterate()) { if (row.a) break; }
        same([...db.prepare("SELECT a FROM t WHERE a < 0").iterate()], []);
        fails(() => put.iterate(1), "TypeError", /does not return data/);
        db.exec("DROP TABLE t");

        same(db.pragma("journal_mode = WAL", { simple: true }), "wal");
        db.pragma("user_version = 7");
        same(db.pragma("user_version"), [{ user_version: 7 }]);
        same(db.pragma("user_version", { simple: true }), 7);
        db.pragma("synchronous = NORMAL");
        same(db.pragma("table_info(missing)"), []);
        "#,
    );
}

#[test]
fn st_20_names_do_not_lead_out_and_a_file_is_one_plugins_own() {
    let rig = checked(
        r#"
        for (const name of ["../x.db", "a/b.db", "a\\b.db", "/tmp/x.db", "..", ".", "", "x.db-wal", "file:x.db", ":memory:", "a\0b", 5, undefined]) {
            let failure;
            try { ctx.database.open(name).exec("CREATE TABLE t (a)"); } catch (error) { failure = error; }
            assert.ok(failure instanceof Error, `${name} was opened`);
        }
        db.exec("CREATE TABLE t (a); INSERT INTO t VALUES ('flights')");
        const again = ctx.database.open("flights.db");
        same(again.prepare("SELECT a FROM t").pluck().get(), "flights", "the same name is the same file");
        same(again.close().open, false);
        again.close();
        fails(() => again.exec("SELECT 1"), "TypeError", /not open/);
        fails(() => again.prepare("SELECT 1"), "TypeError", /not open/);
        same(again.inTransaction, false);
        same(db.open, true);
        const statement = ctx.database.open("second.db").prepare("SELECT 1");
        statement.database.close();
        fails(() => statement.get(), "TypeError", /not open/);
        "#,
    );
    let names = |rig: &Rig| -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(data(rig))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert!(names(&rig).contains(&"flights.db".to_owned()));
    write(
        &rig,
        "other",
        &starting(
            "const db = ctx.database.open('flights.db'); ctx.ipc.handle('tables', () => db.prepare('SELECT name FROM sqlite_schema').all());",
        ),
    );
    rig.rescan();
    rig.until_active("other");
    assert_eq!(
        rig.ipc("other", "tables", &[]).unwrap(),
        json!([]),
        "another plugin's is another file"
    );

    let (home, user) = rig.shut_down();
    let rig = Rig::of(home, user, Options::default());
    assert_eq!(names(&rig), ["flights.db", "second.db"], "all are closed");
    write(
        &rig,
        "demo",
        &starting(
            "const db = ctx.database.open('flights.db'); ctx.ipc.handle('kept', () => db.prepare('SELECT a FROM t').pluck().all());",
        ),
    );
    rig.rescan();
    rig.until_active("demo");
    assert_eq!(call(&rig, "kept", &[]), json!(["flights"]));
}

#[test]
fn st_20_what_is_open_at_the_end_is_rolled_back_and_closed() {
    let rig = running(
        "const db = ctx.database.open('a.db');
         db.exec('CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)');
         const count = db.prepare('SELECT count(*) FROM t').pluck().get();
         db.exec('BEGIN; INSERT INTO t VALUES (2)');
         const rows = db.prepare('SELECT * FROM t').iterate();
         rows.next();
         ctx.ipc.handle('count', () => count);",
    );
    assert_eq!(call(&rig, "count", &[]), json!(1));
    rig.supervisor.restart("demo", crate::rig::LONG).unwrap();
    assert_eq!(call(&rig, "count", &[]), json!(2));
    let pid = rig.info("demo").unwrap().pid.unwrap();
    if cfg!(unix) {
        let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(killed.unwrap().success());
        rig.until_state("demo", vario_model::BackgroundState::Failed);
        rig.supervisor.start("demo", crate::rig::LONG).unwrap();
        assert_eq!(call(&rig, "count", &[]), json!(3), "after a crash, too");
    }
}
