//! What becomes of runs, whoever asked for them.

use vario_model::{RunEvent, RunTrigger};
use vario_runtime::owner::{NotRun, Told};
use vario_value::LogLevel;

use super::{Update, Working, views};

impl Working {
    pub(super) fn told(&mut self, told: Told, with_events: bool) {
        match told {
            Told::Event(event) if with_events => self.event(event),
            // A stored result that is fresh enough is known to nobody else.
            Told::Event(_) | Told::Log(_) => {}
            Told::NotRun { id, why } => self.not_run(&id, &why),
            Told::Done { warnings } => {
                for warning in warnings {
                    self.note(LogLevel::Warn, warning);
                }
            }
        }
    }

    pub(super) fn not_run(&mut self, id: &str, why: &NotRun) {
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
