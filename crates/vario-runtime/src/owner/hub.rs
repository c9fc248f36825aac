//! Who follows, and what is kept up to date for whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, unbounded};
use parking_lot::Mutex;
use vario_model::RunEvent;

use super::frame::line;
use super::peer::Peer;
use super::protocol::{Changed, Reply, Watch};

/// What a follower hears.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A plugin starts or has finished, whoever asked for it.
    Event(RunEvent),
    /// Something has changed: what was read of it is old.
    Changed(Changed),
    /// Someone wants to see the window.
    Show,
}

/// Everybody who is connected, and the owner's own front.
pub(super) struct Hub {
    peers: Mutex<BTreeMap<u64, Arc<Peer>>>,
    fronts: Mutex<Vec<Sender<News>>>,
    own_watch: Mutex<Watch>,
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
