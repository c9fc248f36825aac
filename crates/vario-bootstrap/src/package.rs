//! Installing into the folder that comes first, and what an installation means for the rest.

use vario_host_native::SecretError;
use vario_manifest::Plugin;
use vario_package::Installer;
use vario_permissions::PermissionSet;
use vario_store::PluginGrants;

use crate::settings::{SERVICE, account, keychain_deadline};
use crate::vario::{Error, Vario};

impl Vario {
    /// Installs into the first folder of plugins: the default one, or the first that was named
    /// instead.
    pub fn installer(&self) -> Installer {
        let named = self.options.plugins.first();
        let folder = named.map_or_else(|| self.paths.plugins_dir(), Clone::clone);
        Installer::new(self.paths.clone(), folder)
    }

    /// The rights that a plugin of this id has from the moment it is installed, because they were
    /// granted to the version that is, or was, in its place.
    pub fn inherited_rights(&self, id: &str) -> PermissionSet {
        let folder = self.installer().folder().to_owned();
        let place = folder.canonicalize().unwrap_or(folder).join(id);
        let grants = self.grants();
        let entry = grants.get(id).filter(|entry| entry.source.as_ref() == Some(&place));
        entry.map(|entry| entry.allow.clone()).unwrap_or_default()
    }

    /// Takes back what a removed plugin was allowed: rights are granted to code, and other code may
    /// come with the same id to the same place. What was denied stays.
    ///
    /// # Errors
    /// If the grants cannot be read or written. Nothing is changed then.
    pub fn take_back(&self, id: &str) -> Result<(), vario_store::Error> {
        let mut grants = self.grants();
        if grants.get(id).is_none() && grants.broken().is_none() {
            return Ok(());
        }
        grants.update(id, |entry| {
            let deny = std::mem::take(&mut entry.deny);
            *entry = PluginGrants { deny, ..PluginGrants::default() };
        })
    }

    /// Deletes what is kept about a plugin, its secret settings too if `plugin` tells of them.
    /// Gives what could not be deleted and why.
    ///
    /// # Errors
    /// See [`Vario::store`].
    pub fn purge(&mut self, id: &str, plugin: Option<&Plugin>) -> Result<Vec<String>, Error> {
        let store = self.store()?;
        let mut kept = Vec::new();
        let settings = plugin.iter().flat_map(|plugin| &plugin.settings);
        for setting in settings.filter(|setting| setting.kind.is_secret()) {
            let account = account(id, &setting.key);
            match self.secrets.delete(SERVICE, Some(&account), keychain_deadline()) {
                Ok(()) | Err(SecretError::NotFound(_)) => {}
                Err(error) => kept.push(format!("its secret `{}`: {error}", setting.key)),
            }
        }
        let mut grants = self.grants();
        kept.extend(vario_package::purge(&self.paths, &mut self.config, &mut grants, &store, id));
        Ok(kept)
    }
}
