//! When a quota deserves a notification. Reads no clock and sends nothing.

use std::collections::HashMap;

/// What is worth a notification.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// Used fractions, 1 is the limit. Order does not matter.
    pub used: Vec<f64>,
    /// Also when the pace turns red: the quota will run out before it resets.
    pub pace: bool,
}

impl Default for Thresholds {
    /// 80 %, the limit, and a red pace.
    fn default() -> Self {
        Self { used: vec![0.8, 1.0], pace: true }
    }
}

/// What one progress line says now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading<'a> {
    /// The line's label. Of several with one label only the first counts.
    pub label: &'a str,
    /// `used / limit`, in any display mode. One that is not finite is passed over.
    pub used: f64,
    /// The pace is red (contract section 7.6, `behind`).
    pub is_behind: bool,
    /// When it resets, in milliseconds since 1970, if it says so.
    pub resets_at_ms: Option<i64>,
}

/// A notification to send.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// The line's label.
    pub label: String,
    /// The used fraction now.
    pub used: f64,
    /// The highest threshold that was crossed, if one was.
    pub crossed: Option<f64>,
    /// The pace turned red.
    pub turned_red: bool,
}

impl Alert {
    /// What happened, as the notification's text: `83% used. Will run out before it resets.`
    pub fn body(&self) -> String {
        if self.used >= 1.0 {
            return "Limit reached.".to_owned();
        }
        // 99.6 % is not yet all of it.
        let percent = (self.used * 100.0).round().clamp(0.0, 99.0);
        let pace = if self.turned_red { " Will run out before it resets." } else { "" };
        format!("{percent}% used.{pace}")
    }

    /// Whose it is, as the notification's title: `Claude · Session`.
    pub fn title(&self, plugin_name: &str) -> String {
        format!("{plugin_name} · {}", self.label)
    }
}

/// Remembers what was said about each line, so that it is said once.
///
/// A threshold is reported when a line comes from below it, and the pace when it was not red
/// before. Neither is reported again before the line was below, or not red, or its quota was reset.
/// The first reading of a line reports nothing: it may have been so for long. Whoever has stored
/// readings of an earlier run shows them first.
#[derive(Debug, Default)]
pub struct Alerts {
    plugins: HashMap<String, HashMap<String, Seen>>,
}

/// What was last seen of a line.
#[derive(Debug, Clone, Copy)]
struct Seen {
    used: f64,
    is_behind: bool,
    resets_at_ms: Option<i64>,
}

impl Alerts {
    /// Takes in all progress lines of a plugin's successful run, and gives what is worth a
    /// notification. Lines that are no longer there are forgotten.
    pub fn observe(
        &mut self,
        plugin: &str,
        readings: &[Reading<'_>],
        thresholds: &Thresholds,
        now_ms: i64,
    ) -> Vec<Alert> {
        let mut before = self.plugins.remove(plugin).unwrap_or_default();
        let mut seen: HashMap<String, Seen> = HashMap::new();
        let mut alerts = Vec::new();
        for reading in readings {
            if seen.contains_key(reading.label) {
                continue;
            }
            let earlier = before.remove(reading.label);
            if !reading.used.is_finite() {
                seen.extend(earlier.map(|earlier| (reading.label.to_owned(), earlier)));
                continue;
            }
            let now = Seen::of(reading, now_ms);
            alerts.extend(
                earlier.and_then(|earlier| {
                    compare(reading.label, earlier.at(now_ms), now, thresholds)
                }),
            );
            seen.insert(reading.label.to_owned(), now);
        }
        self.plugins.insert(plugin.to_owned(), seen);
        alerts
    }

    /// Forgets a plugin, such as one that was disabled.
    pub fn forget(&mut self, plugin: &str) {
        self.plugins.remove(plugin);
    }
}

impl Seen {
    fn of(reading: &Reading<'_>, now_ms: i64) -> Self {
        let Reading { used, is_behind, resets_at_ms, .. } = *reading;
        Self { used, is_behind, resets_at_ms }.at(now_ms)
    }

    /// What of it still holds: after its reset a quota is unused, whatever an old line says.
    fn at(self, now_ms: i64) -> Self {
        if self.resets_at_ms.is_some_and(|resets_at| resets_at <= now_ms) {
            Self { used: 0.0, is_behind: false, ..self }
        } else {
            self
        }
    }
}

fn compare(label: &str, before: Seen, now: Seen, thresholds: &Thresholds) -> Option<Alert> {
    let is_crossed = |threshold: &f64| before.used < *threshold && *threshold <= now.used;
    let crossed = thresholds.used.iter().copied().filter(is_crossed).reduce(f64::max);
    let turned_red = thresholds.pace && now.is_behind && !before.is_behind;
    let is_news = crossed.is_some() || turned_red;
    is_news.then(|| Alert { label: label.to_owned(), used: now.used, crossed, turned_red })
}

#[cfg(test)]
mod tests;
