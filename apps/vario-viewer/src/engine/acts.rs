//! What the user orders.

use std::path::Path;

use vario_model::RunTrigger;
use vario_permissions::PermissionSet;
use vario_runtime::owner::Changed;
use vario_runtime::{Answer, answer, deny};
use vario_store::Grants;
use vario_ui::Command;
use vario_value::LogLevel;

use super::runs::Runs;
use super::{Update, Working};

impl Working {
    /// Carries an order out, as [`Working::act_on`] does.
    pub(super) fn act(&mut self, runs: &Runs<'_>, order: Command) -> bool {
        self.act_on(|engine| engine.try_act(runs, order))
    }

    /// Does something for the user. What fails is told above the page. Gives whether the place of
    /// runs must be chosen anew.
    pub(super) fn act_on(&mut self, act: impl FnOnce(&mut Self) -> Result<(), String>) -> bool {
        let shared = self.vario.shares_runs();
        if let Err(text) = act(self) {
            self.note(LogLevel::Error, text);
        } else if !self.notes.is_empty() {
            // What was amiss before was read by now.
            self.notes.retain(|note| note.level != LogLevel::Error);
            self.outlet.send(Update::Notices(self.notices()));
        }
        self.vario.shares_runs() != shared
    }

    fn try_act(&mut self, runs: &Runs<'_>, order: Command) -> Result<(), String> {
        match order {
            Command::Refresh(id) => self.ask(runs, Some(vec![id]), RunTrigger::Manual, None),
            Command::RefreshAll => self.ask(runs, None, RunTrigger::Manual, None),
            Command::Enable { id, on } => {
                self.vario.set_enabled(&id, on).map_err(|error| error.to_string())?;
                self.changed(runs, Changed::Config);
                if on {
                    self.ask(runs, Some(vec![id]), RunTrigger::Enabled, None);
                }
            }
            Command::Reorder(ids) => self.set(runs, "plugins.order", &list(&ids))?,
            Command::SetSetting { key: "app.start_on_login", value } => {
                start_on_login(value == "true")?;
                self.set(runs, "app.start_on_login", &value)?;
            }
            Command::SetSetting { key, value } => self.set(runs, key, &value)?,
            Command::SetPluginSetting { id, key, value } => {
                if value.is_null() {
                    self.vario.unset_setting(&id, &key)
                } else {
                    self.vario.set_setting_value(&id, &key, value)
                }
                .map_err(|error| error.to_string())?;
                self.changed(runs, Changed::Config);
                self.ask(runs, Some(vec![id]), RunTrigger::Enabled, None);
            }
            Command::SetSecret { id, key, value } => self.secret(runs, id, &key, value)?,
            Command::Notify { id, on } => self.notify(runs, &id, on)?,
            Command::Grant { id, rights } => {
                self.rights(&id, |grants, found| answer(grants, found, &rights, Answer::Allow))?;
                self.changed(runs, Changed::Grants);
                self.ask(runs, Some(vec![id]), RunTrigger::Enabled, None);
            }
            Command::Deny { id, rights } => {
                self.rights(&id, |grants, found| deny(grants, found, &rights))?;
                self.changed(runs, Changed::Grants);
            }
            Command::Revoke { id, rights } => {
                self.revoke(&id, &rights)?;
                self.changed(runs, Changed::Grants);
            }
            Command::OpenLink(url) => open_link(&url)?,
            Command::OpenFolder(folder) => open_folder(&folder)?,
            Command::AddFolder => self.ask_for_folder()?,
            Command::RemoveFolder(folder) => self.remove_folder(runs, &folder)?,
            Command::Rescan => self.changed(runs, Changed::Plugins),
            Command::Install(path) => self.look_at(path)?,
            Command::ChooseInstall { folder } => self.choose_install(folder)?,
            Command::InstallNow => self.install_now()?,
            Command::LeaveInstall => self.leave_install(),
            Command::Background { id, what } => self.lifecycle(id, what)?,
            Command::TryRoute { id, method, target, body } => {
                self.try_route(id, method, target, &body)?;
            }
            Command::RunMenu { id, command } => self.run_menu(id, &command)?,
            Command::OpenPage { id, dark, foreground, background } => {
                self.open_page(id, dark, &foreground, &background)?;
            }
            Command::UseAccount(name) => self.use_account(name)?,
            Command::SignOut(kind) => self.sign_out(kind)?,
            Command::RemoveAccount(name) => self.remove_account(name)?,
            Command::AddAirline(new) => self.add_airline(new)?,
            Command::AddIdentity { name } => self.add_identity(name)?,
            Command::ClearLog => self.outlet.send(Update::LogCleared),
            // The window's own affair.
            Command::Copy(_) => {}
            _ => return Err("This version cannot do that.".to_owned()),
        }
        Ok(())
    }

    /// Something was changed here: it is read anew, and the others are told.
    pub(super) fn changed(&mut self, runs: &Runs<'_>, what: Changed) {
        self.load();
        self.tell(runs, what);
        self.poke();
    }

    /// Reads everything anew. Gives whether the place of runs must be chosen anew.
    pub(super) fn reload(&mut self) -> bool {
        let shared = self.vario.shares_runs();
        self.load();
        self.vario.shares_runs() != shared
    }

    /// Tells the others that something was changed.
    pub(super) fn tell(&self, runs: &Runs<'_>, what: Changed) {
        match runs {
            Runs::Owner(owner) => owner.changed(what),
            Runs::Follower { .. } => self.vario.tell_owner(what),
            Runs::Alone { .. } | Runs::None => {}
        }
    }

    fn set(&mut self, runs: &Runs<'_>, key: &str, value: &str) -> Result<(), String> {
        if value.is_empty() {
            self.vario.unset_config(key).map(|_changed| ())
        } else {
            self.vario.set_config(key, value).map(|_value| ())
        }
        .map_err(|error| error.to_string())?;
        self.changed(runs, Changed::Config);
        Ok(())
    }

    fn secret(
        &mut self,
        runs: &Runs<'_>,
        id: String,
        key: &str,
        value: Option<vario_ui::Secret>,
    ) -> Result<(), String> {
        match value {
            Some(secret) => self.vario.set_setting(&id, key, &secret.0),
            None => self.vario.unset_setting(&id, key),
        }
        .map_err(|error| error.to_string())?;
        self.changed(runs, Changed::Config);
        self.ask(runs, Some(vec![id]), RunTrigger::Enabled, None);
        Ok(())
    }

    fn notify(&mut self, runs: &Runs<'_>, id: &str, on: bool) -> Result<(), String> {
        let mut ids = self.vario.configuration().notifications.plugins.clone();
        ids.retain(|own| own != id);
        if on {
            ids.push(id.to_owned());
        }
        self.set(runs, "notifications.plugins", &list(&ids))
    }

    fn rights(
        &self,
        id: &str,
        write: impl FnOnce(&mut Grants, &vario_runtime::Found) -> Result<(), String>,
    ) -> Result<(), String> {
        let found = self.catalog.get(id).ok_or_else(|| format!("There is no plugin `{id}`."))?;
        let mut grants = self.grants()?;
        write(&mut grants, found)
    }

    /// Takes back what was allowed, or lifts what was denied.
    fn revoke(&self, id: &str, rights: &PermissionSet) -> Result<(), String> {
        let is_bundled = self.catalog.get(id).is_some_and(|found| found.path.is_none());
        let grants = self.grants()?;
        let is_denied = |right| grants.get(id).is_some_and(|known| known.deny.contains(right));
        if is_bundled && !rights.iter().any(is_denied) {
            // It has its rights without being asked for; only a denial takes one away.
            return self.rights(id, |grants, found| deny(grants, found, rights));
        }
        let update = self.grants()?.update(id, |entry| {
            for right in rights.iter() {
                entry.allow.remove(right);
                entry.deny.remove(right);
                entry.asked.remove(right);
            }
        });
        update.map(|_changed| ()).map_err(|error| error.to_string())
    }

    /// A file of grants that cannot be read is never written.
    fn grants(&self) -> Result<Grants, String> {
        let grants = self.vario.grants();
        match grants.broken() {
            Some(error) => Err(format!("{error}; nothing was changed")),
            None => Ok(grants),
        }
    }

    /// Opens the dialog of the system, on a thread of its own: people take their time.
    fn ask_for_folder(&self) -> Result<(), String> {
        let chosen = self.chosen.0.clone();
        let work = move || {
            let dialog = rfd::FileDialog::new().set_title("Folder of plugins");
            if let Some(folder) = dialog.pick_folder() {
                let _the_engine_is_gone = chosen.send(folder);
            }
        };
        let thread = std::thread::Builder::new().name("dialog".to_owned()).spawn(work);
        thread.map(drop).map_err(|error| format!("there is no thread to be had: {error}"))
    }

    pub(super) fn folder_chosen(&mut self, runs: &Runs<'_>, folder: &Path) -> Result<(), String> {
        let mut folders = self.vario.configuration().plugins.folders.clone();
        let folder = folder.display().to_string();
        if !folders.contains(&folder) {
            folders.push(folder);
            self.set(runs, "plugins.folders", &list(&folders))?;
        }
        Ok(())
    }

    fn remove_folder(&mut self, runs: &Runs<'_>, folder: &str) -> Result<(), String> {
        let paths = self.vario.paths();
        let mut folders = self.vario.configuration().plugins.folders.clone();
        folders.retain(|own| paths.expand(own).display().to_string() != folder);
        self.set(runs, "plugins.folders", &list(&folders))
    }
}

/// As the configuration reads a list whose items may hold anything, commas too. Nothing where it is
/// empty, so that the default holds.
fn list(items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    serde_json::to_string(items).unwrap_or_default()
}

/// The program starts without its window then, if it has a tray.
fn start_on_login(on: bool) -> Result<(), String> {
    let program = crate::program()
        .map_err(|error| format!("this program does not know its own file: {error}"))?;
    vario_desktop::Login::of_user()
        .and_then(|login| login.set(on, &program, &["--background"]))
        .map_err(|error| error.to_string())
}

/// Only what a browser opens; a manifest may name anything.
pub(super) fn open_link(url: &str) -> Result<(), String> {
    let lower = url.to_ascii_lowercase();
    if !lower.starts_with("https://") && !lower.starts_with("http://") {
        return Err(format!("`{url}` is no web page, so it is not opened."));
    }
    open::that_detached(url).map_err(|error| format!("`{url}` cannot be opened: {error}"))
}

/// A folder that is not there yet is made, since the user wants to put something into it.
fn open_folder(folder: &str) -> Result<(), String> {
    let path = Path::new(folder);
    if !path.is_dir() {
        vario_store::make_folder(path)
            .map_err(|error| format!("`{folder}` cannot be made: {error}"))?;
    }
    open::that_detached(path).map_err(|error| format!("`{folder}` cannot be opened: {error}"))
}
