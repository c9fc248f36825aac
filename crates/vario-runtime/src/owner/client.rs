//! Those who are not the owner: they ask it, or follow it.

use std::collections::BTreeSet;
use std::io;
use std::net::Shutdown;
use std::time::Duration;

use serde_json::Value as Json;
use vario_host::{Cancel, CancelGuard, LogEntry, LogOrigin};
use vario_model::RunEvent;
use vario_store::{Paths, StateLock};

use super::frame::{Lines, line, write_all};
use super::hub::News;
use super::peer::FOLLOWERS_SILENCE;
use super::protocol::{
    Ask, Changed, Hello, Identity, Interest, NotRun, PROTOCOL, Reply, Request, Status, Told,
    mismatch,
};
use super::transport::{self, Address, Stream};

/// How long an answer that needs no run may take. An owner that is slower is as good as none.
const ANSWER_TIME: Duration = Duration::from_secs(3);

/// How long an owner that runs something may be silent; it says every second that it lives.
const SILENCE: Duration = Duration::from_secs(8);

/// A line holds a snapshot at most, whose size is limited.
const MAX_REPLY: usize = 32 * 1024 * 1024;

/// Why there is no owner to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoOwner {
    /// There is none.
    None,
    /// There is one that does not want, and why; for people.
    Refused(String),
    /// There is one that does not answer, or is gone now.
    Silent,
}

/// What became of a request to run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What has a result.
    pub finished: BTreeSet<String>,
    /// What has none, and why.
    pub not_run: Vec<(String, NotRun)>,
    /// About the store, each once.
    pub warnings: Vec<String>,
    /// Whether the owner said that this was all. Otherwise it was lost on the way, and whoever
    /// asked does the rest by himself.
    pub is_whole: bool,
}

/// A connection to the owner.
pub struct Client {
    lines: Lines,
    stream: Stream,
    version: String,
    same_scope: bool,
    requests: u64,
}

impl Client {
    /// Connects to the owner of this state directory.
    ///
    /// # Errors
    /// Why there is none to be asked.
    pub fn connect(paths: &Paths, identity: &Identity) -> Result<Self, NoOwner> {
        let address = StateLock::address(paths).ok_or(NoOwner::None)?;
        let address: Address =
            serde_json::from_str(&address).map_err(|_no_address| NoOwner::None)?;
        let stream = transport::connect(&address).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => NoOwner::None,
            _ => NoOwner::Silent,
        })?;
        let twin = stream.try_clone().map_err(|_gone| NoOwner::Silent)?;
        let lines = Lines::new(twin, MAX_REPLY);
        let version = String::new();
        let mut client = Self { lines, stream, version, same_scope: false, requests: 0 };
        let hello = Hello {
            protocol: PROTOCOL,
            version: identity.version.clone(),
            scope: identity.scope.clone(),
            secret: address.secret().map(ToOwned::to_owned),
        };
        // An owner that refuses need not listen; what it said can be read all the same.
        let _not_heard = client.send(&hello);
        match client.receive(ANSWER_TIME)? {
            Reply::Hello { protocol, version, same_scope } => {
                if protocol != PROTOCOL {
                    let text = mismatch((&version, protocol), (&identity.version, PROTOCOL));
                    return Err(NoOwner::Refused(text));
                }
                (client.version, client.same_scope) = (version, same_scope);
                Ok(client)
            }
            _ => Err(NoOwner::Silent),
        }
    }

    /// The version of the program that owns.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether runs turn out there as they would here. Where not, the owner is not asked for any.
    pub fn has_same_scope(&self) -> bool {
        self.same_scope
    }

    /// Asks for runs, and tells of them and of their log lines as they come. When `cancel` fires this returns at once,
    /// while what runs goes on. There is no error: see [`Asked::is_whole`].
    pub fn run(&mut self, ask: &Ask, cancel: &Cancel, on_told: &mut dyn FnMut(Told)) -> Asked {
        let _guard = self.hang_up_on(cancel);
        let mut asked = Asked::default();
        let _lost = self.try_run(ask, &mut asked, on_told);
        asked
    }

    fn try_run(
        &mut self,
        ask: &Ask,
        asked: &mut Asked,
        on_told: &mut dyn FnMut(Told),
    ) -> Result<(), NoOwner> {
        self.requests += 1;
        let own = self.requests;
        self.send(&Request::Run { number: own, ask: ask.clone() })?;
        let mut time = ANSWER_TIME;
        loop {
            match self.receive(time)? {
                Reply::Accepted { number } if number == own => time = SILENCE,
                Reply::Event { number, event } if number == own => {
                    if let RunEvent::Finished { snapshot } = &event {
                        asked.finished.insert(snapshot.provider_id.clone());
                    }
                    on_told(Told::Event(event));
                }
                Reply::Log { number, id, level: Some(level), from_host, message } => {
                    let origin = if from_host { LogOrigin::Host } else { LogOrigin::Plugin };
                    let entry = LogEntry { plugin_id: id, level, origin, message };
                    if number == own {
                        on_told(Told::Log(entry));
                    }
                }
                Reply::NotRun { number, id, why } if number == own => asked.not_run.push((id, why)),
                Reply::Done { number, warnings } if number == own => {
                    asked.warnings = warnings;
                    asked.is_whole = true;
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    /// How the owner is.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn status(&mut self) -> Result<Status, NoOwner> {
        match self.ask(&Request::Status)? {
            Reply::Status(status) => Ok(status),
            _ => Err(NoOwner::Silent),
        }
    }

    /// Brings a window to the front: the owner's, a follower's, or a new one that the owner opens.
    /// Gives whether there is one now.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn show(&mut self) -> Result<bool, NoOwner> {
        match self.ask(&Request::Show)? {
            Reply::Shown { shown } => Ok(shown),
            _ => Err(NoOwner::Silent),
        }
    }

    /// Tells the owner that something has changed.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn changed(&mut self, what: Changed) -> Result<(), NoOwner> {
        match self.ask(&Request::Changed { what })? {
            Reply::Noted => Ok(()),
            _ => Err(NoOwner::Silent),
        }
    }

    /// Asks for something of what the owner hosts besides probes. `on_item` hears of answers before
    /// the last and says whether it wants more; when it does not, this returns nothing at once.
    ///
    /// # Errors
    /// When the owner does not answer, or has no room for the command.
    pub fn manage(
        &mut self,
        command: &Json,
        cancel: &Cancel,
        on_item: &mut dyn FnMut(Json) -> bool,
    ) -> Result<Option<Result<Json, String>>, NoOwner> {
        let _guard = self.hang_up_on(cancel);
        self.requests += 1;
        let own = self.requests;
        self.send(&Request::Manage { number: own, command: command.clone() })?;
        loop {
            match self.receive(SILENCE)? {
                Reply::Managed { number, item } if number == own => {
                    let wants_more = on_item(item);
                    if !wants_more {
                        return Ok(None);
                    }
                }
                Reply::ManageDone { number, outcome } if number == own => return Ok(Some(outcome)),
                _ => {}
            }
        }
    }

    /// Follows the owner from now on, which keeps what is watched up to date as long as this lives.
    ///
    /// # Errors
    /// When it does not answer, or has another scope and there is something to watch.
    pub fn follow(
        mut self,
        interest: impl Into<Interest>,
        cancel: &Cancel,
    ) -> Result<Follower, NoOwner> {
        let guard = self.hang_up_on(cancel);
        let Interest { watch, window, log } = interest.into();
        match self.ask(&Request::Follow { watch, window, log })? {
            Reply::Following { running } => Ok(Follower { client: self, running, _guard: guard }),
            _ => Err(NoOwner::Silent),
        }
    }

    fn hang_up_on(&self, cancel: &Cancel) -> Option<CancelGuard> {
        let stream = self.stream.try_clone().ok()?;
        Some(cancel.on_cancel(move || {
            let _already_closed = stream.shutdown(Shutdown::Both);
        }))
    }

    fn ask(&mut self, request: &Request) -> Result<Reply, NoOwner> {
        self.send(request)?;
        loop {
            match self.receive(ANSWER_TIME)? {
                // They belong to a request before.
                Reply::Alive
                | Reply::Event { .. }
                | Reply::Log { .. }
                | Reply::NotRun { .. }
                | Reply::Done { .. } => {}
                reply => return Ok(reply),
            }
        }
    }

    fn send(&mut self, message: &impl serde::Serialize) -> Result<(), NoOwner> {
        let line = line(message).map_err(|_gone| NoOwner::Silent)?;
        write_all(&mut self.stream, &line).map_err(|_gone| NoOwner::Silent)
    }

    fn receive(&mut self, time: Duration) -> Result<Reply, NoOwner> {
        let line = self.lines.next(time).ok().flatten().ok_or(NoOwner::Silent)?;
        match serde_json::from_slice(&line) {
            Ok(Reply::Refused { text }) => {
                let text = text.chars().filter(|c| !c.is_control()).take(400).collect();
                Err(NoOwner::Refused(text))
            }
            Ok(reply) => Ok(reply),
            Err(_) => Err(NoOwner::Silent),
        }
    }
}

/// Hears of everything that an owner runs.
pub struct Follower {
    client: Client,
    running: Vec<String>,
    _guard: Option<CancelGuard>,
}

impl Follower {
    /// What ran when this began, by id.
    pub fn running(&self) -> &[String] {
        &self.running
    }

    /// Waits for what comes next; nothing when the owner is gone, gives no sign of life for two
    /// minutes, or when this was cancelled. Then
    /// [`claim`](super::claim) tells who owns now.
    pub fn next_news(&mut self) -> Option<News> {
        loop {
            match self.client.receive(FOLLOWERS_SILENCE).ok()? {
                Reply::Followed { event } => return Some(News::Event(event)),
                Reply::Changed { what } => return Some(News::Changed(what)),
                Reply::Show => return Some(News::Show),
                Reply::Line { at_ms, id, level: Some(level), from_host, message } => {
                    let origin = if from_host { LogOrigin::Host } else { LogOrigin::Plugin };
                    let entry = LogEntry { plugin_id: id, level, origin, message };
                    return Some(News::Log { at_ms, entry });
                }
                _ => {}
            }
        }
    }
}
