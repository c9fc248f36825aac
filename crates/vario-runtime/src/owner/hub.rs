//! Who follows, and what is kept up to date for whom.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, unbounded};
use parking_lot::Mutex;
use vario_host::{LogEntry, LogOrigin};
use vario_model::RunEvent;
use vario_value::LogLevel;

use super::executor::Listener;
use super::frame::line;
use super::peer::Peer;
use super::protocol::{Changed, Reply, Watch};

/// So many lines of plugins' logs are kept.
const MAX_LINES: usize = 500;

/// What a follower hears.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A plugin starts or has finished, whoever asked for it.
    Event(RunEvent),
    /// Something has changed: what was read of it is old.
    Changed(Changed),
    /// Someone wants to see the window.
    Show,
    /// A plugin has logged a line.
    Log {
        /// When, in milliseconds since the epoch.
        at_ms: i64,
        /// What.
        entry: LogEntry,
    },
}

/// Everybody who is connected, and the owner's own front.
pub(super) struct Hub {
    peers: Mutex<BTreeMap<u64, Arc<Peer>>>,
    fronts: Mutex<Vec<Sender<News>>>,
    own_watch: Mutex<Watch>,
    /// The last lines of plugins' logs, and when they came, for those who follow later.
    lines: Mutex<VecDeque<(i64, LogEntry)>>,
    wake: Sender<()>,
}

impl Hub {
    /// A hub, and what wakes whoever schedules.
    pub(super) fn new() -> (Arc<Self>, Receiver<()>) {
        let (wake, woken) = bounded(1);
        let hub = Self {
            peers: Mutex::default(),
            fronts: Mutex::default(),
            own_watch: Mutex::new(Watch::Nothing),
            lines: Mutex::default(),
            wake,
        };
        (Arc::new(hub), woken)
    }

    /// Lets the schedule be looked at again.
    pub(super) fn wake(&self) {
        match self.wake.try_send(()) {
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }

    pub(super) fn add(&self, number: u64, peer: Arc<Peer>) {
        self.peers.lock().insert(number, peer);
    }

    pub(super) fn remove(&self, number: u64) {
        self.peers.lock().remove(&number);
        self.wake();
    }

    /// Ends every connection.
    pub(super) fn close_all(&self) {
        for peer in self.peers.lock().values() {
            peer.close();
        }
    }

    /// Follows inside this process.
    pub(super) fn follow(&self) -> Receiver<News> {
        let (sender, receiver) = unbounded();
        self.fronts.lock().push(sender);
        receiver
    }

    pub(super) fn watch(&self, watch: Watch) {
        *self.own_watch.lock() = watch;
        self.wake();
    }

    pub(super) fn followers(&self) -> usize {
        self.peers.lock().values().filter(|peer| peer.follows.lock().is_some()).count()
    }

    /// Tells one the lines that came before, and all from now on.
    pub(super) fn tell_lines(&self, peer: &Peer, least: LogLevel) {
        let lines = self.lines.lock();
        *peer.log.lock() = Some(least);
        for (at_ms, entry) in lines.iter().filter(|(_, entry)| entry.level >= least) {
            peer.send_if_there_is_room(&followed_line(*at_ms, entry));
        }
    }

    /// Asks the followers' windows to come to the front. Gives whether there is any.
    pub(super) fn show_windows(&self) -> bool {
        let peers = self.peers.lock();
        let mut windows =
            peers.values().filter(|peer| peer.window.load(Ordering::Acquire)).peekable();
        let any = windows.peek().is_some();
        windows.for_each(|peer| peer.send(&Reply::Show));
        any
    }

    /// Tells everyone who follows.
    pub(super) fn tell(&self, news: &News) {
        self.fronts.lock().retain(|front| front.send(news.clone()).is_ok());
        let peers = self.peers.lock();
        let mut following = peers.values().filter(|peer| peer.follows.lock().is_some()).peekable();
        if following.peek().is_none() {
            return;
        }
        let message = match news {
            News::Event(event) => Reply::Followed { event: event.clone() },
            News::Changed(what) => Reply::Changed { what: *what },
            News::Show => Reply::Show,
            News::Log { at_ms, entry } => followed_line(*at_ms, entry),
        };
        let Ok(line) = line(&message) else { return };
        let line: Arc<[u8]> = line.into();
        for peer in following {
            peer.send_line(&line);
        }
    }

    /// What is kept up to date for anyone: whether all that is enabled, and what else.
    pub(super) fn wanted(&self) -> (bool, BTreeSet<String>) {
        let (mut all, mut ids) = (false, BTreeSet::new());
        let mut add = |watch: &Watch| match watch {
            Watch::Nothing => {}
            Watch::Enabled => all = true,
            Watch::These(these) => ids.extend(these.iter().cloned()),
        };
        add(&self.own_watch.lock());
        for peer in self.peers.lock().values() {
            if let Some(watch) = peer.follows.lock().as_ref() {
                add(watch);
            }
        }
        (all, ids)
    }
}

impl Listener for Hub {
    fn event(&self, event: &RunEvent) {
        self.tell(&News::Event(event.clone()));
    }

    fn wants(&self, level: LogLevel) -> bool {
        self.peers.lock().values().any(|peer| peer.wants(level))
    }

    fn line(&self, at_ms: i64, entry: &LogEntry) {
        let mut lines = self.lines.lock();
        if lines.len() >= MAX_LINES {
            lines.pop_front();
        }
        // Told while the lines are held, so that one who begins to follow misses none.
        lines.push_back((at_ms, entry.clone()));
        for peer in self.peers.lock().values().filter(|peer| peer.wants(entry.level)) {
            peer.send_if_there_is_room(&followed_line(at_ms, entry));
        }
    }
}

fn followed_line(at_ms: i64, entry: &LogEntry) -> Reply {
    Reply::Line {
        at_ms,
        id: entry.plugin_id.clone(),
        level: Some(entry.level),
        from_host: entry.origin == LogOrigin::Host,
        message: entry.message.clone(),
    }
}
