//! Forked sessions: their files begin with what their parents did, and that counts once.

use std::collections::HashMap;

use super::{CodexLog, Raw};

/// The longest pause within a history that was written anew at the moment of the fork, in
/// milliseconds. A turn of one's own comes after a longer one.
const PAUSE: i64 = 1_000;

/// For each file, which of its events it only repeats.
pub(super) fn replayed(logs: &[&CodexLog]) -> Vec<Vec<bool>> {
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    for (number, log) in logs.iter().enumerate() {
        if let Some(id) = &log.origin.id {
            by_id.entry(id).or_insert(number);
        }
    }
    logs.iter()
        .enumerate()
        .map(|(number, log)| {
            let Some(parent) = &log.origin.parent else { return Vec::new() };
            let parent = by_id.get(parent.as_str()).filter(|parent| **parent != number);
            let history = parent.map(|parent| history(logs[*parent], log.origin.begun));
            marks(log, &history.unwrap_or_default())
        })
        .collect()
}

/// What the parent did before the fork.
fn history(parent: &CodexLog, forked: Option<i64>) -> Vec<Raw> {
    let before = |moment: i64| forked.is_none_or(|forked| moment <= forked);
    parent.events.iter().take_while(|event| before(event.moment)).map(|event| event.used).collect()
}

enum Progress {
    /// The next event may be this one of the history.
    Matching(usize),
    /// Within a history that was written anew; the moment of its last event.
    Burst(i64),
    Own,
}

fn marks(log: &CodexLog, history: &[Raw]) -> Vec<bool> {
    let mut progress = Progress::Matching(0);
    let mark = |event: &super::Event| {
        if let Progress::Matching(next) = progress {
            if history.get(next) == Some(&event.used) {
                progress = Progress::Matching(next + 1);
                return true;
            }
            let burst = if next == 0 { burst(log) } else { None };
            progress = burst.map_or(Progress::Own, Progress::Burst);
        }
        if let Progress::Burst(last) = progress {
            if (0..=PAUSE).contains(&(event.moment - last)) {
                progress = Progress::Burst(event.moment);
                return true;
            }
            progress = Progress::Own;
        }
        false
    };
    log.events.iter().map(mark).collect()
}

/// When the file begins with two counts in one go, the moment of the first.
fn burst(log: &CodexLog) -> Option<i64> {
    let (first, second) = (log.first?, log.second?);
    (0..=PAUSE).contains(&(second - first)).then_some(first)
}
