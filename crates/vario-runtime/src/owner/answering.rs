//! What the owner answers to those who connect.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::Builder;
use std::time::Duration;

use crossbeam_channel::bounded;
use vario_host::{Cancel, LogEntry, LogOrigin};

use super::executor::Executor;
use super::frame::{Lines, line, write_all};
use super::hub::{Hub, News};
use super::peer::Peer;
use super::protocol::{Changed, Hello, PROTOCOL, Reply, Request, Status, Told, Watch, mismatch};
use super::transport::{Listener, Stream};
use super::{Front, Tell, Teller};

/// How many may be connected; more run plugins by themselves.
pub(super) const MAX_PEERS: usize = 64;

/// How many requests of one of them may be under way.
const MAX_PENDING: usize = 16;

/// Nothing that is asked is longer.
pub(super) const MAX_REQUEST: usize = 64 * 1024;

/// How long the first line may take to begin.
const HELLO_TIME: Duration = Duration::from_secs(5);

/// How long one may stay who wants nothing.
const IDLE_TIME: Duration = Duration::from_secs(30);

/// How long to wait when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// What the owner's threads share.
pub(super) struct Shared {
    pub(super) hub: Arc<Hub>,
    pub(super) executor: Arc<Executor>,
    version: String,
    pub(super) cancel: Cancel,
    is_over: AtomicBool,
    connected: AtomicUsize,
    numbers: AtomicU64,
}

impl Shared {
    pub(super) fn new(
        hub: Arc<Hub>,
        executor: Arc<Executor>,
        version: String,
        cancel: Cancel,
    ) -> Self {
        Self {
            hub,
            executor,
            version,
            cancel,
            is_over: AtomicBool::new(false),
            connected: AtomicUsize::new(0),
            numbers: AtomicU64::new(0),
        }
    }

    /// Sends everybody away and lets the threads end.
    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        self.executor.end();
        self.cancel.cancel();
        self.hub.close_all();
        self.hub.wake();
    }

    /// Talks to everyone who connects, until the end.
    pub(super) fn accept_all(self: &Arc<Self>, listener: &Listener, secret: Option<&str>) {
        loop {
            let accepted = listener.accept();
            if self.is_over.load(Ordering::Acquire) {
                return;
            }
            match accepted {
                Ok(Some(stream)) => self.accept(stream, secret),
                Ok(None) => {}
                Err(_) => std::thread::sleep(NO_ROOM),
            }
        }
    }

    fn accept(self: &Arc<Self>, mut stream: Stream, secret: Option<&str>) {
        let place = Place(Arc::clone(self));
        if self.connected.fetch_add(1, Ordering::AcqRel) >= MAX_PEERS {
            // It fits into any socket's buffer, so nobody is waited for.
            refuse(&mut stream, "too many programs are connected to the running vario");
            return;
        }
        let secret = secret.map(ToOwned::to_owned);
        let _none_if_there_is_no_thread =
            Builder::new().name("owner peer".to_owned()).spawn(move || {
                let _its_fault = place.0.serve(stream, secret.as_deref());
            });
    }

    /// Talks to one of them until it goes, or says what makes no sense.
    fn serve(self: &Arc<Self>, mut stream: Stream, secret: Option<&str>) -> io::Result<()> {
        let mut lines = Lines::new(stream.try_clone()?, MAX_REQUEST);
        let Some(hello) = lines.next(HELLO_TIME)? else { return Ok(()) };
        let Ok(hello) = serde_json::from_slice::<Hello>(&hello) else {
            refuse(&mut stream, "this is no hello");
            return Ok(());
        };
        if secret.is_some_and(|secret| !is_same(secret, hello.secret.as_deref().unwrap_or(""))) {
            // Whoever does not know it learns nothing.
            return Ok(());
        }
        if hello.protocol != PROTOCOL {
            let own = (self.version.as_str(), PROTOCOL);
            refuse(&mut stream, &mismatch(own, (&hello.version, hello.protocol)));
            return Ok(());
        }
        let same_scope = hello.scope == self.executor.front.scope();
        let version = self.version.clone();
        let answer = Reply::Hello { protocol: PROTOCOL, version, same_scope };
        write_all(&mut stream, &line(&answer)?)?;
        let (peer, writer) = Peer::new(&stream)?;
        let (_gone, is_gone) = bounded(0);
        Builder::new().name("owner writer".to_owned()).spawn(move || writer.run(&is_gone))?;
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        self.hub.add(number, Arc::clone(&peer));
        // It may have come while all were sent away.
        let end = if self.is_over.load(Ordering::Acquire) {
            Ok(())
        } else {
            self.answer_all(&mut lines, &peer, same_scope)
        };
        self.hub.remove(number);
        peer.close();
        end
    }

    fn answer_all(
        self: &Arc<Self>,
        lines: &mut Lines,
        peer: &Arc<Peer>,
        same_scope: bool,
    ) -> io::Result<()> {
        loop {
            let request = match lines.next(IDLE_TIME) {
                Ok(Some(request)) => request,
                Ok(None) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    let waits = peer.pending.load(Ordering::Acquire) > 0;
                    if waits || peer.follows.lock().is_some() {
                        continue;
                    }
                    return Err(error);
                }
                Err(error) => return Err(error),
            };
            let Ok(request) = serde_json::from_slice::<Request>(&request) else {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "this is no request"));
            };
            self.answer(request, peer, same_scope)?;
        }
    }

    fn answer(
        self: &Arc<Self>,
        request: Request,
        peer: &Arc<Peer>,
        same_scope: bool,
    ) -> io::Result<()> {
        match request {
            Request::Run { .. } if !same_scope => peer.send(&other_scope()),
            Request::Run { number, ask } => {
                if peer.pending.fetch_add(1, Ordering::AcqRel) >= MAX_PENDING {
                    return Err(io::Error::other("too many requests at once"));
                }
                peer.send(&Reply::Accepted { number });
                let peer = Arc::clone(peer);
                self.executor.submit(&ask, move |told| {
                    if let Told::Done { .. } = told {
                        peer.pending.fetch_sub(1, Ordering::AcqRel);
                    }
                    match told {
                        Told::Log(entry) => peer.send_if_there_is_room(&log(number, entry)),
                        told => peer.send(&reply(number, told)),
                    }
                });
            }
            Request::Follow { watch, .. } if !same_scope && watch != Watch::Nothing => {
                peer.send(&other_scope());
            }
            Request::Follow { watch, window, log } => {
                *peer.follows.lock() = Some(watch);
                peer.window.store(window, Ordering::Release);
                peer.send(&Reply::Following { running: self.executor.now().0 });
                if let Some(least) = log {
                    self.hub.tell_lines(peer, least);
                }
                self.hub.wake();
            }
            Request::Status => peer.send(&Reply::Status(self.status())),
            Request::Show => {
                let front = &self.executor.front;
                let own = front.has_window() && front.show();
                let shown = own || self.hub.show_windows() || front.show();
                peer.send(&Reply::Shown { shown });
            }
            Request::Changed { what } => {
                self.changed(what);
                peer.send(&Reply::Noted);
            }
            Request::Manage { number, command } => {
                if peer.pending.fetch_add(1, Ordering::AcqRel) >= MAX_PENDING {
                    return Err(io::Error::other("too many requests at once"));
                }
                // From now on it is told that this goes on, however long nothing else is said.
                peer.send(&Reply::Alive);
                let teller = Teller::new(TellPeer { peer: Arc::clone(peer), number });
                self.executor.front.manage(command, teller);
            }
        }
        Ok(())
    }

    pub(super) fn changed(&self, what: Changed) {
        let front: &dyn Front = self.executor.front.as_ref();
        front.changed(what);
        self.hub.tell(&News::Changed(what));
        self.hub.wake();
    }

    pub(super) fn status(&self) -> Status {
        let (running, waiting, asking) = self.executor.now();
        Status {
            version: self.version.clone(),
            pid: std::process::id(),
            running,
            waiting,
            asking,
            followers: self.hub.followers(),
        }
    }
}

/// Brings answers to one who asked.
struct TellPeer {
    peer: Arc<Peer>,
    number: u64,
}

impl Tell for TellPeer {
    fn item(&self, item: serde_json::Value) -> bool {
        self.peer.send_if_there_is_room(&Reply::Managed { number: self.number, item });
        !self.peer.is_closed()
    }

    fn done(&self, outcome: Result<serde_json::Value, String>) {
        self.peer.pending.fetch_sub(1, Ordering::AcqRel);
        self.peer.send(&Reply::ManageDone { number: self.number, outcome });
    }
}

/// A place among those who are connected, however it ends.
struct Place(Arc<Shared>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.connected.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Whether two secrets are the same; it takes as long when they are not.
fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differences == 0
}

fn other_scope() -> Reply {
    Reply::Refused { text: "the running vario has other plugins or variables".to_owned() }
}

fn reply(number: u64, told: Told) -> Reply {
    match told {
        Told::Event(event) => Reply::Event { number, event },
        Told::Log(entry) => log(number, entry),
        Told::NotRun { id, why } => Reply::NotRun { number, id, why },
        Told::Done { warnings } => Reply::Done { number, warnings },
    }
}

fn log(number: u64, entry: LogEntry) -> Reply {
    Reply::Log {
        number,
        id: entry.plugin_id,
        level: Some(entry.level),
        from_host: entry.origin == LogOrigin::Host,
        message: entry.message,
    }
}

/// Says why, and no more.
fn refuse(stream: &mut Stream, text: &str) {
    if let Ok(line) = line(&Reply::Refused { text: text.to_owned() }) {
        let _gone = write_all(stream, &line);
    }
}
