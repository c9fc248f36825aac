//! Keeping users logged in (design section 1, promise 6): what is known of credentials in one run,
//! and what becomes of those that a plugin renews.
//!
//! Many providers give out a new refresh token with every exchange and end the whole login when an
//! old one is sent again. So an exchange must not begin with a token that is no longer the tool's,
//! must not be cut in the middle, and its answer must not get lost. [`Credentials`] remembers what
//! the plugin read, recognises a request that sends a refresh token, looks whether the store still
//! holds what was read, keeps the answer in a [rescue file](rescue) until the store was written,
//! and tells the user when that did not happen.
//!
//! How a store is read is the caller's affair: it hands in `current`, which reads a [`Source`] the
//! way the plugin's own call did. Nothing here puts a token into a message or a log.
//!
//! Between the last look at a store and the write to it another program may still come; tools have
//! no lock that we could take.

mod endpoints;
mod exchange;
mod forms;
mod memory;
mod request;
mod rescue;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use vario_host::{HostError, HttpRequest, Scope, Witness};
use vario_permissions::{Access, Rights};

#[cfg(test)]
pub(crate) use self::rescue::leftovers;

use self::exchange::{Pending, Sent};
use self::memory::Memory;
use self::rescue::{Leftover, Rescue};
use crate::refusal::Failure;
use crate::{paths, wait};

/// With less time left than this, an exchange is not begun.
pub(crate) const LEAST_TIME: Duration = Duration::from_secs(5);

/// How long an exchange may take once it has begun, whatever becomes of the run.
pub(crate) const EXCHANGE_TIME: Duration = Duration::from_secs(15);

/// Where credentials are kept.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    /// A file: the path in the call, expanded and absolute, and the one without links.
    File { named: PathBuf, real: PathBuf },
    /// A keychain item, as it was asked for.
    Keychain { service: String, account: Option<String> },
    /// A database; the paths as for a file.
    Database { named: PathBuf, real: PathBuf },
}

/// What was read of a store, and how to read it again.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The store.
    pub(crate) store: Store,
    /// The query; of databases only.
    pub(crate) sql: Option<String>,
}

impl Source {
    /// A whole file, or a keychain item.
    pub(crate) fn whole(store: Store) -> Self {
        Self { store, sql: None }
    }

    /// The answer of a database to a query.
    pub(crate) fn query(named: &Path, real: &Path, sql: &str) -> Self {
        let store = Store::Database { named: named.to_owned(), real: real.to_owned() };
        Self { store, sql: Some(sql.to_owned()) }
    }
}

/// Reads a source now, as the plugin would; none when there is nothing or it cannot be read. A
/// file's `named` path has to lead to `real` still.
pub(crate) type Current<'a> = &'a dyn Fn(&Source) -> Option<String>;

/// A request that sends a refresh token, and may go out. See [`Credentials::before_request`].
pub(crate) struct Refresh(Sent);

/// What is known of credentials in one run of one plugin.
///
/// The order of calls: [`read`](Self::read) after every successful read of a file, keychain item or
/// database query; [`transformed`](Self::transformed) after every successful decryption and
/// encryption; [`before_request`](Self::before_request) before every HTTP request that the plugin
/// has the right to, and [`exchange`](Self::exchange) instead of sending when that gave a
/// [`Refresh`]; [`before_write`](Self::before_write) and [`written`](Self::written) around every
/// write to a file, keychain item or database; [`end`](Self::end) once, at the end of the run.
pub(crate) struct Credentials {
    plugin_id: String,
    home: Option<PathBuf>,
    data: PathBuf,
    witness: Arc<dyn Witness>,
    state: Mutex<State>,
    /// Fires when an exchange is over.
    idle: Condvar,
}

#[derive(Default)]
struct State {
    memory: Memory,
    pending: Vec<Pending>,
    /// Rescue files of earlier runs.
    leftovers: Vec<Leftover>,
    /// Tokens that were replaced in this run.
    spent: Vec<String>,
    /// Tokens that are being exchanged.
    under_way: Vec<String>,
    /// How many exchanges are under way.
    running: usize,
}

impl Credentials {
    /// Knows nothing yet but the rescue files that earlier runs left.
    pub(crate) fn new(scope: &Scope, home: Option<&Path>) -> Arc<Self> {
        let data = &scope.plugin_data_dir;
        let data = crate::fs::resolve::real(data).unwrap_or_else(|_| data.clone());
        let state = State { leftovers: Leftover::all(&data), ..State::default() };
        Arc::new(Self {
            plugin_id: scope.plugin_id.clone(),
            home: home.map(Path::to_owned),
            data,
            witness: Arc::clone(&scope.witness),
            state: Mutex::new(state),
            idle: Condvar::new(),
        })
    }

    /// The plugin read this.
    pub(crate) fn read(&self, source: Source, content: &str) {
        let store = words::store(self, &source.store);
        let mut state = self.state.lock();
        let State { memory, leftovers, .. } = &mut *state;
        // The host died between writing it back and taking the file away, or the user did as told.
        let holds = |token: &str| memory.holds(content, token);
        leftovers.retain(|old| !old.remove_if_in(&store, &holds));
        memory.remember(source, content);
    }

    /// One text is another one encrypted, so whatever holds the envelope holds what is in it.
    pub(crate) fn transformed(&self, envelope: &str, plain: &str) {
        self.state.lock().memory.transformed(envelope, plain);
    }

    /// Whether anything was read of a store.
    pub(crate) fn knows(&self, store: &Store) -> bool {
        !self.state.lock().memory.of_store(store).is_empty()
    }

    /// Whether a request sends a refresh token, and may.
    ///
    /// The credential's own stores are those that the plugin read the token from; it must have the
    /// right to write every one of them, except copies in its own folder. Of a token that is in
    /// nothing that was read (a plugin can change a text beyond recognition), every store that
    /// could hold a secret might be the one, so the plugin must have the right to write all of
    /// those. Where nothing of the user's was read, the token is from a variable or a setting:
    /// that is allowed, as there is nothing that could be written back, and the answer is kept
    /// like any other. An endpoint that is known never to replace a token is exempt from all this
    /// when the store is not known.
    ///
    /// # Errors
    /// A refusal that names the missing right; `probe timed out` when too little time is left; and
    /// the end of the run when a store no longer holds what the plugin read. In each case nothing
    /// may be sent.
    pub(crate) fn before_request(
        &self,
        request: &HttpRequest,
        scope: &Scope,
        current: Current<'_>,
    ) -> Result<Option<Refresh>, Failure> {
        let Some(sent) = self.recognise(request) else { return Ok(None) };
        for source in &sent.sources {
            may_write(&scope.rights, &source.store)?;
        }
        let in_time = || {
            let left = scope.deadline.saturating_duration_since(Instant::now());
            if left < LEAST_TIME { Err(wait::timed_out()) } else { wait::check(scope) }
        };
        in_time()?;
        if rescue::is_full(&self.data) {
            return Err(HostError::Failed(words::full(self)).into());
        }
        for source in &sent.sources {
            let now = current(source);
            // A keychain may have taken all the time, and then nothing is known to have changed.
            in_time()?;
            if !self.state.lock().memory.is_unchanged(source, now.as_deref()) {
                return Err(HostError::Halted(words::changed(self, &source.store)).into());
            }
        }
        Ok(Some(Refresh(sent)))
    }

    /// Sends a request that [`before_request`](Self::before_request) let pass, on a thread of its
    /// own.
    ///
    /// `send` gets its own deadline, [`EXCHANGE_TIME`] from now, and has to heed neither the run's
    /// end nor the plugin's time-out, either of which would cut it in the middle. `answered` reads
    /// status and body. The answer of a success is on disk before this returns, and also when the
    /// run ends meanwhile; then the caller hears of that at once, and
    /// [`end`](Self::end) waits for the rest.
    ///
    /// # Errors
    /// When the run ended, or this very token was exchanged before.
    pub(crate) fn exchange<T: Send + 'static>(
        self: &Arc<Self>,
        refresh: Refresh,
        scope: &Scope,
        send: impl FnOnce(Instant) -> T + Send + 'static,
        answered: impl FnOnce(&T) -> Option<(u16, &str)> + Send + 'static,
    ) -> Result<T, HostError> {
        let Refresh(exchanged) = refresh;
        let running = exchange::Running::begin(self, &exchanged)?;
        wait::on_helper(scope, move || {
            let answer = send(Instant::now() + EXCHANGE_TIME);
            let (status, body) = answered(&answer).unwrap_or_default();
            running.owner.after_response(exchanged, status, body);
            drop(running);
            answer
        })
    }

    /// Whether the plugin may put `content` into a store (for a database: run that statement) that
    /// it read before: not when somebody else changed it since. Then the content is kept in a
    /// rescue file and the user is told.
    ///
    /// # Errors
    /// An ordinary failure; nothing may be written.
    pub(crate) fn before_write(
        &self,
        store: &Store,
        content: &str,
        current: Current<'_>,
    ) -> Result<(), HostError> {
        let sources = self.at_stake(store);
        let is_changed = |source: &Source| {
            let now = current(source);
            let state = self.state.lock();
            let now = now.as_deref();
            let is_known = state.memory.is_unchanged(source, now);
            // Reading it again does not make another login the one that was renewed.
            let mut pending = state.pending.iter();
            !is_known || pending.any(|pending| pending.is_overtaken(source, now, &state.memory))
        };
        if !sources.iter().any(is_changed) {
            return Ok(());
        }
        let rescue =
            Rescue { store: words::store(self, store), what: rescue::What::Write(content) };
        let kept = rescue.save(&self.data, &self.plugin_id);
        self.witness.notice(words::overtaken(self, store, kept.as_ref().map(PathBuf::as_path)));
        if kept.is_ok() {
            self.settle(None, content, &[]);
        }
        Err(HostError::Failed(words::not_written(self, store)))
    }

    /// The plugin wrote `content` to a store, or ran that statement.
    pub(crate) fn written(&self, store: &Store, content: &str, current: Current<'_>) {
        let sources = self.state.lock().memory.of_store(store);
        let mut found = Vec::new();
        for source in sources {
            let now = match store {
                Store::Database { .. } => current(&source),
                Store::File { .. } => Some(content.to_owned()),
                // As a keychain gives it back.
                Store::Keychain { .. } => Some(content.trim().to_owned()),
            };
            if let Some(now) = now {
                let mut state = self.state.lock();
                state.pending.iter_mut().for_each(|pending| pending.rewritten(&source, &now));
                state.memory.remember(source, &now);
                found.push(now);
            }
        }
        self.settle(Some(store), content, &found);
    }

    /// The run is over. Waits for an exchange that is still under way, no longer than it may take,
    /// and tells the user of renewed credentials that were not written back, now or in an earlier
    /// run.
    pub(crate) fn end(&self) {
        let mut state = self.state.lock();
        let latest = Instant::now() + EXCHANGE_TIME + LEAST_TIME;
        while state.running > 0 && !self.idle.wait_until(&mut state, latest).timed_out() {}
        let pending = std::mem::take(&mut state.pending);
        let leftovers = std::mem::take(&mut state.leftovers);
        drop(state);
        if !leftovers.is_empty() {
            let files: Vec<&Path> = leftovers.iter().map(Leftover::path).collect();
            self.witness.notice(words::leftovers(self, &files));
        }
        for pending in pending {
            self.witness.notice(words::not_written_back(self, &pending));
        }
    }

    /// Forgets answers whose new token is in its place now: in `store`, or in a rescue file of its
    /// own. `found` is what `store` holds by now.
    fn settle(&self, store: Option<&Store>, content: &str, found: &[String]) {
        let mut state = self.state.lock();
        let State { memory, pending, .. } = &mut *state;
        let holds = |token: &String| {
            memory.holds(content, token) || found.iter().any(|text| memory.holds(text, token))
        };
        pending.retain_mut(|pending| {
            if !pending.renewed.iter().any(holds) {
                return true;
            }
            pending.found_in(store);
            if pending.is_settled() {
                pending.remove_rescue();
            }
            !pending.is_settled()
        });
    }

    /// What a write to the store could destroy: what was read of it. Of a database only what holds
    /// a credential that was just renewed, as the rest of it is everybody's; in the plugin's own
    /// folder the same, as nobody else writes there.
    fn at_stake(&self, store: &Store) -> Vec<Source> {
        let state = self.state.lock();
        let mut sources = state.memory.of_store(store);
        if matches!(store, Store::Database { .. }) || self.is_own(store) {
            sources.retain(|source| state.pending.iter().any(|pending| pending.concerns(source)));
        }
        sources
    }

    /// Whether it is in the plugin's own folder.
    fn is_own(&self, store: &Store) -> bool {
        match store {
            Store::File { real, .. } | Store::Database { real, .. } => real.starts_with(&self.data),
            Store::Keychain { .. } => false,
        }
    }
}

fn may_write(rights: &Rights, store: &Store) -> Result<(), Failure> {
    match store {
        Store::File { named, real } | Store::Database { named, real } => {
            for path in [named, real] {
                rights.check(&Access::Write(paths::text(&paths::normalised(path))))?;
            }
        }
        Store::Keychain { service, .. } => rights.check(&Access::Keychain(service.clone()))?,
    }
    Ok(())
}

impl Store {
    /// Whether a write to one is a write to the other.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File { real, .. }, Self::File { real: other, .. })
            | (Self::Database { real, .. }, Self::Database { real: other, .. }) => real == other,
            (
                Self::Keychain { service, account },
                Self::Keychain { service: other, account: others },
            ) => service == other && (account == others || account.is_none() || others.is_none()),
            _ => false,
        }
    }
}
