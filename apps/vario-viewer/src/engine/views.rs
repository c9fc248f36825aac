//! The window's model, from plugins, settings, grants and the store.

use std::collections::BTreeMap;

use vario_bootstrap::Vario;
use vario_manifest::Icon;
use vario_model::{PluginState, RunTrigger, Snapshot, UpdateInterval};
use vario_permissions::{Permission, PermissionSet};
use vario_runtime::{Found, content_hash, is_granted_code, known_profile};
use vario_store::{Grants, Isolation, Record, Store, StoreMode};
use vario_ui::{
    IconPair, IconSource, LastRun, Model, Notice, Platform, PluginView, RightsView, Series,
    Settings, ThemeMode, TrayStyle,
};
use vario_value::LogLevel;

use super::{Update, Working};

/// An icon's file is no larger.
const ICON_BYTES: u64 = 256 * 1024;

/// How far back charts go.
const HISTORY_MS: i64 = 30 * 24 * 3_600_000;

/// Points of one chart; more cannot be told apart on a screen.
const POINTS: usize = 1500;

/// Host calls of the last run that are shown.
const CALLS: usize = 200;

/// Broken plugins that are told of above the page; the rest is in the log.
const PROBLEMS: usize = 4;

impl Working {
    /// Reads everything anew and tells the window.
    pub(super) fn load(&mut self) {
        self.vario.reload();
        self.least.set(self.vario.log_level());
        self.catalog = self.vario.catalog();
        let grants = self.vario.grants();
        let store = self.vario.store().ok();
        let before = std::mem::take(&mut self.views);
        let mut views: Vec<PluginView> = self
            .catalog
            .plugins
            .iter()
            .map(|found| {
                let mut view = view(found, &self.vario, store.as_deref(), &grants);
                // What runs now is not in the store.
                if let Some(old) = before.iter().find(|old| old.id() == view.id()) {
                    keep(&mut view, old);
                }
                view
            })
            .collect();
        order(&mut views, &self.vario.configuration().plugins.order);
        self.views = views;
        self.choose_keys();
        self.tell_all();
        self.show_in_tray();
        self.look_up_secrets();
    }

    /// Asks the keychain which secrets are set, on a thread of its own: it may be slow.
    fn look_up_secrets(&self) {
        let secrets = |view: &PluginView| {
            let id = view.id().to_owned();
            let settings = view.plugin.settings.iter().filter(|setting| setting.kind.is_secret());
            settings.map(move |setting| (id.clone(), setting.key.clone())).collect::<Vec<_>>()
        };
        let wanted: Vec<_> = self.views.iter().flat_map(secrets).collect();
        if wanted.is_empty() {
            return;
        }
        let look = self.vario.look_up_secrets(wanted);
        let found = self.secrets.0.clone();
        let work = move || {
            let _the_engine_is_gone = found.send(look());
        };
        let _none = std::thread::Builder::new().name("keychain".to_owned()).spawn(work);
    }

    /// Shows which secrets are set.
    pub(super) fn show_secrets(&mut self, found: &[(String, String)]) {
        for view in &mut self.views {
            let own = found.iter().filter(|(id, _)| id == view.plugin.id.as_str());
            let own = own.map(|(_, key)| key.clone()).collect();
            if view.secrets != own {
                view.secrets = own;
                self.outlet.send(Update::Plugin(Box::new(view.clone())));
            }
        }
    }

    /// The whole model.
    pub(super) fn tell_all(&self) {
        let model = Model {
            plugins: self.views.clone(),
            settings: settings(&self.vario),
            log: Vec::new(),
            next_update_at: self.next_update_at(),
            notices: self.notices(),
            platform: self.platform(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..Model::default()
        };
        self.outlet.send(Update::All(Box::new(model)));
    }

    /// What this platform and this build can do.
    fn platform(&self) -> Platform {
        Platform {
            tray: self.desk.has_tray() || !self.desk.is_ours(),
            shortcut: self.desk.opener.is_there(),
            login: vario_desktop::Login::of_user().is_ok(),
            notifications: true,
        }
    }

    /// What the user must know.
    pub(super) fn notices(&self) -> Vec<Notice> {
        let warn = |text: String| Notice { level: LogLevel::Warn, text };
        let mut notices: Vec<Notice> = self.vario.warnings().into_iter().map(warn).collect();
        match self.vario.store() {
            Ok(store) => {
                let text = match store.mode() {
                    StoreMode::Lasting => None,
                    StoreMode::ReadOnly => Some("The state directory is read-only"),
                    StoreMode::Memory => Some("The state directory cannot be used"),
                };
                let folder = self.vario.paths().state_dir().display();
                let words = "results are shown and not kept";
                notices.extend(text.map(|text| warn(format!("{text}, so {words}: `{folder}`"))));
                notices.extend(store.take_warnings().into_iter().map(warn));
            }
            Err(error) => {
                notices.push(Notice { level: LogLevel::Error, text: error.to_string() });
            }
        }
        if self.vario.runs_in_process() {
            let text = "Plugins run inside this program and can do whatever it can: their isolation \
                        is switched off in the settings.";
            notices.push(warn(text.to_owned()));
        }
        for problem in self.catalog.problems.iter().take(PROBLEMS) {
            let what = problem.diagnostics.to_string();
            let what = what.lines().next().unwrap_or_default();
            notices.push(warn(format!("`{}` cannot be used: {what}", problem.path.display())));
        }
        if let Some(more) = self.catalog.problems.len().checked_sub(PROBLEMS).filter(|n| *n > 0) {
            notices
                .push(warn(format!("{more} more plugins cannot be used; `vario list` names them")));
        }
        notices.extend(self.desk.opener.failure().map(|text| warn(text.to_owned())));
        notices.extend(self.notes.iter().cloned());
        let mut seen = std::collections::HashSet::new();
        notices.retain(|notice| seen.insert(notice.text.clone()));
        notices
    }
}

/// What holds of a plugin beyond what is stored.
fn keep(view: &mut PluginView, old: &PluginView) {
    view.state.loading = old.state.loading;
    view.secrets.clone_from(&old.secrets);
    if view.state.error.is_none() && old.state.loading {
        view.state.error.clone_from(&old.state.error);
    }
    if view.state.data.is_none() {
        view.state.data.clone_from(&old.state.data);
        view.state.last_updated_at = old.state.last_updated_at;
    }
}

/// The user's order, then by id (contract section 7.10).
fn order(views: &mut [PluginView], wanted: &[String]) {
    let place = |view: &PluginView| wanted.iter().position(|id| id == view.id());
    views.sort_by(|a, b| {
        let (one, other) = (place(a).unwrap_or(usize::MAX), place(b).unwrap_or(usize::MAX));
        one.cmp(&other).then_with(|| a.id().cmp(b.id()))
    });
}

fn view(found: &Found, vario: &Vario, store: Option<&Store>, grants: &Grants) -> PluginView {
    let plugin = &found.plugin;
    let mut view = PluginView::new(std::sync::Arc::clone(plugin));
    let id = plugin.id.as_str();
    let record = store.and_then(|store| store.record(id).ok().flatten());
    view.state = state(record.as_ref(), vario.is_enabled(plugin));
    view.icon = icon(found);
    view.rights = rights(found, grants);
    view.folder = found.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    view.values = values(vario, id);
    if let Some(latest) = record.and_then(|record| record.latest) {
        view.needs.clone_from(&latest.needs);
        view.last_run = last_run(&latest);
    }
    if let Some(store) = store {
        details(&mut view, store, vario.clock().now().as_millisecond());
    }
    view
}

/// Host calls and history, which only the store knows.
fn details(view: &mut PluginView, store: &Store, now_ms: i64) {
    let id = view.id().to_owned();
    let mut calls = store.audit(Some(&id), CALLS).unwrap_or_default();
    let last = calls.last().map(|call| call.run);
    calls.retain(|call| Some(call.run) == last);
    if let Some(run) = &mut view.last_run {
        run.host_calls = calls.len() as u64;
    }
    view.calls = calls;
    view.history = history(store, &id, now_ms);
}

fn history(store: &Store, id: &str, now_ms: i64) -> Vec<Series> {
    let samples = store.history(id, now_ms - HISTORY_MS, now_ms).unwrap_or_default();
    let mut series: Vec<Series> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for sample in samples.into_iter().filter(|sample| sample.limit > 0.0) {
        let next = series.len();
        let place = *places.entry(sample.label.clone()).or_insert(next);
        if place == next {
            series.push(Series { label: sample.label, points: Vec::new() });
        }
        if let Some(own) = series.get_mut(place) {
            own.points.push((sample.at_ms, sample.used / sample.limit));
        }
    }
    for own in &mut series {
        let step = own.points.len().div_ceil(POINTS).max(1);
        let last = own.points.last().copied();
        own.points = own.points.iter().copied().step_by(step).collect();
        if own.points.last().copied() != last {
            own.points.extend(last);
        }
    }
    series
}

fn last_run(snapshot: &Snapshot) -> Option<LastRun> {
    let at_ms = snapshot.fetched_at_ms()?;
    Some(LastRun { at_ms, duration_ms: snapshot.duration_ms, host_calls: 0 })
}

/// What was known when the last program ended.
fn state(record: Option<&Record>, enabled: bool) -> PluginState {
    let mut state = PluginState { enabled, ..PluginState::default() };
    let Some(record) = record else { return state };
    if let Some(good) = &record.good {
        state.last_updated_at = good.fetched_at_ms();
        state.data = Some(good.clone());
    }
    if let Some(latest) = &record.latest {
        let at_ms = latest.fetched_at_ms().unwrap_or(record.last_run_ms);
        state.finish(latest.clone(), RunTrigger::Auto, at_ms);
    }
    state.last_manual_refresh_at = record.last_manual_ok_ms;
    state
}

/// A run has ended.
pub(super) fn finish(
    view: &mut PluginView,
    vario: &Vario,
    snapshot: Snapshot,
    trigger: RunTrigger,
    now_ms: i64,
) {
    view.needs.clone_from(&snapshot.needs);
    view.last_run = last_run(&snapshot);
    let at_ms = snapshot.fetched_at_ms().unwrap_or(now_ms);
    view.state.finish(snapshot, trigger, at_ms);
    if let Ok(store) = vario.store() {
        details(view, &store, now_ms);
        // Another process may have started the cool-down.
        let stored = store.last_manual_ok(view.id()).ok().flatten();
        view.state.last_manual_refresh_at = view.state.last_manual_refresh_at.max(stored);
    }
}

fn icon(found: &Found) -> Option<IconPair> {
    let read = |path: &str| {
        let bytes = found.folder.read(path, ICON_BYTES).ok()?;
        Some(IconSource::new(bytes))
    };
    match &found.plugin.icon {
        Icon::File(path) => {
            let source = read(path)?;
            Some(IconPair { light: source.clone(), dark: source })
        }
        Icon::Pair { light, dark } => Some(IconPair { light: read(light)?, dark: read(dark)? }),
        _ => None,
    }
}

fn rights(found: &Found, grants: &Grants) -> RightsView {
    let id = &found.plugin.id;
    let declared = found.plugin.permissions.as_ref().map(vario_manifest::Permissions::to_set);
    let known = grants.get(id);
    let holds = known.filter(|known| !known.is_unbound() && is_granted_code(found, known));
    let profile = || known_profile(id, &content_hash(found).ok()?).map(|known| known.permissions);
    RightsView {
        granted: if found.path.is_none() {
            // What comes with the program has what its manifest says, but for what is denied.
            let has = |right: &&Permission| known.is_none_or(|known| !known.deny.covers(right));
            declared.iter().flat_map(PermissionSet::iter).filter(has).cloned().collect()
        } else {
            holds.map(|known| known.allow.clone()).unwrap_or_default()
        },
        denied: known.map(|known| known.deny.clone()).unwrap_or_default(),
        profile: if declared.is_none() { profile() } else { None },
        requested: declared.unwrap_or_default(),
    }
}

/// The values of a plugin's settings, without its secrets.
fn values(vario: &Vario, id: &str) -> BTreeMap<String, serde_json::Value> {
    let stored = vario.configuration().plugin.get(id);
    let values = stored.map(|section| section.settings.clone()).unwrap_or_default();
    values.into_iter().collect()
}

pub(super) fn settings(vario: &Vario) -> Settings {
    let own = vario.configuration();
    Settings {
        interval: UpdateInterval::clone(&own.updates.auto_update_interval),
        mode: own.display.display_mode,
        reset: own.display.reset_timer_display_mode,
        time: own.display.time_format_mode,
        tray: match own.display.menubar_icon_style {
            vario_store::IconStyle::Provider => TrayStyle::Provider,
            vario_store::IconStyle::Donut => TrayStyle::Donut,
            vario_store::IconStyle::Bars => TrayStyle::Bars,
        },
        metric: own.display.menubar_metric,
        theme: match own.display.theme_mode {
            vario_store::ThemeMode::System => ThemeMode::System,
            vario_store::ThemeMode::Light => ThemeMode::Light,
            vario_store::ThemeMode::Dark => ThemeMode::Dark,
        },
        shortcut: own.app.global_shortcut.clone(),
        start_on_login: own.app.start_on_login,
        log_level: level_name(own.app.log_level).to_owned(),
        isolation: match own.app.isolation {
            Isolation::Process => vario_ui::Isolation::Process,
            Isolation::InProcess => vario_ui::Isolation::InProcess,
        },
        folders: vario.plugin_folders().iter().map(|path| path.display().to_string()).collect(),
        notify: own.notifications.plugins.iter().cloned().collect(),
        threshold: own.notifications.threshold,
    }
}

fn level_name(level: vario_store::LogLevel) -> &'static str {
    match level {
        vario_store::LogLevel::Error => "error",
        vario_store::LogLevel::Warn => "warn",
        vario_store::LogLevel::Info => "info",
        vario_store::LogLevel::Debug => "debug",
        vario_store::LogLevel::Trace => "trace",
    }
}
