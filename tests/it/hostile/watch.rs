//! How much memory a running process has at most.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the system is asked. It remembers the peak, so only what comes last can be missed.
const EVERY: Duration = Duration::from_millis(20);

/// Looks at a process until it is told to end.
pub(super) struct Watch {
    over: Sender<()>,
    thread: JoinHandle<u64>,
}

impl Watch {
    pub(super) fn start(process: u32) -> Self {
        let (over, ended) = channel();
        let thread = std::thread::spawn(move || {
            let mut peak = 0;
            while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                peak = peak_of(process).unwrap_or(peak).max(peak);
            }
            peak
        });
        Self { over, thread }
    }

    /// The peak in bytes.
    pub(super) fn end(self) -> u64 {
        drop(self.over);
        self.thread.join().expect("it only reads")
    }
}

fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
