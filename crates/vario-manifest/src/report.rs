use std::cell::RefCell;

use crate::diagnostic::{Diagnostic, Diagnostics, Excerpt, Severity};
use crate::json::{Mistake, Node, Span, push_key};

/// Collects the problems of one manifest and knows where they stand.
pub(crate) struct Report<'a> {
    file: &'a str,
    text: &'a str,
    root: Option<&'a Node>,
    found: RefCell<Diagnostics>,
}

/// A problem in the making.
#[must_use = "a problem counts only once it is reported"]
pub(crate) struct Problem {
    severity: Severity,
    message: String,
    label: String,
    help: Option<String>,
}

impl Problem {
    pub(crate) fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self { severity, message: message.into(), label: String::new(), help: None }
    }

    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message)
    }

    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message)
    }

    /// What to say under the marked source.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers the nearest valid name, if there is one.
    pub(crate) fn did_you_mean(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name {
            self.help = Some(format!("did you mean `{name}`?"));
        }
        self
    }
}

impl<'a> Report<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str, root: Option<&'a Node>) -> Self {
        Self { file, text, root, found: RefCell::default() }
    }

    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        let mut found = self.found.into_inner();
        found.sort();
        found
    }

    /// The JSON path of what stands at `span`.
    pub(crate) fn path(&self, span: Span) -> String {
        self.root.map_or_else(String::new, |root| root.path_to(span))
    }

    /// How messages call the value: its path in back quotes, or the manifest as a whole. Empty
    /// when there is no room for an error, so that the search is spared.
    pub(crate) fn name(&self, span: Span) -> String {
        if !self.has_room(Severity::Error) {
            return String::new();
        }
        let path = self.path(span);
        if path.is_empty() { "the manifest".to_owned() } else { format!("`{path}`") }
    }

    /// Reports a problem of the value or key at `span`.
    pub(crate) fn add(&self, span: Span, problem: Problem) {
        if self.has_room(problem.severity) {
            self.add_at(span, self.path(span), problem);
        } else {
            self.count(problem.severity);
        }
    }

    /// Whether one more problem would be shown. A file with a hundred thousand of them must not
    /// cost a search for each one's place.
    pub(crate) fn has_room(&self, severity: Severity) -> bool {
        self.found.borrow().has_room(severity)
    }

    /// Counts a problem for which there is no room.
    pub(crate) fn count(&self, severity: Severity) {
        self.found.borrow_mut().count(severity);
    }

    /// Reports that the object at `node` should have had `key`.
    pub(crate) fn add_missing(&self, node: &Node, key: &str) {
        if !self.has_room(Severity::Error) {
            return self.count(Severity::Error);
        }
        let mut path = self.path(node.span);
        push_key(&mut path, key);
        // The opening bracket stands for the object, which may fill the whole file.
        let span = Span { start: node.span.start, end: node.span.start + 1 };
        let problem =
            Problem::error(format!("`{path}` is missing")).label(format!("needs a key `{key}`"));
        self.add_at(span, path, problem);
    }

    /// Reports a problem of the manifest as a whole, not of a place in it.
    pub(crate) fn add_whole(&self, problem: Problem) {
        let Problem { severity, message, help, .. } = problem;
        self.found.borrow_mut().push(Diagnostic::of_file(severity, self.file, message, help));
    }

    pub(crate) fn add_mistake(&self, mistake: Mistake) {
        let mut problem = Problem::error(mistake.message).label(mistake.label);
        problem.help = mistake.help;
        self.add_at(mistake.span, String::new(), problem);
    }

    /// Reports a problem at the very start of the file.
    pub(crate) fn add_at_start(&self, problem: Problem) {
        self.add_at(Span { start: 0, end: 0 }, String::new(), problem);
    }

    fn add_at(&self, span: Span, path: String, problem: Problem) {
        let Problem { severity, message, label, help } = problem;
        let (position, excerpt) = Excerpt::new(self.text, span, label);
        self.found.borrow_mut().push(Diagnostic {
            severity,
            file: self.file.to_owned(),
            path,
            position: Some(position),
            message,
            help,
            excerpt: Some(excerpt),
        });
    }
}
