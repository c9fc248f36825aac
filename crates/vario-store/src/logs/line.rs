use vario_output::{parse_rfc3339_ms, rfc3339_utc};
use vario_value::LogLevel;

use super::LOG_MESSAGE_BYTES;

/// A message of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// How important it is.
    pub level: LogLevel,
    /// The message; may hold line breaks.
    pub message: String,
}

/// What a message that was cut ends with.
const CUT: &str = "…";

/// `2026-01-02T03:04:05.678Z info message`, with every further line after a tab.
pub(super) fn format(at_ms: i64, level: LogLevel, message: &str) -> String {
    let end = message.floor_char_boundary(LOG_MESSAGE_BYTES);
    let cut = if end < message.len() { CUT } else { "" };
    let message = message[..end].replace('\n', "\n\t");
    format!("{} {} {message}{cut}\n", rfc3339_utc(at_ms), level.name())
}

/// The messages of a log. What stands before the first is of no message: a file was cut by hand.
pub(super) fn parse(text: &str) -> Vec<LogLine> {
    let mut lines: Vec<LogLine> = Vec::new();
    for line in text.split_terminator('\n') {
        if let Some(begun) = begin(line) {
            lines.push(begun);
        } else if let Some(last) = lines.last_mut() {
            last.message.push('\n');
            last.message.push_str(line.strip_prefix('\t').unwrap_or(line));
        }
    }
    lines
}

fn begin(line: &str) -> Option<LogLine> {
    if line.starts_with('\t') {
        return None;
    }
    let (time, rest) = line.split_once(' ')?;
    let (level, message) = rest.split_once(' ')?;
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    let level = levels.into_iter().find(|known| known.name() == level)?;
    Some(LogLine { at_ms: parse_rfc3339_ms(time)?, level, message: message.to_owned() })
}
