//! Workers that were taken over, and programs that never were one.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use vario_isolation::{Ended, Error};
use vario_sandbox::StopReason;
use vario_value::Value;

use crate::host::{Host, command, in_ms, long, run, trial, worker};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("forged_messages_are_the_end", forged_messages),
        trial("half_a_message_waits_for_the_deadline", half_a_message),
        trial("another_program_is_no_worker", another_program),
        trial("a_worker_that_is_silent_is_late", a_silent_worker),
        trial("a_worker_without_a_host_ends", a_worker_without_a_host),
    ]
}

fn forged_messages() {
    let cases = [
        ("garbage", "a message has 2779096485 bytes, more than allowed"),
        ("an empty frame", "a message is empty"),
        ("a giant length", "a message has 2147483647 bytes, more than allowed"),
        ("a large result", "a message has 2097152 bytes, more than allowed"),
        ("an unknown kind", "a message of kind 99 is unknown"),
        ("an answer", "a message of kind 131 is unknown"),
        ("another hello", "it says hello a second time"),
        ("two results", "it speaks when it must not"),
        ("more than a result", "a message cannot be read: bytes are left over"),
        ("a wrong number", "a call has the wrong number"),
        ("two calls at once", "it speaks when it must not"),
        ("a log line in a call", "it speaks when it must not"),
        ("an unknown level", "a message cannot be read: a tag is unknown"),
        ("a path that is no text", "a message cannot be read: text is not UTF-8"),
        ("a function beyond 32 bits", "a message cannot be read: a number is too large"),
    ];
    for (forged, words) in cases {
        assert_eq!(
            run(&format!("forge: {forged}")),
            Err(Ended::Protocol(words.to_owned())),
            "{forged}"
        );
    }
}

fn half_a_message() {
    let mut worker = worker();
    worker.lockdown(Instant::now() + Duration::from_mins(1)).unwrap();
    let stop = in_ms(20);
    let ended = Host::new(&stop).run(worker, "forge: half a frame");
    assert_eq!(ended, Err(Ended::Stopped));
    assert_eq!(stop.poll(), Some(&StopReason::Deadline));
}

fn another_program() {
    let version = env!("CARGO_PKG_VERSION");
    let cases = [
        ("nothing", "ended before it was ready: its process ended with exit code 0".to_owned()),
        ("a line", "it does not speak the worker protocol".to_owned()),
        ("a job without hello", "it does not say hello".to_owned()),
        ("hello and more", "it speaks when it must not".to_owned()),
        ("another version", format!("it is of version 0.0.1 (protocol 2), and this is {version}")),
        (
            "another protocol",
            format!("it is of version 0.1.0 (protocol 99), and this is {version}"),
        ),
    ];
    for (what, words) in cases {
        let mut worker = command(&["impostor", what]).start().unwrap();
        let error = worker.lockdown(Instant::now() + Duration::from_mins(1)).unwrap_err();
        assert!(error.to_string().contains(&words), "{what}: {error}");
        assert!(matches!(error, Error::Unfit { .. } | Error::Ended { .. }), "{what}");

        let stop = long();
        let worker = command(&["impostor", what]).start().unwrap();
        let ended = Host::new(&stop).run(worker, Value::Null);
        assert_eq!(ended, Err(Ended::Start(error.to_string())), "{what}");
    }
}

fn a_silent_worker() {
    let mut worker = command(&["impostor", "silence"]).start().unwrap();
    let error = worker.lockdown(Instant::now() + Duration::from_millis(20)).unwrap_err();
    assert!(matches!(error, Error::Late(_)), "{error}");
    let stop = in_ms(20);
    assert_eq!(Host::new(&stop).run(worker, Value::Null), Err(Ended::Stopped));
}

/// Started by hand, it neither hangs nor does anything.
fn a_worker_without_a_host() {
    let program = std::env::current_exe().unwrap();
    let mut by_hand = std::process::Command::new(program);
    let output = by_hand.arg("worker").stdin(std::process::Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
