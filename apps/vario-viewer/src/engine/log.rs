//! Lines that plugins log, on their way to the window.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use vario_host::{LogEntry as HostEntry, LogOrigin, LogSink};
use vario_ui::LogEntry;
use vario_value::LogLevel;

/// Lines that wait for the window. A plugin that logs more than is read loses the rest, and no
/// time.
const WAITING: usize = 4096;

/// The least level that is wanted, which the user may change at any time.
pub(super) struct Least(AtomicU8);

const LEVELS: [LogLevel; 4] = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];

impl Least {
    pub(super) fn set(&self, level: LogLevel) {
        let place = LEVELS.iter().position(|own| *own == level).unwrap_or(0);
        self.0.store(u8::try_from(place).unwrap_or(0), Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> LogLevel {
        let place = usize::from(self.0.load(Ordering::Relaxed));
        LEVELS.get(place).copied().unwrap_or(LogLevel::Error)
    }
}

/// Takes plugins' lines.
pub(super) struct Log {
    least: Arc<Least>,
    lines: Sender<LogEntry>,
}

impl Log {
    pub(super) fn new(level: LogLevel) -> (Self, Receiver<LogEntry>, Arc<Least>) {
        let (lines, receiver) = bounded(WAITING);
        let least = Arc::new(Least(AtomicU8::new(0)));
        least.set(level);
        (Self { least: Arc::clone(&least), lines }, receiver, least)
    }
}

impl LogSink for Log {
    fn wants(&self, level: LogLevel) -> bool {
        level >= self.least.get()
    }

    fn write(&self, line: HostEntry) {
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let _there_is_no_room = self.lines.try_send(entry(line, now_ms));
    }
}

/// A line as the window shows it.
pub(super) fn entry(line: HostEntry, now_ms: i64) -> LogEntry {
    let text = match line.origin {
        LogOrigin::Host => format!("host: {}", line.message),
        LogOrigin::Plugin => line.message,
    };
    LogEntry { at_ms: now_ms, level: line.level, plugin: Some(line.plugin_id), text }
}
