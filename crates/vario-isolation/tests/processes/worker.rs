//! What the tests start: a worker whose jobs are named, and programs that are none.

#![expect(unsafe_code, reason = "whoever took a process over asks for no permission")]

use std::io::{Read, Write};
use std::os::fd::BorrowedFd;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use vario_isolation::Work;
use vario_sandbox::{Inbound, Inbox, LogLevel, NativeError, Natives, StopSignal};
use vario_value::Value;

use crate::host::{
    CANCEL, ECHO, ERROR, LARGE, LENGTH, PANIC, POSTED, SIGNAL, STOP, TOO_LARGE, TYPE_ERROR,
};

/// The number a worker's way to the host always has: the first two that are free.
const TO_HOST: i32 = 4;

/// What was seen before the lock-down.
static DESCRIPTORS: OnceLock<Vec<String>> = OnceLock::new();

pub(crate) fn serve() -> ExitCode {
    vario_isolation::serve(
        look_around,
        Work {
            run: |job: Value, natives: Arc<dyn Natives>, stop: Arc<StopSignal>| {
                let name = job.as_str().unwrap_or_default().to_owned();
                work(&name, job, natives.as_ref(), &stop)
            },
            stay: |job: Value, natives: Arc<dyn Natives>, inbox: Arc<dyn Inbox>| {
                stay(job.as_str().unwrap_or_default(), natives.as_ref(), inbox.as_ref());
            },
            is_posted: |function| function == POSTED,
        },
    )
}

/// Answers every message with a call that waits, and a posted one; counts the moments without any.
fn stay(name: &str, natives: &dyn Natives, inbox: &dyn Inbox) {
    if name == "spin" {
        loop {
            std::hint::spin_loop();
        }
    }
    let wait = (name == "impatient").then_some(Duration::from_millis(1));
    loop {
        match inbox.next(wait) {
            Inbound::Message(message) if message.as_str() == Some("end") => return,
            Inbound::Message(message) => {
                let answer = told(natives.call(ECHO, vec![message]));
                let number = told(natives.call(POSTED, vec![answer]));
                natives.log(LogLevel::Info, &format!("{number:?}")).unwrap();
            }
            Inbound::Idle => drop(natives.call(POSTED, vec![Value::from("idle")])),
            Inbound::Closed => return,
        }
    }
}

fn look_around() {
    let Ok(folder) = std::fs::read_dir("/proc/self/fd") else { return };
    let names = folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let _once = DESCRIPTORS.set(names.collect());
}

fn work(name: &str, job: Value, natives: &dyn Natives, stop: &Arc<StopSignal>) -> Value {
    let call = |function, args| told(natives.call(function, args));
    match name {
        "calls" => Value::List(vec![
            call(ECHO, vec![Value::from("a"), Value::Absent, Value::Float(-0.0)]),
            call(ERROR, Vec::new()),
            call(TYPE_ERROR, Vec::new()),
            call(PANIC, Vec::new()),
            call(77, Vec::new()),
            call(ECHO, Vec::new()),
        ]),
        "modules" => ["there.js", "away.js"].map(|path| text(natives.module(path))).to_vec().into(),
        "logs" => {
            for level in [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error] {
                natives.log(level, level.name()).unwrap();
            }
            Value::Null
        }
        "halt" => {
            let halted = natives.call(STOP, Vec::new());
            Value::List(vec![
                Value::from(halted == Err(NativeError::Stop)),
                Value::from(format!("{:?}", stop.poll())),
                told(natives.call(ECHO, Vec::new())),
            ])
        }
        "halt and stay" => {
            let _halted = natives.call(STOP, Vec::new());
            spin()
        }
        "poll" => loop {
            if let Some(reason) = stop.poll() {
                return Value::from(format!("{reason:?}"));
            }
        },
        "spin" => spin(),
        "cancel" => {
            let _answer = natives.call(CANCEL, Vec::new());
            spin()
        }
        "signal" => {
            let _answer = natives.call(SIGNAL, Vec::new());
            spin()
        }
        "large" => Value::List(vec![
            call(LENGTH, vec![Value::from("x".repeat(32 << 20))]),
            text(
                natives
                    .call(LARGE, Vec::new())
                    .map(|value| value.as_str().unwrap().len().to_string()),
            ),
            call(TOO_LARGE, Vec::new()),
            call(LENGTH, vec![Value::from("x".repeat(41 << 20))]),
            call(ECHO, vec![Value::List(vec![Value::Null; 300_000])]),
            call(ECHO, vec![deep(1_000)]),
            call(ECHO, Vec::new()),
        ]),
        "large result" => Value::from("x".repeat(2 << 20)),
        "wide result" => Value::List(vec![Value::Null; 300_000]),
        "deep result" => deep(1_000),
        "print" => {
            println!("this is no message");
            eprintln!("nor is this");
            Value::from("printed")
        }
        "log flood" => loop {
            let _more = natives.log(LogLevel::Info, "");
        },
        "call flood" => loop {
            let _more = natives.call(ECHO, Vec::new());
        },
        "exit" => std::process::exit(3),
        "abort" => std::process::abort(),
        "panic" => panic!("a bug in an engine"),
        "overflow" => Value::Int(descend(1)),
        "descriptors" => {
            let seen = DESCRIPTORS.get().into_iter().flatten();
            Value::List(seen.map(|name| Value::from(name.as_str())).collect())
        }
        "environment" => {
            let names = std::env::vars_os().map(|(name, _)| name.into_string().unwrap());
            Value::List(names.map(Value::from).collect())
        }
        #[cfg(target_os = "linux")]
        name if name.starts_with("attack: ") => attack::attack(name.trim_start_matches("attack: ")),
        name if name.starts_with("forge: ") => {
            forge(name.trim_start_matches("forge: "));
            spin()
        }
        _ => job,
    }
}

fn told(answer: Result<Value, NativeError>) -> Value {
    match answer {
        Ok(value) => value,
        Err(NativeError::Error(words)) => Value::from(format!("error: {words}")),
        Err(NativeError::TypeError(words)) => Value::from(format!("type error: {words}")),
        Err(NativeError::Stop) => Value::from("stop"),
    }
}

fn text<E: std::fmt::Debug>(answer: Result<String, E>) -> Value {
    Value::from(answer.unwrap_or_else(|error| format!("error: {error:?}")))
}

fn deep(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |value, _| Value::List(vec![value]))
}

fn spin() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

/// Uses the stack up. The sum keeps the calls from becoming a loop.
#[expect(unconditional_recursion, reason = "that is the point")]
fn descend(depth: i64) -> i64 {
    let frame = std::hint::black_box([depth; 512]);
    descend(depth + 1) + frame[0]
}

/// Writes what an honest worker never does.
fn forge(what: &str) {
    match what {
        "garbage" => send(&[0xa5; 4096]),
        "an empty frame" => send(&[0; 64]),
        "a giant length" => send(&[0xff, 0xff, 0xff, 0x7f, 2, 1]),
        "a large result" => send(&[0, 0, 0x20, 0, 5, 6]),
        "half a frame" => send(&[9, 0, 0, 0, 2]),
        "an unknown kind" => send(&frame(99, &[])),
        "an answer" => send(&frame(0x83, &[1, 0, 0])),
        "another hello" => send(&frame(1, &hello())),
        "two results" => send(&[frame(5, &[1]), frame(5, &[1])].concat()),
        "more than a result" => send(&frame(5, &[1, 1])),
        "a wrong number" => send(&frame(2, &[7, 1, 0])),
        "two calls at once" => send(&[frame(2, &[1, 1, 0]), frame(2, &[2, 1, 0])].concat()),
        "a log line in a call" => send(&[frame(2, &[1, 1, 0]), frame(3, &[1, 0])].concat()),
        "an unknown level" => send(&frame(3, &[9, 0])),
        "a path that is no text" => send(&frame(4, &[1, 1, 0xff])),
        "a function beyond 32 bits" => send(&frame(2, &[1, 0xff, 0xff, 0xff, 0xff, 0x1f, 0])),
        // Asks for more than the pipe holds, and never reads.
        "deafness" => send(&frame(2, &[1, u8::try_from(LARGE).unwrap(), 0])),
        "bytes without end" => loop {
            send(&frame(3, &[1, 0]).repeat(1_000));
        },
        other => panic!("nothing is called {other}"),
    }
}

fn send(bytes: &[u8]) {
    // SAFETY: it may be closed or somebody else's, and no memory depends on it.
    let descriptor = unsafe { BorrowedFd::borrow_raw(TO_HOST) };
    let _whoever_listens = rustix::io::write(descriptor, bytes);
}

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len() + 1).unwrap().to_le_bytes();
    [length.as_slice(), &[kind], payload].concat()
}

fn hello() -> Vec<u8> {
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    [b"vario\0wk\x02".as_slice(), &[version.len().to_le_bytes()[0]], version, &[8, 0]].concat()
}

/// A program that is started as a worker and is none.
pub(crate) fn pretend(what: &str) -> ExitCode {
    let mut out = std::io::stdout();
    let mut said = |bytes: &[u8]| out.write_all(bytes).and_then(|()| out.flush()).unwrap();
    match what {
        "nothing" | "silence" => {}
        "a line" => said(b"hello, world\n"),
        "another version" => {
            let old = [b"vario\0wk\x02".as_slice(), &[5], b"0.0.1", &[8, 0]].concat();
            said(&frame(1, &old));
        }
        "another protocol" => {
            let new = [b"vario\0wk\x63".as_slice(), &[5], b"0.1.0"].concat();
            said(&frame(1, &new));
        }
        "a job without hello" => said(&frame(5, &[1])),
        "hello and more" => said(&[frame(1, &hello()), frame(3, &[1, 0])].concat()),
        other => panic!("nothing is called {other}"),
    }
    if what != "nothing" {
        let mut rest = Vec::new();
        let _until_the_host_ends = std::io::stdin().read_to_end(&mut rest);
    }
    ExitCode::SUCCESS
}

#[cfg(target_os = "linux")]
#[path = "attack.rs"]
mod attack;
