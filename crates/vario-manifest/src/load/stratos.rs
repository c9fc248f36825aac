//! `stratos`: reference of Stratos, section 1.

use crate::error::Error;
use crate::folder::Entry;
use crate::json::Node;
use crate::load::Context;
use crate::plugin::{Icon, Language, Plugin};
use crate::read::Fields;
use crate::report::Problem;
use crate::settings::setting_list;

impl<'a> Context<'a> {
    pub(super) fn read_stratos(&self, fields: &Fields<'a>, plugin: &mut Plugin) {
        plugin.kind = self.read_kind(fields);
        plugin.author = fields.need("author").and_then(|node| {
            // A text alone lacks the id, which is needed here.
            self.report.fields(node)?;
            self.author(node)
        });
        let light = fields.need("icon_light").and_then(|node| self.asset(node));
        let dark = fields.need("icon_dark").and_then(|node| self.asset(node));
        plugin.icon = match (light, dark) {
            (Some(light), Some(dark)) => Icon::Pair { light, dark },
            (Some(only), None) | (None, Some(only)) => Icon::File(only),
            (None, None) => Icon::Default,
        };
        plugin.settings =
            setting_list(self.report, fields.items("availableSettings"), self.unknown());
        plugin.homepage = fields.string("homepage").map(str::to_owned);
        // An older form names the entry here; the place is fixed now.
        let _: Option<&Node> = fields.get("background");
        plugin.background = self.fixed_background(Language::JsModule);
        plugin.ui = self.has_ui_module().then(|| "ui".to_owned());
        self.warn_if_empty(plugin);
    }

    /// An icon inside `assets/`. One that is not there is a warning, one outside an error.
    fn asset(&self, node: &'a Node) -> Option<String> {
        let name = self.report.string(node)?;
        let path = if crate::folder::is_absolute(name) {
            name.to_owned()
        } else {
            format!("assets/{name}")
        };
        match self.folder.look_up(&path) {
            Ok(Entry::File { .. }) if !name.split(['/', '\\']).any(|part| part == "..") => {
                return Some(path);
            }
            Ok(Entry::File { .. }) => {
                let problem = Problem::error(format!("`{name}` leads outside of `assets`"));
                self.report.add(node.span, problem.label("must stay inside of `assets`"));
            }
            Ok(Entry::Directory) | Err(Error::Missing { .. }) => {
                let problem = Problem::warning(format!("there is no icon `{path}`"));
                self.report.add(node.span, problem.label("the default icon is shown"));
            }
            Err(error) => self.report.add(node.span, Problem::error(error.to_string())),
        }
        None
    }

    fn has_ui_module(&self) -> bool {
        match self.folder.look_up("ui/index.js") {
            Ok(Entry::File { .. }) => return true,
            Ok(Entry::Directory) | Err(Error::Missing { .. }) => {}
            Err(error) => self.report.add_whole(Problem::error(error.to_string())),
        }
        false
    }
}
