use std::fs;
use std::io::ErrorKind;

use vario_store::{Config, Grants, Paths, Store};

/// Deletes what is kept about a plugin outside of its folder: its data, what it was granted and
/// denied, its settings, its snapshots, history and audit log. Gives what could not be deleted and
/// why; the rest is gone.
///
/// Secrets in the keychain are not touched: whoever knows the plugin's secret settings deletes
/// them before it is removed. An id in `plugins.order` stays.
pub fn purge(
    paths: &Paths,
    config: &mut Config,
    grants: &mut Grants,
    store: &Store,
    id: &str,
) -> Vec<String> {
    let mut kept = Vec::new();
    let mut note = |what: &str, done: Result<(), String>| {
        if let Err(error) = done {
            kept.push(format!("{what}: {error}"));
        }
    };
    let data = paths.plugin_data_dir(id);
    note(
        "its data",
        match fs::remove_dir_all(&data) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(format!("cannot delete {}: {error}", data.display()))
            }
            _ => Ok(()),
        },
    );
    note("its grants", grants.remove(id).map(drop).map_err(|error| error.to_string()));
    note("its settings", settings(config, id).map_err(|error| error.to_string()));
    note("its snapshots", store.forget(id).map_err(|error| error.to_string()));
    kept
}

fn settings(config: &mut Config, id: &str) -> Result<(), vario_store::Error> {
    let section = config.settings().plugin.get(id);
    let keys: Vec<String> =
        section.map(|section| section.settings.keys().cloned().collect()).unwrap_or_default();
    for key in keys {
        config.unset_setting(id, &key)?;
    }
    config.enable(id).map(drop)
}
