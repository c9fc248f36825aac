//! Figures for those who measure the window, if the environment asks for them.
//!
//! With `VARIO_VIEWER_MEASURE=1` a line of JSON goes to standard error with the first frame and
//! once a second from then on: how many frames were drawn, when the first one was (in milliseconds
//! since the program began), and how much memory is resident, in KiB.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

const VARIABLE: &str = "VARIO_VIEWER_MEASURE";
const EVERY: Duration = Duration::from_secs(1);

/// Counts frames.
pub(crate) struct Measure {
    started: Instant,
    frames: Option<Arc<AtomicU64>>,
    first_ms: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    frames: u64,
    first_frame_ms: u64,
    rss_kb: Option<u64>,
}

impl Measure {
    pub(crate) fn new(started: Instant) -> Self {
        let is_wanted = std::env::var_os(VARIABLE).is_some_and(|value| value == "1");
        Self { started, frames: is_wanted.then(Arc::default), first_ms: None }
    }

    /// A frame was drawn.
    pub(crate) fn frame(&mut self) {
        let Some(frames) = &self.frames else { return };
        frames.fetch_add(1, Ordering::Relaxed);
        if self.first_ms.is_none() {
            let first_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.first_ms = Some(first_ms);
            let frames = Arc::clone(frames);
            let _none_without_a_thread =
                std::thread::Builder::new().name("measure".to_owned()).spawn(move || {
                    loop {
                        say(&frames, first_ms);
                        std::thread::sleep(EVERY);
                    }
                });
        }
    }
}

fn say(frames: &AtomicU64, first_frame_ms: u64) {
    let figures =
        Figures { frames: frames.load(Ordering::Relaxed), first_frame_ms, rss_kb: resident_kb() };
    if let Ok(line) = serde_json::to_string(&figures) {
        let _nobody_reads_it = writeln!(std::io::stderr(), "{line}");
    }
}

/// Where the system tells it in a file.
fn resident_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
