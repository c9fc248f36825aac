//! What became of every line.

use std::path::PathBuf;

use crate::folders::LogFile;
use crate::notes::Notes;
use crate::{Price, Reason, Tariff, Tokens};

/// What became of one line, or of one message in it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedLine {
    /// The file.
    pub path: PathBuf,
    /// The line in it, from 1.
    pub line: u64,
    /// Why it does not count; `None` when it does.
    pub dropped: Option<Reason>,
    /// The line that counts in place of this copy.
    pub copy_of: Option<(PathBuf, u64)>,
    /// What the line says, where it is about tokens.
    pub message: Option<ExplainedMessage>,
}

/// What a line about tokens says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedMessage {
    /// When, in milliseconds since the epoch.
    pub moment: i64,
    /// Which model, if it says so.
    pub model: Option<String>,
    /// How many tokens.
    pub tokens: Tokens,
    /// What they cost by themselves, in USD.
    pub cost: f64,
    /// The price that was used; `None` when none is known.
    pub price: Option<Price>,
    /// Whether that is the price of certain hours.
    pub tariff: Option<Tariff>,
}

/// A record and what became of it.
pub(crate) struct Found<'a> {
    pub(crate) file: &'a LogFile,
    pub(crate) line: u64,
    pub(crate) reason: Option<Reason>,
    pub(crate) copy_of: Option<(&'a LogFile, u64)>,
    pub(crate) moment: i64,
    pub(crate) model: Option<String>,
    pub(crate) tokens: Tokens,
    pub(crate) cost: f64,
    pub(crate) price: Option<Price>,
    pub(crate) tariff: Option<Tariff>,
}

/// Lines as they are explained; sorted in the end.
#[derive(Default)]
pub(crate) struct Explanation {
    lines: Vec<ExplainedLine>,
}

impl Explanation {
    pub(crate) fn record(&mut self, found: Found<'_>) {
        self.lines.push(ExplainedLine {
            path: found.file.path.clone(),
            line: found.line,
            dropped: found.reason,
            copy_of: found.copy_of.map(|(file, line)| (file.path.clone(), line)),
            message: Some(ExplainedMessage {
                moment: found.moment,
                model: found.model,
                tokens: found.tokens,
                cost: found.cost,
                price: found.price,
                tariff: found.tariff,
            }),
        });
    }

    /// Adds the lines of a file that became no record.
    pub(crate) fn notes(&mut self, file: &LogFile, notes: &Notes) {
        let dropped = notes.reasons.iter().map(|(line, reason)| ExplainedLine {
            path: file.path.clone(),
            line: *line,
            dropped: Some(*reason),
            copy_of: None,
            message: None,
        });
        self.lines.extend(dropped);
    }

    /// Every line, by file and number.
    pub(crate) fn sorted(mut self) -> Vec<ExplainedLine> {
        self.lines.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        self.lines
    }
}
