//! What becomes of runs, whoever asked for them.

use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_runtime::owner::{NotRun, Told};
use vario_ui::PluginView;
use vario_value::LogLevel;

use super::{Update, Working, views};

impl Working {
    pub(super) fn told(&mut self, told: Told, with_events: bool) {
        match told {
            Told::Event(event) if with_events => self.event(event),
            Told::Event(RunEvent::Started { provider_id, .. }) => {
                self.asked.insert(provider_id);
            }
            // A stored result that is fresh enough is told to nobody else.
            Told::Event(RunEvent::Finished { snapshot }) => {
                let was_stored = !self.asked.remove(&snapshot.provider_id);
                if was_stored && !self.shows(&snapshot) {
                    self.event(RunEvent::Finished { snapshot });
                }
            }
            Told::Event(RunEvent::Completed) | Told::Log(_) => {}
            Told::NotRun { id, why } => self.not_run(&id, &why),
            Told::Done { warnings } => {
                for warning in warnings {
                    self.note(LogLevel::Warn, warning);
                }
            }
        }
    }

    /// Whether the window shows this already, or something newer is on its way.
    fn shows(&self, snapshot: &Snapshot) -> bool {
        let view = self.views.iter().find(|view| *view.id() == *snapshot.provider_id);
        let at_ms = |view: &PluginView| view.last_run.map(|run| run.at_ms);
        view.is_none_or(|view| view.state.loading || at_ms(view) >= snapshot.fetched_at_ms())
    }

    pub(super) fn not_run(&mut self, id: &str, why: &NotRun) {
        self.asked.remove(id);
        if let Some(view) = self.views.iter_mut().find(|view| view.id() == id) {
            view.state.loading = false;
            if let NotRun::Failed { .. } = why {
                view.state.fail_to_start();
            }
            self.outlet.send(Update::Plugin(Box::new(view.clone())));
        }
        if let NotRun::Failed { text } = why {
            self.log(LogLevel::Error, Some(id), text.clone());
        }
    }

    /// A plugin starts or has finished.
    pub(super) fn event(&mut self, event: RunEvent) {
        match event {
            RunEvent::Started { provider_id, trigger } => {
                self.triggers.insert(provider_id.clone(), trigger);
                if let Some(view) = self.views.iter_mut().find(|view| *view.id() == *provider_id) {
                    view.state.start();
                    self.outlet.send(Update::Plugin(Box::new(view.clone())));
                }
                self.show_in_tray();
            }
            RunEvent::Finished { snapshot } => {
                // What the plugin said comes before what became of it.
                while let Ok(entry) = self.logged.try_recv() {
                    self.outlet.send(Update::Log(entry));
                }
                let id = snapshot.provider_id.clone();
                let trigger = self.triggers.remove(&id).unwrap_or(RunTrigger::Auto);
                for notice in &snapshot.notices {
                    self.log(LogLevel::Warn, Some(&id), notice.clone());
                }
                if let Some(text) = snapshot.output.ui_error() {
                    self.log(LogLevel::Error, Some(&id), text.to_owned());
                }
                let now_ms = self.now_ms();
                if let Some(view) = self.views.iter_mut().find(|view| *view.id() == *id) {
                    views::finish(view, &self.vario, *snapshot, trigger, now_ms);
                    self.outlet.send(Update::Plugin(Box::new(view.clone())));
                }
                self.observe(&id);
                self.show_in_tray();
                self.outlet.send(Update::Next(self.next_update_at()));
            }
            RunEvent::Completed => {}
        }
    }

    /// Nobody tells any more how what runs there ends.
    pub(super) fn stop_loading(&mut self) {
        for view in self.views.iter_mut().filter(|view| view.state.loading) {
            view.state.loading = false;
            self.outlet.send(Update::Plugin(Box::new(view.clone())));
        }
    }
}
