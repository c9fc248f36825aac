//! The real machine.

use std::time::{Duration, Instant};

use vario_host::HostError;
use vario_value::Value;

use super::support::World;

fn number(value: &Value, path: &[&str]) -> f64 {
    let found = path.iter().try_fold(value, |value, key| value.get(key));
    found.and_then(Value::as_f64).unwrap_or_else(|| panic!("no number at {path:?} of {value:?}"))
}

#[test]
fn this_machine_is_described() {
    let info = World::new().call("system.info", &[]).unwrap();
    let keys: Vec<_> = info.as_map().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "cpu",
        "memory",
        "swap",
        "disks",
        "uptimeSeconds",
        "loadAverage",
        "hostName",
        "os",
        "battery",
    ];
    assert_eq!(keys, expected);
    let cores = info.get("cpu").unwrap().get("cores").unwrap().as_list().unwrap();
    assert!(!cores.is_empty());
    assert_eq!(
        info.get("cpu").unwrap().get("count"),
        Some(&Value::Int(i64::try_from(cores.len()).unwrap()))
    );
    let loads = cores.iter().map(|core| core.as_f64().unwrap());
    assert!(loads.chain([number(&info, &["cpu", "load"])]).all(|l| (0.0..=100.0).contains(&l)));
    let total = number(&info, &["memory", "total"]);
    assert!(total > 0.0 && number(&info, &["memory", "available"]) <= total);
    assert!(number(&info, &["swap", "used"]) <= number(&info, &["swap", "total"]));
    assert!(number(&info, &["uptimeSeconds"]) > 0.0);
    assert!(info.get("os").unwrap().get("name").unwrap().as_str().is_some());
    for disk in info.get("disks").unwrap().as_list().unwrap() {
        let (total, available) = (number(disk, &["total"]), number(disk, &["available"]));
        assert!(total > 0.0 && available <= total, "{disk:?}");
    }
}

#[test]
fn the_measurement_ends_with_the_run() {
    let mut world = World::new();
    world.scope.deadline = Instant::now() + Duration::from_millis(20);
    assert_eq!(world.failure("system.info", &[]), "probe timed out");

    let world = World::new();
    let cancel = world.scope.cancel.clone();
    let canceller = std::thread::spawn(move || cancel.cancel());
    let found = world.call("system.info", &[]);
    canceller.join().unwrap();
    assert_eq!(found, Err(HostError::Halted("probe cancelled".to_owned())));
}
