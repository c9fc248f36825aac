//! `mudstack`: reference of Mudstack, section 1.

use std::ffi::OsStr;
use std::path::Path;

use crate::json::Node;
use crate::load::Context;
use crate::plugin::{Language, Plugin};
use crate::read::Fields;

impl<'a> Context<'a> {
    pub(super) fn read_mudstack(&self, fields: &Fields<'a>, plugin: &mut Plugin) {
        plugin.background = fields.need("main").and_then(|node| {
            let path = self.report.string(node)?;
            let extension = Path::new(path).extension().and_then(OsStr::to_str);
            let is_lua = matches!(extension, Some("lua" | "luau"));
            self.code(node, Some(if is_lua { Language::Lua } else { Language::JsCommonJs }))
        });
        plugin.author = fields.get("author").and_then(|node| self.author(node));
        plugin.homepage = fields.string("homepage").map(str::to_owned);
        plugin.enabled_at_first = fields.boolean("enabled").unwrap_or(true);
        plugin.config_schema = fields.get("configSchema").and_then(|node| {
            self.report.fields(node)?;
            Some(node.to_value())
        });
        let _: Option<&Node> = fields.get("config");
        self.read_background_lists(fields, plugin);
    }
}
