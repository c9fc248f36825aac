//! `openusage` and `vario`.

use crate::diagnostic::Severity;
use crate::dialect::{Dialect, VARIO_KEYS};
use crate::json::{Kind, Node};
use crate::limits::Limits;
use crate::load::Context;
use crate::permissions::Permissions;
use crate::plugin::{Code, Icon, Language, Plugin, Refresh};
use crate::read::Fields;
use crate::report::Problem;
use crate::settings::setting_list;

/// Longest time between two runs that can be asked for: four weeks.
const MAX_MINUTES: u64 = 4 * 7 * 24 * 60;

impl<'a> Context<'a> {
    pub(super) fn read_probe(&self, fields: &Fields<'a>, plugin: &mut Plugin) {
        let own = self.dialect == Dialect::Vario;
        self.check_schema_version(fields);
        if own {
            self.read_own(fields, plugin);
        } else {
            self.warn_of_own_keys(fields);
        }
        let entry = if own { fields.get("entry") } else { fields.need("entry") };
        plugin.probe = entry.and_then(|node| {
            self.report.string(node)?;
            self.code(node, None)
        });
        if entry.is_none() && own && fields.node.get("background").is_none() {
            self.report.add_missing(fields.node, "entry");
        }
        let icon = if own { fields.get("icon") } else { fields.need("icon") };
        plugin.icon = icon.and_then(|node| self.icon(node)).map_or(Icon::Default, Icon::File);
        plugin.brand_color = fields.nullable("brandColor").and_then(|node| self.color(node));
        let lines = if own { fields.get("lines") } else { fields.need("lines") };
        plugin.lines = lines
            .and_then(|node| self.report.list(node))
            .map(|items| self.lines(items))
            .unwrap_or_default();
        plugin.links = self.links(fields.items("links"));
        plugin.profile_discovery = fields.get("profiles").and_then(|node| self.profiles(node));
    }

    fn check_schema_version(&self, fields: &Fields<'a>) {
        let Some(node) = fields.need("schemaVersion") else { return };
        let Some(version) = self.report.whole(node, 0, u64::from(u32::MAX)) else { return };
        if version != 1 {
            let severity = self.strict(Severity::Warning);
            let problem = Problem::new(severity, format!("unknown `schemaVersion` {version}"))
                .label("expected 1");
            self.report.add(node.span, problem);
        }
    }

    fn read_own(&self, fields: &Fields<'a>, plugin: &mut Plugin) {
        let report = self.report;
        plugin.permissions =
            fields.get("permissions").and_then(|node| Permissions::read(report, node));
        plugin.limits =
            fields.get("limits").and_then(|node| Limits::read(report, node)).unwrap_or_default();
        plugin.refresh =
            fields.get("refresh").and_then(|node| self.refresh(node)).unwrap_or_default();
        plugin.settings = setting_list(report, fields.items("settings"), self.unknown());
        plugin.background = fields.get("background").and_then(|node| self.background(node));
        plugin.ui = fields.get("ui").and_then(|node| {
            let path = report.string(node)?;
            self.ui_folder(node, path)
        });
        plugin.author = fields.get("author").and_then(|node| self.author(node));
        plugin.homepage = fields.string("homepage").map(str::to_owned);
        self.read_background_lists(fields, plugin);
    }

    fn warn_of_own_keys(&self, fields: &Fields<'a>) {
        for key in VARIO_KEYS {
            let Some(member) = fields.node.members().iter().find(|member| member.key == key) else {
                continue;
            };
            let problem = Problem::warning(format!("`{key}` means nothing in `openusage`"))
                .label("ignored")
                .help("a manifest of the dialect `vario` has `schemaVersion` and this key");
            self.report.add(member.key_span, problem);
        }
    }

    /// `"background": "main.lua"` or `"background": {"entry": "main.lua"}`.
    fn background(&self, node: &'a Node) -> Option<Code> {
        if node.as_str().is_some() {
            return self.code(node, None);
        }
        if !matches!(node.kind, Kind::Object(_)) {
            let name = self.report.name(node.span);
            let problem = Problem::error(format!(
                "{name} must be a file name or an object with `entry`, found {}",
                node.type_name()
            ));
            self.report.add(node.span, problem.label("expected a file name"));
            return None;
        }
        let fields = self.report.fields(node)?;
        let entry = fields.need("entry");
        fields.finish(self.unknown());
        self.report.string(entry?)?;
        self.code(entry?, None)
    }

    fn ui_folder(&self, node: &Node, path: &str) -> Option<String> {
        let found = self.folder.look_up(path);
        let message = match found {
            Ok(crate::folder::Entry::Directory) if !path.trim().is_empty() => {
                return Some(path.trim_end_matches('/').to_owned());
            }
            Ok(_) => format!("`ui` must be a folder, `{path}` is none"),
            Err(error) => format!("`ui`: {error}"),
        };
        self.report.add(node.span, Problem::error(message).label("expected a folder"));
        None
    }

    /// `{"minutes": 15, "minimumMinutes": 5}`, or a number of minutes alone.
    fn refresh(&self, node: &'a Node) -> Option<Refresh> {
        let minutes = |node: &Node| {
            let minutes = self.report.whole(node, 1, MAX_MINUTES)?;
            u32::try_from(minutes).ok()
        };
        if matches!(node.kind, Kind::Number(_)) {
            return Some(Refresh { minutes: minutes(node), minimum_minutes: None });
        }
        let fields = self.report.fields(node)?;
        let wished = fields.get("minutes").and_then(minutes);
        let least_node = fields.get("minimumMinutes");
        let least = least_node.and_then(minutes);
        fields.finish(self.unknown());
        if let (Some(wished), Some(least), Some(node)) = (wished, least, least_node)
            && least > wished
        {
            let message = format!("`minimumMinutes` ({least}) is more than `minutes` ({wished})");
            self.report.add(node.span, Problem::error(message).label("more than `minutes`"));
        }
        Some(Refresh { minutes: wished, minimum_minutes: least })
    }

    fn color(&self, node: &'a Node) -> Option<String> {
        let color = self.report.string(node)?;
        let digits = color.strip_prefix('#').unwrap_or(color);
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex || !matches!(digits.len(), 3 | 4 | 6 | 8) {
            let problem = Problem::warning(format!("{color:?} is not a colour"))
                .label("expected a colour such as `#22c55e`");
            self.report.add(node.span, problem);
        }
        Some(color.to_owned())
    }

    fn profiles(&self, node: &'a Node) -> Option<String> {
        let fields = self.report.fields(node)?;
        let discovery = fields.need("discovery");
        fields.finish(self.unknown());
        let word = self.report.string(discovery?)?;
        if word != "claude-profiles" {
            self.ignored(discovery?, "the only way to find profiles is `claude-profiles`");
            return None;
        }
        Some(word.to_owned())
    }

    /// Code of the background dialects at its fixed place: in the dialect's own language, or in Lua.
    pub(super) fn fixed_background(&self, language: Language) -> Option<Code> {
        self.fixed_code("background/index.js", language)
            .or_else(|| self.fixed_code("background/index.lua", Language::Lua))
            .or_else(|| self.fixed_code("background/index.luau", Language::Lua))
    }
}
