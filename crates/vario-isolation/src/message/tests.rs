use std::time::Duration;

use proptest::prelude::*;
use vario_sandbox::{LogLevel, StopReason};
use vario_value::Value;

use super::{
    BadFrame, FromHost, FromWorker, HEADER, MAX_GREETING, Setup, Told, call, hello, job, log,
    module, module_reply, reply, result, setup,
};
use crate::frames::Frames;
use crate::lockdown::Lockdown;
use crate::wire::Unfit;

/// A message taken out of its frame as the other side does, byte by byte.
fn unframed(frame: &[u8]) -> (u8, Vec<u8>) {
    let mut frames = Frames::default();
    for (place, byte) in frame.iter().enumerate() {
        assert!(frames.next(|_| 1_000).unwrap().is_none(), "complete before byte {place}");
        frames.extend(&[*byte]);
    }
    let (kind, payload) = frames.next(|_| 1_000).unwrap().expect("it is all there");
    let message = (kind, payload.to_vec());
    assert!(frames.is_empty());
    message
}

fn from_host(frame: &[u8]) -> String {
    let (kind, payload) = unframed(frame);
    assert!(FromWorker::parse(kind, &payload).is_err(), "nobody can answer for the other");
    format!("{:?}", FromHost::parse(kind, &payload).unwrap())
}

fn from_worker(frame: &[u8]) -> String {
    let (kind, payload) = unframed(frame);
    assert!(FromHost::parse(kind, &payload).is_err(), "nobody can answer for the other");
    format!("{:?}", FromWorker::parse(kind, &payload).unwrap())
}

#[test]
fn what_the_host_says_arrives() {
    let settings = Setup { host: 7, memory_bytes: 1 << 40 };
    assert_eq!(
        from_host(&setup(settings).unwrap()),
        "Setup(Setup { host: 7, memory_bytes: 1099511627776 })"
    );
    assert_eq!(
        from_host(&job(Duration::from_millis(3), 9, &Value::Null).unwrap()),
        "Job { left: 3ms, result_bytes: 9, value: Null }"
    );
    let answers = [
        Told::Value(Value::Int(-1)),
        Told::Error("e".to_owned()),
        Told::TypeError("t".to_owned()),
        Told::Stop(StopReason::Deadline),
        Told::Stop(StopReason::Memory),
        Told::Stop(StopReason::Stack),
        Told::Stop(StopReason::HostCalls),
        Told::Stop(StopReason::Log),
        Told::Stop(StopReason::Cancelled),
        Told::Stop(StopReason::Halted("why".to_owned())),
    ];
    for told in answers {
        let expected = format!("Reply {{ seq: 300, told: {told:?} }}");
        assert_eq!(from_host(&reply(300, &told).unwrap()), expected);
    }
    for text in [Ok("text".to_owned()), Err("words".to_owned())] {
        let expected = format!("ModuleReply {{ seq: 1, text: {text:?} }}");
        assert_eq!(from_host(&module_reply(1, &text).unwrap()), expected);
    }
}

#[test]
fn what_a_worker_says_arrives() {
    let mut lockdown = Lockdown::default();
    lockdown.note("one", Ok("all of it".to_owned()));
    assert!(lockdown.is_complete());
    lockdown.note("other", Err("no such thing".to_owned()));
    assert!(!lockdown.is_complete());
    assert_eq!(from_worker(&hello(&lockdown).unwrap()), format!("Hello({lockdown:?})"));
    assert_eq!(
        from_worker(&call(u64::MAX, u32::MAX, &[Value::Absent]).unwrap()),
        "Call { seq: 18446744073709551615, function: 4294967295, args: [Absent] }"
    );
    for level in [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error] {
        let expected = format!("Log {{ level: {level:?}, text: \"x\" }}");
        assert_eq!(from_worker(&log(level, "x").unwrap()), expected);
    }
    assert_eq!(from_worker(&module(1, "a").unwrap()), "Module { seq: 1, path: \"a\" }");
    assert_eq!(from_worker(&result(&Value::Null, 1).unwrap()), "Result(Null)");
}

/// What a worker may send is what the host takes, to the byte.
#[test]
fn a_result_at_its_limit_passes() {
    let value = Value::from("x".repeat(97));
    for (max_bytes, passes) in [(98, false), (99, true), (100, true)] {
        let sent = result(&value, max_bytes);
        assert_eq!(sent.is_ok(), passes, "{max_bytes}");
        let Ok(frame) = sent else {
            assert_eq!(sent, Err(Unfit::Bytes(max_bytes)));
            continue;
        };
        let mut frames = Frames::default();
        frames.extend(&frame);
        assert!(frames.next(|kind| FromWorker::max_bytes(kind, max_bytes)).unwrap().is_some());
    }
}

/// Before anything but the header is there.
#[test]
fn a_frame_that_is_too_long_is_refused_at_once() {
    let mut frames = Frames::default();
    frames.extend(&[0xff, 0xff, 0xff, 0x7f]);
    assert_eq!(frames.next(|_| MAX_GREETING), Ok(None));
    frames.extend(&[1]);
    assert_eq!(frames.next(|_| MAX_GREETING), Err(BadFrame::Long(0x7fff_ffff)));
    assert_eq!(HEADER, 5);
}

#[test]
fn frames_follow_each_other() {
    let mut frames = Frames::default();
    for round in 0..5_000_u64 {
        let pair = [module(round, "a").unwrap(), module(round, "b").unwrap()].concat();
        let (start, end) = pair.split_at(pair.len() - 3);
        frames.extend(start);
        assert!(frames.next(|_| 100).unwrap().is_some());
        assert!(frames.next(|_| 100).unwrap().is_none());
        frames.extend(end);
        let (kind, payload) = frames.next(|_| 100).unwrap().expect("it is all there");
        let message = format!("{:?}", FromWorker::parse(kind, payload).unwrap());
        assert_eq!(message, format!("Module {{ seq: {round}, path: \"b\" }}"));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_message_or_refused(
        kind in any::<u8>(),
        payload in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let _either_way = FromWorker::parse(kind % 8, &payload);
        let _either_way = FromHost::parse(0x80 + kind % 8, &payload);
    }
}
