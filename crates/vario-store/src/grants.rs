//! The grants: `grants.toml`, what the user allowed and denied to each plugin.

mod read;
mod schema;
mod write;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::DocumentMut;
use vario_permissions::PermissionSet;

use crate::document::{self, Problem, edit, text_of};
use crate::grants::read::{Reading, read};
use crate::{Error, Paths};

pub use crate::grants::schema::grants_schema;

/// What was granted and denied to one plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PluginGrants {
    /// The content hash of the code that it was granted to, such as `sha256:…`.
    pub hash: Option<String>,
    /// The version of that code, for people.
    pub version: Option<String>,
    /// The folder that the plugin was in.
    pub source: Option<PathBuf>,
    /// What it may do, as far as its manifest asks for it.
    pub allow: PermissionSet,
    /// What it may never do, whatever is allowed.
    pub deny: PermissionSet,
    /// What the user was asked for and did not allow; it is not asked for again.
    pub asked: PermissionSet,
}

impl PluginGrants {
    /// Whether rights were written down, by hand, without the code they are meant for.
    pub fn is_unbound(&self) -> bool {
        !self.allow.is_empty() && self.hash.is_none() && self.source.is_none()
    }
}

/// The grants as they were read, and the way to change them.
///
/// What cannot be read grants nothing. If the file as a whole cannot be, that is everything, see
/// [`Grants::broken`]. An entry of `allow` or `asked` that cannot be read does not count; one of
/// `deny` means that nothing at all is granted to that plugin, since what the user wanted to deny
/// is not known (see [`Grants::denials_are_known`]).
///
/// A change takes a lock, reads the file again, edits that text and replaces the file, as in
/// [`Config`](crate::Config): comments and the order stay, and two processes lose nothing of each
/// other's. A broken file is never written.
#[derive(Debug, Clone)]
pub struct Grants {
    paths: Paths,
    path: PathBuf,
    reading: Reading,
    broken: Option<Arc<Error>>,
}

impl Grants {
    /// Reads the grants. A missing file grants nothing.
    pub fn load(paths: &Paths) -> Self {
        let path = paths.grants_file();
        let reading = text_of(&path).and_then(|text| read(paths, &path, &text));
        let (reading, broken) = match reading {
            Ok(reading) => (reading, None),
            Err(error) => (Reading::default(), Some(Arc::new(error))),
        };
        Self { paths: paths.clone(), path, reading, broken }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the file as a whole could not be read. Then nothing is granted.
    pub fn broken(&self) -> Option<&Error> {
        self.broken.as_deref()
    }

    /// What in the file does not count, in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.reading.problems
    }

    /// What was granted and denied to a plugin, if the file says anything about it.
    pub fn get(&self, id: &str) -> Option<&PluginGrants> {
        self.reading.plugins.get(id)
    }

    /// The plugins that the file says something about, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.reading.plugins.keys().map(String::as_str)
    }

    /// Whether all that was denied to a plugin is in [`PluginGrants::deny`]. If not, because the
    /// file or an entry cannot be read, no right of whatever origin may count for the plugin.
    pub fn denials_are_known(&self, id: &str) -> bool {
        self.broken.is_none() && !self.reading.unsure.contains(id)
    }

    /// Changes what is granted and denied to a plugin, starting from what the file says now. The
    /// file is made if missing, for its owner alone.
    ///
    /// # Errors
    /// If the file is broken or what it denies to this plugin cannot be read, if another process
    /// holds the lock for 10 seconds, or if writing fails. Nothing is changed then.
    pub fn update(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut PluginGrants),
    ) -> Result<(), Error> {
        let edit = |document: &mut DocumentMut, reading: &Reading| {
            if reading.unsure.contains(id) {
                let message = "what is denied to it cannot be read; correct it in the file first";
                return Err(Error::value(format!("plugin.{id}"), message));
            }
            let before = reading.plugins.get(id).cloned().unwrap_or_default();
            let mut after = before.clone();
            change(&mut after);
            let changed = write::apply(document, id, &before, &after)?;
            // Rights are too grave a matter to write something else than was meant.
            let written = read(&self.paths, &self.path, &document.to_string())?;
            let written = written.plugins.get(id).cloned().unwrap_or_default();
            let rights = |it: &PluginGrants| (it.allow.clone(), it.deny.clone(), it.asked.clone());
            if written.hash != after.hash || rights(&written) != rights(&after) {
                let message = "it cannot be written the way it is laid out; correct it in the file";
                return Err(Error::value(format!("plugin.{id}"), message));
            }
            Ok(changed)
        };
        let (reading, _) = self.changed(edit)?;
        self.take(reading);
        Ok(())
    }

    /// Forgets all that was granted and denied to a plugin. Gives whether there was anything.
    ///
    /// # Errors
    /// If the file is broken, if another process holds the lock for 10 seconds, or if writing
    /// fails. Nothing is changed then.
    pub fn remove(&mut self, id: &str) -> Result<bool, Error> {
        let (reading, changed) =
            self.changed(|document, _| edit::unset_table(document, &["plugin"], id))?;
        self.take(reading);
        Ok(changed)
    }

    fn changed(
        &self,
        edit: impl FnOnce(&mut DocumentMut, &Reading) -> Result<bool, Error>,
    ) -> Result<(Reading, bool), Error> {
        document::change(&self.path, |text| read(&self.paths, &self.path, text), edit)
    }

    fn take(&mut self, reading: Reading) {
        self.reading = reading;
        self.broken = None;
    }
}
