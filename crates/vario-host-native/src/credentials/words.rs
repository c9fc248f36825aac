//! What plugins and users are told. Never a secret: stores, files and hosts only.

use std::fmt::Display;
use std::io;
use std::path::Path;

use vario_host::redact;

use super::exchange::Pending;
use super::{Credentials, Store};

/// How many files are named before the rest is counted.
const MAX_NAMED: usize = 3;

/// Letters of a name.
const MAX_NAME: usize = 300;

/// A store, as the user knows it.
pub(super) fn store(of: &Credentials, store: &Store) -> String {
    match store {
        Store::File { named, .. } | Store::Database { named, .. } => path(of, named),
        Store::Keychain { service, .. } => {
            format!("the keychain item {}", plain(&redact::log_text(service)))
        }
    }
}

pub(super) fn stores(of: &Credentials, stores: &[Store]) -> String {
    let names: Vec<String> = stores.iter().map(|one| store(of, one)).collect();
    names.join(" and ")
}

fn path(of: &Credentials, path: &Path) -> String {
    plain(&match of.home.as_deref().and_then(|home| path.strip_prefix(home).ok()) {
        Some(below) => format!("~/{}", crate::paths::text(below)),
        None => crate::paths::text(path),
    })
}

/// A name that a plugin may have thought up, without what a terminal would obey.
fn plain(name: &str) -> String {
    let letters = name.chars().map(|letter| if letter.is_control() { '?' } else { letter });
    letters.take(MAX_NAME).collect()
}

/// The run ends with this.
pub(super) fn changed(of: &Credentials, changed: &Store) -> String {
    let name = store(of, changed);
    format!(
        "the credential in {name} changed while this plugin was running; nothing was sent, try again"
    )
}

pub(super) fn full(of: &Credentials) -> String {
    let folder = path(of, &of.data.join("rescue"));
    format!(
        "nothing was sent: {folder} is full of credentials that were never written back; look at them"
    )
}

pub(super) fn spent() -> String {
    "nothing was sent: this refresh token was exchanged before in this run".to_owned()
}

/// The plugin's error when a store was changed by somebody else.
pub(super) fn not_written(of: &Credentials, changed: &Store) -> String {
    format!("{} was changed by another program; it was not written", store(of, changed))
}

/// The same for the user.
pub(super) fn overtaken(
    of: &Credentials,
    changed: &Store,
    kept: Result<&Path, &io::Error>,
) -> String {
    let (plugin, name) = (&of.plugin_id, store(of, changed));
    let start = format!(
        "{name} was changed by another program while {plugin} was running, and was left as it is"
    );
    match kept {
        Ok(file) => {
            let file = path(of, file);
            format!(
                "{start}; what {plugin} was about to write is in {file}; if the tool asks you to log in, do that or take the new credential from there, then delete that file"
            )
        }
        Err(error) => format!(
            "{start}; what {plugin} was about to write could not be kept ({error}); if the tool asks you to log in, do that"
        ),
    }
}

pub(super) fn not_kept(of: &Credentials, whose: &str, error: impl Display) -> String {
    let plugin = &of.plugin_id;
    format!(
        "{plugin} renewed the credential of {whose}, and no copy of the new one could be kept in the plugin's folder ({error}); if the tool asks you to log in, do that"
    )
}

/// At the end of a run.
pub(super) fn not_written_back(of: &Credentials, pending: &Pending) -> String {
    let plugin = &of.plugin_id;
    let whose = match pending.behind() {
        [] => pending.whose.clone(),
        behind => stores(of, behind),
    };
    let start =
        format!("{plugin} renewed the credential of {whose} but did not write the new one back");
    match &pending.rescue {
        Some(file) => {
            let file = path(of, file);
            format!(
                "{start}; it is in {file}; if the tool asks you to log in, do that or take the new credential from there, then delete that file"
            )
        }
        None => {
            format!("{start}, and it could not be kept; if the tool asks you to log in, do that")
        }
    }
}

/// At the beginning of a later run.
pub(super) fn leftovers(of: &Credentials, files: &[&Path]) -> String {
    let mut names: Vec<String> = files.iter().take(MAX_NAMED).map(|file| path(of, file)).collect();
    if files.len() > MAX_NAMED {
        names.push(format!("{} more", files.len() - MAX_NAMED));
    }
    format!(
        "an earlier run of {} kept a renewed credential that was never written back: {}; if the tool asks you to log in, do that or take the new credential from there, then delete the file",
        of.plugin_id,
        names.join(", ")
    )
}
