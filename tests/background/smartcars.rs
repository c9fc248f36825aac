//! Rows of the smartCARS reference, one or more tests each.

mod bus;
mod code;
mod host;
mod life;
mod manifest;
mod routes;

use crate::rig::Rig;

/// Writes a plugin whose background is this code. Its folder is the last part of its id.
fn plugin(rig: &Rig, id: &str, code: &str) {
    plugin_with(rig, id, "", code);
}

/// The same with more keys of the manifest, each followed by a comma.
fn plugin_with(rig: &Rig, id: &str, keys: &str, code: &str) {
    let manifest = format!(
        r#"{{ {keys} "id": "{id}", "name": "The {id}", "version": "1.0.0", "type": "user", "description": "" }}"#
    );
    let folder = id.rsplit('.').next().unwrap();
    rig.plugin(folder, &[("plugin.json", &manifest), ("background/index.js", code)]);
}

/// A plugin that runs, with somebody signed in.
fn running(id: &str, code: &str) -> Rig {
    let rig = Rig::new();
    plugin(&rig, id, code);
    go(&rig, &[id]);
    rig
}

/// Signs in, and waits until all of these run.
fn go(rig: &Rig, ids: &[&str]) {
    rig.sign_in(1);
    rig.rescan();
    for id in ids {
        rig.until_active(id);
    }
}

/// A running plugin of `fixtures/background`.
fn fixture(name: &str) -> Rig {
    let rig = Rig::new();
    rig.fixture(name);
    go(&rig, &[&format!("demo.{name}")]);
    rig
}
