//! `vario probe --watch`: run again whenever a result is due.

use std::collections::HashMap;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, never, select, unbounded};
use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_runtime::owner::{Alone, Claim, Follower, News, Owner, Told, Watch, claim};
use vario_runtime::{Found, RefreshOptions};

use super::output::Output;
use crate::commands::runs::{Once, Runs, ask, channel_of, say_notices};
use crate::exit::Exit;
use crate::terminal;

/// Runs until it is cancelled. The first round runs everything that is not fresh enough; later
/// ones run what is due, whoever ran it last.
///
/// It owns the state directory if nobody does, and follows the owner otherwise, until that ends.
/// Where neither can be, it runs plugins by itself.
pub(super) fn run(
    runs: &Runs<'_>,
    plugins: &[Found],
    options: RefreshOptions,
    output: &Output<'_>,
) -> anyhow::Result<Exit> {
    let vario = runs.vario;
    let (woken, _guard) = channel_of(&options.cancel);
    let reader = options.cancel.clone();
    terminal::when_reader_goes(move || reader.cancel());
    let options = RefreshOptions { trigger: RunTrigger::Auto, ..options };
    let shown = Shown { output, plugins, last: HashMap::new() };
    let mut watching = Watching { runs, plugins, options, woken, shown, said: Once::default() };
    if !vario.shares_runs() {
        while !watching.is_over() {
            watching.alone()?;
        }
        return Ok(Exit::Ok);
    }
    let workers = watching.options.workers;
    let cancel = watching.options.cancel.clone();
    let owning = vario.owner_options(vario.front()?, workers, cancel)?;
    let ids = plugins.iter().map(|found| found.plugin.id.clone()).collect();
    let watch = Watch::These(ids);
    while !watching.is_over() {
        match claim(&owning, &watch) {
            Claim::Owner(owner) => watching.own(&owner, &watch)?,
            Claim::Follower(follower) => watching.follow(*follower)?,
            Claim::Alone(why) => {
                watching.say(why);
                watching.alone()?;
            }
        }
        // What another process has just run is taken from the store, never asked for again.
        watching.options.max_age = Some(vario.interval());
    }
    Ok(Exit::Ok)
}

struct Watching<'a> {
    runs: &'a Runs<'a>,
    plugins: &'a [Found],
    options: RefreshOptions,
    woken: Receiver<()>,
    shown: Shown<'a>,
    said: Once,
}

impl Watching<'_> {
    fn is_over(&self) -> bool {
        self.options.cancel.is_cancelled()
    }

    /// Owns the state directory until this process is to end.
    fn own(&mut self, owner: &Owner, watch: &Watch) -> anyhow::Result<()> {
        if let Some(why) = owner.deaf() {
            let text = format!("other programs cannot ask this one to run plugins: {why}");
            self.said.warn(self.runs.global, text);
        }
        let news = owner.follow();
        let log = &self.runs.context.log;
        let mut first = ask(self.plugins, RunTrigger::Auto, self.options.max_age, log.as_ref());
        // The owner's own log is this one.
        first.log = None;
        let mut told = owner.run(&first);
        owner.watch(watch.clone());
        loop {
            select! {
                recv(told) -> message => match message {
                    Ok(Told::Event(event)) => self.shown.event(event)?,
                    Ok(Told::Done { warnings }) => self.warn(warnings),
                    Ok(_) => {}
                    Err(_) => told = never(),
                },
                recv(news) -> message => match message {
                    Ok(News::Event(event)) => self.shown.event(event)?,
                    Ok(News::Changed(_) | News::Show | News::Log { .. }) => {}
                    Err(_) => return Ok(()),
                },
                recv(self.woken) -> _ => return Ok(()),
            }
        }
    }

    /// Follows the owner until it ends.
    fn follow(&mut self, mut follower: Follower) -> anyhow::Result<()> {
        let (sender, news) = unbounded();
        // It ends with the connection, or with this process.
        std::thread::Builder::new().name("follower".to_owned()).spawn(move || {
            while let Some(News::Event(event)) = next_event(&mut follower) {
                if sender.send(event).is_err() {
                    return;
                }
            }
        })?;
        let max_age = Some(self.options.max_age.unwrap_or_else(|| self.runs.vario.interval()));
        let options = RefreshOptions { max_age, ..self.options.clone() };
        let mut shown = Ok(());
        let warnings = self.runs.run(self.plugins, &options, &mut |event| {
            if shown.is_ok() {
                shown = self.shown.event(event);
            }
        })?;
        shown?;
        self.warn(warnings);
        loop {
            select! {
                recv(news) -> event => match event {
                    Ok(event) => self.shown.event(event)?,
                    Err(_) => return Ok(()),
                },
                recv(self.woken) -> _ => return Ok(()),
            }
        }
    }

    /// One round by itself, and the time until the next is due.
    fn alone(&mut self) -> anyhow::Result<()> {
        let vario = self.runs.vario;
        let refresher = vario.refresher()?;
        let due = match self.options.max_age {
            None => self.plugins.to_vec(),
            Some(_) if self.shown.last.is_empty() => self.plugins.to_vec(),
            Some(_) => refresher.next_due(self.plugins, vario.interval()).plugins,
        };
        let mut shown = Ok(());
        refresher.run(self.runs.context, &due, &self.options, &mut |event| {
            if shown.is_ok() {
                shown = self.shown.event(event);
            }
        });
        shown?;
        self.options.max_age = Some(vario.interval());
        while !self.is_over() {
            let left = refresher.next_due(self.plugins, vario.interval()).left_ms;
            let pause = Duration::from_millis(u64::try_from(left).unwrap_or(0));
            if pause.is_zero() || self.woken.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
                break;
            }
        }
        Ok(())
    }

    /// Why this process is neither owner nor follower.
    fn say(&mut self, why: Alone) {
        let text = match why {
            Alone::NoLock(text) => format!("running plugins without an owner: {text}"),
            Alone::Refused(text) => terminal::in_line(&text),
            Alone::Silent => "the running vario does not answer; going on without it".to_owned(),
            Alone::OtherScope | Alone::Cancelled => return,
        };
        self.said.warn(self.runs.global, text);
    }

    fn warn(&mut self, warnings: Vec<String>) {
        for warning in warnings {
            self.said.warn(self.runs.global, terminal::in_line(&warning));
        }
    }
}

/// The next event, whatever else is told.
fn next_event(follower: &mut Follower) -> Option<News> {
    loop {
        match follower.next_news()? {
            News::Changed(_) | News::Show | News::Log { .. } => {}
            event @ News::Event(_) => return Some(event),
        }
    }
}

/// What was printed last; the same result may come on two ways.
struct Shown<'a> {
    output: &'a Output<'a>,
    plugins: &'a [Found],
    last: HashMap<String, Snapshot>,
}

impl Shown<'_> {
    fn event(&mut self, event: RunEvent) -> anyhow::Result<()> {
        let RunEvent::Finished { snapshot } = event else { return Ok(()) };
        let id = &snapshot.provider_id;
        let is_watched = self.plugins.iter().any(|found| found.plugin.id == *id);
        if !is_watched || self.last.get(id) == Some(&*snapshot) {
            return Ok(());
        }
        say_notices(&snapshot);
        let id = id.clone();
        self.last.insert(id.clone(), *snapshot);
        self.output.one(&self.last[&id], self.last.values())
    }
}
