use std::fmt;

use crate::diagnostic::excerpt::printable;
use crate::diagnostic::{Diagnostic, Diagnostics, Excerpt, Severity};

/// A part of a shown problem, for whoever wants to colour it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// `error` or `warning`, and the mark under the source line.
    Severity(Severity),
    /// What is wrong.
    Message,
    /// Line numbers, bars and arrows.
    Frame,
    /// `help`.
    Help,
}

impl Diagnostic {
    /// Shows the problem as a compiler would, each part passed through `paint`.
    ///
    /// Ends without a line break. Text from the manifest cannot carry terminal sequences.
    pub fn render(&self, paint: &dyn Fn(Part, &str) -> String) -> String {
        let severity = Part::Severity(self.severity);
        let number = self.position.map_or_else(String::new, |at| at.line.to_string());
        let margin = " ".repeat(number.len().max(1));
        let mut lines = vec![
            format!(
                "{}: {}",
                paint(severity, self.severity.name()),
                paint(Part::Message, &printable(&self.message))
            ),
            format!("{margin}{} {}", paint(Part::Frame, "-->"), self.place()),
        ];
        if let Some(excerpt) = &self.excerpt {
            lines.extend(source_lines(excerpt, &number, severity, paint));
        }
        if let Some(help) = &self.help {
            let equals = paint(Part::Frame, "=");
            let word = paint(Part::Help, "help");
            lines.push(format!("{margin} {equals} {word}: {}", printable(help)));
        }
        lines.join("\n")
    }

    /// `plugin.json:7:14 (lines[2].label)`.
    fn place(&self) -> String {
        let file = printable(&self.file);
        let at = self.position.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        let path = if self.path.is_empty() {
            String::new()
        } else {
            format!(" ({})", printable(&self.path))
        };
        file + &at + &path
    }
}

fn source_lines(
    excerpt: &Excerpt,
    number: &str,
    severity: Part,
    paint: &dyn Fn(Part, &str) -> String,
) -> [String; 3] {
    let margin = " ".repeat(number.len());
    let bar = paint(Part::Frame, "|");
    let mark = format!("{} {}", "^".repeat(excerpt.marked_width), excerpt.label);
    let indent = " ".repeat(excerpt.marked_from);
    [
        format!("{margin} {bar}"),
        format!("{} {bar} {}", paint(Part::Frame, number), excerpt.text).trim_end().to_owned(),
        format!("{margin} {bar} {indent}{}", paint(severity, &printable(mark.trim_end()))),
    ]
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(&|_, text| text.to_owned()))
    }
}

impl fmt::Display for Diagnostics {
    /// All problems, an empty line between two, and how many were left out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.list.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            writeln!(formatter, "{gap}{diagnostic}")?;
        }
        let left_out = self.errors + self.warnings - self.list.len();
        if left_out > 0 {
            writeln!(formatter, "\n{left_out} more problems are not shown")?;
        }
        Ok(())
    }
}
