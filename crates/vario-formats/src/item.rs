//! What stands for a plugin where there is room for a word and a number.

use vario_model::Snapshot;
use vario_output::present::{
    DisplayMode, Metric, MetricChoice, PaceContext, PaceStatus, is_obeyed, percent_text,
    primary_metric,
};
use vario_output::{Line, ProgressLine};

use crate::View;

/// From this part of the limit on, less than the limit itself, a quota is a warning.
const WARNING: f64 = 0.8;

/// From here on it is critical.
const CRITICAL: f64 = 0.95;

/// How long a name is, and the text that stands for a plugin without a quota, in characters.
const MAX_TEXT: usize = 24;

/// A plugin's last result, and what its manifest says of its lines.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The result.
    pub snapshot: &'a Snapshot,
    /// The labels of quotas that may stand for the plugin, the first that has data does.
    pub primary: &'a [String],
    /// The label of its weekly quota.
    pub weekly: Option<&'a str>,
    /// Which of them the user wants.
    pub choice: MetricChoice,
}

/// How it stands with a plugin. The larger one is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It has no quota.
    Idle,
    /// There is room.
    Good,
    /// 80 % is used, or the quota will run out before it resets.
    Warning,
    /// 95 % is used.
    Critical,
    /// The last run failed.
    Error,
}

impl Level {
    /// The word for it, in small letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Error => "error",
        }
    }
}

impl<'a> Item<'a> {
    /// The quota that stands for the plugin: the one of its manifest (contract section 7.9), else
    /// its first.
    pub(crate) fn metric(&self) -> Option<Metric<'a>> {
        let lines = &self.snapshot.output.lines;
        primary_metric(lines, self.primary, self.weekly, self.choice).or_else(|| {
            let line = lines.iter().find_map(Line::as_progress)?;
            Some(Metric { line, fell_back: false })
        })
    }

    /// `42%`, another short text without a quota, `!` where the run failed.
    pub(crate) fn value(&self, mode: DisplayMode) -> String {
        if !self.snapshot.ok {
            return "!".to_owned();
        }
        if let Some(metric) = self.metric() {
            return percent_text(Some(metric.fraction(mode)));
        }
        let text = self.snapshot.output.lines.iter().find_map(|line| match line {
            Line::Text(line) => Some(&line.value),
            Line::Badge(line) => Some(&line.text),
            Line::Progress(_) | Line::BarChart(_) => None,
        });
        text.map_or_else(|| "–".to_owned(), |text| shortened(text))
    }

    /// `Claude 42%`.
    pub(crate) fn headline(&self, mode: DisplayMode) -> String {
        format!("{} {}", shortened(&self.snapshot.display_name), self.value(mode))
    }

    /// How it stands, by the quota that stands for the plugin.
    pub(crate) fn level(&self, view: &View) -> Level {
        match self.metric() {
            _ if !self.snapshot.ok => Level::Error,
            None => Level::Idle,
            Some(metric) => level(metric.line, view.now_ms),
        }
    }
}

/// How it stands with one quota.
pub(crate) fn level(line: &ProgressLine, now_ms: i64) -> Level {
    let used = line.used / line.limit;
    let pace = PaceContext::of(line, now_ms).and_then(|context| context.pace());
    if used >= CRITICAL {
        Level::Critical
    } else if used >= WARNING || pace.is_some_and(|pace| pace.status == PaceStatus::Behind) {
        Level::Warning
    } else {
        Level::Good
    }
}

/// Text of a plugin as part of one line, without what a terminal or a bar would obey.
pub(crate) fn one_line(text: &str) -> String {
    let plain = |character: char| match character {
        character if character.is_control() => Some(' '),
        character => Some(character).filter(|it| !is_obeyed(*it)),
    };
    text.chars()
        .filter_map(plain)
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn shortened(text: &str) -> String {
    let text = one_line(text);
    if text.chars().count() <= MAX_TEXT {
        return text;
    }
    text.chars().take(MAX_TEXT - 1).chain(['…']).collect()
}
