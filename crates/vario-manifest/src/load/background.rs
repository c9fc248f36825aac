//! Lists that Mudstack and `vario` have in common.

use serde_json::Value;

use crate::json::Node;
use crate::load::Context;
use crate::plugin::{
    ContextMenuCommand, Dependency, Plugin, Registration, Requirement, Subscription,
};
use crate::read::Fields;
use crate::report::Problem;

impl<'a> Context<'a> {
    /// `dependencies`, `subscriptions`, `registrations`, `contextMenuCommands`.
    pub(super) fn read_background_lists(&self, fields: &Fields<'a>, plugin: &mut Plugin) {
        let collect = |key| fields.items(key).iter();
        plugin.dependencies =
            collect("dependencies").filter_map(|node| self.dependency(node)).collect();
        plugin.subscriptions =
            collect("subscriptions").filter_map(|node| self.subscription(node)).collect();
        plugin.registrations =
            collect("registrations").filter_map(|node| self.registration(node)).collect();
        plugin.context_menu_commands =
            collect("contextMenuCommands").filter_map(|node| self.menu_command(node)).collect();
    }

    fn dependency(&self, node: &'a Node) -> Option<Dependency> {
        if let Some(id) = node.as_str() {
            let requirement = Requirement::Plugin { id: id.to_owned(), version: None };
            return Some(Dependency { requirement, optional: false });
        }
        let fields = self.report.fields(node)?;
        let kind_node = fields.get("type");
        let kind = kind_node.map_or(Some("plugin"), |node| self.report.string(node));
        let text = |key| fields.string(key).map(str::to_owned);
        // Both words are used for the same thing.
        let (id, name) = (text("id"), text("name"));
        let (version, path, env) = (text("version"), text("path"), text("env"));
        let optional = fields.boolean("optional").unwrap_or(false);
        if fields.node.get("id").is_none() && fields.node.get("name").is_none() {
            let key = if kind == Some("plugin") { "id" } else { "name" };
            self.report.add_missing(node, key);
        }
        fields.finish(self.unknown());
        let name = id.or(name);
        let requirement = match kind? {
            "plugin" => Requirement::Plugin { id: name?, version },
            "executable" => Requirement::Executable { name: name?, path, env },
            "library" => Requirement::Library { name: name?, path, env },
            other => {
                self.unknown_dependency(kind_node.unwrap_or(node), other, optional);
                Requirement::Unknown { kind: other.to_owned(), name: name? }
            }
        };
        Some(Dependency { requirement, optional })
    }

    fn unknown_dependency(&self, node: &Node, kind: &str, optional: bool) {
        let words = ["plugin", "executable", "library"];
        let near = crate::nearest::nearest(kind, words);
        let problem = if optional {
            Problem::warning(format!("unknown type of dependency {kind:?}")).label("ignored")
        } else {
            crate::read::not_a_choice(&self.report.name(node.span), kind, &words)
        };
        self.report.add(node.span, problem.did_you_mean(near));
    }

    fn subscription(&self, node: &'a Node) -> Option<Subscription> {
        let fields = self.report.fields(node)?;
        let (event, handler) = (fields.need_string("event"), fields.need_string("handler"));
        fields.finish(self.unknown());
        Some(Subscription { event: event?.to_owned(), handler: handler?.to_owned() })
    }

    fn registration(&self, node: &'a Node) -> Option<Registration> {
        let fields = self.report.fields(node)?;
        // `type` is an older word for `event`.
        let older = fields.get("type");
        let event = fields.get("event").or(older);
        if event.is_none() {
            self.report.add_missing(node, "event");
        }
        let payload = fields.get("payload").map_or(Value::Null, Node::to_value);
        fields.finish(self.unknown());
        Some(Registration { event: self.report.string(event?)?.to_owned(), payload })
    }

    fn menu_command(&self, node: &'a Node) -> Option<ContextMenuCommand> {
        let fields = self.report.fields(node)?;
        let id = fields.need_string("id");
        let title = fields.need_string("title");
        let description = fields.string("description").unwrap_or_default().to_owned();
        let event_type = fields.need_string("eventType");
        fields.finish(self.unknown());
        let (id, title) = (id?.to_owned(), title?.to_owned());
        Some(ContextMenuCommand { id, title, description, event_type: event_type?.to_owned() })
    }
}
