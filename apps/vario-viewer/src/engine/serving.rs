//! Owning the state directory, following its owner, or being alone; and doing what is ordered meanwhile.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, after, never, select, unbounded};
use vario_model::{RunEvent, RunTrigger};
use vario_runtime::owner::{
    Alone, Ask, Changed, Claim, Follower, News, OwnerOptions, Watch, claim,
};
use vario_value::LogLevel;

use super::runs::Runs;
use super::{Order, Update, Working, log};

impl Working {
    /// Owns, follows or is alone, until that ends.
    pub(super) fn once(&mut self, owning: &OwnerOptions) {
        if !self.vario.shares_runs() {
            return self.alone(owning);
        }
        match claim(owning, &Watch::Enabled) {
            Claim::Owner(owner) => {
                if let Some(why) = owner.deaf() {
                    let text = format!("Other programs cannot ask this one for results: {why}");
                    self.note(LogLevel::Warn, text);
                }
                let news = owner.follow();
                self.serve(&Runs::Owner(&owner), &news);
            }
            Claim::Follower(follower) => self.follow(*follower),
            Claim::Alone(why) => {
                self.say(why);
                self.alone(owning);
            }
        }
    }

    pub(super) fn follow(&mut self, mut follower: Follower) {
        for id in follower.running().to_vec() {
            self.event(RunEvent::Started { provider_id: id, trigger: RunTrigger::Auto });
        }
        let (sender, news) = unbounded();
        let thread = std::thread::Builder::new().name("follower".to_owned()).spawn(move || {
            while let Some(heard) = follower.next_news() {
                if sender.send(heard).is_err() {
                    return;
                }
            }
        });
        if thread.is_err() {
            return;
        }
        let paths = self.vario.paths().clone();
        let identity = self.vario.identity();
        self.serve(&Runs::Follower { paths, identity }, &news);
        self.stop_loading();
    }

    /// Runs plugins by itself, with nobody to share that with.
    pub(super) fn alone(&mut self, owning: &OwnerOptions) {
        match self.vario.refresher() {
            Ok(refresher) => {
                let runs = Runs::Alone {
                    refresher: Arc::new(refresher),
                    front: Arc::clone(&owning.front),
                };
                self.serve(&runs, &never());
            }
            Err(error) => self.stay_without_runs(&error.to_string()),
        }
    }

    /// Everything but runs.
    pub(super) fn stay_without_runs(&mut self, why: &str) {
        self.note(LogLevel::Error, format!("Plugins cannot be run: {why}"));
        self.serve(&Runs::None, &never());
    }

    /// Does what is ordered and tells of what happens, until whoever tells the news is gone.
    pub(super) fn serve(&mut self, runs: &Runs<'_>, news: &Receiver<News>) {
        let heard_by_news = !matches!(runs, Runs::Alone { .. } | Runs::None);
        self.asked.clear();
        let max_age = self.vario.interval();
        self.ask(runs, None, RunTrigger::Start, Some(max_age));
        if let Runs::Owner(owner) = runs {
            owner.watch(Watch::Enabled);
        }
        let orders = self.orders.clone();
        let (told, logged, changed) =
            (self.told.1.clone(), self.logged.clone(), self.folders.changed());
        let (secrets, chosen) = (self.secrets.1.clone(), self.chosen.1.clone());
        let to_install = self.to_install.1.clone();
        let (is_over, desk) = (self.is_over.clone(), self.desk.events.clone());
        loop {
            let due = match runs {
                Runs::Alone { .. } => after(self.until_next()),
                _ => never(),
            };
            select! {
                recv(news) -> heard => match heard {
                    Ok(News::Event(event)) => self.event(event),
                    Ok(News::Changed(_)) => if self.reload() { return },
                    Ok(News::Log { at_ms, entry }) => {
                        self.outlet.send(Update::Log(log::entry(entry, at_ms)));
                    }
                    Ok(News::Show) => _ = self.outlet.window.show(None),
                    Err(_) => return,
                },
                recv(told) -> message => if let Ok(message) = message {
                    self.told(message, !heard_by_news);
                },
                recv(logged) -> entry => if let Ok(entry) = entry {
                    self.outlet.send(Update::Log(entry));
                },
                recv(secrets) -> found => if let Ok(found) = found { self.show_secrets(&found) },
                recv(orders) -> order => match order {
                    Ok(Order::Do(command)) => if self.act(runs, command) { return },
                    Ok(Order::Page(id)) => self.page(id),
                    Ok(Order::Watch(what)) => self.watch(what),
                    Ok(Order::Tell) => {
                        self.tell_all();
                        self.tell_parts();
                    }
                    Err(_) => { self.cancel.cancel(); return }
                },
                recv(desk) -> event => if let Ok(event) = event { self.desk_event(runs, event) },
                recv(changed) -> _ => {
                    self.folders.settle();
                    // What changes from here on is told once more.
                    self.folders.watch(&self.vario);
                    let moves = self.reload();
                    self.tell(runs, Changed::Plugins);
                    if moves { return }
                },
                recv(chosen) -> folder => if let Ok(folder) = folder
                    && self.act_on(|engine| engine.folder_chosen(runs, &folder)) { return },
                recv(to_install) -> chosen => if let Ok(chosen) = chosen
                    && self.chosen_to_install(runs, chosen) { return },
                recv(due) -> _ => self.ask_what_is_due(runs),
                recv(is_over) -> _ => return,
            }
        }
    }

    /// Where nobody else schedules.
    fn ask_what_is_due(&self, runs: &Runs<'_>) {
        let now_ms = self.now_ms();
        let due = self.due().filter(|(_, at_ms)| *at_ms <= now_ms);
        let ids = due.map(|(id, _)| id.to_owned()).collect();
        self.ask(runs, Some(ids), RunTrigger::Auto, Some(self.vario.interval()));
    }

    /// Asks for runs; all enabled plugins where no ids are given.
    pub(super) fn ask(
        &self,
        runs: &Runs<'_>,
        ids: Option<Vec<String>>,
        trigger: RunTrigger,
        max_age: Option<Duration>,
    ) {
        // What only stays has nothing to run.
        let runs_at_all =
            |id: &String| self.catalog.get(id).is_none_or(|found| found.plugin.probe.is_some());
        let ids = ids.map(|ids| ids.into_iter().filter(runs_at_all).collect::<Vec<_>>());
        if ids.as_ref().is_some_and(Vec::is_empty) {
            return;
        }
        let ask = Ask {
            ids,
            trigger,
            max_age_ms: max_age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
            heed_cooldown: trigger == RunTrigger::Manual,
            // Lines come through this process's log, or with the owner's news.
            log: None,
        };
        runs.ask(ask, &self.told.0, &self.cancel);
    }

    /// Why this process is neither owner nor follower.
    pub(super) fn say(&mut self, why: Alone) {
        let text = match why {
            Alone::NoLock(text) => format!("Results cannot be shared with other programs: {text}"),
            Alone::Refused(text) => text,
            Alone::Silent => "Another Vario owns the results and does not answer.".to_owned(),
            Alone::OtherScope => {
                "Another Vario runs other plugins, or with other variables; this window goes on by \
                 itself."
                    .to_owned()
            }
            Alone::Cancelled => return,
        };
        self.note(LogLevel::Warn, text);
    }

    pub(super) fn until_next(&self) -> Duration {
        let left_ms = self.next_update_at().unwrap_or(i64::MAX).saturating_sub(self.now_ms());
        // A plugin whose runs are not kept would be due at once, for ever.
        Duration::from_millis(u64::try_from(left_ms).unwrap_or(0).clamp(1000, 3_600_000))
    }
}
