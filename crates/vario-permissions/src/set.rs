use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::permission::Permission;

/// Rights, each once, in a fixed order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PermissionSet(BTreeSet<Permission>);

impl PermissionSet {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one. Gives whether it was not there yet.
    pub fn insert(&mut self, permission: Permission) -> bool {
        self.0.insert(permission)
    }

    /// Takes one out. Gives whether it was there.
    pub fn remove(&mut self, permission: &Permission) -> bool {
        self.0.remove(permission)
    }

    /// Whether exactly this one is there.
    pub fn contains(&self, permission: &Permission) -> bool {
        self.0.contains(permission)
    }

    /// Whether one of these allows all that the right allows.
    pub fn covers(&self, permission: &Permission) -> bool {
        self.0.iter().any(|own| own.covers(permission))
    }

    /// The same without those that others of the set cover.
    #[must_use]
    pub fn reduced(&self) -> Self {
        let is_needless = |right: &&Permission| {
            let others = self.0.iter().filter(|other| other != right);
            // Of two that cover each other the first stays.
            others
                .into_iter()
                .any(|other| other.covers(right) && (!right.covers(other) || other < *right))
        };
        self.0.iter().filter(|right| !is_needless(right)).cloned().collect()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Permission> + Clone {
        self.0.iter()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        Self(permissions.into_iter().collect())
    }
}

impl Extend<Permission> for PermissionSet {
    fn extend<T: IntoIterator<Item = Permission>>(&mut self, permissions: T) {
        self.0.extend(permissions);
    }
}
