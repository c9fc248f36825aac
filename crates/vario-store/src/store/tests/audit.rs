use std::fs;

use vario_model::{AuditEntry, Need, NeedReason, RunTrigger, Snapshot};
use vario_output::Line;
use vario_sqlite::{Database, OpenOptions};

use super::{Fixture, snapshot, text};
use crate::store::tables::MIGRATIONS;
use crate::{AUDIT_KEPT, AUDIT_KEPT_PER_PLUGIN, Store, StoreMode};

fn entry(plugin: &str, at_ms: i64) -> AuditEntry {
    AuditEntry {
        at_ms,
        plugin_id: plugin.into(),
        run: 7,
        function: "fs.readText".into(),
        target: "~/x".into(),
        allowed: true,
        need: None,
        ok: true,
        bytes: 5,
        duration_us: 9,
    }
}

fn need(permission: &str, reason: NeedReason) -> Need {
    Need { permission: permission.into(), reason }
}

fn times(store: &Store, plugin: Option<&str>, limit: usize) -> Vec<i64> {
    store.audit(plugin, limit).unwrap().into_iter().map(|entry| entry.at_ms).collect()
}

#[test]
fn host_calls_come_back_as_they_were_the_newest_last() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let refused = |reason, at_ms| AuditEntry {
        allowed: false,
        need: Some(need("net:a\u{0}ä", reason)),
        ok: false,
        bytes: i64::MAX.unsigned_abs(),
        ..entry("b", at_ms)
    };
    let entries = [
        entry("a", 9),
        refused(NeedReason::NotRequested, 8),
        refused(NeedReason::NotGranted, i64::MIN),
        refused(NeedReason::Denied, i64::MAX),
        AuditEntry { target: String::new(), ..entry("a", 3) },
    ];
    store.append_audit(&entries[..2]).unwrap();
    store.append_audit(&[]).unwrap();
    store.append_audit(&entries[2..]).unwrap();
    drop(store);
    let store = fixture.store();
    assert_eq!(store.audit(None, usize::MAX).unwrap(), entries);
    assert_eq!(store.audit(None, 2).unwrap(), entries[3..]);
    assert_eq!(store.audit(Some("b"), 9).unwrap(), entries[1..4]);
    assert_eq!(store.audit(Some("a"), 1).unwrap(), entries[4..]);
    assert_eq!(store.audit(Some("c"), 9).unwrap(), []);
    assert_eq!(store.audit(None, 0).unwrap(), []);
    store.forget("b").unwrap();
    assert_eq!(times(&store, None, 9), [9, 3]);
}

#[test]
fn long_texts_are_cut_and_large_numbers_are_the_largest() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let long = "ä".repeat(600);
    let given = AuditEntry {
        function: "x".repeat(1024),
        target: long.clone(),
        need: Some(need(&long, NeedReason::Denied)),
        bytes: u64::MAX,
        ..entry("a", 1)
    };
    store.append_audit(std::slice::from_ref(&given)).unwrap();
    let cut = format!("{}…", "ä".repeat(510));
    let expected = AuditEntry {
        target: cut.clone(),
        need: Some(need(&cut, NeedReason::Denied)),
        bytes: i64::MAX.unsigned_abs(),
        ..given
    };
    assert_eq!(store.audit(None, 9).unwrap(), [expected]);
    assert!(cut.len() <= 1024);
}

#[test]
fn the_newest_entries_of_each_plugin_are_kept() {
    let fixture = Fixture::new();
    let store = fixture.store();
    store.append_audit(&[entry("b", 1)]).unwrap();
    let kept = i64::from(AUDIT_KEPT_PER_PLUGIN);
    let add = |from: i64, to: i64| {
        let entries: Vec<AuditEntry> = (from..to).map(|at_ms| entry("a", at_ms)).collect();
        store.append_audit(&entries).unwrap();
    };
    add(0, kept);
    assert_eq!(times(&store, Some("a"), usize::MAX), (0..kept).collect::<Vec<_>>());
    add(kept, kept + 3);
    assert_eq!(times(&store, Some("a"), usize::MAX), (3..kept + 3).collect::<Vec<_>>());
    // More than is kept at once.
    add(0, 2 * kept);
    assert_eq!(times(&store, Some("a"), usize::MAX), (kept..2 * kept).collect::<Vec<_>>());
    assert_eq!(times(&store, Some("b"), usize::MAX), [1], "each has its own");
}

#[test]
fn the_newest_entries_of_all_are_kept() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let kept = i64::from(AUDIT_KEPT);
    let mut at_ms = 0;
    // Batches that divide neither bound.
    while at_ms < kept + 5_000 {
        let entries: Vec<AuditEntry> = (at_ms..at_ms + 731)
            .map(|at_ms| entry(&format!("p{}", at_ms.rem_euclid(20)), at_ms))
            .collect();
        store.append_audit(&entries).unwrap();
        at_ms += 731;
        let count = |database: &Database| {
            database.query_first("SELECT count(*) FROM audit", &[], |row| row.get::<i64>(0))
        };
        let count = count(&store.opened.lock().database).unwrap().unwrap();
        assert!(count <= kept && count >= at_ms.min(kept - 1_000), "{count} of {at_ms}");
    }
    let found = times(&store, None, usize::MAX);
    let oldest = found[0];
    assert_eq!(found, (oldest..at_ms).collect::<Vec<_>>());
    // The numbers of a plugin whose oldest entries went begin where they may.
    store.append_audit(&[entry("p1", -1)]).unwrap();
    assert_eq!(times(&store, Some("p1"), 1), [-1]);
}

#[test]
fn what_cannot_be_kept_is_told_once_and_all_or_nothing() {
    let fixture = Fixture::new();
    let store = fixture.store();
    store.append_audit(&[entry("a", 1)]).unwrap();
    let limit = |pages: u32| {
        let opened = store.opened.lock();
        let sql = format!("PRAGMA max_page_count = {pages}");
        opened.database.query(&sql, &[], |_| Ok(())).unwrap();
    };
    limit(1);
    let many: Vec<AuditEntry> = (2..3_000).map(|at_ms| entry("a", at_ms)).collect();
    for _ in 0..2 {
        store.append_audit(&many).unwrap_err();
    }
    let warnings = store.take_warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].ends_with("what plugins did is missing from the audit log"));
    assert_eq!(times(&store, None, 9), [1]);
    limit(1_000_000);
    store.append_audit(&many).unwrap();
    assert_eq!(store.take_warnings(), Vec::<String>::new());

    // In memory it works like everything else.
    let fixture = Fixture::new();
    fixture.home.write("state", "");
    let store = Store::open(&fixture.paths).unwrap();
    assert_eq!(store.mode(), StoreMode::Memory);
    store.append_audit(&[entry("a", 1)]).unwrap();
    assert_eq!(times(&store, None, 9), [1]);
}

#[test]
fn damage_does_not_stop_the_audit_log() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let many: Vec<AuditEntry> = (0..3_000).map(|at_ms| entry("a", at_ms)).collect();
    store.append_audit(&many).unwrap();
    drop(store);
    let path = fixture.paths.database();
    let mut bytes = fs::read(&path).unwrap();
    bytes[4096..].fill(0xAA);
    fs::write(&path, &bytes).unwrap();
    let store = fixture.store();
    store.append_audit(&[entry("a", 5)]).unwrap();
    assert!(store.take_warnings()[0].contains("state.db.corrupt-1"));
    assert_eq!(times(&store, None, 9), [5]);
}

/// The database as the first version left it, with snapshots that know nothing of needs.
#[test]
fn a_database_of_the_first_version_is_taken_over() {
    let fixture = Fixture::new();
    fixture.home.write("state/.keep", "");
    let old = Database::open(&fixture.paths.database(), &OpenOptions::default()).unwrap();
    old.migrate(&MIGRATIONS[..1]).unwrap();
    let json = r#"{"providerId": "a", "displayName": "A", "plan": null, "lines": [],
        "fetchedAt": "2026-01-31T00:00:00.000Z", "ok": true, "error": null, "cause": null,
        "durationMs": 5}"#;
    let sql = "INSERT INTO run (plugin, run_ms, good) VALUES ('a', 1, ?1)";
    old.execute(sql, &[json.into()]).unwrap();
    drop(old);
    let store = fixture.store();
    let found = store.latest("a").unwrap().unwrap();
    assert_eq!((found.display_name.as_str(), found.duration_ms), ("A", 5));
    assert!(found.needs.is_empty() && found.notices.is_empty());
    assert_eq!(store.last_needs("a").unwrap(), []);
    store.append_audit(&[entry("a", 1)]).unwrap();
    assert_eq!(times(&fixture.store(), None, 9), [1]);
}

#[test]
fn needs_and_notices_are_kept_and_those_of_the_last_run_are_found() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let needs =
        |name: &str| vec![need(name, NeedReason::NotGranted), need("system", NeedReason::Denied)];
    let run = |lines: Vec<Line>, needs: Vec<Need>, at_ms: i64| -> Snapshot {
        let one = snapshot("a", lines, at_ms).with_needs(needs, vec![format!("notice {at_ms}")]);
        store.save(&one, RunTrigger::Auto, at_ms).unwrap();
        one
    };
    assert_eq!(store.last_needs("a").unwrap(), []);
    let good = run(vec![text("x")], needs("net:a"), 1);
    assert_eq!(fixture.store().latest("a").unwrap().as_ref(), Some(&good));
    assert_eq!(store.last_needs("a").unwrap(), needs("net:a"));
    let failed = run(vec![Line::error("x")], needs("net:b"), 2);
    assert_eq!(fixture.store().latest("a").unwrap(), Some(failed));
    assert_eq!(store.latest_good("a").unwrap(), Some(good));
    assert_eq!(fixture.store().last_needs("a").unwrap(), needs("net:b"));
    run(vec![text("x")], Vec::new(), 3);
    assert_eq!(store.last_needs("a").unwrap(), []);
}
