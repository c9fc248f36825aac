//! `smartcars`: reference of smartCARS, section 1.

use crate::json::{Kind, Node};
use crate::load::Context;
use crate::plugin::{Author, Language, Plugin};
use crate::read::Fields;
use crate::report::Problem;
use crate::settings::object_settings;

impl<'a> Context<'a> {
    pub(super) fn read_smartcars(&self, fields: &Fields<'a>, plugin: &mut Plugin) {
        plugin.kind = self.read_kind(fields);
        plugin.settings = fields
            .get("availableSettings")
            .filter(|node| self.report.fields(node).is_some())
            .map(|node| object_settings(self.report, node, plugin.kind))
            .unwrap_or_default();
        plugin.plugin_api = fields.string("pluginAPI").map(str::to_owned);
        plugin.author = fields
            .string("organization")
            .map(|name| Author { name: name.to_owned(), ..Author::default() });
        plugin.allowed_communities = fields
            .items("allowedCommunities")
            .iter()
            .filter_map(|node| self.community(node))
            .collect();
        plugin.background = self.fixed_background(Language::JsCommonJs);
        plugin.ui = self.fixed_folder("ui").then(|| "ui".to_owned());
        self.warn_if_empty(plugin);
    }

    /// A community's number, which some plugins write as a text.
    fn community(&self, node: &Node) -> Option<String> {
        match &node.kind {
            Kind::String(text) => return Some(text.clone()),
            Kind::Number(number) if number.is_u64() => return Some(number.to_string()),
            Kind::Bad => {}
            _ => {
                let name = self.report.name(node.span);
                let message =
                    format!("{name} must be a community's number, found {}", node.type_name());
                self.report.add(node.span, Problem::error(message).label("expected a number"));
            }
        }
        None
    }
}
