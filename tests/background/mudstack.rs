//! Rows of the Mudstack reference. Each plugin here has the shape of the vendor's own examples.

mod dependencies;
mod discovery;
mod events;
mod examples;
mod failures;
mod lifecycle;
mod services;

use serde_json::{Value as Json, json};

use crate::rig::{Options, Rig, impatient};

/// A class around some members, exported as the examples do.
fn class(members: &str) -> String {
    format!(
        "const {{ MudstackPlugin }} = require('@mudstack/plugins');
        class ThePlugin extends MudstackPlugin {{
            {members}
        }}
        module.exports = ThePlugin;"
    )
}

/// Writes a plugin whose folder is its id, with more in its manifest.
fn plugin(rig: &Rig, id: &str, more: Json, members: &str) {
    script(rig, id, more, &class(members));
}

fn script(rig: &Rig, id: &str, more: Json, script: &str) {
    let mut manifest = json!({ "id": id, "name": id, "version": "1.0.0", "main": "index.js" });
    if let (Some(known), Json::Object(more)) = (manifest.as_object_mut(), more) {
        known.extend(more);
    }
    rig.plugin(id, &[("manifest.json", &manifest.to_string()), ("index.js", script)]);
}

/// A plugin with one request, `go`, whose body is given.
fn asked(rig: &Rig, id: &str, more: Json, body: &str) {
    let members = format!(
        "async activate() {{
            await super.activate();
            const api = this.api;
            api.onRequest('go', async (payload, message) => {{ {body} }});
        }}"
    );
    plugin(rig, id, more, &members);
}

fn hosted(plugins: &[(&str, Json, &str)]) -> Rig {
    hosted_by(Rig::new(), plugins)
}

fn hosted_by(rig: Rig, plugins: &[(&str, Json, &str)]) -> Rig {
    for (id, more, members) in plugins {
        plugin(&rig, id, more.clone(), members);
    }
    rig.rescan();
    for (id, _, _) in plugins {
        rig.until_active(id);
    }
    rig
}

fn impatient_rig() -> Rig {
    Rig::with(Options { supervision: impatient })
}
