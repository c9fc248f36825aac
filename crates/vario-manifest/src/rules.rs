//! Rules for whoever looks for plugins in several folders.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::folder::Folder;
use crate::load::MANIFEST_FILES;
use crate::plugin::Plugin;

/// Two plugins with one id, as positions in the order in which they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The id.
    pub id: String,
    /// The first, which is used.
    pub kept: usize,
    /// The later one, which is left out.
    pub dropped: usize,
}

/// The plugins that repeat an earlier id. The first found wins; both are to be reported.
pub fn duplicate_ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<Duplicate> {
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut duplicates = Vec::new();
    for (position, id) in ids.into_iter().enumerate() {
        let kept = *first.entry(id).or_insert(position);
        if kept != position {
            duplicates.push(Duplicate { id: id.to_owned(), kept, dropped: position });
        }
    }
    duplicates
}

/// Whether the folder claims to be a plugin: something bears a manifest's name.
///
/// A manifest that is there but cannot be used counts, so that it is reported.
pub fn is_candidate(folder: &dyn Folder) -> bool {
    MANIFEST_FILES.iter().any(|file| !matches!(folder.look_up(file), Err(Error::Missing { .. })))
}

impl Plugin {
    /// Compares the id that a probe's script registered with the manifest's.
    ///
    /// A difference is an error in `vario` and a warning in `openusage`; a script without an id
    /// is fine. The other dialects have no id in their code.
    pub fn check_script_id(&self, found: Option<&str>) -> Option<Diagnostic> {
        let found = found.filter(|found| *found != self.id)?;
        let severity = match self.dialect {
            Dialect::Vario => Severity::Error,
            Dialect::Openusage => Severity::Warning,
            _ => return None,
        };
        let file = self.probe.as_ref().map_or("", |code| code.path.as_str());
        let message = format!("the script calls itself {found:?}, the manifest {:?}", self.id);
        Some(Diagnostic::of_file(severity, file, message, None))
    }
}
