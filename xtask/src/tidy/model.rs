//! What the rules look at, and what they report.

use std::fmt;

/// The workspace as data: its packages and the text of its files.
#[derive(Clone, Default)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    /// Every text file of the repository, in the order of their paths.
    pub(crate) files: Vec<TextFile>,
}

/// One file; its path is relative to the root and uses `/`.
#[derive(Clone)]
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One package as Cargo understands it.
#[derive(Clone)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Relative to the root, with `/`.
    pub(crate) folder: String,
    pub(crate) description: String,
    pub(crate) dependencies: Vec<Dependency>,
    /// The file of the library, or of the program where there is no library.
    pub(crate) front_page: String,
    pub(crate) is_library: bool,
}

/// One dependency line; `name` is the package's name even where the manifest renames it.
#[derive(Clone)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// The table a dependency stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

/// One broken rule; ordered by place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) message: String,
    pub(crate) severity: Severity,
}

/// Whether a violation fails the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Error,
    Warning,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warning = if self.severity == Severity::Warning { "warning: " } else { "" };
        write!(formatter, "{}:{}: {warning}{}", self.path, self.line, self.message)
    }
}

impl Violation {
    pub(crate) fn error(path: &str, line: usize, message: String) -> Self {
        Self { path: path.to_owned(), line, message, severity: Severity::Error }
    }

    pub(crate) fn warning(path: &str, line: usize, message: String) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, line, message) }
    }
}

impl Workspace {
    /// The text of a file, empty if there is no such file.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.files.iter().find(|file| file.path == path).map_or("", |file| &file.text)
    }

    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// The line of a package's manifest that names a dependency, else its first line.
    pub(crate) fn dependency_line(&self, package: &Package, dependency: &str) -> usize {
        line_where(self.text(&package.manifest()), |line| names(line, dependency))
    }
}

impl Package {
    pub(crate) fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }
}

/// The number of the first line that fits, counted from 1; 1 if none does.
pub(crate) fn line_where(text: &str, fits: impl Fn(&str) -> bool) -> usize {
    text.lines().position(fits).map_or(1, |index| index + 1)
}

/// Whether a line of a manifest starts with the key `name`.
pub(crate) fn names(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
}
