//! Taking over what another program left behind.

use std::path::Path;

use vario_store::ImportLine;

use crate::vario::{Error, Vario};

impl Vario {
    /// Takes over settings and plugins' data from OpenUsage's folder, or in a dry run only says
    /// what would be. No lines mean that the folder holds nothing of OpenUsage's.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn import_openusage(
        &mut self,
        folder: &Path,
        dry_run: bool,
    ) -> Result<Vec<ImportLine>, Error> {
        vario_store::import_openusage(folder, &self.paths, &mut self.config, dry_run)
            .map_err(|error| Error::new(error.to_string()))
    }
}
