//! Waiting for other processes to begin and to end.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, test_kill_process};

/// The two processes that say in this file who they are, once both have.
pub(super) fn two(file: &Path) -> Vec<Pid> {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let pids: Vec<Pid> =
            text.lines().filter_map(|line| Pid::from_raw(line.parse().ok()?)).collect();
        if pids.len() == 2 && text.ends_with('\n') {
            return pids;
        }
        assert!(Instant::now() < until, "it did not start");
        std::thread::yield_now();
    }
}

fn runs(pid: Pid) -> bool {
    // One that nobody has waited for yet runs no more.
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    match stat {
        Ok(stat) => !stat.contains(") Z ") && !stat.contains(") X "),
        Err(_) if cfg!(target_os = "linux") => false,
        Err(_) => test_kill_process(pid).is_ok(),
    }
}

#[track_caller]
pub(super) fn all_end(pids: &[Pid]) {
    let until = Instant::now() + Duration::from_secs(30);
    while pids.iter().any(|pid| runs(*pid)) {
        assert!(Instant::now() < until, "they still run");
        std::thread::yield_now();
    }
}
