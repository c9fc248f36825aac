//! From a folder to a plugin.

mod background;
mod common;
mod lines;
mod mudstack;
mod probe;
mod smartcars;
mod stratos;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::folder::{Entry, Folder};
use crate::json::{Mistake, Node, parse};
use crate::plugin::Plugin;
use crate::read::{Fields, Unknown, not_a_choice};
use crate::report::{Problem, Report};

/// Names of manifests. `plugin.json` is looked at first.
pub const MANIFEST_FILES: [&str; 2] = ["plugin.json", "manifest.json"];

/// The largest manifest that is read.
pub const MAX_MANIFEST_BYTES: u64 = 1024 * 1024;

/// What came of a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The plugin; none if anything is an error.
    pub plugin: Option<Plugin>,
    /// Every problem, also those of a plugin that can be used.
    pub diagnostics: Diagnostics,
}

/// Reads the manifest and looks up the files it names. Cheap enough to be done at every start:
/// no other file is opened.
pub fn load(folder: &dyn Folder) -> Loaded {
    run(folder, Depth::Quick)
}

/// As [`load`], and reads the code and the icon as well, to find what would go wrong later.
pub fn check(folder: &dyn Folder) -> Loaded {
    run(folder, Depth::Full)
}

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    Quick,
    Full,
}

/// What the readers of the dialects share.
pub(crate) struct Context<'a> {
    pub(crate) folder: &'a dyn Folder,
    pub(crate) depth: Depth,
    pub(crate) dialect: Dialect,
    pub(crate) report: &'a Report<'a>,
}

impl Context<'_> {
    /// An error in `vario`, the given severity in dialects whose old plugins have to load.
    pub(crate) fn strict(&self, otherwise: Severity) -> Severity {
        if self.dialect == Dialect::Vario { Severity::Error } else { otherwise }
    }

    /// What is said about unknown keys in this dialect.
    pub(crate) fn unknown(&self) -> Unknown {
        if self.dialect == Dialect::Vario { Unknown::Warn } else { Unknown::OnlySlips }
    }
}

fn run(folder: &dyn Folder, depth: Depth) -> Loaded {
    let [first, second] = MANIFEST_FILES;
    let document = match (Document::read(folder, first), folder.look_up(second)) {
        (Ok(document), Ok(_)) if document.gives_way() => Document::read(folder, second),
        (Err(Error::Missing { .. }), Ok(_)) => Document::read(folder, second),
        (Err(Error::Missing { .. }), Err(error)) if !matches!(error, Error::Missing { .. }) => {
            Err(error)
        }
        (document, _) => document,
    };
    match document {
        Ok(document) => document.load(folder, depth),
        Err(error) => Loaded { plugin: None, diagnostics: no_manifest(&error) },
    }
}

fn no_manifest(error: &Error) -> Diagnostics {
    let (Error::Missing { path }
    | Error::Outside { path }
    | Error::NotRegular { path }
    | Error::TooLarge { path, .. }
    | Error::Unreadable { path, .. }
    | Error::NotUtf8 { path, .. }
    | Error::Setting { key: path, .. }) = error;
    let (message, help) = match error {
        Error::Missing { .. } => {
            let message = "this folder has neither a `plugin.json` nor a `manifest.json`";
            (message.to_owned(), Some("a plugin is a folder with a manifest".to_owned()))
        }
        Error::TooLarge { .. } => (error.to_string(), Some("it was not read".to_owned())),
        _ => (error.to_string(), None),
    };
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(Diagnostic::of_file(Severity::Error, path, message, help));
    diagnostics
}

/// A manifest's text and what it says.
struct Document {
    file: &'static str,
    text: String,
    root: Option<Node>,
    mistakes: Vec<Mistake>,
    /// Something about the encoding, to be shown at the start of the file.
    encoding: Option<Problem>,
}

impl Document {
    fn read(folder: &dyn Folder, file: &'static str) -> Result<Self, Error> {
        let path = || file.to_owned();
        if folder.look_up(file)? == Entry::Directory {
            return Err(Error::NotRegular { path: path() });
        }
        let bytes = folder.read(file, MAX_MANIFEST_BYTES)?;
        let mut document =
            Self { file, text: String::new(), root: None, mistakes: Vec::new(), encoding: None };
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            let problem = Problem::error("the file is UTF-16, not UTF-8");
            document.encoding = Some(problem.help("save it as UTF-8 without a byte order mark"));
            return Ok(document);
        }
        let bytes = if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
            let problem = Problem::error("the file starts with a byte order mark (BOM)");
            document.encoding = Some(problem.help("save it as UTF-8 without a byte order mark"));
            rest.to_vec()
        } else {
            bytes
        };
        match String::from_utf8(bytes) {
            Ok(text) => {
                let parsed = parse(&text);
                document.text = text;
                document.root = parsed.root;
                document.mistakes = parsed.mistakes;
            }
            Err(error) => document.not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()),
        }
        Ok(document)
    }

    fn not_utf8(&mut self, bytes: &[u8], offset: usize) {
        let span = crate::json::Span { start: offset, end: offset };
        self.text = String::from_utf8_lossy(bytes).into_owned();
        let message = "the file is not UTF-8 text".to_owned();
        let label = "an invalid byte".to_owned();
        self.mistakes.push(Mistake { span, message, label, help: Some("save it as UTF-8".into()) });
    }

    /// What the manifest says it is: its `dialect` if that is known, else what its keys tell.
    fn dialect(&self) -> Option<Dialect> {
        let root = self.root.as_ref()?;
        let named = root.get("dialect").and_then(Node::as_str).and_then(Dialect::from_name);
        named.or_else(|| Dialect::detect(self.file, root))
    }

    /// Whether a `manifest.json` beside it counts instead: Mudstack prefers that one, and the
    /// other dialects do not know it.
    fn gives_way(&self) -> bool {
        self.root.is_some() && matches!(self.dialect(), None | Some(Dialect::Mudstack))
    }

    fn load(self, folder: &dyn Folder, depth: Depth) -> Loaded {
        // A manifest that fits nothing is told what a probe needs.
        let dialect = self.dialect().unwrap_or(Dialect::Openusage);
        let report = Report::new(self.file, &self.text, self.root.as_ref());
        if let Some(problem) = self.encoding {
            report.add_at_start(problem);
        }
        for mistake in self.mistakes {
            report.add_mistake(mistake);
        }
        let mut plugin = None;
        if let Some(root) = &self.root
            && let Some(fields) = report.fields(root)
        {
            let context = Context { folder, depth, dialect, report: &report };
            plugin = Some(read_plugin(&context, fields, self.file));
        }
        let diagnostics = report.into_diagnostics();
        let plugin = plugin.filter(|_| diagnostics.errors() == 0);
        Loaded { plugin, diagnostics }
    }
}

fn read_plugin<'a>(context: &Context<'a>, fields: Fields<'a>, file: &str) -> Plugin {
    let mut plugin = Plugin::new(context.dialect, file);
    let _ = fields.get("$schema");
    if let Some(node) = fields.get("dialect")
        && let Some(word) = context.report.string(node)
        && Dialect::from_name(word).is_none()
    {
        let names = Dialect::ALL.map(Dialect::name);
        context.report.add(node.span, not_a_choice("`dialect`", word, &names));
    }
    context.read_identity(&fields, &mut plugin);
    match context.dialect {
        Dialect::Openusage | Dialect::Vario => context.read_probe(&fields, &mut plugin),
        Dialect::Stratos => context.read_stratos(&fields, &mut plugin),
        Dialect::Smartcars => context.read_smartcars(&fields, &mut plugin),
        Dialect::Mudstack => context.read_mudstack(&fields, &mut plugin),
    }
    fields.finish(context.unknown());
    plugin
}
