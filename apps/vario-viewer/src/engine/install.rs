//! Installing: looking at what was dropped or chosen, and putting it in place when the user agrees.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use vario_bootstrap::Vario;
use vario_manifest::Permissions;
use vario_package::{Candidate, Plan, author};
use vario_runtime::owner::Changed;
use vario_ui::{InstallPlan, InstallView, Replaced};

use super::parts::{Part, aside};
use super::runs::Runs;
use super::{Outlet, Update, Working};

/// What is being installed.
pub(super) struct Installing {
    shown: Part<Option<InstallView>>,
    /// What was looked at, and the number of the look: what comes of an older one is nobody's.
    looked: Arc<Mutex<(u64, Option<Candidate>)>>,
}

impl Installing {
    pub(super) fn new(outlet: Outlet) -> Self {
        let shown =
            Part::new(outlet, |view: Option<InstallView>| Update::Install(view.map(Box::new)));
        Self { shown, looked: Arc::default() }
    }

    pub(super) fn tell(&self) {
        if self.shown.get().is_some() {
            self.shown.tell();
        }
    }

    /// Something else is looked at from now on; gives its number.
    fn begin(&self, view: Option<InstallView>) -> u64 {
        let mut looked = self.looked.lock();
        *looked = (looked.0 + 1, None);
        self.shown.change(|own| *own = view);
        looked.0
    }

    fn is_at_work(&self) -> bool {
        matches!(self.shown.get(), Some(InstallView::Working(_)))
    }
}

impl Working {
    /// Looks at what may be installed.
    pub(super) fn look_at(&self, path: PathBuf) -> Result<(), String> {
        if self.installing.is_at_work() {
            return Err("Another plugin is being installed; wait for it.".to_owned());
        }
        let number = self.installing.begin(Some(InstallView::Reading(path.display().to_string())));
        let vario = self.vario.reopened();
        let (shown, looked) = (self.installing.shown.clone(), Arc::clone(&self.installing.looked));
        aside("install", move || {
            let (view, candidate) = inspect(&vario, &path);
            let mut looked = looked.lock();
            if looked.0 == number {
                looked.1 = candidate;
                shown.change(|own| *own = Some(view));
            }
        })
    }

    /// Asks for a folder or a file in the system's dialog.
    pub(super) fn choose_install(&self, folder: bool) -> Result<(), String> {
        let chosen = self.to_install.0.clone();
        aside("dialog", move || {
            let dialog = rfd::FileDialog::new();
            let path = if folder {
                dialog.set_title("Folder of a plugin").pick_folder()
            } else {
                dialog.set_title("Plugin").add_filter("Plugin (zip)", &["zip"]).pick_file()
            };
            if let Some(path) = path {
                let _the_engine_is_gone = chosen.send(Chosen::Look(path));
            }
        })
    }

    /// The user agrees.
    pub(super) fn install_now(&self) -> Result<(), String> {
        let Some(mut candidate) = self.installing.looked.lock().1.take() else { return Ok(()) };
        let name = candidate.plugin.name.clone();
        self.installing.shown.change(|own| *own = Some(InstallView::Working(name)));
        let vario = self.vario.reopened();
        let (shown, done) = (self.installing.shown.clone(), self.to_install.0.clone());
        aside("install", move || {
            let view = install(&vario, &mut candidate);
            let is_there = matches!(view, InstallView::Done { .. });
            shown.change(|own| *own = Some(view));
            if is_there {
                let _the_engine_is_gone = done.send(Chosen::Installed);
            }
        })
    }

    /// The user does not, or is done with it. What is at work is not left half done.
    pub(super) fn leave_install(&self) {
        if !self.installing.is_at_work() {
            self.installing.begin(None);
        }
    }

    pub(super) fn chosen_to_install(&mut self, runs: &Runs<'_>, chosen: Chosen) -> bool {
        match chosen {
            Chosen::Look(path) => self.act_on(|engine| engine.look_at(path)),
            Chosen::Installed => {
                self.changed(runs, Changed::Plugins);
                self.poke();
                false
            }
        }
    }
}

/// What other threads have to say about installing.
pub(super) enum Chosen {
    /// This may be installed.
    Look(PathBuf),
    /// Something was.
    Installed,
}

fn inspect(vario: &Vario, path: &Path) -> (InstallView, Option<Candidate>) {
    let installer = vario.installer();
    match installer.inspect(path) {
        Ok(candidate) => {
            let plan = installer.plan(&candidate);
            let view = plan_view(vario, &candidate, &plan);
            (InstallView::Asked(Box::new(view)), Some(candidate))
        }
        Err(error) => {
            let (path, why) = (path.display().to_string(), error.to_string());
            (InstallView::Refused { path, why }, None)
        }
    }
}

fn plan_view(vario: &Vario, candidate: &Candidate, plan: &Plan) -> InstallPlan {
    let plugin = &candidate.plugin;
    InstallPlan {
        id: plugin.id.clone(),
        name: plugin.name.clone(),
        version: plugin.version.clone(),
        author: author(plugin),
        dialect: plugin.dialect.name().to_owned(),
        source: candidate.source.display().to_string(),
        files: candidate.files,
        bytes: candidate.unpacked_bytes,
        stays: plugin.background.is_some(),
        has_ui: plugin.ui.is_some(),
        warnings: candidate.warnings.clone(),
        replaces: plan.from.as_ref().map(|from| Replaced {
            version: from.version.clone(),
            other_dialect: from.other_dialect.map(|dialect| dialect.name().to_owned()),
            other_author: from.other_author.clone(),
            same: from.same,
        }),
        asks_for: plan.asks_for.clone(),
        new_rights: plan.new_permissions.clone(),
        dropped_rights: plan.dropped_permissions.clone(),
        has_at_once: vario.inherited_rights(&plan.id),
        new_settings: plan.new_settings.clone(),
        dropped_settings: plan.dropped_settings.clone(),
    }
}

fn install(vario: &Vario, candidate: &mut Candidate) -> InstallView {
    match vario.installer().install(candidate) {
        Ok(installed) => {
            let plugin = &installed.plugin;
            let asks = plugin.permissions.as_ref().map(Permissions::to_set);
            InstallView::Done {
                id: plugin.id.clone(),
                name: format!("{} {}", plugin.name, plugin.version).trim().to_owned(),
                asks: asks.is_none_or(|asks| !asks.is_empty()),
                keeps: !vario.inherited_rights(&plugin.id).is_empty(),
                can_go_back: installed.has_previous,
            }
        }
        Err(error) => {
            let path = candidate.source.display().to_string();
            InstallView::Refused { path, why: error.to_string() }
        }
    }
}
