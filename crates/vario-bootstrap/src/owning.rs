//! What an owner of the state directory needs of this program.

use std::sync::Arc;
use std::thread::Builder;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use vario_host::Cancel;
use vario_permissions::{CONTRACT_VARIABLES, Permission};
use vario_runtime::Isolation;
use vario_runtime::owner::{Changed, Client, Front, Identity, Loaded, OwnerOptions, Teller};
use vario_store::Config;

use crate::hosting::Hosted;
use crate::vario::{Error, IsolationOption, Vario};

/// Variables that any run may depend on.
const VARIABLES: &[&str] = &[
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TZ",
    "XDG_CONFIG_HOME",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

impl Vario {
    /// Whether runs may be shared with other processes of this user: no option changes how they
    /// turn out. Only then may this process own the state directory, or ask its owner.
    pub fn shares_runs(&self) -> bool {
        let options = &self.options;
        let lowered = options.timeout.is_some() || options.memory.is_some();
        // Where the configuration says so, all processes of this user run them so.
        let elsewhere = options.isolation == IsolationOption::InProcess;
        !lowered && !options.allow_all && !elsewhere
    }

    /// Who this process is, to an owner.
    pub fn identity(&self) -> Identity {
        Identity { version: env!("CARGO_PKG_VERSION").to_owned(), scope: self.scope() }
    }

    /// What besides the program decides how runs turn out, as a hash: folders, and the variables
    /// that a plugin may read or that lead elsewhere.
    fn scope(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(bytes);
        };
        let paths = &self.paths;
        add(paths.home().map_or(&[], |home| home.as_os_str().as_encoded_bytes()));
        add(paths.config_dir().as_os_str().as_encoded_bytes());
        add(paths.data_dir().as_os_str().as_encoded_bytes());
        add(&[u8::from(self.runs_in_process())]);
        if let IsolationOption::Worker(worker) = &self.options.isolation {
            add(worker.as_os_str().as_encoded_bytes());
        }
        for folder in &self.options.plugins {
            // The same folder, from wherever it was named.
            let folder = folder.canonicalize().or_else(|_| std::path::absolute(folder));
            add(folder.unwrap_or_default().as_os_str().as_encoded_bytes());
        }
        for name in self.variables() {
            add(name.as_bytes());
            add(std::env::var_os(&name).unwrap_or_default().as_encoded_bytes());
        }
        hash.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// The names of variables that runs depend on, as granted now.
    fn variables(&self) -> std::collections::BTreeSet<String> {
        let known = VARIABLES.iter().chain(CONTRACT_VARIABLES);
        let mut names: std::collections::BTreeSet<String> =
            known.map(|name| (*name).to_owned()).collect();
        let grants = self.grants();
        let granted = grants.ids().filter_map(|id| grants.get(id));
        for permission in granted.flat_map(|grants| grants.allow.iter()) {
            match permission {
                Permission::Env(name) => _ = names.insert(name.clone()),
                Permission::Run(_) | Permission::Ccusage => _ = names.insert("PATH".to_owned()),
                _ => {}
            }
        }
        names
    }

    /// What the owner needs: settings, grants and plugins as they are at each run.
    ///
    /// # Errors
    /// See [`Vario::isolation`].
    pub fn front(&self) -> Result<Arc<dyn Front>, Error> {
        Ok(self.hosting_front()?.0)
    }

    /// As [`Vario::front`], with a way to what it hosts.
    ///
    /// # Errors
    /// As [`Vario::front`].
    pub fn hosting_front(&self) -> Result<HostingFront, Error> {
        let isolation = Isolation::clone(&self.isolation()?);
        let heap = self.limits().heap_bytes;
        let front = Arc::new(Reopens {
            first: self.reopened(),
            isolation: Mutex::new(((heap, self.runs_in_process()), isolation)),
            hosted: Arc::default(),
        });
        let hosting = Arc::clone(&front.hosted);
        Ok(HostingFront(front, hosting))
    }

    /// How to own the state directory, with a `front` that is that of [`Vario::front`] or calls it.
    ///
    /// # Errors
    /// See [`Vario::store`].
    pub fn owner_options(
        &self,
        front: Arc<dyn Front>,
        workers: usize,
        cancel: Cancel,
    ) -> Result<OwnerOptions, Error> {
        Ok(OwnerOptions {
            paths: self.paths.clone(),
            store: self.store()?,
            clock: Arc::clone(&self.clock),
            front,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            workers,
            cancel,
        })
    }

    /// Tells the owner, if there is one that listens, that something was changed. It reads
    /// everything anew before each run anyway; those who follow it do not.
    pub fn tell_owner(&self, what: Changed) {
        if let Ok(mut owner) = Client::connect(&self.paths, &self.identity()) {
            let _it_is_gone = owner.changed(what);
        }
    }

    /// The same program with the configuration as it is now, for another thread.
    #[must_use]
    pub fn reopened(&self) -> Self {
        Self {
            paths: self.paths.clone(),
            config: Config::load(&self.paths),
            secrets: Arc::clone(&self.secrets),
            options: self.options.clone(),
            log: Arc::clone(&self.log),
            engines: self.engines().clone().into(),
            store: std::sync::OnceLock::new(),
            clock: Arc::clone(&self.clock),
        }
    }
}

/// What an owner needs of this program, and what it hosts once it owns.
pub struct HostingFront(Arc<dyn Front>, Arc<Hosting>);

impl HostingFront {
    /// For [`Vario::owner_options`].
    pub fn front(&self) -> Arc<dyn Front> {
        Arc::clone(&self.0)
    }

    /// What it hosts.
    ///
    /// # Errors
    /// When it does not own the state directory, or cannot host anything.
    pub fn hosted(&self) -> Result<Arc<Hosted>, String> {
        self.1.get()
    }
}

/// Reads everything anew, and keeps the workers that are ready.
struct Reopens {
    first: Vario,
    /// And the memory and the place they were made for.
    isolation: Mutex<((usize, bool), Isolation)>,
    hosted: Arc<Hosting>,
}

/// The background plugins, while this process owns the state directory.
#[derive(Default)]
struct Hosting {
    state: Mutex<HostingState>,
    changed: Condvar,
}

#[derive(Default)]
enum HostingState {
    #[default]
    None,
    /// On its way: whoever asks waits a moment.
    Starting,
    There(Arc<Hosted>),
    Failed(String),
}

impl Hosting {
    /// What hosts them, once it is there.
    fn get(&self) -> Result<Arc<Hosted>, String> {
        const TIME: Duration = Duration::from_secs(5);
        let mut state = self.state.lock();
        loop {
            match &*state {
                HostingState::There(hosted) => return Ok(Arc::clone(hosted)),
                HostingState::Failed(words) => return Err(words.clone()),
                HostingState::None => {
                    return Err("this program hosts no background plugins".to_owned());
                }
                HostingState::Starting => {
                    if self.changed.wait_for(&mut state, TIME).timed_out() {
                        return Err("the background plugins are still being looked for".to_owned());
                    }
                }
            }
        }
    }

    /// Begins to host, on a thread of its own: looking for plugins takes a while.
    fn begin(self: &Arc<Self>, vario: Vario) {
        *self.state.lock() = HostingState::Starting;
        let own = Arc::clone(self);
        let spawned = Builder::new().name("background start".to_owned()).spawn(move || {
            let started = Hosted::start(vario);
            let mut state = own.state.lock();
            // It may have ended meanwhile.
            if matches!(*state, HostingState::Starting) {
                *state = match started {
                    Ok(hosted) => HostingState::There(hosted),
                    Err(error) => HostingState::Failed(error.to_string()),
                };
            }
            drop(state);
            own.changed.notify_all();
        });
        if let Err(error) = spawned {
            *self.state.lock() = HostingState::Failed(error.to_string());
        }
    }

    fn end(&self) {
        let state = std::mem::take(&mut *self.state.lock());
        if let HostingState::There(hosted) = state {
            hosted.end();
        }
    }
}

impl Front for Reopens {
    fn load(&self) -> Result<Loaded, String> {
        let mut vario = self.first.reopened();
        let place = (vario.limits().heap_bytes, vario.runs_in_process());
        let isolation = {
            let mut kept = self.isolation.lock();
            if kept.0 != place {
                *kept = (place, vario.isolation().map_err(|error| error.to_string())?);
            }
            kept.1.clone()
        };
        // These would be ready for nobody.
        vario.options.ready_workers = 0;
        let catalog = vario.catalog();
        let mut context = vario.context(&catalog).map_err(|error| error.to_string())?;
        context.isolation = isolation;
        let runnable = catalog
            .plugins
            .iter()
            .filter(|found| found.plugin.probe.is_some() && vario.is_enabled(&found.plugin));
        let enabled = runnable.map(|found| found.plugin.id.clone()).collect();
        Ok(Loaded { context, enabled, interval: vario.interval(), catalog })
    }

    fn scope(&self) -> String {
        self.first.scope()
    }

    fn changed(&self, what: Changed) {
        if let HostingState::There(hosted) = &*self.hosted.state.lock() {
            let hosted = Arc::clone(hosted);
            // It reads files, and whoever says this does not wait for it.
            let _later = Builder::new()
                .name("background change".to_owned())
                .spawn(move || hosted.changed(what));
        }
    }

    fn began(&self) {
        self.hosted.begin(self.first.reopened());
    }

    fn ended(&self) {
        self.hosted.end();
    }

    fn manage(&self, command: Json, teller: Teller) {
        match self.hosted.get() {
            Ok(hosted) => hosted.manage(&command, teller),
            Err(words) => teller.done(Err(words)),
        }
    }
}
