use std::thread;

use vario_model::{Cause, RunTrigger};
use vario_output::Line;

use super::{Fixture, quota, snapshot, text};
use crate::{HOURS_KEPT_MS, HourSample, RAW_KEPT_MS, Sample};

const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_snapshot_comes_back_as_it_was_also_in_another_process() {
    let fixture = Fixture::new();
    let cause = Cause { message: "m".into(), line: Some(3), ..Cause::default() };
    let lines = vec![text("ä\u{0}\u{1f600}"), quota("Q", 0.1, 1e300)];
    let saved = snapshot("a", lines, 1_000).with_cause(Some(cause));
    fixture.store().save(&saved, RunTrigger::Start, 1_000).unwrap();
    let store = fixture.store();
    assert_eq!(store.latest("a").unwrap(), Some(saved.clone()));
    assert_eq!(store.latest_good("a").unwrap(), Some(saved));
    assert_eq!(store.latest("b").unwrap(), None);
    assert_eq!(store.record("b").unwrap(), None);
}

#[test]
fn only_a_success_replaces_the_good_snapshot_by_section_5_2() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let good = snapshot("a", vec![text("1")], 1);
    store.save(&good, RunTrigger::Auto, 1).unwrap();
    let failures = [
        vec![Line::error("only an error")],
        vec![text("2"), Line::error("one bad line")],
        vec![Line::error("")],
    ];
    for (at_ms, lines) in (2..).zip(failures) {
        let failed = snapshot("a", lines, at_ms);
        store.save(&failed, RunTrigger::Auto, at_ms).unwrap();
        assert_eq!(store.latest_good("a").unwrap().as_ref(), Some(&good));
        assert_eq!(store.latest("a").unwrap(), Some(failed));
        assert_eq!(store.last_run("a").unwrap(), Some(at_ms));
    }
    let newer = snapshot("a", vec![text("3")], 9);
    store.save(&newer, RunTrigger::Auto, 9).unwrap();
    assert_eq!(store.latest("a").unwrap().as_ref(), Some(&newer));
    assert_eq!(store.latest_good("a").unwrap(), Some(newer));
    // Before any success there is no good one.
    store.save(&snapshot("b", vec![Line::error("x")], 1), RunTrigger::Auto, 1).unwrap();
    assert_eq!(store.latest_good("b").unwrap(), None);
    assert!(store.latest("b").unwrap().is_some());
}

#[test]
fn only_a_manual_run_that_brought_data_starts_the_cool_down() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let rows = [
        (RunTrigger::Auto, vec![text("")], None),
        (RunTrigger::Start, vec![text("")], None),
        (RunTrigger::Enabled, vec![text("")], None),
        (RunTrigger::Manual, vec![Line::error("x")], None),
        (RunTrigger::Manual, vec![text("")], Some(5)),
        (RunTrigger::Auto, vec![text("")], Some(5)),
        (RunTrigger::Manual, vec![Line::error("x")], Some(5)),
        // Section 5.3: data beside an error is shown as data.
        (RunTrigger::Manual, vec![text(""), Line::error("x")], Some(8)),
        (RunTrigger::Manual, vec![], Some(9)),
    ];
    for (at_ms, (trigger, lines, expected)) in (1..).zip(rows) {
        store.save(&snapshot("a", lines, at_ms), trigger, at_ms).unwrap();
        let found = fixture.store().last_manual_ok("a").unwrap();
        assert_eq!(found, expected, "after {trigger:?} at {at_ms}");
        assert_eq!(store.last_run("a").unwrap(), Some(at_ms));
    }
}

#[test]
fn what_is_fresh_depends_on_the_last_run_of_any_outcome() {
    let fixture = Fixture::new();
    let store = fixture.store();
    store.save(&snapshot("a", vec![text("")], 1_000), RunTrigger::Auto, 1_000).unwrap();
    let rows = [(1_000, 0, true), (1_500, 500, true), (1_501, 500, false), (999, 500, false)];
    for (now_ms, max_age_ms, expected) in rows {
        let found = store.fresh("a", max_age_ms, now_ms).unwrap();
        assert_eq!(found.is_some(), expected, "{max_age_ms} at {now_ms}");
    }
    store.save(&snapshot("a", vec![Line::error("x")], 2_000), RunTrigger::Auto, 2_000).unwrap();
    assert!(!store.fresh("a", 500, 2_100).unwrap().unwrap().ok);
    assert_eq!(store.fresh("b", i64::MAX, 0).unwrap(), None);
}

#[test]
fn all_are_listed_by_id_and_forgotten_one_by_one() {
    let fixture = Fixture::new();
    let store = fixture.store();
    for id in ["b", "a", "c:d"] {
        store.save(&snapshot(id, vec![quota("Q", 1.0, 2.0)], 7), RunTrigger::Auto, 7).unwrap();
    }
    store.forget("b").unwrap();
    let ids: Vec<String> =
        store.latest_all().unwrap().into_iter().map(|snapshot| snapshot.provider_id).collect();
    assert_eq!(ids, ["a", "c:d"]);
    assert_eq!(store.records().unwrap().len(), 2);
    assert!(store.history("b", 0, 9).unwrap().is_empty());
    assert!(store.hourly("b", 0, 9).unwrap().is_empty());
    assert_eq!(store.history("a", 0, 9).unwrap().len(), 1);
}

#[test]
fn history_holds_every_quota_and_sums_up_hours() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let base = 400_000 * HOUR_MS;
    let runs =
        [(0, 4.0, 10.0), (60_000, 1.0, 10.0), (HOUR_MS - 1, 7.0, 20.0), (HOUR_MS, 2.0, 20.0)];
    for (offset, used, limit) in runs {
        let lines = vec![quota("Q", used, limit), text("x"), quota("R", 1.0, 2.0)];
        let at_ms = base + offset;
        store.save(&snapshot("a", lines, at_ms), RunTrigger::Auto, at_ms).unwrap();
    }
    let of_q = |samples: Vec<Sample>| {
        let of_q = samples.into_iter().filter(|sample| sample.label == "Q");
        of_q.map(|sample| (sample.at_ms - base, sample.used, sample.limit)).collect::<Vec<_>>()
    };
    assert_eq!(of_q(store.history("a", base, base + 2 * HOUR_MS).unwrap()), runs);
    assert_eq!(of_q(store.history("a", base + 1, base + HOUR_MS).unwrap()), runs[1..3]);
    let hours = store.hourly("a", base, base + HOUR_MS).unwrap();
    assert_eq!(hours.len(), 2);
    let expected = HourSample {
        label: "Q".into(),
        hour_ms: base,
        count: 3,
        min: 1.0,
        max: 7.0,
        mean: 4.0,
        last: 7.0,
        limit: 20.0,
    };
    assert_eq!(hours[0], expected);
    assert_eq!(store.hourly("a", base, base + HOUR_MS + 1).unwrap().len(), 4);
}

#[test]
fn samples_go_after_a_month_and_hours_after_a_year() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let save = |at_ms: i64| {
        let one = snapshot("a", vec![quota("Q", 1.0, 2.0)], at_ms);
        store.save(&one, RunTrigger::Auto, at_ms).unwrap();
        (
            store.history("a", 0, i64::MAX).unwrap().len(),
            store.hourly("a", 0, i64::MAX).unwrap().len(),
        )
    };
    assert_eq!(save(HOUR_MS), (1, 1));
    // Just inside; this is also when the upkeep of the next rows is due.
    assert_eq!(save(HOUR_MS + RAW_KEPT_MS), (2, 2));
    assert_eq!(save(2 * HOUR_MS + RAW_KEPT_MS), (3, 3), "upkeep is done once a day");
    assert_eq!(save(25 * HOUR_MS + RAW_KEPT_MS), (3, 4));
    assert_eq!(save(HOUR_MS + HOURS_KEPT_MS), (1, 5));
    store.prune(2 * HOUR_MS + HOURS_KEPT_MS).unwrap();
    assert_eq!(store.hourly("a", 0, i64::MAX).unwrap().len(), 4);
    assert!(store.latest("a").unwrap().is_some(), "the snapshot stays");
    // A clock set back loses nothing and stops nothing.
    assert_eq!(save(HOUR_MS), (2, 5));
    store.prune(i64::MIN).unwrap();
    assert_eq!(save(2 * HOUR_MS), (3, 6));
}

#[test]
fn threads_and_connections_save_at_the_same_time() {
    let fixture = Fixture::new();
    let shared = fixture.store();
    thread::scope(|scope| {
        for number in 0..4 {
            let (own, shared) = (fixture.store(), &shared);
            scope.spawn(move || {
                for at_ms in 0..10 {
                    let one = snapshot(&format!("p{number}"), vec![quota("Q", 1.0, 2.0)], at_ms);
                    own.save(&one, RunTrigger::Auto, at_ms).unwrap();
                    shared.save(&one, RunTrigger::Auto, at_ms).unwrap();
                }
            });
        }
    });
    for number in 0..4 {
        assert_eq!(shared.history(&format!("p{number}"), 0, 10).unwrap().len(), 20);
    }
}

/// What plugins said is nobody else's business, also where others may enter the folder and where
/// an earlier version made the file for all.
#[cfg(unix)]
#[test]
fn the_database_is_for_its_owner_alone() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let fixture = super::Fixture::new();
    let file = fixture.paths.database();
    let folder = file.parent().expect("it is in a folder");
    std::fs::create_dir_all(folder).expect("a folder can be made");
    set_permissions(folder, Permissions::from_mode(0o755)).expect("it is ours");
    let modes = || {
        let _open = crate::Store::open(&fixture.paths).expect("a store");
        let entries = std::fs::read_dir(folder).expect("the folder is there");
        let files = entries.map(|entry| entry.expect("an entry").path()).filter(|it| it.is_file());
        files.map(|it| metadata(it).expect("a file").permissions().mode() & 0o777).max()
    };
    assert_eq!(modes(), Some(0o600));
    set_permissions(&file, Permissions::from_mode(0o644)).expect("it is ours");
    assert_eq!(modes(), Some(0o600));
}
