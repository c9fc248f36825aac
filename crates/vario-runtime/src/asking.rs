//! What a user is asked before a plugin may do anything: all of it at once (design section 5).

use vario_model::{Need, NeedReason};
use vario_permissions::{Permission, PermissionSet, hints};
use vario_store::{Grants, PluginGrants};

use crate::catalog::Found;
use crate::identity::content_hash;
use crate::profiles::known_profile;
use crate::rights::{is_granted_code, requested};

/// What one plugin asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The plugin's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Why these rights, and not others.
    pub origin: Origin,
    /// Whether it was granted something before.
    pub history: History,
    /// What it asks for and has not got, never empty.
    pub wanted: PermissionSet,
    /// What it has, and keeps.
    pub has: PermissionSet,
}

/// Where the list of rights comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Its manifest declares them.
    Declared,
    /// Its code is that of a known release, and these are its curated rights.
    Known {
        /// The release.
        release: &'static str,
    },
    /// It uses a known plugin's id and asks for the same, but the code is unknown.
    LooksLike,
    /// A dry run was refused them, or its source names them.
    Observed,
}

/// What was granted before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum History {
    /// Nothing was ever granted.
    None,
    /// Rights were granted to this very code.
    Same,
    /// Rights were granted to an earlier version, which this one keeps.
    Updated {
        /// The earlier version.
        from: Option<String>,
    },
    /// Rights were granted to other code with the same id, which this one does not get.
    OtherCode,
    /// Rights were written down without any code, and do not hold until they are bound to one.
    Unbound,
}

/// What to ask about a plugin whose last run lacked `needs`; nothing when there is nothing to ask,
/// because it lacked nothing, has been answered already, or was denied it.
pub fn question(found: &Found, grants: &Grants, needs: &[Need]) -> Option<Question> {
    // A plugin that comes with the program is never asked about.
    found.path.as_ref()?;
    let lacking = || needs.iter().filter(|need| need.reason == NeedReason::NotGranted);
    lacking().next()?;
    let plugin = &found.plugin;
    let known = grants.get(&plugin.id);
    let history = history(found, known);
    let is_kept = !matches!(history, History::OtherCode | History::Unbound);
    let kept = known.filter(|_| is_kept);
    let has = kept.map(|known| known.allow.clone()).unwrap_or_default();
    let (origin, mut wanted) = wanted(found);
    wanted.extend(lacking().filter_map(|need| need.permission.parse::<Permission>().ok()));
    if history == History::Unbound {
        wanted.extend(known.iter().flat_map(|known| known.allow.iter().cloned()));
    }
    let is_answered = |permission: &Permission| {
        has.contains(permission)
            || known.is_some_and(|known| known.deny.covers(permission))
            || kept.is_some_and(|kept| kept.asked.contains(permission))
    };
    let wanted: PermissionSet =
        wanted.reduced().iter().filter(|permission| !is_answered(permission)).cloned().collect();
    // What is lacking although it was asked for before was answered with no.
    let is_new = lacking()
        .filter_map(|need| need.permission.parse::<Permission>().ok())
        .any(|permission| wanted.covers(&permission));
    is_new.then(|| Question {
        id: plugin.id.clone(),
        name: plugin.name.clone(),
        version: plugin.version.clone(),
        origin,
        history,
        wanted,
        has,
    })
}

/// What a plugin can be expected to ask for, whatever a run of it came to.
fn wanted(found: &Found) -> (Origin, PermissionSet) {
    if let Some(requested) = requested(found) {
        return (Origin::Declared, requested);
    }
    let hash = content_hash(found).unwrap_or_default();
    match known_profile(&found.plugin.id, &hash) {
        Some(profile) => {
            let origin =
                profile.release.map_or(Origin::LooksLike, |release| Origin::Known { release });
            (origin, profile.permissions)
        }
        None => (Origin::Observed, source_hints(found)),
    }
}

/// What the source of a plugin that nobody knows names.
fn source_hints(found: &Found) -> PermissionSet {
    let code = found.plugin.probe.as_ref();
    let text =
        code.and_then(|code| vario_manifest::read_entry(found.folder.as_ref(), &code.path).ok());
    text.map_or_else(PermissionSet::default, |text| hints(&text))
}

fn history(found: &Found, known: Option<&PluginGrants>) -> History {
    match known {
        None => History::None,
        Some(known) if known.allow.is_empty() && known.asked.is_empty() => History::None,
        Some(known) if known.is_unbound() => History::Unbound,
        Some(known) if !is_granted_code(found, known) => History::OtherCode,
        Some(known) if content_hash(found).ok() == known.hash => History::Same,
        Some(known) => History::Updated { from: known.version.clone() },
    }
}

/// What a user answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Allow all of it.
    Allow,
    /// Not this; do not ask again.
    Refuse,
}

/// Writes an answer into the grants, bound to the plugin's code as it is now.
///
/// What was denied stays denied, whatever is allowed beside it. Rights that were written down
/// without any code are bound, too; those that were given to other code are gone.
///
/// # Errors
/// When the code cannot be read or the grants cannot be written.
pub fn answer(
    grants: &mut Grants,
    found: &Found,
    wanted: &PermissionSet,
    answer: Answer,
) -> Result<(), String> {
    let hash = content_hash(found)?;
    let other_code = grants
        .get(&found.plugin.id)
        .is_some_and(|known| !known.is_unbound() && !is_granted_code(found, known));
    let source = found
        .path
        .as_ref()
        .map(|path| std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()));
    let version = found.plugin.version.clone();
    let write = |entry: &mut PluginGrants| {
        if other_code {
            entry.allow = PermissionSet::default();
            entry.asked = PermissionSet::default();
        }
        entry.hash = Some(hash);
        entry.version = Some(version);
        entry.source = source;
        for permission in wanted.iter() {
            match answer {
                Answer::Allow => {
                    entry.allow.insert(permission.clone());
                    entry.asked.remove(permission);
                }
                Answer::Refuse => {
                    entry.asked.insert(permission.clone());
                }
            }
        }
    };
    grants.update(&found.plugin.id, write).map_err(|error| error.to_string())
}

/// Denies rights to an id, whatever code uses it.
///
/// # Errors
/// When the grants cannot be written.
pub fn deny(grants: &mut Grants, found: &Found, rights: &PermissionSet) -> Result<(), String> {
    let write = |entry: &mut PluginGrants| {
        for right in rights.iter() {
            entry.allow.remove(right);
            entry.deny.insert(right.clone());
        }
    };
    grants.update(&found.plugin.id, write).map_err(|error| error.to_string())
}
