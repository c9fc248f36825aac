//! Snapshots as numbers, for Prometheus and whoever reads what it reads.

use std::collections::HashSet;
use std::fmt::Write as _;

use vario_model::Snapshot;
use vario_output::ProgressLine;
use vario_output::present::is_obeyed;

/// One number with its labels.
struct Sample {
    labels: String,
    value: f64,
}

/// A number that every progress line or snapshot may have.
struct Family {
    name: &'static str,
    help: &'static str,
    samples: Vec<Sample>,
}

/// Which of the two formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposition {
    /// Prometheus' text format 0.0.4.
    Prometheus,
    /// OpenMetrics 1.0.
    Openmetrics,
}

impl Exposition {
    /// What it is called over HTTP.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::Openmetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// The quotas of snapshots as gauges.
///
/// Labels are `provider` (id) and, for a quota, `line` (its label) and `unit` (`percent`, `dollars`
/// or what is counted). Of lines that have the same labels the first counts. Times are seconds
/// since the epoch.
pub fn exposition<'a>(
    snapshots: impl IntoIterator<Item = &'a Snapshot>,
    format: Exposition,
) -> String {
    let mut text = String::new();
    let snapshots: Vec<&Snapshot> = snapshots.into_iter().collect();
    for family in families(&snapshots) {
        family.write(&mut text, format);
    }
    if format == Exposition::Openmetrics {
        text.push_str("# EOF\n");
    }
    text
}

fn families(snapshots: &[&Snapshot]) -> [Family; 5] {
    let quota = |name, help, value: fn(&ProgressLine) -> Option<f64>| {
        let samples = snapshots.iter().flat_map(move |snapshot| quota_samples(snapshot, value));
        Family { name, help, samples: samples.collect() }
    };
    let whole = |name, help, value: fn(&Snapshot) -> Option<f64>| {
        let sample = |snapshot: &&Snapshot| {
            Some(Sample { labels: provider(snapshot), value: value(snapshot)? })
        };
        Family { name, help, samples: snapshots.iter().filter_map(sample).collect() }
    };
    [
        quota("vario_quota_used", "How much of a quota is used.", |line| Some(line.used)),
        quota("vario_quota_limit", "How large a quota is.", |line| Some(line.limit)),
        quota("vario_quota_reset_timestamp_seconds", "When a quota begins anew.", |line| {
            line.reset_seconds()
        }),
        whole("vario_snapshot_timestamp_seconds", "When a plugin ran last.", |snapshot| {
            snapshot.fetched_at_ms().map(seconds)
        }),
        whole("vario_snapshot_ok", "1 if a plugin's last run went well, else 0.", |snapshot| {
            Some(f64::from(u8::from(snapshot.ok)))
        }),
    ]
}

fn quota_samples(
    snapshot: &Snapshot,
    value: fn(&ProgressLine) -> Option<f64>,
) -> impl Iterator<Item = Sample> {
    let lines = snapshot.output.lines.iter().filter_map(|line| line.as_progress());
    lines.filter_map(move |line| {
        let labels = format!(
            "{},line=\"{}\",unit=\"{}\"",
            provider(snapshot),
            escape(&line.label),
            escape(line.format.unit())
        );
        Some(Sample { labels, value: value(line)? })
    })
}

fn provider(snapshot: &Snapshot) -> String {
    format!("provider=\"{}\"", escape(&snapshot.provider_id))
}

/// As both formats want it, and without what a terminal would obey.
fn escape(text: &str) -> String {
    let plain = |character: char| match character {
        '\n' => '\n',
        character if is_obeyed(character) => '\u{fffd}',
        character => character,
    };
    let text: String = text.chars().map(plain).collect();
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[expect(clippy::cast_precision_loss, reason = "exact to the millisecond for 280,000 years")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

impl Family {
    fn write(&self, text: &mut String, format: Exposition) {
        if self.samples.is_empty() {
            return;
        }
        let name = self.name;
        // Writing to a string does not fail.
        let _written = write!(text, "# HELP {name} {}\n# TYPE {name} gauge\n", self.help);
        if format == Exposition::Openmetrics && name.ends_with("_seconds") {
            let _written = writeln!(text, "# UNIT {name} seconds");
        }
        let mut seen = HashSet::new();
        for Sample { labels, value } in &self.samples {
            if seen.insert(labels) {
                let _written = writeln!(text, "{name}{{{labels}}} {value}");
            }
        }
    }
}
