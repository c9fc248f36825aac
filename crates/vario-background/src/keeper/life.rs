//! What is: how a plugin's process comes, goes on and ends.

use std::sync::Arc;
use std::time::Instant;

use vario_dialects::{LateStart, Ready};
use vario_manifest::Dialect;
use vario_model::BackgroundState as State;
use vario_permissions::Access;
use vario_value::{LogLevel, Value};

use super::Keeper;
use crate::account;
use crate::answer::{Answer, CallError};
use crate::native::listen;
use crate::process::{Launch, launch};
use crate::refused;
use crate::session::Session;
use crate::supervisor::{Order, after};

impl Keeper {
    /// Begins to make a process.
    pub(super) fn start(&mut self, id: &str) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        entry.generation += 1;
        entry.has_process = true;
        entry.is_to_restart = false;
        entry.session = None;
        let (found, generation) = (entry.found.clone(), entry.generation);
        let supervision = entry.supervision;
        self.set(id, State::Loading, None);
        let orders = self.orders.clone();
        let name = id.to_owned();
        let start = supervision.start;
        self.timers.at(after(start), move || {
            orders.give(Order::Late { id: name, generation });
        });
        launch(Launch {
            found,
            generation,
            supervision,
            hub: Arc::clone(&self.hub),
            timers: Arc::clone(&self.timers),
            orders: self.orders.clone(),
        });
    }

    pub(super) fn process(&mut self, id: &str, generation: u64, session: &Arc<Session>) {
        let Some(entry) = self.entry(id, generation) else { return session.kill(None) };
        // It was given up while its process was made.
        if entry.state != State::Loading {
            session.kill(None);
        }
        entry.session = Some(Arc::clone(session));
        if session.supervision.events == Ready::Loaded {
            session.open_events();
        }
        // Wired before it is active; what comes meanwhile waits (reference of Mudstack, section 4).
        for subscription in &session.plugin.subscriptions {
            let access = Access::Bus(subscription.event.clone());
            match refused::check(session, "bus.subscribe", &access) {
                Ok(()) => listen(
                    &self.hub,
                    session,
                    &subscription.event,
                    None,
                    Some(&subscription.handler),
                ),
                Err(error) => session.note(
                    LogLevel::Warn,
                    &format!("it does not hear `{}`: {error}", subscription.event),
                ),
            }
        }
    }

    pub(super) fn loaded(&mut self, id: &str, generation: u64) {
        let Some(entry) = self.entry(id, generation) else { return };
        if entry.state != State::Loading {
            return;
        }
        let Some(session) = entry.session.clone() else { return };
        self.set(id, State::Loaded, None);
        self.set(id, State::Activating, None);
        let orders = self.orders.clone();
        let name = id.to_owned();
        let done = move |answer: Answer| {
            if let Some(outcome) = outcome(answer) {
                orders.give(Order::Started { id: name, generation, outcome });
            }
        };
        session.ask("start", start_value(&session), None, Box::new(done));
    }

    pub(super) fn started(&mut self, id: &str, generation: u64, outcome: Result<(), String>) {
        let Some(entry) = self.entry(id, generation) else { return };
        if !matches!(entry.state, State::Activating | State::Degraded) {
            return;
        }
        let Some(session) = entry.session.clone() else { return };
        match outcome {
            Ok(()) => {
                entry.crashes.retain(|crash| crash.elapsed() < entry.supervision.restart.within);
                self.set(id, State::Active, None);
                session.open_events();
                self.register(&session);
            }
            Err(words) => {
                session.note(LogLevel::Error, &format!("its start failed: {words}"));
                self.give_up(id, &words);
            }
        }
    }

    /// The manifest's registrations, in its order (reference of Mudstack, section 1).
    fn register(&self, session: &Session) {
        for registration in &session.plugin.registrations {
            let access = Access::Bus(registration.event.clone());
            match refused::check(session, "bus.publish", &access) {
                Ok(()) => {
                    let now = self.hub.parts.now_ms();
                    let payload = registration.payload.clone();
                    self.hub.bus.publish(&registration.event, session.id(), payload, now);
                }
                Err(error) => session.note(
                    LogLevel::Warn,
                    &format!("`{}` is not registered: {error}", registration.event),
                ),
            }
        }
    }

    pub(super) fn late(&mut self, id: &str, generation: u64) {
        let Some(entry) = self.entry(id, generation) else { return };
        let limit = entry.supervision.start.as_secs();
        match (entry.state, entry.supervision.late_start) {
            (State::Activating, LateStart::Degrades) => {
                let words = format!("its start takes more than {limit} s");
                if let Some(session) = &entry.session {
                    session.note(LogLevel::Warn, &words);
                }
                self.set(id, State::Degraded, Some(words));
            }
            (State::Loading | State::Loaded | State::Activating, _) => {
                self.give_up(id, &format!("its start took more than {limit} s"));
            }
            _ => {}
        }
    }

    /// The module cannot be evaluated. The same code would fail in the same way again.
    pub(super) fn fatal(&mut self, id: &str, generation: u64, words: &str) {
        if self.entry(id, generation).is_some_and(|entry| entry.state == State::Loading) {
            self.give_up(id, words);
        }
    }

    /// A plugin has failed: its process ends, without a word to it.
    fn give_up(&mut self, id: &str, words: &str) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        entry.is_given_up = true;
        let session = entry.session.clone();
        self.set(id, State::Failed, Some(words.to_owned()));
        if let Some(session) = session {
            session.kill(Some(words));
        }
    }

    /// Begins a plugin's end.
    pub(super) fn end(&mut self, id: &str) {
        let Some(entry) = self.entries.get(id) else { return };
        let (state, session, generation) = (entry.state, entry.session.clone(), entry.generation);
        let limit = entry.supervision.stop;
        match (state, session) {
            (State::Active | State::Degraded, Some(session)) => {
                self.set(id, State::Deactivating, None);
                let orders = self.orders.clone();
                let name = id.to_owned();
                let done = move |answer: Answer| {
                    if let Some(outcome) = outcome(answer) {
                        orders.give(Order::Stopped { id: name, generation, outcome });
                    }
                };
                let value = Value::from([("reason", Value::from("stop"))]);
                session.ask("stop", value, Some(limit), Box::new(done));
            }
            // It was never started: there is nothing to end but its process.
            (State::Loading | State::Loaded | State::Activating, session) => {
                self.set(id, State::Unloading, None);
                if let Some(session) = session {
                    session.kill(None);
                }
            }
            _ => {}
        }
    }

    pub(super) fn stopped(&mut self, id: &str, generation: u64, outcome: Result<(), String>) {
        let Some(entry) = self.entry(id, generation) else { return };
        if entry.state != State::Deactivating {
            return;
        }
        let Some(session) = entry.session.clone() else { return };
        if let Err(words) = outcome {
            session.note(LogLevel::Error, &format!("its end failed: {words}"));
        }
        self.set(id, State::Inactive, None);
        self.set(id, State::Unloading, None);
        session.kill(None);
    }

    pub(super) fn died(&mut self, id: &str, generation: u64, words: String) {
        let Some(entry) = self.entry(id, generation) else { return };
        entry.has_process = false;
        entry.needs = entry.session.take().map(|ended| ended.witness.needs()).unwrap_or_default();
        match entry.state {
            State::Unloading | State::Inactive => self.set(id, State::Unloaded, None),
            // Its end was asked for: how it came is of no interest any more.
            State::Deactivating => {
                self.set(id, State::Unloading, None);
                self.set(id, State::Unloaded, None);
            }
            State::Failed => self.publish_info(id),
            _ => self.crashed(id, words),
        }
    }

    fn crashed(&mut self, id: &str, words: String) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        let policy = entry.supervision.restart;
        let was_active = matches!(entry.state, State::Active | State::Degraded);
        entry.crashes.push(Instant::now());
        entry.crashes.retain(|crash| crash.elapsed() < policy.within);
        let again = policy.waits.get(entry.crashes.len() - 1).copied();
        let again = again.filter(|_| was_active || policy.during_start);
        let Some(wait) = again else {
            let crashes = entry.crashes.len();
            entry.is_given_up = true;
            let words = match crashes {
                1 => words,
                _ => format!("{words} (it has crashed {crashes} times)"),
            };
            self.set(id, State::Failed, Some(words));
            return;
        };
        entry.is_waiting = true;
        entry.restarts += 1;
        let generation = entry.generation;
        let reason = format!("{words}; it starts again in {} s", wait.as_secs());
        self.set(id, State::Failed, Some(reason));
        let orders = self.orders.clone();
        let id = id.to_owned();
        self.timers.at(after(wait), move || orders.give(Order::Again { id, generation }));
    }

    pub(super) fn again(&mut self, id: &str, generation: u64) {
        if let Some(entry) = self.entry(id, generation) {
            entry.is_waiting = false;
        }
    }

    /// Tells a plugin its new settings, which are kept by now.
    pub(super) fn settings(&mut self, id: &str) {
        let session = self.entries.get(id).and_then(|entry| entry.session.clone());
        self.hub.emit("settings.updated", serde_json::json!({ "id": id }));
        let Some(session) = session else { return };
        let values = session.parts.settings.effective(&session.plugin);
        let value = Value::from_json(&serde_json::Value::Object(values));
        let own = Arc::clone(&session);
        let done = move |answer: Answer| {
            if let Err(error) = answer {
                own.note(LogLevel::Error, &format!("it did not take its new settings: {error}"));
            }
        };
        session.ask("settings", value, Some(session.supervision.request), Box::new(done));
    }
}

/// What became of a hook. Nothing if the process has ended meanwhile: that is told, too, and there
/// it is known why.
fn outcome(answer: Answer) -> Option<Result<(), String>> {
    match answer {
        Ok(_whatever) => Some(Ok(())),
        Err(CallError::Unloaded(_)) => None,
        Err(error) => Some(Err(error.to_string())),
    }
}

fn start_value(session: &Session) -> Value {
    let parts = &session.parts;
    let settings = parts.settings.effective(&session.plugin);
    let account = match session.plugin.dialect {
        Dialect::Smartcars | Dialect::Stratos | Dialect::Vario => account::current(session),
        _ => Value::Null,
    };
    let folder = parts.data_dir(session.id());
    Value::from([
        ("account", account),
        ("settings", Value::from_json(&serde_json::Value::Object(settings))),
        ("storagePath", folder.to_string_lossy().as_ref().into()),
        ("reason", "start".into()),
    ])
}
