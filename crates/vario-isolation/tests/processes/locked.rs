//! What a worker on Linux cannot do any more.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use vario_isolation::{Error, WorkerCommand};
use vario_value::Value;

use crate::host::{Host, MEMORY, command, died, long, run, trial, worker};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("forbidden_calls_are_fatal", forbidden_calls),
        trial("everything_else_is_refused", || {
            assert_eq!(run("attack: everything else"), Ok(Value::List(Vec::new())));
        }),
        trial("memory_ends_at_the_limit", memory_ends),
        trial("a_limit_below_the_start_is_told", a_limit_below_the_start),
        trial("the_environment_is_empty", the_environment_is_empty),
        trial("inherited_descriptors_are_closed", inherited_descriptors),
        trial("local_time_is_the_zones", local_time),
        trial("every_measure_is_reported", every_measure),
    ]
}

fn forbidden_calls() {
    let calls =
        ["fork", "socket", "kill its parent", "kill everyone", "run a program", "trace its parent"];
    for call in calls {
        let words = died(run(&format!("attack: {call}")));
        assert_eq!(words, "its process was ended by signal 31 (forbidden system call)", "{call}");
    }
}

fn memory_ends() {
    for allocator in ["memory", "memory of the C library"] {
        let Ok(Value::Int(got)) = run(&format!("attack: {allocator}")) else {
            panic!("{allocator}: it should have lived")
        };
        let limit = i64::try_from(MEMORY >> 20).unwrap();
        // Much of it can be had, and no more.
        assert!((limit / 2..limit).contains(&got), "{allocator}: {got} MiB");
    }
    let words = died(run("attack: too much memory at once"));
    assert_eq!(words, "its process was ended by signal 6 (aborted)");
}

fn a_limit_below_the_start() {
    let tight = WorkerCommand { memory_bytes: 1 << 20, ..command(&["worker"]) };
    let mut worker = tight.start().unwrap();
    let lockdown = match worker.lockdown(Instant::now() + Duration::from_mins(1)) {
        Ok(lockdown) => lockdown,
        // It may as well be too little to say so.
        Err(Error::Ended { .. }) => return,
        Err(other) => panic!("{other}"),
    };
    let memory = lockdown.measures.iter().find(|measure| measure.name == "memory").unwrap();
    assert!(!memory.applied && memory.detail.ends_with("MiB are taken already"), "{memory:?}");
}

fn the_environment_is_empty() {
    assert_eq!(run("environment"), Ok(Value::List(vec![Value::from("TZ")])));
}

fn inherited_descriptors() {
    // One that was opened by somebody who did not think of children.
    let leaked = std::fs::File::open("/dev/null").unwrap();
    rustix::io::fcntl_setfd(&leaked, rustix::io::FdFlags::empty()).unwrap();
    let result = run("descriptors");
    drop(leaked);
    // The last is the folder they were read from.
    let expected = ["0", "1", "2", "3", "4", "5"].map(Value::from).to_vec();
    assert_eq!(result, Ok(Value::List(expected)));
}

/// A zone's file with nothing in it but how far from UTC it is.
fn zone_file(seconds: i32) -> Vec<u8> {
    let counts = [0, 0, 0, 0, 1, 4_u32].map(u32::to_be_bytes).concat();
    let zone = [seconds.to_be_bytes().as_slice(), &[0, 0], b"IST\0"].concat();
    [b"TZif\0".as_slice(), &[0; 15], &counts, &zone].concat()
}

fn local_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zone");
    std::fs::write(&file, zone_file(5 * 3600 + 30 * 60)).unwrap();
    let zones = [
        (Some(format!(":{}", file.display())), "17:30"),
        (Some("XYZ-5:30".to_owned()), "17:30"),
        (Some("UTC0".to_owned()), "12:00"),
        (Some("NST+3:30".to_owned()), "08:30"),
    ];
    for (timezone, expected) in zones {
        let there = WorkerCommand { timezone: timezone.clone(), ..command(&["worker"]) };
        let mut worker = there.start().unwrap();
        worker.lockdown(Instant::now() + Duration::from_mins(1)).unwrap();
        // Once it is locked down it has read the file.
        let _gone = std::fs::remove_file(&file);
        let stop = long();
        let time = Host::new(&stop).run(worker, "attack: local time");
        assert_eq!(time, Ok(Value::from(expected)), "{timezone:?}");
    }
}

fn every_measure() {
    let mut worker = worker();
    let lockdown = worker.lockdown(Instant::now() + Duration::from_mins(1)).unwrap();
    let names: Vec<&str> = lockdown.measures.iter().map(|measure| measure.name.as_str()).collect();
    let expected = [
        "descriptors",
        "environment",
        "time zone",
        "ends with its host",
        "closed to debuggers",
        "memory",
        "landlock",
        "limits",
        "limit on processes",
        "system call filter",
    ];
    assert_eq!(names, expected);
    let is_root = rustix::process::geteuid().is_root();
    for measure in &lockdown.measures {
        // The kernel need not have Landlock, and root has no limit on processes.
        let is_certain = match measure.name.as_str() {
            "landlock" => continue,
            "limit on processes" => !is_root,
            _ => true,
        };
        assert_eq!(measure.applied, is_certain, "{measure:?}");
    }
    assert_eq!(lockdown.is_complete(), lockdown.measures.iter().all(|measure| measure.applied));
}
