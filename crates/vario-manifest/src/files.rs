//! Which files of the folder a manifest may name, and reading them.

use crate::diagnostic::Severity;
use crate::dialect::{Dialect, ending};
use crate::error::Error;
use crate::folder::{Entry, Folder, is_absolute};
use crate::json::Node;
use crate::load::{Context, Depth};
use crate::plugin::{Code, Language};
use crate::report::Problem;

/// The largest source file that is read.
pub const MAX_ENTRY_BYTES: u64 = 16 * 1024 * 1024;

/// The largest icon that is read.
pub const MAX_ICON_BYTES: u64 = 1024 * 1024;

/// The text of a source file of the plugin.
///
/// # Errors
/// As [`Folder::read`] with [`MAX_ENTRY_BYTES`], and [`Error::NotUtf8`].
pub fn read_entry(folder: &dyn Folder, path: &str) -> Result<String, Error> {
    String::from_utf8(folder.read(path, MAX_ENTRY_BYTES)?).map_err(|error| Error::NotUtf8 {
        path: path.to_owned(),
        offset: error.utf8_error().valid_up_to(),
    })
}

impl Context<'_> {
    /// The code that a key of the manifest names, checked as contract section 1.2 asks.
    pub(crate) fn code(&self, node: &Node, language: Option<Language>) -> Option<Code> {
        let path = node.as_str()?;
        let name = self.report.name(node.span);
        if path.trim().is_empty() {
            let problem = Problem::error(format!("{name} is blank")).label("expected a file name");
            self.report.add(node.span, problem);
            return None;
        }
        self.file(node, path, MAX_ENTRY_BYTES)?;
        if self.depth == Depth::Full
            && let Err(error) = read_entry(self.folder, path)
        {
            self.report.add(node.span, Problem::error(format!("{name}: {error}")));
            return None;
        }
        let language = language.or_else(|| self.language(node, path))?;
        Some(Code { path: clean(path), language })
    }

    /// Code at a place that the dialect fixes; none if there is nothing.
    pub(crate) fn fixed_code(&self, path: &str, language: Language) -> Option<Code> {
        let found = match self.folder.look_up(path) {
            Ok(Entry::File { size }) if size > MAX_ENTRY_BYTES => {
                Err(Error::TooLarge { path: path.to_owned(), cap: MAX_ENTRY_BYTES })
            }
            Ok(Entry::File { .. }) if self.depth == Depth::Full => {
                read_entry(self.folder, path).map(drop)
            }
            Ok(Entry::File { .. }) => Ok(()),
            Ok(Entry::Directory) => Err(Error::NotRegular { path: path.to_owned() }),
            Err(error) => Err(error),
        };
        match found {
            Ok(()) => return Some(Code { path: path.to_owned(), language }),
            Err(Error::Missing { .. }) => {}
            Err(error) => self.report.add_whole(Problem::error(error.to_string())),
        }
        None
    }

    /// Whether the folder has a folder of that name. Anything else there is an error.
    pub(crate) fn fixed_folder(&self, path: &str) -> bool {
        match self.folder.look_up(path) {
            Ok(Entry::Directory) => return true,
            Ok(Entry::File { .. }) => {
                self.report.add_whole(Problem::error(format!("`{path}` is not a folder")));
            }
            Err(Error::Missing { .. }) => {}
            Err(error) => self.report.add_whole(Problem::error(error.to_string())),
        }
        false
    }

    /// Whether `path`, which `node` names, is a readable regular file inside of the folder.
    pub(crate) fn file(&self, node: &Node, path: &str, cap: u64) -> Option<()> {
        match self.folder.look_up(path) {
            Ok(Entry::File { size }) if size <= cap => Some(()),
            Ok(Entry::File { .. }) => {
                self.bad_file(node, &Error::TooLarge { path: path.to_owned(), cap })
            }
            Ok(Entry::Directory) => {
                self.bad_file(node, &Error::NotRegular { path: path.to_owned() })
            }
            Err(error) => self.bad_file(node, &error),
        }
    }

    fn bad_file(&self, node: &Node, error: &Error) -> Option<()> {
        let name = self.report.name(node.span);
        let problem = match error {
            Error::Outside { path } if is_absolute(path) => {
                Problem::error(format!("{name} is an absolute path"))
                    .label("expected a path relative to the plugin's folder")
            }
            Error::Outside { .. } => {
                Problem::error(format!("{name}: {error}")).label("must stay inside of the folder")
            }
            Error::Missing { .. } => {
                Problem::error(format!("{name}: {error}")).label("no such file")
            }
            Error::NotRegular { .. } => {
                Problem::error(format!("{name}: {error}")).label("expected a regular file")
            }
            _ => Problem::error(format!("{name}: {error}")),
        };
        self.report.add(node.span, problem);
        None
    }

    /// The icon a key names. Its content is looked at only when everything is read.
    pub(crate) fn icon(&self, node: &Node) -> Option<String> {
        let path = self.report.string(node)?;
        self.file(node, path, MAX_ICON_BYTES)?;
        let mut is_svg = ending(path).is_some_and(|ending| ending == "svg");
        if self.depth == Depth::Full {
            match self.folder.read(path, MAX_ICON_BYTES) {
                Ok(bytes) => is_svg &= String::from_utf8_lossy(&bytes).contains("<svg"),
                Err(error) => self.bad_file(node, &error)?,
            }
        }
        if !is_svg {
            let severity = self.strict(Severity::Warning);
            let problem = Problem::new(severity, format!("the icon `{path}` is not an SVG file"))
                .label("expected an SVG file");
            self.report.add(node.span, problem);
        }
        Some(clean(path))
    }

    fn language(&self, node: &Node, path: &str) -> Option<Language> {
        let ending = ending(path).unwrap_or_default();
        let language = match ending.as_str() {
            "lua" | "luau" => Language::Lua,
            "js" => Language::JsScript,
            "mjs" => Language::JsModule,
            "ts" => Language::TypeScript,
            // The original runs whatever it is given as a script.
            _ if self.dialect == Dialect::Openusage => return Some(Language::JsScript),
            _ => {
                let name = self.report.name(node.span);
                let known = "`.lua`, `.luau`, `.js`, `.mjs` or `.ts`";
                let problem =
                    Problem::error(format!("{name} must end in {known}")).label("unknown language");
                self.report.add(node.span, problem);
                return None;
            }
        };
        if self.dialect == Dialect::Openusage && language != Language::JsScript {
            let problem = Problem::error("the dialect `openusage` runs JavaScript scripts only")
                .label("another language")
                .help("say \"dialect\": \"vario\", or leave `dialect` out");
            self.report.add(node.span, problem);
            return None;
        }
        Some(language)
    }
}

/// The path without `.` and empty parts, so that equal files have equal names.
fn clean(path: &str) -> String {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/")
}
