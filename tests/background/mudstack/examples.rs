//! Rows 29 to 32: plugins as the vendor's examples are built.

use serde_json::json;

use super::{class, hosted, plugin};
use crate::rig::Rig;

/// As the vendor's hello-world example is built, in our words.
#[test]
fn ms_29_hello_world_logs_twice() {
    let rig = Rig::new();
    rig.plugin("hello", &[
        ("manifest.json", r#"{
            "id": "com.example.hello", "name": "Hello", "version": "1.0.0", "description": "Says hello",
            "author": "A", "main": "index.js", "enabled": true,
            "dependencies": [], "subscriptions": [], "registrations": []
        }"#),
        ("package.json", r#"{ "name": "hello", "version": "1.0.0", "main": "index.js",
            "dependencies": { "@mudstack/plugins": "^1.0.0" }, "engines": { "node": ">=16" } }"#),
        ("index.js", r#"const { MudstackPlugin } = require("@mudstack/plugins");

class Hello extends MudstackPlugin {
  async activate() {
    await super.activate();
    this.api.log("info", "[Hello] up");
  }

  async deactivate() {
    this.api.log("info", "[Hello] down");
    await super.deactivate();
  }
}

module.exports = Hello;
"#),
    ]);
    rig.rescan();
    rig.until_active("com.example.hello");
    let (_home, user) = rig.shut_down();
    let lines = user.lines.lock().unwrap();
    let texts: Vec<&str> = lines.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(texts, ["[Hello] up", "[Hello] down"]);
}

/// As the vendor's context menu example: id, event type and subscribed event are one string.
#[test]
fn ms_30_a_context_menu_command_is_logged_with_its_payload() {
    let name = "com.example.menu.say-hello";
    let more = json!({
        "author": "A", "enabled": true, "dependencies": [], "registrations": [],
        "subscriptions": [{ "event": name, "handler": "handleSayHello" }],
        "contextMenuCommands": [{ "id": name, "title": "Say Hello", "description": "", "eventType": name }],
    });
    let rig = hosted(&[(
        "com.example.menu",
        more,
        "
        async handleSayHello(message) {
            const { id: requestId, payload } = message || {};
            this.api.log('info', '[Menu] the command was run', payload);
        }
    ",
    )]);
    rig.supervisor.run_menu("com.example.menu", name, json!({})).unwrap();
    let line = format!("[Menu] the command was run {{ commandId: '{name}', selection: [] }}");
    rig.until("the line with its payload", || {
        let lines = rig.user.lines.lock().unwrap();
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.iter().any(|known| flat(&known.message) == line)
    });
}

#[test]
fn ms_31_a_manifest_of_one_line_with_an_empty_author_will_do() {
    let rig = Rig::new();
    rig.plugin("template", &[
        ("manifest.json", r#"{"id":"com.example.template","name":"T","version":"1.0.0","description":"(rename me)","author":"","main":"index.js","enabled":true,"dependencies":[],"subscriptions":[],"registrations":[]}"#),
        ("index.js", &class("async activate() { await super.activate(); this.api.log('info', 'activated'); }")),
        ("README.md", "# Template"),
        (".gitignore", "node_modules/"),
    ]);
    rig.rescan();
    rig.until_active("com.example.template");
    rig.until_logged("com.example.template", "activated");
}

#[test]
fn ms_32_the_built_in_module_is_used_with_and_without_node_modules() {
    let rig = Rig::new();
    let members =
        "async activate() { await super.activate(); this.api.log('info', `up ${this.own}`); }";
    plugin(&rig, "without", json!({}), members);
    plugin(&rig, "with", json!({}), members);
    rig.plugin("with/node_modules/@mudstack/plugins", &[
        ("package.json", r#"{ "name": "@mudstack/plugins", "version": "1.0.0", "main": "index.js" }"#),
        ("index.js", "exports.MudstackPlugin = class { constructor() { this.own = 'theirs'; } activate() {} };"),
    ]);
    rig.rescan();
    rig.until_logged("without", "up undefined");
    rig.until_logged("with", "up undefined");
}
