//! Keeps what is shown up to date for as long as it is shown, and not a moment longer.

use std::time::{Duration, SystemTime};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use serde_json::json;
use vario_bootstrap::Vario;
use vario_host::Cancel;
use vario_ui::{BackgroundView, LogEntry, PluginLog, Watched};

use super::parts::{Part, aside};
use super::{Working, background};

/// How often plugins are looked at, besides when they change.
const EVERY: Duration = Duration::from_secs(2);

/// How often the one whose log is followed is.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);

/// How soon it is asked again when nobody answered: at the start, whoever hosts may not do so yet.
const AGAIN: Duration = Duration::from_millis(500);

/// So often nobody has answered when that is said.
const PATIENCE: u32 = 3;

/// Lines of a plugin's log that are shown.
const LINES: usize = 500;

/// Somebody looks. It ends when this is dropped.
pub(super) struct Watch {
    pub(super) what: Watched,
    cancel: Cancel,
    poke: Sender<()>,
}

impl Watch {
    /// Something was changed: look now.
    pub(super) fn poke(&self) {
        let _it_looks_already = self.poke.try_send(());
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.poke();
    }
}

impl Working {
    /// Somebody looks at something else now.
    pub(super) fn watch(&mut self, what: Watched) {
        if self.watch.as_ref().is_some_and(|watch| watch.what == what) {
            return;
        }
        self.watch = None;
        match &what {
            Watched::Nothing => {}
            Watched::Accounts => self.read_accounts(),
            Watched::Background | Watched::BackgroundOf { .. } => self.look(what),
        }
    }

    fn look(&mut self, what: Watched) {
        let (poke, poked) = bounded(1);
        let cancel = Cancel::new();
        let watch = Watch { what: what.clone(), cancel: cancel.clone(), poke: poke.clone() };
        let looking = Looking {
            vario: self.vario.reopened(),
            part: self.background.clone(),
            what,
            poked,
            cancel: cancel.clone(),
            log: None,
        };
        let vario = self.vario.reopened();
        let hear = move || hear(&vario, &cancel, &poke);
        let started = aside("looking", || looking.run()).and_then(|()| aside("hearing", hear));
        match started {
            Ok(()) => self.watch = Some(watch),
            Err(text) => self.background.change(|view| view.problem = Some(text)),
        }
    }

    /// What is shown may have changed.
    pub(super) fn poke(&self) {
        if let Some(watch) = &self.watch {
            watch.poke();
        }
    }
}

/// Hears of plugins that start or end. Without, they are looked at every now and then all the same.
fn hear(vario: &Vario, cancel: &Cancel, poke: &Sender<()>) {
    let command = json!({ "do": "tail", "pattern": "plugin:state" });
    let _nobody_tells_any_more = vario.hear_host(&command, cancel, &mut |_event| {
        let _it_looks_already = poke.try_send(());
        !cancel.is_cancelled()
    });
}

/// The thread that looks.
struct Looking {
    vario: Vario,
    part: Part<BackgroundView>,
    what: Watched,
    poked: Receiver<()>,
    cancel: Cancel,
    /// The log's file as it was read last.
    log: Option<Stamp>,
}

/// How long a file is and when it was written.
type Stamp = (u64, Option<SystemTime>);

impl Looking {
    fn run(mut self) {
        let every = match self.what {
            Watched::BackgroundOf { .. } => FOLLOW_EVERY,
            _ => EVERY,
        };
        let mut silent = 0;
        while !self.cancel.is_cancelled() {
            // A log is there even if nobody hosts.
            self.read_log();
            silent = self.ask(silent);
            let wait = if (1..PATIENCE).contains(&silent) { AGAIN } else { every };
            if self.poked.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }

    /// Gives how often nobody has answered.
    fn ask(&self, silent: u32) -> u32 {
        match background::ask(&self.vario) {
            Ok(said) => {
                self.part.change(|view| background::put(view, said));
                0
            }
            Err(why) => {
                let silent = silent.saturating_add(1);
                if silent >= PATIENCE {
                    self.part.change(|view| {
                        view.asked = true;
                        view.problem = Some(why);
                        // Whatever ran there does no longer.
                        view.plugins.clear();
                        view.menu.clear();
                    });
                }
                silent
            }
        }
    }

    fn read_log(&mut self) {
        let Watched::BackgroundOf { id, follow } = &self.what else { return };
        if self.log.is_some() && !follow {
            return;
        }
        let logs = self.vario.plugin_logs();
        let stamp = std::fs::metadata(logs.path(id))
            .map_or((0, None), |file| (file.len(), file.modified().ok()));
        if self.log.replace(stamp) == Some(stamp) {
            return;
        }
        let read = logs.tail(id, LINES);
        let entry = |line: vario_store::LogLine| LogEntry {
            at_ms: line.at_ms,
            level: line.level,
            plugin: Some(id.clone()),
            text: line.message,
        };
        let log = match read {
            Ok(lines) => {
                let lines = lines.into_iter().map(entry).collect();
                PluginLog { id: id.clone(), lines, problem: None }
            }
            Err(error) => {
                PluginLog { id: id.clone(), lines: Vec::new(), problem: Some(error.to_string()) }
            }
        };
        self.part.change(|view| view.log = log);
    }
}
