//! A folder with all that is in it.

use std::ffi::OsString;
use std::path::Path;

use vario_host::{HostError, Scope};
use vario_permissions::Refusal;

use super::resolve::Kind;
use super::{MAX_ENTRIES, Place, os_error};
use crate::refusal::Failure;
use crate::wait;

/// How deep folders may lie in each other.
const MAX_DEPTH: usize = 64;

/// Fails unless all of it may be touched.
pub(crate) fn judge(
    place: &Place,
    may: &mut dyn FnMut(&Path) -> Result<(), Refusal>,
    scope: &Scope,
) -> Result<(), Failure> {
    each(place, 0, &mut 0, scope, &mut |place| Ok(may(place.real())?))
}

/// Removes all of it, as far as it goes.
pub(crate) fn remove(place: &Place, scope: &Scope) -> Result<(), Failure> {
    let mut remove = |place: &Place| {
        let removed = match place.kind() {
            Some(Kind::Folder) => place.remove_folder(),
            _ => place.remove_file(),
        };
        removed.map_err(|error| os_error(&error).into())
    };
    each(place, 0, &mut 0, scope, &mut remove)
}

/// Hands all of it to `take`, what is in a folder before the folder itself. Links are not
/// followed.
fn each(
    place: &Place,
    depth: usize,
    count: &mut usize,
    scope: &Scope,
    take: &mut dyn FnMut(&Place) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if place.kind() == Some(Kind::Folder) {
        if depth >= MAX_DEPTH {
            let words = format!("folders lie in each other more than {MAX_DEPTH} times");
            return Err(HostError::Failed(words).into());
        }
        let mut names: Vec<OsString> = Vec::new();
        place.entries(&mut |name| {
            wait::check(scope)?;
            *count += 1;
            if *count > MAX_ENTRIES {
                let words = format!("folder has more than {MAX_ENTRIES} entries");
                return Err(HostError::Failed(words));
            }
            names.push(name);
            Ok(())
        })?;
        for name in names {
            let child = place.child(&name).map_err(|error| os_error(&error))?;
            each(&child, depth + 1, count, scope, take)?;
        }
    }
    take(place)
}
