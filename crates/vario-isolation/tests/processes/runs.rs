//! Runs that end well, at their deadline, or by dying.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process};
use vario_isolation::{Ended, Error, Pool, RunLimits};
use vario_sandbox::{LogLevel, StopReason, StopSignal};
use vario_value::{Map, Value};

use crate::host::{Host, command, died, in_ms, long, run, trial, worker};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a_job_arrives_and_so_does_its_result", a_job_arrives),
        trial("calls_are_answered", calls_are_answered),
        trial("modules_and_logs_arrive", modules_and_logs_arrive),
        trial("large_values_cross_or_are_refused", large_values),
        trial("what_is_printed_goes_nowhere", || {
            assert_eq!(run("print"), Ok(Value::from("printed")));
        }),
        trial("a_stopped_call_ends_the_script", a_stopped_call),
        trial("a_deadline_is_kept", a_deadline_is_kept),
        trial("floods_end_at_the_deadline", floods_end),
        trial("a_full_log_ends_the_run", a_full_log),
        trial("a_cancelled_run_ends_at_once", a_cancelled_run),
        trial("every_way_to_die_has_words", every_way_to_die),
        trial("a_result_that_does_not_fit_is_no_result", a_result_that_does_not_fit),
        trial("a_missing_program_is_an_error", a_missing_program),
        trial("a_job_that_does_not_fit_is_not_sent", a_job_that_does_not_fit),
        trial("a_pool_has_workers_ready", a_pool),
        trial("a_pool_without_a_program_is_an_error", a_pool_without_a_program),
        trial("a_worker_that_is_dropped_is_dead", || {
            let pid = worker().pid();
            assert!(!exists(pid));
        }),
    ]
}

pub(crate) fn exists(pid: u32) -> bool {
    let pid = Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::test_kill_process(pid).is_ok()
}

fn a_job_arrives() {
    let job = Value::from([
        ("z", Value::Float(f64::NAN)),
        ("a", Value::List(vec![Value::Int(i64::MIN), Value::Bytes(vec![0, 255])])),
        ("m", Value::Map(Map::new())),
    ]);
    let stop = long();
    let result = Host::new(&stop).run(worker(), job.clone()).unwrap();
    assert_eq!(format!("{result:?}"), format!("{job:?}"));
}

fn calls_are_answered() {
    let panicked = "error: the host failed inside this call; this is a bug in Vario";
    let expected = Value::List(vec![
        Value::List(vec![Value::from("a"), Value::Absent, Value::Float(-0.0)]),
        Value::from("error: no"),
        Value::from("type error: wrong"),
        Value::from(panicked),
        Value::from("error: there is no function 77"),
        Value::List(Vec::new()),
    ]);
    assert_eq!(run("calls"), Ok(expected));
}

fn modules_and_logs_arrive() {
    let expected = ["text", "error: \"no away.js\""].map(Value::from).to_vec();
    assert_eq!(run("modules"), Ok(Value::List(expected)));

    let stop = long();
    let host = Host::new(&stop);
    assert_eq!(host.run(worker(), "logs"), Ok(Value::Null));
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    assert_eq!(*host.log.lock(), levels.map(|level| (level, level.name().to_owned())));
}

fn large_values() {
    let mut roomy = command(&["worker"]);
    roomy.memory_bytes = 1 << 30;
    let stop = long();
    let result = Host::new(&stop).run(roomy.start().unwrap(), "large").unwrap();
    let expected = [
        Value::Int(32 << 20),
        Value::from("8388608"),
        Value::from(
            "error: the host's answer cannot be sent: the value is too large (limit 50331648 bytes)",
        ),
        Value::from(
            "error: the call cannot be sent: the value is too large (limit 41943040 bytes)",
        ),
        Value::from("error: the call cannot be sent: the value has too many parts (limit 200000)"),
        Value::from("error: the call cannot be sent: the value is nested too deeply"),
        Value::List(Vec::new()),
    ];
    assert_eq!(result.as_list().unwrap(), expected);
}

fn a_stopped_call() {
    let expected = Value::List(vec![
        Value::from(true),
        Value::from("Some(Halted(\"enough\"))"),
        Value::from("stop"),
    ]);
    assert_eq!(run("halt"), Ok(expected));
    // One that goes on is killed, long before the deadline.
    let stop = long();
    let ended = Host::new(&stop).run(worker(), "halt and stay");
    assert_eq!(ended, Err(Ended::Stopped));
    assert_eq!(stop.poll(), Some(&StopReason::Halted("enough".to_owned())));
    assert!(Instant::now() < stop.deadline());
}

/// A worker that is ready, so that the time of a run is the script's.
fn ready() -> vario_isolation::Worker {
    let mut worker = worker();
    worker.lockdown(Instant::now() + Duration::from_mins(1)).unwrap();
    worker
}

fn a_deadline_is_kept() {
    let worker = ready();
    let stop = in_ms(20);
    assert_eq!(Host::new(&stop).run(worker, "poll"), Ok(Value::from("Deadline")));

    let worker = ready();
    let pid = worker.pid();
    let stop = in_ms(20);
    assert_eq!(Host::new(&stop).run(worker, "spin"), Err(Ended::Stopped));
    assert_eq!(stop.poll(), Some(&StopReason::Deadline));
    assert!(!exists(pid));

    // One that is over before it begins.
    let stop = std::sync::Arc::new(StopSignal::new(Instant::now()));
    let ended = Host::new(&stop).run(ready(), "spin");
    assert_eq!(ended, Err(Ended::Stopped));
}

fn floods_end() {
    for flood in ["log flood", "call flood", "forge: bytes without end", "forge: deafness"] {
        let worker = ready();
        let stop = in_ms(20);
        let ended = Host::new(&stop).run(worker, flood);
        // The honest ones notice the deadline by themselves, and flood on.
        assert_eq!(ended, Err(Ended::Stopped), "{flood}");
        assert_eq!(stop.poll(), Some(&StopReason::Deadline), "{flood}");
    }
}

fn a_full_log() {
    let stop = long();
    let host = Host { log_limit: 1_000, ..Host::new(&stop) };
    assert_eq!(host.run(worker(), "log flood"), Err(Ended::Stopped));
    assert_eq!(stop.poll(), Some(&StopReason::Log));
    assert_eq!(host.log.lock().len(), 1_000);
}

fn a_cancelled_run() {
    // By the signal alone.
    let stop = long();
    assert_eq!(Host::new(&stop).run(worker(), "cancel"), Err(Ended::Stopped));
    assert_eq!(stop.poll(), Some(&StopReason::Cancelled));

    // By the signal and a killer, from another thread, once the script runs.
    let stop = long();
    let worker = worker();
    let killer = worker.killer();
    let (runs, is_running) = crossbeam_channel::bounded(1);
    let deed = Box::new(move || runs.send(()).unwrap());
    let host = Host { deed, ..Host::new(&stop) };
    let canceller = std::thread::spawn({
        let (stop, killer) = (stop.clone(), killer.clone());
        move || {
            is_running.recv().unwrap();
            stop.stop(StopReason::Cancelled);
            killer.kill();
        }
    });
    assert_eq!(host.run(worker, "signal"), Err(Ended::Stopped));
    canceller.join().unwrap();
    // Its number may be somebody else's by now.
    killer.kill();
}

fn every_way_to_die() {
    assert_eq!(died(run("exit")), "its process ended with exit code 3");
    assert_eq!(died(run("panic")), "its process panicked");
    assert_eq!(died(run("abort")), "its process was ended by signal 6 (aborted)");
    // The standard library says what happened and aborts.
    assert_eq!(died(run("overflow")), "its process was ended by signal 6 (aborted)");

    let stop = long();
    let worker = worker();
    let pid = Pid::from_raw(worker.pid().cast_signed()).unwrap();
    let deed = Box::new(move || kill_process(pid, Signal::KILL).unwrap());
    let host = Host { deed, ..Host::new(&stop) };
    let words = died(host.run(worker, "signal"));
    assert_eq!(words, "its process was ended by signal 9 (killed)");
}

fn a_result_that_does_not_fit() {
    let cases = [
        ("large result", "its result cannot be sent: the value is too large (limit 1048576 bytes)"),
        ("wide result", "its result cannot be sent: the value has too many parts (limit 200000)"),
        ("deep result", "its result cannot be sent: the value is nested too deeply"),
    ];
    for (job, words) in cases {
        assert_eq!(run(job), Err(Ended::Protocol(words.to_owned())), "{job}");
    }
}

fn a_job_that_does_not_fit() {
    let stop = long();
    let words = match Host::new(&stop).run(worker(), Value::from("x".repeat(49 << 20))) {
        Err(Ended::Start(words)) => words,
        other => panic!("{other:?}"),
    };
    assert!(words.starts_with("the job cannot be sent: the value is too large"), "{words}");
}

fn a_missing_program() {
    for program in ["/nowhere/worker", "sh", "", "/etc/passwd"] {
        let command = vario_isolation::WorkerCommand { program: program.into(), ..command(&[]) };
        let error = command.start().err().expect(program);
        let expected = if program.ends_with("worker") || program == "sh" {
            matches!(error, Error::Missing(_))
        } else {
            matches!(error, Error::Spawn { .. })
        };
        assert!(expected, "{program}: {error}");
    }
}

fn a_pool() {
    let pool = Pool::new(command(&["worker"]), 2);
    let limits = RunLimits { result_bytes: 1_000 };
    let mut pids = Vec::new();
    for round in 0..6 {
        let worker = pool.take().unwrap();
        pids.push(worker.pid());
        let stop = long();
        let host = Host::new(&stop);
        assert_eq!(worker.run(&Value::Int(round), limits, &stop, &host), Ok(Value::Int(round)));
    }
    let taken = pool.take().unwrap();
    pids.push(taken.pid());
    drop(pool);
    // It outlives the pool, and with it the thread that started it.
    let stop = long();
    let host = Host::new(&stop);
    assert_eq!(taken.run(&Value::Null, limits, &stop, &host), Ok(Value::Null));
    assert!(pids.into_iter().all(|pid| !exists(pid)));
}

fn a_pool_without_a_program() {
    let missing =
        vario_isolation::WorkerCommand { program: "/nowhere/worker".into(), ..command(&[]) };
    let pool = Pool::new(missing, 3);
    for _ in 0..3 {
        assert!(matches!(pool.take(), Err(Error::Missing(_))));
    }
}
