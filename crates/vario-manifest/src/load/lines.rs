use crate::diagnostic::Severity;
use crate::dialect::Dialect;
use crate::json::{Kind, Node};
use crate::load::Context;
use crate::nearest::nearest;
use crate::plugin::{LineDef, LineKind, Link, Scope};
use crate::read::Fields;
use crate::report::Problem;

impl<'a> Context<'a> {
    /// The definitions of lines, with at most one `primary` left.
    pub(super) fn lines(&self, items: &'a [Node]) -> Vec<LineDef> {
        let mut lines = Vec::new();
        // Where the flag stands that counts so far.
        let mut flagged: Option<&Node> = None;
        for item in items {
            let Some(fields) = self.report.fields(item) else { continue };
            if let Some(mut line) = self.line(&fields) {
                let flag = fields.node.get("primary");
                if let (Some(flag), true, true) = (flag, line.primary, flagged.is_some()) {
                    self.ignored(flag, "only the first `primary` line counts");
                    line.primary = false;
                } else if line.primary {
                    flagged = flag;
                }
                lines.push(line);
            }
            fields.finish(self.unknown());
        }
        if let Some(flag) = flagged
            && lines.iter().any(|line: &LineDef| line.primary_order.is_some())
        {
            self.ignored(flag, "`primary` counts only when no line has `primaryOrder`");
            for line in &mut lines {
                line.primary = false;
            }
        }
        lines
    }

    fn line(&self, fields: &Fields<'a>) -> Option<LineDef> {
        let kind = fields.need("type").and_then(|node| self.line_kind(node));
        let label = fields.need_string("label");
        let scope = fields.need("scope").and_then(|node| self.scope(node));
        let is_progress = kind == Some(LineKind::Progress);
        let primary_order = fields.nullable("primaryOrder").and_then(|node| {
            let rank = self.report.whole(node, 0, u64::from(u32::MAX))?;
            let rank = u32::try_from(rank).ok()?;
            if is_progress {
                return Some(rank);
            }
            self.ignored(node, "`primaryOrder` counts only on progress lines");
            None
        });
        let period = fields.nullable("period");
        let weekly = period.is_some_and(|node| self.is_weekly(node, is_progress));
        let primary = fields.get("primary").is_some_and(|node| self.is_primary(node, is_progress));
        let (kind, label, scope) = (kind?, label?.to_owned(), scope?);
        Some(LineDef { kind, label, scope, primary_order, primary, weekly })
    }

    fn line_kind(&self, node: &'a Node) -> Option<LineKind> {
        let word = self.report.string(node)?;
        let known = LineKind::from_name(word);
        if known.is_none() {
            self.unknown_word(node, word, &LineKind::NAMES, "taken as `text`");
        }
        // Unknown lines look like text while they load.
        Some(known.unwrap_or(LineKind::Text))
    }

    fn scope(&self, node: &'a Node) -> Option<Scope> {
        match self.report.string(node)? {
            "overview" => return Some(Scope::Overview),
            "detail" => {}
            word => self.unknown_word(node, word, &["overview", "detail"], "taken as `detail`"),
        }
        Some(Scope::Detail)
    }

    fn unknown_word(&self, node: &Node, word: &str, words: &[&str], effect: &str) {
        let severity = self.strict(Severity::Warning);
        if !self.report.has_room(severity) {
            return self.report.count(severity);
        }
        let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let label = if severity == Severity::Error { "not one of these" } else { effect };
        let message =
            format!("{} should be one of {listed}, found {word:?}", self.report.name(node.span));
        let problem = Problem::new(severity, message)
            .label(label)
            .did_you_mean(nearest(word, words.iter().copied()));
        self.report.add(node.span, problem);
    }

    fn is_weekly(&self, node: &'a Node, is_progress: bool) -> bool {
        let Some(period) = self.report.string(node) else { return false };
        if period != "weekly" {
            self.ignored(node, "`period` can only be `weekly`");
        } else if !is_progress {
            self.ignored(node, "`period` counts only on progress lines");
        }
        period == "weekly" && is_progress
    }

    fn is_primary(&self, node: &'a Node, is_progress: bool) -> bool {
        let flag = match (&node.kind, self.dialect) {
            (Kind::Bool(flag), _) => *flag,
            // The contract's newer half does not know the key, so a bad value cannot matter.
            (_, Dialect::Openusage) => {
                self.ignored(node, "`primary` must be true or false");
                false
            }
            _ => self.report.boolean(node).unwrap_or(false),
        };
        if flag && !is_progress {
            self.ignored(node, "`primary` counts only on progress lines");
        }
        flag && is_progress
    }

    /// The links that may be shown, as contract section 1.2 cleans them.
    pub(super) fn links(&self, items: &'a [Node]) -> Vec<Link> {
        let mut links = Vec::new();
        for item in items {
            let Some(fields) = self.report.fields(item) else { continue };
            let (label, url) = (fields.need_string("label"), fields.need_string("url"));
            fields.finish(self.unknown());
            let (Some(label), Some(url)) = (label.map(str::trim), url.map(str::trim)) else {
                continue;
            };
            if label.is_empty() {
                self.ignored(item, "a link without a label is left out");
            } else if url.starts_with("http://") || url.starts_with("https://") {
                links.push(Link { label: label.to_owned(), url: url.to_owned() });
            } else {
                let node = fields_url(item);
                self.ignored(
                    node,
                    "a link is left out unless its url starts with `http://` or `https://`",
                );
            }
        }
        links
    }

    pub(super) fn ignored(&self, node: &Node, message: &str) {
        self.report.add(node.span, Problem::warning(message).label("ignored"));
    }
}

fn fields_url(item: &Node) -> &Node {
    item.get("url").unwrap_or(item)
}
