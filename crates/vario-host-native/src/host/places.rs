//! Where a path leads, and whether the plugin may go there.

use std::path::{Path, PathBuf};

use vario_host::{HostError, Scope};
use vario_permissions::{Access, Refusal};

use super::NativeHost;
use crate::fs::resolve::{Place, Stop, real, resolve, resolve_entry};
use crate::fs::{self, quota};
use crate::paths;
use crate::refusal::Failure;

/// In what way a path is wanted.
pub(super) type Want = fn(String) -> Access;

pub(super) const READ: &[Want] = &[Access::Read];
pub(super) const WRITE: &[Want] = &[Access::Write];
pub(super) const READ_AND_WRITE: &[Want] = &[Access::Read, Access::Write];

impl NativeHost {
    /// Where a path leads, if the plugin may go there in these ways.
    pub(super) fn place(&self, path: &Path, wants: &[Want], scope: &Scope) -> Result<Place, Stop> {
        let mut may = |path: &Path| may(path, wants, scope);
        // Nothing is at the empty path, so there is nothing to have a right to.
        if scope.rights.is_all() || path.as_os_str().is_empty() {
            return resolve(path, false, &mut may);
        }
        let normal = paths::normalised(path);
        // Before the home is looked at; the resolver asks again for what it becomes.
        may(&normal).map_err(Stop::Refused)?;
        resolve(&self.beyond_bases(&normal, scope), true, &mut may)
    }

    /// As [`NativeHost::place`], but a link at the end of the path is what is meant.
    pub(super) fn entry(&self, path: &Path, wants: &[Want], scope: &Scope) -> Result<Place, Stop> {
        let mut may = |path: &Path| may(path, wants, scope);
        if scope.rights.is_all() || path.as_os_str().is_empty() {
            return resolve_entry(path, false, &mut may);
        }
        let normal = paths::normalised(path);
        may(&normal).map_err(Stop::Refused)?;
        resolve_entry(&self.beyond_bases(&normal, scope), true, &mut may)
    }

    /// The home and the plugin's own folder may be behind links that nobody granted; what they
    /// really are is what the rights' own bases were made of. The rest of the path is not looked
    /// at here.
    fn beyond_bases(&self, path: &Path, scope: &Scope) -> PathBuf {
        if let Ok(rest) = path.strip_prefix(&scope.plugin_data_dir)
            && let Ok(real) = real(&scope.plugin_data_dir)
        {
            return real.join(rest);
        }
        for code in scope.rights.own_code() {
            if let Ok(rest) = path.strip_prefix(code)
                && let Ok(real) = real(Path::new(code))
            {
                return real.join(rest);
            }
        }
        if let Some(home) = &self.config.home
            && let Ok(rest) = path.strip_prefix(home)
            && let Some(real) = self.real_home.get_or_init(|| real(home).ok())
        {
            return real.join(rest);
        }
        path.to_owned()
    }
}

/// Whether the plugin may go to a path in these ways.
pub(super) fn may(path: &Path, wants: &[Want], scope: &Scope) -> Result<(), Refusal> {
    let text = paths::text(path);
    wants.iter().try_for_each(|want| scope.rights.check(&want(text.clone())))
}

/// How much more fits into the plugin's own folder, if that is where the place is.
pub(super) fn room(place: &Place, scope: &Scope) -> Option<u64> {
    let data = real(&scope.plugin_data_dir).ok()?;
    place.real().starts_with(&data).then(|| quota::DATA_BYTES.saturating_sub(quota::used(&data)))
}

/// Makes the plugin's own folder, if it is not there yet, for nobody but the user.
pub(super) fn make_data(scope: &Scope) -> Result<(), HostError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&scope.plugin_data_dir).map_err(|error| fs::os_error(&error))
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => Self::Refused(refusal),
            Stop::Failed(error) => Self::Host(fs::os_error(&error)),
        }
    }
}
