//! One process owns the state directory: it schedules runs, and the others ask it.
//!
//! [`claim`] makes this process the [`Owner`], or a [`Follower`] of the one there is. When an owner
//! ends, however it ends, its followers lose it and claim again; the lock sees to it that one of
//! them gets it. [`Client`] asks the owner for a single thing.
//!
//! Nobody depends on the owner: whoever finds none, or one that is of another version or does not
//! answer, runs plugins by itself. The lock that each run holds ([`vario_store::RunLock`]) keeps
//! any two runs of a plugin apart, and ages and cool-downs count through the store.

mod answering;
mod claim;
mod client;
mod executor;
mod frame;
mod hub;
mod peer;
mod protocol;
mod schedule;
mod server;
mod ticket;
mod transport;

#[cfg(all(test, unix))]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use vario_host::Cancel;
use vario_store::{Paths, Store};
use vario_value::LogLevel;

use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::run::RunContext;

pub use self::claim::{Alone, Claim, claim};
pub use self::client::{Asked, Client, Follower, NoOwner};
pub use self::hub::News;
pub use self::protocol::{Ask, Changed, Identity, Interest, NotRun, PROTOCOL, Status, Told, Watch};
pub use self::server::Owner;

/// What the program around an owner does for it.
pub trait Front: Send + Sync + 'static {
    /// Everything runs need, as settings, grants and plugins are now. Called before each run, so
    /// that what was revoked is not used any more.
    ///
    /// # Errors
    /// Why nothing can be run.
    fn load(&self) -> Result<Loaded, String>;

    /// What besides the program decides how a run turns out, as in [`Identity::scope`]. Asked for
    /// each connection, since grants are part of it.
    fn scope(&self) -> String;

    /// Whether this process has a window open now.
    fn has_window(&self) -> bool {
        false
    }

    /// The least level of the plugins' log lines that are wanted of runs that another process
    /// makes; nothing for none.
    fn wanted_lines(&self) -> Option<LogLevel> {
        None
    }

    /// Brings the window to the front, or opens one. Gives whether that can be. Asked of an owner
    /// without an open window only when no follower has one either.
    fn show(&self) -> bool {
        false
    }

    /// Someone says that he changed this.
    fn changed(&self, _what: Changed) {}

    /// This process owns the state directory from now on, and so hosts what there may be one of.
    /// Must not take long.
    fn began(&self) {}

    /// It owns it no longer once this returns, which may take a while.
    fn ended(&self) {}

    /// Someone wants something of what this process hosts. The answers go to `teller`, now or
    /// later; what is asked and answered is known to the fronts alone.
    fn manage(&self, _command: Json, teller: Teller) {
        teller.done(Err("this program hosts no background plugins".to_owned()));
    }
}

/// Takes the answers to one [`Front::manage`]. Dropped without an end, it says so.
pub struct Teller(Option<Box<dyn Tell>>);

/// What stands behind a [`Teller`].
pub trait Tell: Send + Sync {
    /// One of several answers. Gives whether anybody still wants more.
    fn item(&self, item: Json) -> bool;

    /// The last answer.
    fn done(&self, outcome: Result<Json, String>);
}

impl Teller {
    /// Takes answers to wherever they go.
    pub fn new(tell: impl Tell + 'static) -> Self {
        Self(Some(Box::new(tell)))
    }

    /// Tells one of several answers. Gives whether anybody still wants more.
    pub fn item(&self, item: Json) -> bool {
        self.0.as_ref().is_some_and(|tell| tell.item(item))
    }

    /// Tells the last answer.
    pub fn done(mut self, outcome: Result<Json, String>) {
        if let Some(tell) = self.0.take() {
            tell.done(outcome);
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        if let Some(tell) = self.0.take() {
            tell.done(Err("it has ended".to_owned()));
        }
    }
}

/// What runs need.
#[derive(Clone)]
pub struct Loaded {
    /// Engines, host, rights and limits.
    pub context: RunContext,
    /// The plugins.
    pub catalog: Catalog,
    /// Which of them run without being named, by id.
    pub enabled: Vec<String>,
    /// How often they run by themselves.
    pub interval: Duration,
}

/// How to own the state directory.
#[derive(Clone)]
pub struct OwnerOptions {
    /// Where it is.
    pub paths: Paths,
    /// Its store.
    pub store: Arc<Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The program around it.
    pub front: Arc<dyn Front>,
    /// The program's version, for people.
    pub version: String,
    /// How many plugins run at once.
    pub workers: usize,
    /// Ends it.
    pub cancel: Cancel,
}

impl OwnerOptions {
    /// Who this process is, now.
    pub fn identity(&self) -> Identity {
        Identity { version: self.version.clone(), scope: self.front.scope() }
    }
}
