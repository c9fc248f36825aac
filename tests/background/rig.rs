//! Hosts plugins in this process, with everything real but the user: his settings, accounts and
//! grants are at hand, and time-outs can be shortened.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};
use vario_background::{
    Account, AccountKind, Accounts, Body, Event, Keep, Parts, PluginSettings, Request,
    Requirements, Response, Storage, Subscription, Supervisor,
};
use vario_dialects::{BackgroundJob, Restart, Supervision};
use vario_host::{LogEntry, LogSink, SettingsSource};
use vario_host_native::{MemorySecrets, NativeConfig, NativeHost};
use vario_isolation::WorkerCommand;
use vario_manifest::{Dialect, Plugin, Requirement};
use vario_model::{BackgroundInfo, BackgroundState};
use vario_permissions::{Bases, PermissionSet, Rights};
use vario_runtime::{AllowAll, App, Catalog, Clock, Found, GrantedRights, NoAudit, RightsSource};
use vario_store::{Paths, Store};
use vario_test_support::TempHome;
use vario_value::{LogLevel, Value};

/// Longer than anything here takes on a busy machine; reached only by a test that fails.
pub(crate) const LONG: Duration = Duration::from_mins(1);

/// How many log lines are kept of each plugin.
const MAX_LINES: usize = 5_000;

/// How many events are kept.
const MAX_EVENTS: usize = 50_000;

/// What the user has and wants.
#[derive(Default)]
pub(crate) struct User {
    pub(crate) stored: Mutex<BTreeMap<String, Map<String, Json>>>,
    /// Where values by key are kept in place of `stored`, if anywhere.
    pub(crate) store: Mutex<Option<Store>>,
    pub(crate) settings: Mutex<BTreeMap<String, Map<String, Json>>>,
    pub(crate) accounts: Mutex<BTreeMap<AccountKind, Account>>,
    pub(crate) renewed: Mutex<Vec<(String, Option<String>)>>,
    pub(crate) disabled: Mutex<Vec<String>>,
    pub(crate) lines: Mutex<Vec<LogEntry>>,
    counts: Mutex<BTreeMap<String, usize>>,
    /// Everybody may do everything unless this says otherwise.
    pub(crate) may_nothing: Mutex<bool>,
    /// Everybody may do these things and nothing else, if there is a list.
    pub(crate) may_only: Mutex<Option<Vec<&'static str>>>,
}

impl Storage for User {
    fn get(&self, plugin: &str, key: &str) -> Result<Option<Json>, String> {
        if let Some(store) = &*self.store.lock().unwrap() {
            return store.plugin_value(plugin, key).map_err(|error| error.to_string());
        }
        Ok(self.stored.lock().unwrap().get(plugin).and_then(|values| values.get(key).cloned()))
    }

    fn all(&self, plugin: &str) -> Result<Map<String, Json>, String> {
        if let Some(store) = &*self.store.lock().unwrap() {
            return store.plugin_values(plugin).map_err(|error| error.to_string());
        }
        Ok(self.stored.lock().unwrap().get(plugin).cloned().unwrap_or_default())
    }

    fn set(&self, plugin: &str, key: &str, value: &Json) -> Result<(), String> {
        if let Some(store) = &*self.store.lock().unwrap() {
            return store.set_plugin_value(plugin, key, value).map_err(|error| error.to_string());
        }
        let mut stored = self.stored.lock().unwrap();
        stored.entry(plugin.to_owned()).or_default().insert(key.to_owned(), value.clone());
        Ok(())
    }

    fn remove(&self, plugin: &str, key: &str) -> Result<(), String> {
        if let Some(store) = &*self.store.lock().unwrap() {
            let removed = store.remove_plugin_value(plugin, key);
            return removed.map(drop).map_err(|error| error.to_string());
        }
        let mut stored = self.stored.lock().unwrap();
        stored.entry(plugin.to_owned()).or_default().remove(key);
        Ok(())
    }
}

impl Accounts for User {
    fn current(&self, kind: AccountKind) -> Option<Account> {
        self.accounts.lock().unwrap().get(&kind).cloned()
    }

    fn renew(
        &self,
        kind: AccountKind,
        _name: &str,
        token: &str,
        refresh_token: Option<&str>,
    ) -> Result<(), String> {
        let refresh_token = refresh_token.map(str::to_owned);
        self.renewed.lock().unwrap().push((token.to_owned(), refresh_token.clone()));
        if let Some(account) = self.accounts.lock().unwrap().get_mut(&kind) {
            account.token = Some(token.to_owned());
            account.refresh_token = refresh_token.or(account.refresh_token.take());
        }
        Ok(())
    }
}

impl PluginSettings for User {
    fn effective(&self, plugin: &Plugin) -> Map<String, Json> {
        let mut values: Map<String, Json> = plugin
            .settings
            .iter()
            .filter_map(|setting| Some((setting.key.clone(), setting.default.clone()?)))
            .collect();
        values.extend(self.stored(plugin));
        values
    }

    fn stored(&self, plugin: &Plugin) -> Map<String, Json> {
        self.settings.lock().unwrap().get(&plugin.id).cloned().unwrap_or_default()
    }

    fn set(&self, plugin: &Plugin, key: &str, value: &Json) -> Result<(), String> {
        let mut settings = self.settings.lock().unwrap();
        settings.entry(plugin.id.clone()).or_default().insert(key.to_owned(), value.clone());
        Ok(())
    }
}

impl Requirements for User {
    fn is_there(&self, requirement: &Requirement) -> bool {
        let Requirement::Executable { path, env, .. } = requirement else { return false };
        let named = env.as_ref().and_then(std::env::var_os).map(PathBuf::from);
        path.as_ref().map(PathBuf::from).into_iter().chain(named).any(|path| path.is_file())
    }
}

impl LogSink for User {
    fn wants(&self, _level: LogLevel) -> bool {
        true
    }

    fn write(&self, entry: LogEntry) {
        let mut counts = self.counts.lock().unwrap();
        let count = counts.entry(entry.plugin_id.clone()).or_default();
        *count += 1;
        // A flood is not to be mistaken for a leak of the host's.
        if *count <= MAX_LINES {
            self.lines.lock().unwrap().push(entry);
        }
    }
}

impl SettingsSource for User {
    fn setting(&self, plugin_id: &str, key: &str) -> Result<Value, String> {
        let settings = self.settings.lock().unwrap();
        let value = settings.get(plugin_id).and_then(|values| values.get(key));
        Ok(value.map_or(Value::Absent, Value::from_json))
    }
}

/// These rights, for everybody.
struct Only(Vec<&'static str>);

impl RightsSource for Only {
    fn rights(&self, _found: &Found, bases: Bases) -> Rights {
        let mut granted = PermissionSet::new();
        for right in &self.0 {
            granted.insert(right.parse().expect("a right"));
        }
        Rights::new(bases, None, granted, PermissionSet::new())
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

/// What is changed for a test before plugins are hosted.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) supervision: fn(Dialect) -> Supervision,
}

impl Default for Options {
    fn default() -> Self {
        Self { supervision: vario_dialects::supervision }
    }
}

/// The table with every time shortened, so that a test can wait for its end.
pub(crate) fn impatient(dialect: Dialect) -> Supervision {
    let table = vario_dialects::supervision(dialect);
    Supervision {
        start: Duration::from_secs(3),
        stop: Duration::from_secs(2),
        request: Duration::from_secs(2),
        ping: Duration::from_secs(1),
        turn: Duration::from_secs(3),
        ..table
    }
}

/// Restarts that need no waiting for.
pub(crate) fn quick_restarts(dialect: Dialect) -> Supervision {
    const NOW: Duration = Duration::from_millis(1);
    const WAITS: [&[Duration]; 4] = [&[], &[NOW], &[NOW; 2], &[NOW; 3]];
    let table = vario_dialects::supervision(dialect);
    let waits = WAITS[table.restart.waits.len()];
    Supervision { restart: Restart { waits, ..table.restart }, ..table }
}

/// Plugins in a folder of their own, hosted.
pub(crate) struct Rig {
    pub(crate) home: TempHome,
    pub(crate) user: Arc<User>,
    pub(crate) supervisor: Supervisor,
    states: Receiver<()>,
    feed: Subscription,
    pub(crate) events: Arc<Mutex<Vec<Arc<Event>>>>,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let home = TempHome::new();
        let user = Arc::new(User::default());
        Self::of(home, user, options)
    }

    /// Hosts the plugins of an earlier rig's home.
    pub(crate) fn of(home: TempHome, user: Arc<User>, options: Options) -> Self {
        std::fs::create_dir_all(home.path().join("plugins")).unwrap();
        let supervisor = Supervisor::new(parts(&home, &user, options)).unwrap();
        let (sender, states) = channel();
        let events: Arc<Mutex<Vec<Arc<Event>>>> = Arc::default();
        let seen = Arc::clone(&events);
        let feed = supervisor.bus().subscribe(move |event| {
            let mut seen = seen.lock().unwrap();
            if seen.len() < MAX_EVENTS || event.source == "core" {
                seen.push(Arc::clone(event));
            }
            drop(seen);
            let _ended = sender.send(());
            Keep::Yes
        });
        Self { home, user, supervisor, states, feed, events }
    }

    /// As [`Rig::of`], with what plugins keep in files of the home.
    pub(crate) fn stored(home: TempHome, user: Arc<User>) -> Self {
        *user.store.lock().unwrap() = Some(Store::open(&Paths::below(home.path())).unwrap());
        Self::of(home, user, Options::default())
    }

    pub(crate) fn plugins(&self) -> PathBuf {
        self.home.path().join("plugins")
    }

    /// Writes a plugin's files.
    pub(crate) fn plugin(&self, id: &str, files: &[(&str, &str)]) -> PathBuf {
        for (name, text) in files {
            self.home.write(&format!("plugins/{id}/{name}"), text);
        }
        self.plugins().join(id)
    }

    /// Copies a plugin of `fixtures/background`.
    pub(crate) fn fixture(&self, name: &str) -> PathBuf {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/background").join(name);
        let to = self.plugins().join(name);
        copy(&from, &to);
        to
    }

    /// Looks for plugins, and hosts what is there.
    pub(crate) fn rescan(&self) {
        let catalog = Catalog::discover(&[self.plugins()], &[]);
        for problem in &catalog.problems {
            eprintln!("{}: {:?}", problem.path.display(), problem.diagnostics);
        }
        self.supervisor.set_plugins(catalog.plugins);
    }

    /// Somebody signs in to smartCARS.
    pub(crate) fn sign_in(&self, airline: u32) {
        let document = json!({
            "airline": { "id": airline, "isPartner": false, "settings": { "scriptURL": "https://va.example/api/" }, "plugins": [] },
            "va_user": { "dbID": 7, "pilotID": "VA7", "firstName": "A", "lastName": "B", "email": "a@b.example",
                "rank": "Captain", "rankImage": null, "rankLevel": 3, "avatar": null, "session": "s3cret" },
        });
        self.account(AccountKind::Smartcars, document, None);
    }

    pub(crate) fn account(&self, kind: AccountKind, document: Json, token: Option<&str>) {
        let Json::Object(document) = document else { panic!("a document is an object") };
        let account = Account {
            name: "test".to_owned(),
            document,
            token: token.map(str::to_owned),
            refresh_token: None,
            refresh_url: None,
        };
        self.user.accounts.lock().unwrap().insert(kind, account);
        self.supervisor.account_changed();
    }

    pub(crate) fn sign_out(&self, kind: AccountKind) {
        self.user.accounts.lock().unwrap().remove(&kind);
        self.supervisor.account_changed();
    }

    pub(crate) fn info(&self, id: &str) -> Option<BackgroundInfo> {
        self.supervisor.info(id)
    }

    /// Waits until something is so; every event of the bus is a reason to look again.
    pub(crate) fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let end = Instant::now() + LONG;
        while !is_so() {
            if Instant::now() >= end {
                let states: Vec<_> = self.supervisor.list();
                panic!("not in time: {what}\n{states:#?}\n{}", self.log_text());
            }
            // What comes without an event is looked for now and then.
            let _woken = self.states.recv_timeout(Duration::from_millis(20));
        }
    }

    pub(crate) fn until_state(&self, id: &str, state: BackgroundState) {
        let what = format!("{id} is {}", state.name());
        self.until(&what, || self.info(id).is_some_and(|info| info.state == state));
    }

    pub(crate) fn until_active(&self, id: &str) {
        self.until_state(id, BackgroundState::Active);
    }

    /// Why a plugin is as it is.
    pub(crate) fn reason(&self, id: &str) -> String {
        self.info(id).and_then(|info| info.reason).unwrap_or_default()
    }

    /// Waits for a log line of a plugin that holds a text.
    pub(crate) fn until_logged(&self, id: &str, text: &str) {
        self.until(&format!("{id} logs {text:?}"), || self.has_logged(id, text));
    }

    pub(crate) fn has_logged(&self, id: &str, text: &str) -> bool {
        let lines = self.user.lines.lock().unwrap();
        lines.iter().any(|line| line.plugin_id == id && line.message.contains(text))
    }

    /// Everything that was logged, for a test that fails.
    pub(crate) fn log_text(&self) -> String {
        let lines = self.user.lines.lock().unwrap();
        lines.iter().fold(String::new(), |text, line| {
            text + &format!("[{}] {:?} {}\n", line.plugin_id, line.level, line.message)
        })
    }

    /// Waits for an event of a type, and gives its payload.
    pub(crate) fn until_event(&self, kind: &str) -> Json {
        let find = || {
            let events = self.events.lock().unwrap();
            events.iter().find(|event| event.kind == kind).map(|event| event.payload.clone())
        };
        self.until(&format!("event {kind}"), || find().is_some());
        find().unwrap()
    }

    /// The states a plugin went through, first to last.
    pub(crate) fn path(&self, id: &str) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let own =
            events.iter().filter(|event| event.kind == "plugin:state" && event.payload["id"] == id);
        own.map(|event| event.payload["to"].as_str().unwrap().to_owned()).collect()
    }

    /// A request as it comes from a server.
    pub(crate) fn ask(&self, request: &Request) -> Answered {
        self.ask_of(None, request)
    }

    /// One of a plugin's page, if it is one's.
    pub(crate) fn ask_of(&self, page: Option<&str>, request: &Request) -> Answered {
        let (sender, receiver) = channel();
        self.supervisor.http_of(
            page,
            request,
            Box::new(move |response| {
                let _gone = sender.send(response);
            }),
        );
        Answered(receiver.recv_timeout(LONG).expect("an answer in time"))
    }

    pub(crate) fn get(&self, target: &str) -> Answered {
        self.ask(&request("GET", target, &[], b""))
    }

    pub(crate) fn post(&self, target: &str, body: &Json) -> Answered {
        let headers = [("content-type", "application/json")];
        self.ask(&request("POST", target, &headers, body.to_string().as_bytes()))
    }

    pub(crate) fn ipc(&self, id: &str, channel_name: &str, args: &[Json]) -> Result<Json, String> {
        let (sender, receiver) = channel();
        self.supervisor.ipc(
            id,
            channel_name,
            args,
            Box::new(move |answer| {
                let _gone = sender.send(answer);
            }),
        );
        let answer = receiver.recv_timeout(LONG).expect("an answer in time");
        answer.map(|value| value.to_json()).map_err(|error| error.to_string())
    }

    pub(crate) fn request(&self, id: &str, kind: &str, payload: &Json) -> Result<Json, String> {
        let (sender, receiver) = channel();
        self.supervisor.request(
            id,
            kind,
            payload,
            Box::new(move |answer| {
                let _gone = sender.send(answer);
            }),
        );
        let answer = receiver.recv_timeout(LONG).expect("an answer in time");
        answer.map(|value| value.to_json()).map_err(|error| error.to_string())
    }

    /// Ends a plugin's process from outside, as a crash would.
    #[cfg(unix)]
    pub(crate) fn kill(&self, id: &str) {
        let pid = self.info(id).and_then(|info| info.pid).expect("it has a process");
        let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    }

    /// Ends everything and gives back what outlives it.
    pub(crate) fn shut_down(self) -> (TempHome, Arc<User>) {
        self.supervisor.shutdown(LONG).unwrap();
        let Self { home, user, supervisor, feed, .. } = self;
        drop(feed);
        drop(supervisor);
        (home, user)
    }
}

pub(crate) fn request(
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Request {
    let mut all = vec![("host".to_owned(), "localhost:6736".to_owned())];
    all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: all,
        body: body.to_vec(),
    }
}

/// A response, taken apart.
pub(crate) struct Answered(pub(crate) Response);

impl Answered {
    pub(crate) fn status(&self) -> u16 {
        self.0.status
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.0.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        match &self.0.body {
            Body::Bytes(bytes) => bytes.clone(),
            Body::File(path) => std::fs::read(path).unwrap(),
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }

    pub(crate) fn json(&self) -> Json {
        let text = self.text();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in
        std::fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()))
    {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn parts(home: &TempHome, user: &Arc<User>, options: Options) -> Parts {
    let paths = Paths::below(home.path());
    let limits = BackgroundJob::limits();
    let native = NativeConfig {
        secrets: Arc::new(MemorySecrets::default()),
        ..NativeConfig::from_process(Some(home.path().to_owned()), None, Arc::clone(user) as _)
    };
    let (for_enabled, for_rights) = (Arc::clone(user), Arc::clone(user));
    Parts {
        worker: WorkerCommand {
            program: env!("CARGO_BIN_EXE_worker").into(),
            args: Vec::new(),
            timezone: None,
            memory_bytes: 768 << 20,
        },
        limits,
        rights: {
            let nowhere = paths.clone();
            Arc::new(move || -> Arc<dyn RightsSource> {
                if let Some(list) = &*for_rights.may_only.lock().unwrap() {
                    return Arc::new(Only(list.clone()));
                }
                if *for_rights.may_nothing.lock().unwrap() {
                    Arc::new(GrantedRights::new(vario_store::Grants::load(&nowhere), false))
                } else {
                    Arc::new(AllowAll)
                }
            })
        },
        app: App { version: "0.0.0".to_owned(), platform: "linux".to_owned(), paths },
        audit: Arc::new(NoAudit),
        host: Arc::new(NativeHost::new(native)),
        storage: Arc::clone(user) as _,
        accounts: Arc::clone(user) as _,
        settings: Arc::clone(user) as _,
        requirements: Arc::clone(user) as _,
        log: Arc::clone(user) as _,
        clock: Arc::new(SystemClock),
        supervision: options.supervision,
        is_enabled: Arc::new(move |plugin: &Plugin| {
            !for_enabled.disabled.lock().unwrap().contains(&plugin.id)
        }),
        core_config: json!({ "privateAPI": "https://api.example/" }),
    }
}
