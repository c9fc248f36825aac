//! Runs that the owner of the state directory makes for this process, where there is one.

use std::time::{Duration, Instant};

use vario_bootstrap::Vario;
use vario_host::{Cancel, LogSink};
use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_runtime::owner::{Ask, Client, NoOwner, Told};
use vario_runtime::{Found, RefreshOptions, RunContext};
use vario_value::LogLevel;

use crate::cli::Global;
use crate::terminal;

/// Everything that runs are made with.
pub(super) struct Runs<'a> {
    pub(super) global: &'a Global,
    pub(super) vario: &'a Vario,
    pub(super) context: &'a RunContext,
}

impl Runs<'_> {
    /// Lets the owner run these plugins and runs by itself what it does not: all of them when there
    /// is none. Gives warnings, each once.
    pub(super) fn run(
        &self,
        plugins: &[Found],
        options: &RefreshOptions,
        on_event: &mut dyn FnMut(RunEvent),
    ) -> anyhow::Result<Vec<String>> {
        let refresher = self.vario.refresher()?;
        let mut options = options.clone();
        let mut plugins = plugins.to_vec();
        let mut warnings = Vec::new();
        if self.vario.shares_runs() {
            self.answer_from_store(&mut plugins, &options, on_event)?;
            let asked_at = Instant::now();
            if !plugins.is_empty()
                && let Some(mut told) = self.ask(&mut plugins, &options, on_event)
            {
                warnings.append(&mut told);
                // What the owner has stored since is what was asked for, even if it died on the way.
                let since = asked_at.elapsed();
                options.max_age = Some(options.max_age.map_or(since, |age| age.max(since)));
            }
        }
        if !plugins.is_empty() {
            let more = refresher.run(self.context, &plugins, &options, on_event);
            warnings.extend(more);
        }
        Ok(warnings)
    }

    /// What is fresh enough needs nobody to be asked.
    fn answer_from_store(
        &self,
        plugins: &mut Vec<Found>,
        options: &RefreshOptions,
        on_event: &mut dyn FnMut(RunEvent),
    ) -> anyhow::Result<()> {
        let Some(max_age) = options.max_age else { return Ok(()) };
        let (store, now_ms) = (self.vario.store()?, self.vario.clock().now().as_millisecond());
        let max_age_ms = i64::try_from(max_age.as_millis()).unwrap_or(i64::MAX);
        plugins.retain(|found| {
            match store.fresh(&found.plugin.id, max_age_ms, now_ms).ok().flatten() {
                Some(snapshot) => {
                    on_event(RunEvent::Finished { snapshot: Box::new(snapshot) });
                    false
                }
                None => true,
            }
        });
        Ok(())
    }

    /// Runs plugins, with progress on standard error, and says what the user must know.
    pub(super) fn all(
        &self,
        plugins: &[Found],
        options: &RefreshOptions,
    ) -> anyhow::Result<Vec<Snapshot>> {
        let global = self.global;
        let mut snapshots = Vec::new();
        if plugins.is_empty() {
            return Ok(snapshots);
        }
        let mut progress = terminal::Progress::new(global, plugins.len());
        let warnings = self.run(plugins, options, &mut |event| {
            progress.event(&event);
            if let RunEvent::Finished { snapshot } = event {
                snapshots.push(*snapshot);
            }
        })?;
        progress.clear();
        for warning in warnings {
            terminal::warn(global, &warning);
        }
        for snapshot in &snapshots {
            say_notices(snapshot);
        }
        Ok(snapshots)
    }

    /// Asks the owner, and leaves in `plugins` what it has not run. Gives nothing if there is none.
    fn ask(
        &self,
        plugins: &mut Vec<Found>,
        options: &RefreshOptions,
        on_event: &mut dyn FnMut(RunEvent),
    ) -> Option<Vec<String>> {
        let mut client = match Client::connect(self.vario.paths(), &self.vario.identity()) {
            Ok(client) if client.has_same_scope() => client,
            Ok(_) | Err(NoOwner::None) => return None,
            Err(error) => {
                say_no_owner(self.global, &error);
                return None;
            }
        };
        let log = &self.context.log;
        let ask = ask(plugins, options.trigger, options.max_age, log.as_ref());
        let asked = client.run(&ask, &options.cancel, &mut |told| match told {
            Told::Event(event) => on_event(event),
            Told::Log(entry) if log.wants(entry.level) => log.write(entry),
            _ => {}
        });
        plugins.retain(|found| !asked.finished.contains(&found.plugin.id));
        if !asked.is_whole && !options.cancel.is_cancelled() && !plugins.is_empty() {
            say_no_owner(self.global, &NoOwner::Silent);
        }
        Some(asked.warnings)
    }
}

/// What must not be overlooked, a rescued credential for one; said even to those who want quiet.
pub(super) fn say_notices(snapshot: &Snapshot) {
    for notice in &snapshot.notices {
        let notice = format!("{}: {notice}", snapshot.provider_id);
        terminal::say(&format!("warning: {}", terminal::in_line(&notice)));
    }
}

/// A run that lacked a right failed for want of it, unless it met a limit.
pub(super) fn failed_for_want_of_rights(snapshot: &Snapshot) -> bool {
    let met_a_limit = snapshot.cause.as_ref().is_some_and(|cause| cause.stopped.is_some());
    !snapshot.needs.is_empty() && !met_a_limit
}

/// A request for these plugins.
pub(super) fn ask(
    plugins: &[Found],
    trigger: RunTrigger,
    max_age: Option<Duration>,
    log: &dyn LogSink,
) -> Ask {
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    Ask {
        ids: Some(plugins.iter().map(|found| found.plugin.id.clone()).collect()),
        trigger,
        max_age_ms: max_age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
        // Whoever types a command wants it done.
        heed_cooldown: false,
        log: levels.into_iter().find(|level| log.wants(*level)),
    }
}

/// Why this process does by itself what the owner should have done.
fn say_no_owner(global: &Global, error: &NoOwner) {
    match error {
        NoOwner::None => {}
        NoOwner::Refused(text) => terminal::warn(global, &terminal::in_line(text)),
        NoOwner::Silent => {
            terminal::warn(global, "the running vario does not answer; going on without it");
        }
    }
}

/// Whether two texts of the same kind were said already; each is said once.
#[derive(Default)]
pub(super) struct Once(Vec<String>);

impl Once {
    pub(super) fn warn(&mut self, global: &Global, text: String) {
        if !self.0.contains(&text) {
            terminal::warn(global, &text);
            self.0.push(text);
        }
    }
}

/// Fires with `cancel`.
pub(super) fn channel_of(
    cancel: &Cancel,
) -> (crossbeam_channel::Receiver<()>, vario_host::CancelGuard) {
    let (wake, woken) = crossbeam_channel::bounded::<()>(1);
    let guard = cancel.on_cancel(move || {
        let _already_awake = wake.try_send(());
    });
    (woken, guard)
}
