//! The owner as the program around it sees it: the lock and the threads.

use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use crossbeam_channel::{Receiver, unbounded};
use serde_json::json;
use vario_host::{Cancel, CancelGuard};
use vario_store::StateLock;

use super::answering::Shared;
use super::executor::Executor;
use super::hub::{Hub, News};
use super::protocol::{Ask, Changed, Status, Told, Watch};
use super::transport::{self, Address, Kind};
use super::{OwnerOptions, schedule};
use crate::refresh::Refresher;

/// This process owns the state directory until this is dropped: it runs what is asked for and what
/// is due. Dropping it ends what runs, tells everyone who follows by ending the connection, and
/// gives the lock back last.
pub struct Owner {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    /// Why nobody can ask, if that is so.
    deaf: Option<String>,
    address: Option<Address>,
    _guard: CancelGuard,
    // The last to go.
    _lock: StateLock,
}

impl Owner {
    pub(super) fn start(lock: StateLock, options: &OwnerOptions) -> io::Result<Self> {
        Self::start_on(Kind::HERE, lock, options)
    }

    pub(super) fn start_on(
        kind: Kind,
        mut lock: StateLock,
        options: &OwnerOptions,
    ) -> io::Result<Self> {
        let (hub, woken) = Hub::new();
        let cancel = Cancel::new();
        let refresher = Refresher::new(
            Arc::clone(&options.store),
            options.paths.clone(),
            Arc::clone(&options.clock),
        );
        let (executor, mut threads) = Executor::start(
            Arc::clone(&options.front),
            refresher,
            options.workers,
            &cancel,
            Arc::<Hub>::clone(&hub),
        )?;
        let shared = Arc::new(Shared::new(hub, executor, options.version.clone(), cancel));
        let for_schedule = Arc::clone(&shared);
        threads.push(Builder::new().name("owner schedule".to_owned()).spawn(move || {
            let Shared { hub, executor, cancel, .. } = &*for_schedule;
            schedule::run(hub, executor, &woken, cancel);
        })?);
        let (deaf, address) = match listen(&mut lock, &shared, kind) {
            Ok(address) => (None, Some(address)),
            Err(error) => (Some(error.to_string()), None),
        };
        let for_guard = Arc::clone(&shared);
        let guard = options.cancel.on_cancel(move || for_guard.end());
        options.front.began();
        Ok(Self { shared, threads, deaf, address, _guard: guard, _lock: lock })
    }

    /// Why nobody can ask this owner, if that is so. It owns the directory all the same.
    pub fn deaf(&self) -> Option<&str> {
        self.deaf.as_deref()
    }

    /// Runs plugins. What becomes of them arrives as it happens, `Done` last; the channel ends
    /// without it when the owner does.
    pub fn run(&self, ask: &Ask) -> Receiver<Told> {
        let (sender, receiver) = unbounded();
        self.shared.executor.submit(ask, move |told| {
            let _nobody_waits = sender.send(told);
        });
        receiver
    }

    /// Everything that happens from now on, whoever asked for it.
    pub fn follow(&self) -> Receiver<News> {
        self.shared.hub.follow()
    }

    /// Keeps plugins up to date from now on; replaces what was said before.
    pub fn watch(&self, watch: Watch) {
        self.shared.hub.watch(watch);
    }

    /// Settings, grants or plugins have changed: looks at what is due, and tells the followers.
    pub fn changed(&self, what: Changed) {
        self.shared.changed(what);
    }

    /// Asks the windows of those who follow to come to the front. Gives whether there is any.
    pub fn show_followers(&self) -> bool {
        self.shared.hub.show_windows()
    }

    /// How it is.
    pub fn status(&self) -> Status {
        self.shared.status()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.end();
        if let Some(address) = &self.address {
            // A last connection wakes the thread that listens.
            drop(transport::connect(address));
        }
        for thread in std::mem::take(&mut self.threads) {
            let _it_has_panicked = thread.join();
        }
        self.shared.executor.front.ended();
    }
}

/// Opens the socket and tells where it is.
fn listen(lock: &mut StateLock, shared: &Arc<Shared>, kind: Kind) -> io::Result<Address> {
    let (listener, address) = transport::listen(lock, kind)?;
    let for_thread = Arc::clone(shared);
    let secret = address.secret().map(ToOwned::to_owned);
    Builder::new()
        .name("owner socket".to_owned())
        .spawn(move || for_thread.accept_all(&listener, secret.as_deref()))?;
    let mut published = serde_json::to_value(&address)?;
    published["pid"] = json!(std::process::id());
    lock.publish(&published.to_string()).map_err(io::Error::other)?;
    Ok(address)
}
