//! Problems found in a manifest, and how they are shown.

mod excerpt;
mod render;

#[cfg(test)]
mod tests;

use serde::Serialize;

pub use crate::diagnostic::excerpt::Excerpt;
pub use crate::diagnostic::render::Part;

/// How many problems are kept; more are only counted.
const MAX_KEPT: usize = 256;

/// How many of them may be warnings, so that a flood of these cannot hide an error.
const MAX_WARNINGS: usize = 128;

/// Whether the plugin can be used in spite of the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// The plugin cannot be used.
    Error,
    /// The plugin is used; something in it has no effect or is likely a mistake.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place in a text file, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// One problem. [`Display`](std::fmt::Display) shows it as a compiler would, without colours.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The file, relative to the plugin's folder, such as `plugin.json`.
    pub file: String,
    /// The JSON path, such as `lines[2].label`; empty for the file as a whole.
    pub path: String,
    /// Where in the file; none for the file as a whole.
    pub position: Option<Position>,
    /// What is wrong: what was expected and what was found.
    pub message: String,
    /// What to do, often the nearest valid name.
    pub help: Option<String>,
    /// The source line, to be shown with the problem.
    #[serde(skip)]
    pub excerpt: Option<Excerpt>,
}

impl Diagnostic {
    /// A problem of a file as a whole.
    pub fn of_file(
        severity: Severity,
        file: impl Into<String>,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Self {
        Self {
            severity,
            file: file.into(),
            path: String::new(),
            position: None,
            message: message.into(),
            help,
            excerpt: None,
        }
    }
}

/// Every problem of one folder, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl Diagnostics {
    /// The problems that were kept: the first 256, of which the first 128 warnings.
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.errors + self.warnings == 0
    }

    /// How many errors were found, also those that were not kept.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many warnings were found, also those that were not kept.
    pub fn warnings(&self) -> usize {
        self.warnings
    }

    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let kept = self.has_room(diagnostic.severity);
        self.count(diagnostic.severity);
        if kept {
            self.list.push(diagnostic);
        }
    }

    /// Whether one more problem would be kept. If not, [`Diagnostics::count`] is enough.
    pub(crate) fn has_room(&self, severity: Severity) -> bool {
        let room = self.list.len() < MAX_KEPT;
        room && (severity == Severity::Error || self.warnings < MAX_WARNINGS)
    }

    /// Counts a problem that is not kept.
    pub(crate) fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
    }

    /// Puts the problems in the order of the file, those of whole files first.
    pub(crate) fn sort(&mut self) {
        self.list.sort_by_key(|diagnostic| diagnostic.position);
    }
}
