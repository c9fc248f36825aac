use vario_manifest::{Dialect, Permissions, Plugin};
use vario_permissions::PermissionSet;

use crate::candidate::Candidate;

/// What installing a plugin would change: what a person decides upon.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The plugin's id.
    pub id: String,
    /// What is installed now, if anything.
    pub from: Option<Was>,
    /// The version that would be installed; empty if it has none.
    pub version: String,
    /// Which contract its code follows.
    pub dialect: Dialect,
    /// What the manifest asks for; none if it has no such block: then what the plugin needs is
    /// found when it first runs.
    pub asks_for: Option<PermissionSet>,
    /// Of these, what the installed version does not ask for.
    pub new_permissions: PermissionSet,
    /// What only the installed version asks for.
    pub dropped_permissions: PermissionSet,
    /// Names of settings that the installed version does not have.
    pub new_settings: Vec<String>,
    /// Names of settings that only the installed version has.
    pub dropped_settings: Vec<String>,
    /// Whether anything vouches for this code. Nothing can yet, so this is always false, and a
    /// person has to agree to every installation and to every update.
    pub verified: bool,
}

/// What is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Was {
    /// Its version; empty if it has none.
    pub version: String,
    /// Its dialect, if that is another one.
    pub other_dialect: Option<Dialect>,
    /// Its author, if that is another one; empty if it names none.
    pub other_author: Option<String>,
    /// Whether every file is the same.
    pub same: bool,
}

/// What is installed now, as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Current {
    /// What its manifest says.
    pub plugin: Plugin,
    /// The hash of its files, as that of [`Candidate`]; none if they cannot be read.
    pub hash: Option<String>,
}

/// Compares a candidate with what is installed.
pub fn plan(candidate: &Candidate, current: Option<&Current>) -> Plan {
    let plugin = &candidate.plugin;
    let old = current.map(|current| &current.plugin);
    let asks_for = plugin.permissions.as_ref().map(Permissions::to_set);
    let asked_before =
        old.and_then(|old| old.permissions.as_ref()).map(Permissions::to_set).unwrap_or_default();
    let asks = asks_for.clone().unwrap_or_default();
    Plan {
        id: plugin.id.clone(),
        from: current.map(|current| Was {
            version: current.plugin.version.clone(),
            other_dialect: Some(current.plugin.dialect).filter(|old| *old != plugin.dialect),
            other_author: Some(author(&current.plugin)).filter(|old| *old != author(plugin)),
            same: current.hash.as_ref() == Some(&candidate.hash),
        }),
        version: plugin.version.clone(),
        dialect: plugin.dialect,
        new_permissions: without(&asks, &asked_before),
        dropped_permissions: without(&asked_before, &asks),
        asks_for,
        new_settings: old.map_or_else(Vec::new, |old| settings(plugin, old)),
        dropped_settings: old.map_or_else(Vec::new, |old| settings(old, plugin)),
        verified: false,
    }
}

/// Who wrote a plugin; empty if it does not say.
pub fn author(plugin: &Plugin) -> String {
    plugin.author.as_ref().map(|author| author.name.clone()).unwrap_or_default()
}

/// The rights of one set that no right of the other covers.
fn without(set: &PermissionSet, other: &PermissionSet) -> PermissionSet {
    set.iter().filter(|right| !other.covers(right)).cloned().collect()
}

/// Names of the settings of one plugin that the other does not have.
fn settings(plugin: &Plugin, other: &Plugin) -> Vec<String> {
    let own = plugin.settings.iter();
    let own = own.filter(|setting| other.setting(&setting.key).is_none());
    own.map(|setting| setting.name.clone()).collect()
}
