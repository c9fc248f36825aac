use vario_model::RunTrigger;

use super::{Fixture, quota, snapshot};
use crate::{Grain, HOURS_KEPT_MS, HistorySize, Pruned, RAW_KEPT_MS, Store};

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A whole hour, more than a year after the epoch.
const NOW_MS: i64 = 400_000 * HOUR_MS;

fn save(store: &Store, plugin: &str, at_ms: i64, used: f64) {
    let one = snapshot(plugin, vec![quota("Q", used, 10.0)], at_ms);
    store.save(&one, RunTrigger::Auto, at_ms).unwrap();
}

/// Hour or sample, the moment as hours before now, and what was used.
fn of_q(store: &Store, from_ms: i64, now_ms: i64) -> Vec<(Grain, i64, f64)> {
    let series = store.series("a", from_ms, i64::MAX, now_ms).unwrap();
    let points = series.into_iter().flat_map(|series| series.points);
    points.map(|point| (point.grain, (now_ms - point.at_ms) / HOUR_MS, point.used)).collect()
}

#[test]
fn a_month_of_samples_follows_a_year_of_hours_and_nothing_counts_twice() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let border = NOW_MS - RAW_KEPT_MS;
    let runs = [
        (border - 2 * HOUR_MS, 1.0),
        (border - 2 * HOUR_MS + 5, 2.0),
        (border - 1, 3.0),
        (border, 4.0),
        (border + 1, 5.0),
        (NOW_MS, 6.0),
    ];
    for (at_ms, used) in runs {
        save(&store, "a", at_ms, used);
    }
    let expected = [
        (Grain::Hour, 722, 2.0),
        (Grain::Hour, 721, 3.0),
        (Grain::Sample, 720, 4.0),
        (Grain::Sample, 719, 5.0),
        (Grain::Sample, 0, 6.0),
    ];
    assert_eq!(of_q(&store, 0, NOW_MS), expected);
    assert_eq!(of_q(&store, border - HOUR_MS, NOW_MS), expected[1..]);
    assert_eq!(of_q(&store, NOW_MS, NOW_MS), expected[4..]);
    // The border lies on a whole hour, whenever somebody looks.
    let later = of_q(&store, 0, NOW_MS + 1);
    let grains: Vec<Grain> = later.iter().map(|(grain, _, _)| *grain).collect();
    assert_eq!(grains, [Grain::Hour, Grain::Hour, Grain::Hour, Grain::Sample]);
    let first = store.series("a", 0, NOW_MS, NOW_MS).unwrap()[0].points[0];
    assert_eq!((first.min, first.max, first.limit), (1.0, 2.0, 10.0));
}

#[test]
fn what_plugins_there_are_and_what_their_quotas_are() {
    let fixture = Fixture::new();
    let store = fixture.store();
    assert_eq!(store.history_plugins().unwrap(), Vec::<String>::new());
    save(&store, "b", NOW_MS, 1.0);
    let lines = vec![quota("Z", 1.0, 2.0), quota("A", 1.0, 2.0)];
    store.save(&snapshot("a", lines, NOW_MS), RunTrigger::Auto, NOW_MS).unwrap();
    assert_eq!(store.history_plugins().unwrap(), ["a", "b"]);
    let series = store.series("a", 0, i64::MAX, NOW_MS).unwrap();
    let labels: Vec<&str> = series.iter().map(|series| series.label.as_str()).collect();
    assert_eq!(labels, ["Z", "A"], "as the plugin orders them");
    assert!(store.series("c", 0, i64::MAX, NOW_MS).unwrap().is_empty());
}

/// Retention as a plugin sees it that runs every six hours for fourteen months: nobody calls for
/// upkeep, and nothing is kept for longer than promised and a day.
#[test]
fn retention_is_applied_by_saving_alone() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let mut now_ms = NOW_MS;
    for _ in 0..(425 * 4) {
        now_ms += 6 * HOUR_MS;
        save(&store, "a", now_ms, 1.0);
    }
    let size = store.history_size().unwrap();
    assert!((120..=125).contains(&size.samples), "{size:?}");
    assert!((1460..=1465).contains(&size.hours), "{size:?}");
    let oldest_ms = size.oldest_ms.unwrap();
    assert!(oldest_ms >= now_ms - HOURS_KEPT_MS - DAY_MS, "{size:?}");
    assert!(oldest_ms < now_ms - HOURS_KEPT_MS + DAY_MS, "{size:?}");
    assert!(size.bytes > 50_000, "{size:?}");
}

#[test]
fn upkeep_says_what_it_dropped() {
    let fixture = Fixture::new();
    let store = fixture.store();
    assert_eq!(store.history_size().unwrap().oldest_ms, None);
    save(&store, "a", NOW_MS, 1.0);
    save(&store, "a", NOW_MS + 1, 1.0);
    assert_eq!(store.prune(NOW_MS).unwrap(), Pruned::default());
    assert_eq!(store.prune(NOW_MS + RAW_KEPT_MS + 2).unwrap(), Pruned { samples: 2, hours: 0 });
    let HistorySize { samples, hours, oldest_ms, .. } = store.history_size().unwrap();
    assert_eq!((samples, hours, oldest_ms), (0, 1, Some(NOW_MS)));
    assert_eq!(store.prune(NOW_MS + HOURS_KEPT_MS + 1).unwrap(), Pruned { samples: 0, hours: 1 });
}
