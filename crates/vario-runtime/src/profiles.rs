//! Curated rights for known plugins that declare none themselves (design section 5).

mod openusage;

use vario_permissions::{Permission, PermissionSet};

/// What one known plugin needs.
struct Profile {
    id: &'static str,
    permissions: &'static [&'static str],
    /// The last release with this code, and the code's hash.
    releases: &'static [(&'static str, &'static str)],
}

/// What is known about a plugin's needs. It grants nothing; it is what a user is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProfile {
    /// The rights that the known plugin needs.
    pub permissions: PermissionSet,
    /// The release this very code is from; nothing for any other code that uses the id.
    pub release: Option<&'static str>,
}

/// The profile for an id, and whether the code with this hash is what it was made for.
pub fn known_profile(id: &str, hash: &str) -> Option<KnownProfile> {
    let profile = openusage::OPENUSAGE.iter().find(|profile| profile.id == id)?;
    let release = profile.releases.iter().find(|(_, known)| *known == hash);
    Some(KnownProfile {
        permissions: profile.permissions.iter().filter_map(|text| parse(text)).collect(),
        release: release.map(|(version, _)| *version),
    })
}

/// A test makes sure that every text of the profiles is a right.
fn parse(text: &str) -> Option<Permission> {
    text.parse().ok()
}

/// How many profiles there are.
#[cfg(test)]
pub(crate) fn count() -> usize {
    openusage::OPENUSAGE.len()
}

/// Texts of profiles that are no rights.
#[cfg(test)]
pub(crate) fn unreadable() -> Vec<&'static str> {
    let texts = openusage::OPENUSAGE.iter().flat_map(|profile| profile.permissions);
    texts.copied().filter(|text| parse(text).is_none()).collect()
}
