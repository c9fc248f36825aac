//! Many runs, and a host that is killed.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use libtest_mimic::Trial;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use vario_isolation::Pool;
use vario_value::Value;

use crate::host::{Host, command, long, trial, worker};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("some_hundred_runs_leave_nothing_behind", || many(300)),
        trial("ten_thousand_runs_leave_nothing_behind", || many(10_000)),
        trial("a_worker_ends_with_its_host", a_worker_ends_with_its_host),
    ]
}

/// In a process of its own, whose descriptors and children nothing else changes.
fn many(runs: u32) {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).args(["many", &runs.to_string()]).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
}

/// Runs workers of every kind on two threads, and counts what is left.
pub(crate) fn count(runs: &str) -> ExitCode {
    let runs: u32 = runs.parse().unwrap();
    let before = descriptors();
    let pool = Pool::new(command(&["worker"]), 2);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..runs / 2).for_each(|round| one(&pool, round)));
        }
    });
    drop(pool);
    assert_eq!(descriptors(), before, "descriptors are left");
    let children = std::fs::read_to_string("/proc/thread-self/children").unwrap();
    assert_eq!(children, "", "children are left");
    assert!(
        rustix::process::wait(rustix::process::WaitOptions::NOHANG).is_err(),
        "zombies are left"
    );
    ExitCode::SUCCESS
}

fn one(pool: &Pool, round: u32) {
    let stop = long();
    let host = Host::new(&stop);
    let worker = if round.is_multiple_of(2) { pool.take().unwrap() } else { worker() };
    match round % 64 {
        // Never used.
        60 => drop(worker),
        61 => assert!(host.run(worker, "exit").is_err()),
        62 => assert!(host.run(worker, "forge: garbage").is_err()),
        63 => assert!(host.run(worker, "cancel").is_err()),
        _ => assert_eq!(host.run(worker, i64::from(round)), Ok(Value::Int(round.into()))),
    }
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

fn a_worker_ends_with_its_host() {
    let program = std::env::current_exe().unwrap();
    let mut host = Command::new(program)
        .arg("host")
        .stdout(Stdio::piped())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(host.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let worker = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
    let worker = pidfd_open(worker, PidfdFlags::empty()).unwrap();
    host.kill().unwrap();
    host.wait().unwrap();
    // It says when the process has ended, whoever's child it is by now.
    let patience = Timespec::try_from(Duration::from_mins(1)).unwrap();
    let ended = poll(&mut [PollFd::new(&worker, PollFlags::IN)], Some(&patience)).unwrap();
    assert_eq!(ended, 1, "the worker lives on");
}

/// A host whose worker computes for ever; says which process that is.
pub(crate) fn be_killed() -> ExitCode {
    let stop = long();
    let worker = worker();
    let pid = worker.pid();
    let deed = Box::new(move || println!("{pid}"));
    let host = Host { deed, ..Host::new(&stop) };
    let _until_killed = host.run(worker, "signal");
    ExitCode::FAILURE
}
