//! Which rights a plugin has when it runs.

use std::path::{Path, PathBuf};

use vario_permissions::{Bases, PermissionSet, Rights};
use vario_store::{Grants, PluginGrants};

use crate::catalog::Found;
use crate::identity::content_hash;

/// Says what a plugin may do.
pub trait RightsSource: Send + Sync {
    /// The rights of this plugin now. `bases` say what `~` and `$DATA` mean.
    fn rights(&self, found: &Found, bases: Bases) -> Rights;
}

/// Everybody may do everything; for tests and embedding.
#[derive(Debug, Clone, Copy, Default)]
pub struct AllowAll;

impl RightsSource for AllowAll {
    fn rights(&self, _found: &Found, bases: Bases) -> Rights {
        Rights::all(bases)
    }
}

/// What the user granted, as far as the manifest asks for it, and never what was denied.
///
/// A plugin that comes with the program has what it declares. Grants that were given to other code
/// do not count (see [`is_granted_code`]); what was denied to an id stays denied to any code.
#[derive(Debug, Clone)]
pub struct GrantedRights {
    grants: Grants,
    allow_all: bool,
}

impl GrantedRights {
    /// With these grants. `allow_all`: everything that is not denied counts as granted.
    pub fn new(grants: Grants, allow_all: bool) -> Self {
        Self { grants, allow_all }
    }
}

impl RightsSource for GrantedRights {
    fn rights(&self, found: &Found, bases: Bases) -> Rights {
        let id = &found.plugin.id;
        if !self.grants.denials_are_known(id) {
            return Rights::none(bases);
        }
        let requested = requested(found);
        let grants = self.grants.get(id);
        let denied = grants.map(|grants| grants.deny.clone()).unwrap_or_default();
        if self.allow_all {
            return Rights::all(bases).without(denied);
        }
        let granted = match grants {
            _ if found.path.is_none() => requested.clone().unwrap_or_default(),
            Some(grants) if is_granted_code(found, grants) => grants.allow.clone(),
            _ => PermissionSet::default(),
        };
        Rights::new(bases, requested, granted, denied)
    }
}

/// What the manifest asks for; nothing when it has no such block, so that anything may be asked.
pub(crate) fn requested(found: &Found) -> Option<PermissionSet> {
    found.plugin.permissions.as_ref().map(vario_manifest::Permissions::to_set)
}

/// Whether grants were given to this plugin: to this very code, wherever it is now, or to an
/// earlier version of it in the same folder. Other code that only uses the id has none of them.
pub fn is_granted_code(found: &Found, grants: &PluginGrants) -> bool {
    let same_place = match (&found.path, &grants.source) {
        (Some(path), Some(source)) => real(path) == real(source),
        _ => false,
    };
    same_place || content_hash(found).is_ok_and(|hash| Some(hash) == grants.hash)
}

fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// What `~` and `$DATA` mean for a plugin, each as it is named and as it really is.
pub fn bases(home: Option<&Path>, data: &Path) -> Bases {
    Bases { home: home.map_or_else(Vec::new, spellings), data: spellings(data) }
}

fn spellings(path: &Path) -> Vec<String> {
    let mut spellings = Vec::new();
    for path in [path.to_owned(), real(path)] {
        // A path that is no text cannot be written in a grant either.
        if let Some(text) = path.to_str()
            && !spellings.iter().any(|known| known == text)
        {
            spellings.push(text.to_owned());
        }
    }
    spellings
}
