//! What the desktop tells, and what it is told: tray, notifications, keys from anywhere.

use vario_desktop::{ShortcutEvent, TrayEvent};
use vario_model::RunTrigger;
use vario_runtime::owner::Client;
use vario_ui::Page;
use vario_value::LogLevel;

use super::desk::DeskEvent;
use super::runs::Runs;
use super::{Update, Working, views};

impl Working {
    pub(super) fn show_in_tray(&mut self) {
        self.desk.show(&self.views, &views::settings(&self.vario));
    }

    /// What was known before this program began is no news.
    pub(super) fn observe_all(&mut self) {
        let ids: Vec<String> = self.views.iter().map(|view| view.id().to_owned()).collect();
        for id in ids {
            self.observe(&id);
        }
    }

    pub(super) fn observe(&mut self, id: &str) {
        let now_ms = self.now_ms();
        let wanted = &self.vario.configuration().notifications;
        let is_told = wanted.plugins.iter().any(|own| own == id);
        if let Some(view) = self.views.iter().find(|view| view.id() == id)
            && view.state.error.is_none()
        {
            self.desk.observe(view, is_told, wanted.threshold, now_ms);
        }
    }

    pub(super) fn page(&mut self, id: Option<String>) {
        if id.is_some() {
            self.desk.page = id;
            self.show_in_tray();
        }
    }

    /// What the desktop tells.
    pub(super) fn desk_event(&mut self, runs: &Runs<'_>, event: DeskEvent) {
        match event {
            DeskEvent::Tray(tray) => {
                self.desk.set_tray(tray);
                self.tray_changed();
            }
            DeskEvent::Dark(dark) => {
                self.desk.dark = Some(dark);
                self.outlet.send(Update::Dark(dark));
                self.show_in_tray();
            }
            DeskEvent::Did(event) => self.tray_event(runs, event),
            DeskEvent::Shortcuts(shortcuts) => {
                self.desk.opener.found(shortcuts);
                self.choose_keys();
                self.tell_all();
            }
            DeskEvent::Shortcut(ShortcutEvent::Pressed) => {
                if self.desk.opener.heard() {
                    self.outlet.send(Update::Notices(self.notices()));
                }
                self.open_window(runs, None);
            }
            DeskEvent::Shortcut(ShortcutEvent::Failed(error)) => {
                let text = self.desk.opener.fail(&error);
                self.keys_failed(text);
            }
            DeskEvent::Shortcut(_) => {}
        }
    }

    /// Listens to the keys of the configuration.
    pub(super) fn choose_keys(&mut self) {
        let keys = self.vario.configuration().app.global_shortcut.clone();
        if let Some(text) = self.desk.opener.choose(keys.as_deref()) {
            self.keys_failed(text);
        }
    }

    pub(super) fn keys_failed(&self, text: String) {
        if !self.outlet.window.is_open() {
            self.desk.notify(&text);
        }
        self.log(LogLevel::Warn, None, text);
        self.outlet.send(Update::Notices(self.notices()));
    }

    pub(super) fn tray_changed(&mut self) {
        self.outlet.window.set_tray(self.desk.has_tray());
        self.show_in_tray();
        self.tell_all();
    }

    pub(super) fn tray_event(&mut self, runs: &Runs<'_>, event: TrayEvent) {
        match event {
            TrayEvent::Activate | TrayEvent::Open => self.open_window(runs, None),
            TrayEvent::OpenPlugin(id) => self.open_window(runs, Some(Page::Plugin(id))),
            TrayEvent::Settings => self.open_window(runs, Some(Page::Settings)),
            TrayEvent::RefreshAll => self.ask(runs, None, RunTrigger::Manual, None),
            TrayEvent::Quit => self.outlet.window.quit(),
            TrayEvent::Lost => {
                self.tray_changed();
                self.open_window(runs, None);
            }
            TrayEvent::Returned => self.tray_changed(),
            _ => {}
        }
    }

    /// Shows the window there is, whosever it is, or opens one.
    pub(super) fn open_window(&self, runs: &Runs<'_>, page: Option<Page>) {
        let window = &self.outlet.window;
        let is_shown = match runs {
            _ if window.is_open() => false,
            Runs::Owner(owner) => owner.show_followers(),
            Runs::Follower { paths, identity } => {
                Client::connect(paths, identity).is_ok_and(|mut client| client.show() == Ok(true))
            }
            Runs::Alone { .. } | Runs::None => false,
        };
        if !is_shown {
            window.show(page);
        }
    }
}
