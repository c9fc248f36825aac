//! A worker whose engine was taken over: it is locked down as every worker is, and then does what
//! the plugin's text names instead of running it. Only tests start it.

#![expect(unsafe_code, reason = "whoever took a process over asks for no permission")]

use std::process::ExitCode;
use std::sync::Arc;

use vario_isolation::{Work, serve};
use vario_sandbox::{Natives, StopSignal};
use vario_value::Value;

// As the real program has it: what it reserves must not count as what it uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let work = Work {
        run: |job: Value, natives: Arc<dyn Natives>, stop: Arc<StopSignal>| {
            attack(&name(&job), natives.as_ref(), &stop)
        },
        stay: |_job, _natives, _inbox| {},
        is_posted: |_function| false,
    };
    serve(|| {}, work)
}

/// The word behind `attack:` in the plugin's text.
fn name(job: &Value) -> String {
    let text = job.get("probe").and_then(|job| job.get("text")).and_then(Value::as_str);
    let word = text.unwrap_or_default().split("attack:").nth(1).unwrap_or_default();
    word.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '-').collect()
}

fn attack(name: &str, natives: &dyn Natives, _stop: &Arc<StopSignal>) -> Value {
    match name {
        "files" => report(&files()),
        "sockets" => report(&sockets()),
        "processes" => report(&processes()),
        "signals" => report(&signals()),
        "environment" => report(&environment()),
        "memory" => report(&memory()),
        "garbage" => forge(&[0xff; 4096]),
        "giant" => forge(&[0xff, 0xff, 0xff, 0x7f, 1, 2, 3]),
        "flood" => loop {
            forge(&[0; 4096]);
        },
        "silence" => loop {
            std::thread::park();
        },
        "half" => {
            forge(&[9, 0]);
            loop {
                std::thread::park();
            }
        }
        "unknown-calls" => {
            for function in [u32::MAX, 9_999, 20_000, 123_456] {
                let _refused = natives.call(function, vec![Value::Null]);
            }
            said("asked")
        }
        "odd-end" => Value::List(vec![Value::Int(1)]),
        "deep-end" => {
            let mut value = Value::Null;
            for _ in 0..100_000 {
                value = Value::List(vec![value]);
            }
            value
        }
        "wide-end" => {
            let lines = (0..2_000_000).map(|_| Value::Null).collect();
            Value::from([
                ("read", Value::from([("lines", Value::List(lines))])),
                ("warnings", Value::List(Vec::new())),
            ])
        }
        "echo" => said("echo"),
        "calls" => {
            let answers = (0..100).map(|number| natives.call(7, vec![Value::Int(number)]));
            let sum: i64 = answers
                .filter_map(|answer| match answer {
                    Ok(Value::Int(number)) => Some(number),
                    _ => None,
                })
                .sum();
            said(&sum.to_string())
        }
        "exit" => std::process::exit(0),
        "abort" => std::process::abort(),
        "spin" => loop {
            std::hint::spin_loop();
        },
        other => said(&format!("no attack is called `{other}`")),
    }
}

/// What an honest worker sends: a probe that returned one line of text.
fn said(text: &str) -> Value {
    let line = [("type", "text"), ("label", "Got"), ("value", text)]
        .map(|(key, value)| (key, Value::from(value)));
    let lines = Value::List(vec![Value::from(line)]);
    Value::from([("read", Value::from([("lines", lines)])), ("warnings", Value::List(Vec::new()))])
}

/// Names what succeeded; nothing should.
fn report(attempts: &[(&str, bool)]) -> Value {
    let got: Vec<&str> =
        attempts.iter().filter(|(_, succeeded)| *succeeded).map(|(name, _)| *name).collect();
    said(if got.is_empty() { "nothing".to_owned() } else { got.join(", ") }.as_str())
}

fn files() -> Vec<(&'static str, bool)> {
    vec![
        ("read a file", std::fs::read("/etc/passwd").is_ok()),
        ("look at a file", std::fs::metadata("/etc/passwd").is_ok()),
        ("list a folder", std::fs::read_dir("/").is_ok()),
        ("write a file", std::fs::write("/tmp/rogue", "x").is_ok()),
        ("make a folder", std::fs::create_dir("/tmp/rogue-folder").is_ok()),
        ("read memory of its own through a file", std::fs::read("/proc/self/maps").is_ok()),
        (
            "its own folder",
            std::env::current_dir().is_ok_and(|path| std::fs::read_dir(path).is_ok()),
        ),
    ]
}

fn sockets() -> Vec<(&'static str, bool)> {
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::os::unix::net::{UnixDatagram, UnixStream};
    vec![
        ("listen", TcpListener::bind("127.0.0.1:0").is_ok()),
        ("connect", TcpStream::connect("127.0.0.1:1").is_ok_and(|_| true)),
        ("send datagrams", UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("pair", UnixStream::pair().is_ok()),
        ("unix datagrams", UnixDatagram::unbound().is_ok()),
    ]
}

fn processes() -> Vec<(&'static str, bool)> {
    let forked = (0..1_000).any(|_| std::process::Command::new("/bin/true").spawn().is_ok());
    vec![
        ("start a program", forked),
        ("start a thread", std::thread::Builder::new().spawn(|| {}).is_ok()),
    ]
}

fn signals() -> Vec<(&'static str, bool)> {
    use rustix::process::{Pid, Signal, getppid, kill_process};
    let parent = getppid().filter(|parent| *parent != Pid::INIT);
    let signal = |signal| parent.is_some_and(|parent| kill_process(parent, signal).is_ok());
    vec![("stop its parent", signal(Signal::STOP)), ("kill its parent", signal(Signal::KILL))]
}

fn environment() -> Vec<(&'static str, bool)> {
    let variables = std::env::vars_os().filter(|(name, _)| name != "TZ").count();
    // Standard input, output and error, and what it talks through.
    let descriptors = (0..1024)
        .filter(|number| {
            // SAFETY: the number is only looked at; nothing is closed or kept.
            let descriptor = unsafe { std::os::fd::BorrowedFd::borrow_raw(*number) };
            rustix::io::fcntl_getfd(descriptor).is_ok()
        })
        .count();
    vec![("variables", variables > 0), ("more than five descriptors", descriptors > 5)]
}

fn memory() -> Vec<(&'static str, bool)> {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    let mut piece = || {
        let mut bytes: Vec<u8> = Vec::new();
        bytes.try_reserve_exact(16 << 20).ok()?;
        kept.push(bytes);
        Some(())
    };
    let gigabyte = (0..64).all(|_| piece().is_some());
    vec![("a gigabyte", gigabyte)]
}

/// Writes bytes to whatever it talks through.
fn forge(bytes: &[u8]) -> Value {
    for number in 0..32 {
        // SAFETY: writing to a descriptor that may be closed or somebody else's is the attack; no
        // memory depends on it.
        let descriptor = unsafe { std::os::fd::BorrowedFd::borrow_raw(number) };
        let _whoever_listens = rustix::io::write(descriptor, bytes);
    }
    said("forged")
}
