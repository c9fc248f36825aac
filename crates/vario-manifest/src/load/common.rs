use crate::diagnostic::Severity;
use crate::dialect::Dialect;
use crate::json::Node;
use crate::load::Context;
use crate::plugin::{Author, Plugin, PluginKind};
use crate::read::Fields;
use crate::report::Problem;

/// Longest id of a dialect that names no bound: it becomes a file name.
const MAX_ID: usize = 128;

impl<'a> Context<'a> {
    /// `id`, `name`, `version`, `description`.
    pub(super) fn read_identity(&self, fields: &Fields<'a>, plugin: &mut Plugin) {
        if let Some(node) = fields.need("id")
            && let Some(id) = self.report.string(node)
        {
            if let Err(rule) = check_id(self.dialect, id) {
                let problem = Problem::error(format!("the id {id:?} is not allowed")).label(rule);
                self.report.add(node.span, problem);
            }
            id.clone_into(&mut plugin.id);
        }
        if let Some(node) = fields.need("name")
            && let Some(name) = self.report.string(node)
        {
            if name.trim().is_empty() && self.dialect != Dialect::Openusage {
                self.report.add(node.span, Problem::error("the name is blank").label("blank"));
            }
            name.clone_into(&mut plugin.name);
        }
        self.read_version(fields, plugin);
        let needed = self.dialect == Dialect::Stratos;
        let description =
            if needed { fields.need("description") } else { fields.get("description") };
        // `openusage` does not know the key, so nothing about it can be wrong.
        let description = match self.dialect {
            Dialect::Openusage => description.and_then(Node::as_str),
            _ => description.and_then(|node| self.report.string(node)),
        };
        description.unwrap_or_default().clone_into(&mut plugin.description);
    }

    fn read_version(&self, fields: &Fields<'a>, plugin: &mut Plugin) {
        let needed = self.dialect != Dialect::Mudstack;
        let node = if needed { fields.need("version") } else { fields.get("version") };
        let Some(node) = node else { return };
        let Some(version) = self.report.string(node) else { return };
        if version.is_empty() && self.dialect == Dialect::Smartcars {
            let problem = Problem::error("the version is empty").label("expected a version");
            self.report.add(node.span, problem);
        } else if !is_semver(version) && self.dialect != Dialect::Openusage {
            let problem = Problem::warning(format!("the version {version:?} is not semantic"))
                .label("expected a version such as `1.0.0`");
            self.report.add(node.span, problem);
        }
        version.clone_into(&mut plugin.version);
    }

    /// `type` of Stratos and smartCARS.
    pub(super) fn read_kind(&self, fields: &Fields<'a>) -> Option<PluginKind> {
        let node = fields.need("type")?;
        Some(match self.report.choice(node, &["user", "airline"])? {
            "airline" => PluginKind::Airline,
            _ => PluginKind::User,
        })
    }

    /// An author as a text or as `{id, name, contact}`.
    pub(super) fn author(&self, node: &'a Node) -> Option<Author> {
        if let Some(name) = node.as_str() {
            let name = name.trim();
            let known = !name.is_empty();
            return known.then(|| Author { name: name.to_owned(), ..Author::default() });
        }
        let fields = self.report.fields(node)?;
        let stratos = self.dialect == Dialect::Stratos;
        let id = if stratos { fields.need_string("id") } else { fields.string("id") };
        let name = fields.need_string("name");
        let contact = fields.string("contact").map(str::to_owned);
        fields.finish(self.unknown());
        Some(Author { id: id.unwrap_or_default().to_owned(), name: name?.to_owned(), contact })
    }

    /// A background part or pages are all that these dialects have.
    pub(super) fn warn_if_empty(&self, plugin: &Plugin) {
        if plugin.background.is_none() && plugin.ui.is_none() {
            let problem = Problem::new(
                Severity::Warning,
                "there is nothing to run: no `background/index.js` and no `ui` folder",
            );
            let help = "source folders are built first; point at the built plugin";
            self.report.add_whole(problem.help(help));
        }
    }
}

/// The dialect's rule for ids, in words, when the id breaks it.
fn check_id(dialect: Dialect, id: &str) -> Result<(), &'static str> {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let starts = |allowed: &dyn Fn(char) -> bool| id.starts_with(allowed);
    if dialect == Dialect::Stratos {
        let parts = id.split('-').all(|part| !part.is_empty() && part.chars().all(lower));
        return if parts && id.len() <= 64 {
            Ok(())
        } else {
            Err("expected up to 64 lower-case letters, digits and single hyphens between them")
        };
    }
    if id.len() > MAX_ID {
        return Err("expected at most 128 characters");
    }
    let mark = |c: char| matches!(c, '.' | '_' | '-');
    if matches!(dialect, Dialect::Openusage | Dialect::Vario) {
        let fits = starts(&lower) && id.chars().all(|c| lower(c) || mark(c));
        return if fits {
            Ok(())
        } else {
            Err("expected lower-case letters, digits, `.`, `_`, `-`, a letter or digit first")
        };
    }
    let alnum = |c: char| c.is_ascii_alphanumeric();
    let fits = starts(&alnum) && id.chars().all(|c| alnum(c) || mark(c)) && !id.contains("..");
    if fits {
        Ok(())
    } else {
        Err("expected letters, digits, `.`, `_`, `-`, a letter or digit first, no `..`")
    }
}

/// `1.2.3`, with an optional `-pre.1` and `+build`.
fn is_semver(version: &str) -> bool {
    let version = version.split_once('+').map_or(version, |(version, _)| version);
    let core = version.split_once('-').map_or(version, |(core, _)| core);
    let parts: Vec<&str> = core.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}
