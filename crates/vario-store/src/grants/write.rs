//! From changed grants to the least edits of the document.

use toml_edit::{DocumentMut, Value};
use vario_permissions::{Permission, PermissionSet};

use crate::document::edit;
use crate::{Error, PluginGrants};

/// What a new file begins with.
const HEADER: &str = "# What plugins may do. Edit freely; `vario grants` shows what holds.\n";

/// Brings the plugin's section from `before` to `after`. Gives whether anything changed.
pub(super) fn apply(
    document: &mut DocumentMut,
    id: &str,
    before: &PluginGrants,
    after: &PluginGrants,
) -> Result<bool, Error> {
    if before == after {
        return Ok(false);
    }
    if document.is_empty() && document.trailing().as_str().unwrap_or_default().trim().is_empty() {
        document.set_trailing(HEADER);
    }
    let path = ["plugin", id];
    // A folder whose name is no Unicode cannot be written; the hash says enough.
    let source = |grants: &PluginGrants| Some(grants.source.as_ref()?.to_str()?.to_owned());
    let texts = [
        ("hash", before.hash.clone(), after.hash.clone()),
        ("version", before.version.clone(), after.version.clone()),
        ("source", source(before), source(after)),
    ];
    for (key, before, after) in texts {
        match after {
            _ if before == after => {}
            Some(text) => drop(edit::set(document, &path, key, Value::from(text))?),
            None => drop(edit::unset(document, &path, key)?),
        }
    }
    list(document, path, "allow", &before.allow, &after.allow)?;
    list(document, path, "deny", &before.deny, &after.deny)?;
    list(document, path, "asked", &before.asked, &after.asked)?;
    Ok(true)
}

/// Only what is new is added and only what is gone is removed, so that whatever else a person wrote
/// into the list stays, be it an entry that cannot be read.
fn list(
    document: &mut DocumentMut,
    path: [&str; 2],
    key: &str,
    before: &PermissionSet,
    after: &PermissionSet,
) -> Result<(), Error> {
    if before == after {
        return Ok(());
    }
    let is_gone = |text: &str| {
        let right = text.parse::<Permission>();
        right.is_ok_and(|right| before.contains(&right) && !after.contains(&right))
    };
    edit::remove_items(document, &path, key, is_gone)?;
    for right in after.iter().filter(|right| !before.contains(right)) {
        edit::add_item(document, &path, key, &right.to_string())?;
    }
    edit::one_a_line(document, &path, key)?;
    edit::unset_if_empty(document, &path, key)
}
