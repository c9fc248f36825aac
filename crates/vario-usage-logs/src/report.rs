//! What a scan found out.

use std::path::PathBuf;

use crate::{Grouping, RuleSet, Source};

/// Tokens of a row or of one model in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Read by the model. Of Codex by the newer rules only what did not come from the cache, by the
    /// older ones all of it.
    pub input: u64,
    /// Written by the model.
    pub output: u64,
    /// Put into the cache.
    pub cache_write: u64,
    /// Read from the cache.
    pub cache_read: u64,
    /// Of `output`, those of reasoning; Codex only.
    pub reasoning: u64,
    /// All: of Claude the sum, of Codex what the log says.
    pub total: u64,
}

impl Tokens {
    pub(crate) fn add(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        self.output = self.output.saturating_add(other.output);
        self.cache_write = self.cache_write.saturating_add(other.cache_write);
        self.cache_read = self.cache_read.saturating_add(other.cache_read);
        self.reasoning = self.reasoning.saturating_add(other.reasoning);
        self.total = self.total.saturating_add(other.total);
    }
}

/// What one model took in a row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ModelRow {
    /// Its name; with `-fast` at the end for Claude's fast mode.
    pub model: String,
    /// What it took.
    pub tokens: Tokens,
    /// In USD.
    pub cost: f64,
    /// The log names no model, and this one was assumed.
    pub assumed: bool,
    /// No price is known, so its cost is 0, or what the log says.
    pub unpriced: bool,
}

/// A day or a session.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// The day as `2026-01-31`, or the session's id.
    pub name: String,
    /// The project of a session of Claude, as its folder is called.
    pub project: Option<String>,
    /// The first moment of a session, in milliseconds since the epoch.
    pub first: Option<i64>,
    /// The last moment of a session, in milliseconds since the epoch.
    pub last: Option<i64>,
    /// What it took.
    pub tokens: Tokens,
    /// In USD.
    pub cost: f64,
    /// By model: of Claude the dearest first, of Codex by name.
    pub models: Vec<ModelRow>,
}

/// A file that could not be counted as a whole. What was sound in it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// Why it could not be read, in the system's words.
    pub unreadable: Option<String>,
    /// How many lines about tokens are not JSON, not UTF-8 or not of the form they should have.
    pub malformed: u64,
    /// How many lines are longer than 16 MiB.
    pub too_long: u64,
    /// The last line is not finished. The next scan counts it when it is.
    pub unfinished: bool,
}

/// What was used, by day or by session.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Whose logs.
    pub source: Source,
    /// By whose rules.
    pub rules: RuleSet,
    /// What a row is.
    pub grouping: Grouping,
    /// Days or sessions, oldest first.
    pub rows: Vec<Row>,
    /// The sum of the rows' tokens.
    pub tokens: Tokens,
    /// The sum of the rows' costs in USD.
    pub cost: f64,
    /// How many files there are.
    pub files: u64,
    /// Files that could not be counted as a whole.
    pub problems: Vec<Problem>,
    /// Whether nothing had changed since this report was made, so that no file was opened.
    pub unchanged: bool,
}

impl Report {
    pub(crate) fn sum_up(&mut self) {
        for row in &self.rows {
            self.tokens.add(row.tokens);
            self.cost += row.cost;
        }
    }
}
