//! What should be: who is to run, in which order, and who waits for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use vario_manifest::{Plugin, Requirement};
use vario_model::BackgroundState as State;
use vario_runtime::{Found, content_hash};

use super::{Entry, Keeper};
use crate::order::{cycles, needed};
use crate::parts::AccountKind;
use crate::supervisor::Verdict;

/// How many processes are made at once: each takes a core for a moment, and others want it too.
const MAX_LOADING: usize = 16;

/// Why a plugin is not to run.
enum Not {
    /// Nobody wants it to; that is no failure.
    Wanted(Option<String>),
    /// It cannot.
    Able(String),
}

impl Keeper {
    /// Takes in what plugins there are now.
    pub(super) fn set_catalog(&mut self, found: Vec<Found>) {
        let installed = found.iter().map(|found| Arc::clone(&found.plugin)).collect();
        self.hub.set_installed(installed);
        let mut there = BTreeSet::new();
        for found in found {
            if found.plugin.background.is_some() {
                there.insert(found.plugin.id.clone());
                self.take_in(found);
            }
        }
        for (id, entry) in &mut self.entries {
            entry.is_gone = !there.contains(id);
        }
        let ids: Vec<String> = self.entries.keys().cloned().collect();
        for id in ids {
            self.publish_info(&id);
        }
    }

    fn take_in(&mut self, found: Found) {
        let id = found.plugin.id.clone();
        let hash = content_hash(&found).ok();
        let supervision = (self.hub.parts.supervision)(found.plugin.dialect);
        match self.entries.get_mut(&id) {
            Some(entry) => {
                let is_other = entry.hash != hash;
                entry.is_to_restart |= is_other && entry.has_process;
                entry.is_given_up &= !is_other;
                entry.hash = hash;
                entry.found = found;
                entry.supervision = supervision;
            }
            None => {
                self.entries.insert(
                    id,
                    Entry {
                        found,
                        hash,
                        supervision,
                        state: State::Registered,
                        reason: None,
                        active_since: None,
                        restarts: 0,
                        generation: 0,
                        session: None,
                        needs: Vec::new(),
                        has_process: false,
                        crashes: Vec::new(),
                        is_held: false,
                        is_given_up: false,
                        is_waiting: false,
                        is_to_restart: false,
                        is_gone: false,
                        starters: Vec::new(),
                        stoppers: Vec::new(),
                    },
                );
            }
        }
    }

    /// Enabling a plugin again is a wish to try it again.
    pub(super) fn forgive_all(&mut self) {
        let is_enabled = Arc::clone(&self.hub.parts.is_enabled);
        let infos = self.infos.read().clone();
        for (id, entry) in &mut self.entries {
            let was_enabled = infos.get(id).is_some_and(|info| info.enabled);
            if !was_enabled && is_enabled(&entry.found.plugin) {
                entry.is_given_up = false;
                entry.is_held = false;
            }
        }
        let ids: Vec<String> = self.entries.keys().cloned().collect();
        for id in ids {
            self.publish_info(&id);
        }
    }

    pub(super) fn wish_start(&mut self, id: &str, verdict: Verdict) {
        let is_enabled = Arc::clone(&self.hub.parts.is_enabled);
        let Some(entry) = self.entries.get_mut(id).filter(|entry| !entry.is_gone) else {
            let _gone = verdict.send(Err(no_plugin(id)));
            return;
        };
        if !is_enabled(&entry.found.plugin) {
            let words = format!("plugin `{id}` is disabled; `vario enable {id}` enables it");
            let _gone = verdict.send(Err(words));
            return;
        }
        entry.is_held = false;
        entry.is_given_up = false;
        entry.is_waiting = false;
        entry.crashes.clear();
        entry.starters.push(verdict);
    }

    pub(super) fn wish_stop(&mut self, id: &str, verdict: Verdict) {
        match self.entries.get_mut(id) {
            Some(entry) => {
                entry.is_held = true;
                entry.stoppers.push(verdict);
            }
            None => {
                let _gone = verdict.send(Err(no_plugin(id)));
            }
        }
    }

    pub(super) fn wish_restart(&mut self, id: &str, verdict: Verdict) {
        if let Some(entry) = self.entries.get_mut(id) {
            entry.is_to_restart = entry.has_process;
        }
        self.wish_start(id, verdict);
    }

    pub(super) fn account(&mut self) {
        // Whoever is signed in is given at the start: another one means another start.
        for entry in self.entries.values_mut() {
            if entry.supervision.needs_account {
                entry.is_to_restart = entry.has_process;
                entry.is_given_up = false;
            }
        }
    }

    pub(super) fn grants(&mut self) {
        let hub = Arc::clone(&self.hub);
        for entry in self.entries.values_mut() {
            let Some(session) = &entry.session else {
                // It may have failed for what it lacked.
                entry.is_given_up = false;
                entry.is_waiting &= entry.needs.is_empty();
                continue;
            };
            let rights = crate::process::rights(&hub.parts, &entry.found);
            let are_other = *session.rights() != rights;
            // What it was given before (routes, subscriptions) it would keep.
            entry.is_to_restart |= are_other;
            session.set_rights(rights);
        }
    }

    /// Ends what is to end and starts what is to start, as far as the order allows it now.
    pub(super) fn reconcile(&mut self) {
        let cyclic = self.cyclic();
        let mut refused: BTreeMap<String, Not> = BTreeMap::new();
        // A plugin cannot run when one that it needs cannot; that goes up the chain.
        loop {
            let before = refused.len();
            for (id, entry) in &self.entries {
                if !refused.contains_key(id)
                    && let Some(not) = self.refusal(entry, &cyclic, &refused)
                {
                    refused.insert(id.clone(), not);
                }
            }
            if refused.len() == before {
                break;
            }
        }
        for (id, not) in &refused {
            self.end_or_say(id, not);
        }
        let restarting: Vec<String> = self
            .entries
            .iter()
            .filter(|(id, entry)| entry.is_to_restart && !refused.contains_key(*id))
            .map(|(id, _)| id.clone())
            .collect();
        for id in restarting {
            self.end_if_not_needed(&id);
        }
        let startable: Vec<String> = self
            .entries
            .iter()
            .filter(|(id, entry)| !refused.contains_key(*id) && self.may_start(entry))
            .map(|(id, _)| id.clone())
            .take(MAX_LOADING.saturating_sub(self.loading()))
            .collect();
        for id in startable {
            self.start(&id);
        }
        self.forget_gone();
    }

    /// How many processes are being made.
    fn loading(&self) -> usize {
        self.entries.values().filter(|entry| entry.state == State::Loading).count()
    }

    fn cyclic(&self) -> BTreeMap<String, String> {
        let required = |plugin: &Plugin| {
            let needed = needed(plugin).filter(|(_, optional)| !optional);
            needed.map(|(id, _)| id.to_owned()).collect::<Vec<_>>()
        };
        let graph: BTreeMap<String, Vec<String>> = self
            .entries
            .iter()
            .map(|(id, entry)| (id.clone(), required(&entry.found.plugin)))
            .collect();
        let mut members = BTreeMap::new();
        for cycle in cycles(&graph) {
            let words = cycle.iter().chain(cycle.first()).cloned().collect::<Vec<_>>().join(" → ");
            for id in cycle {
                members.entry(id).or_insert_with(|| format!("dependency cycle: {words}"));
            }
        }
        members
    }

    fn refusal(
        &self,
        entry: &Entry,
        cyclic: &BTreeMap<String, String>,
        refused: &BTreeMap<String, Not>,
    ) -> Option<Not> {
        let plugin = &entry.found.plugin;
        if self.is_closing || entry.is_gone || entry.is_held {
            return Some(Not::Wanted(entry.is_held.then(|| "stopped by the user".to_owned())));
        }
        if !(self.hub.parts.is_enabled)(plugin) {
            return Some(Not::Wanted(None));
        }
        if entry.supervision.needs_account
            && self.hub.parts.accounts.current(AccountKind::Smartcars).is_none()
        {
            let words = "nobody is signed in; see `vario account add`";
            return Some(Not::Wanted(Some(words.to_owned())));
        }
        if !self.community_fits(entry) {
            let words = "it is for other communities than the account's";
            return Some(Not::Wanted(Some(words.to_owned())));
        }
        if crate::core::RESERVED.contains(&plugin.id.as_str()) {
            return Some(Not::Able("its id is reserved for the host".to_owned()));
        }
        if let Some(words) = cyclic.get(&plugin.id) {
            return Some(Not::Able(words.clone()));
        }
        self.lacking(plugin, refused).map(Not::Able)
    }

    /// The first thing that a plugin needs and that is not there.
    fn lacking(&self, plugin: &Plugin, refused: &BTreeMap<String, Not>) -> Option<String> {
        for dependency in plugin.dependencies.iter().filter(|dependency| !dependency.optional) {
            match &dependency.requirement {
                Requirement::Plugin { id, version } => {
                    let other = self.entries.get(id).filter(|other| !other.is_gone);
                    let is_there = other.is_some_and(|other| {
                        !refused.contains_key(id)
                            && !other.is_given_up
                            && version.as_deref().is_none_or(|range| {
                                version_fits(&other.found.plugin.version, range)
                            })
                    });
                    if !is_there {
                        return Some(format!("dependency:{id}"));
                    }
                }
                Requirement::Executable { name, .. } | Requirement::Library { name, .. }
                    if !self.hub.parts.requirements.is_there(&dependency.requirement) =>
                {
                    return Some(format!("dependency:{name}"));
                }
                _ => {}
            }
        }
        None
    }

    /// A plugin that is not to run ends, or it is said why it does not run.
    fn end_or_say(&mut self, id: &str, not: &Not) {
        let Some(entry) = self.entries.get(id) else { return };
        if entry.has_process {
            self.end_if_not_needed(id);
            return;
        }
        let given_up = entry.is_given_up;
        if let Some(entry) = self.entries.get_mut(id) {
            entry.is_waiting = false;
        }
        match not {
            Not::Able(words) if !given_up => self.set(id, State::Failed, Some(words.clone())),
            Not::Wanted(words) => {
                let state = self.entries.get(id).map_or(State::Registered, |entry| entry.state);
                // What failed because of others has no failure of its own.
                let state =
                    if state == State::Failed && !given_up { State::Registered } else { state };
                if !given_up {
                    self.set(id, state, words.clone());
                }
            }
            Not::Able(_) => {}
        }
    }

    /// Ends a plugin as soon as none that needs it runs.
    fn end_if_not_needed(&mut self, id: &str) {
        let is_needed = self.entries.values().any(|other| {
            other.has_process
                && other.found.plugin.id != id
                && needed(&other.found.plugin).any(|(needed, optional)| needed == id && !optional)
        });
        if !is_needed {
            self.end(id);
            return;
        }
        // Those that need it go first when it goes for a fresh start, too.
        let dependents: Vec<String> = self
            .entries
            .iter()
            .filter(|(other, entry)| {
                entry.has_process
                    && other.as_str() != id
                    && needed(&entry.found.plugin)
                        .any(|(needed, optional)| needed == id && !optional)
            })
            .map(|(other, _)| other.clone())
            .collect();
        for other in dependents {
            if let Some(entry) = self.entries.get_mut(&other) {
                entry.is_to_restart = true;
            }
            self.end_if_not_needed(&other);
        }
    }

    /// Whether a plugin that is wanted can start now: those it needs are active, and those it could
    /// use are not just starting.
    fn may_start(&self, entry: &Entry) -> bool {
        if entry.has_process || entry.is_given_up || entry.is_waiting {
            return false;
        }
        needed(&entry.found.plugin).all(|(id, optional)| match self.entries.get(id) {
            Some(other) if optional => {
                let is_on_its_way =
                    matches!(other.state, State::Loading | State::Loaded | State::Activating);
                !is_on_its_way && (other.state == State::Active || !self.would_start(other))
            }
            Some(other) => matches!(other.state, State::Active | State::Degraded),
            None => optional,
        })
    }

    /// Whether an optional dependency is about to be started: then it is waited for.
    fn would_start(&self, entry: &Entry) -> bool {
        let is_wanted = !entry.is_gone
            && !entry.is_held
            && !entry.is_given_up
            && (self.hub.parts.is_enabled)(&entry.found.plugin);
        is_wanted
            && matches!(entry.state, State::Registered | State::Unloaded)
            && entry.reason.is_none()
            && needed(&entry.found.plugin).next().is_none()
    }

    fn forget_gone(&mut self) {
        let gone: Vec<String> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.is_gone && !entry.has_process)
            .map(|(id, _)| id.clone())
            .collect();
        for id in gone {
            if let Some(mut entry) = self.entries.remove(&id) {
                answer(&mut entry.starters, &Err(no_plugin(&id)));
                answer(&mut entry.stoppers, &Ok(()));
            }
            self.publish_info(&id);
        }
    }

    /// Answers those whose wish has come true or never will.
    pub(super) fn tell_who_waits(&mut self) {
        for (id, entry) in &mut self.entries {
            if !entry.has_process {
                answer(&mut entry.stoppers, &Ok(()));
            }
            if entry.is_to_restart {
                continue;
            }
            match entry.state {
                State::Active | State::Degraded => answer(&mut entry.starters, &Ok(())),
                State::Failed if !entry.is_waiting && !entry.has_process => {
                    let words = entry.reason.clone().unwrap_or_else(|| "it failed".to_owned());
                    answer(&mut entry.starters, &Err(format!("plugin `{id}`: {words}")));
                }
                State::Registered | State::Unloaded if entry.reason.is_some() => {
                    let words = entry.reason.clone().unwrap_or_default();
                    answer(&mut entry.starters, &Err(format!("plugin `{id}`: {words}")));
                }
                _ => {}
            }
        }
        if self.is_over() {
            answer(&mut self.closers, &Ok(()));
        }
    }
}

fn answer(waiting: &mut Vec<Verdict>, outcome: &Result<(), String>) {
    for verdict in waiting.drain(..) {
        let _gone = verdict.send(outcome.clone());
    }
}

fn no_plugin(id: &str) -> String {
    format!("there is no background plugin `{id}`")
}

/// Whether a version lies in a range; whatever is no version or no range is not held against it.
fn version_fits(version: &str, range: &str) -> bool {
    match (semver::Version::parse(version), semver::VersionReq::parse(range)) {
        (Ok(version), Ok(range)) => range.matches(&version),
        _ => true,
    }
}
