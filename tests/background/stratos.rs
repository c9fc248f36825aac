//! Rows of the Stratos reference: real processes, SQLite files and servers on loopback.

mod airline;
mod context;
mod database;
mod imports;
mod lifecycle;
mod manifest;
mod routes;

use serde_json::{Value as Json, json};

use crate::rig::Rig;

/// A manifest with all that is needed, and more.
pub(crate) fn manifest(id: &str, more: &Json) -> String {
    let mut manifest = json!({
        "id": id, "name": id, "version": "1.0.0", "description": "", "type": "user",
        "author": { "id": "demo", "name": "Demo" }, "icon_light": "l.svg", "icon_dark": "d.svg",
    });
    manifest
        .as_object_mut()
        .expect("it is an object")
        .extend(more.as_object().cloned().unwrap_or_default());
    manifest.to_string()
}

/// Writes a plugin of this code.
pub(crate) fn write(rig: &Rig, id: &str, code: &str) {
    write_with(rig, id, &json!({}), code);
}

pub(crate) fn write_with(rig: &Rig, id: &str, more: &Json, code: &str) {
    let manifest = manifest(id, more);
    rig.plugin(id, &[("plugin.json", &manifest), ("background/index.js", code)]);
}

/// A module whose start has this body.
pub(crate) fn starting(body: &str) -> String {
    format!("export default {{ async onStart(ctx) {{ {body} }}, async onStop() {{}} }};")
}

/// Hosts one plugin whose start has this body, and waits until it runs.
pub(crate) fn running(body: &str) -> Rig {
    let rig = Rig::new();
    write(&rig, "demo", &starting(body));
    rig.rescan();
    rig.until_active("demo");
    rig
}

/// Calls a channel of the plugin `demo`.
pub(crate) fn call(rig: &Rig, channel: &str, args: &[Json]) -> Json {
    rig.ipc("demo", channel, args).unwrap_or_else(|error| panic!("{error}\n{}", rig.log_text()))
}
