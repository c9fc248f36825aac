//! Background plugins, hosted by whoever owns the state directory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Map, Value as Json, json};
use vario_background::{
    Account, AccountKind, Accounts, Answer, Body, CallError, Keep, Parts, Request, Response,
    Supervisor, frame,
};
use vario_dialects::BackgroundJob;
use vario_host::SettingsSource;
use vario_isolation::WorkerCommand;
use vario_manifest::Plugin;
use vario_model::AuditEntry;
use vario_runtime::owner::{Changed, Teller};
use vario_runtime::{AuditLog, GrantedRights};
use vario_sandbox::Limits;
use vario_store::Store;
use vario_value::Value;

use crate::known::Known;
use crate::pages::{PageColours, Served};
use crate::pushing::Pushing;
use crate::settings::PluginSettings;
use crate::vario::{Error, IsolationOption, Vario, WORKER, own_program};

/// How long a plugin may take to start or stop before whoever asked is told so.
const PATIENCE: Duration = Duration::from_secs(45);

/// What a worker needs beside its script's heap: the program itself, stacks, values that cross.
const NATIVE_BYTES: u64 = 192 * 1024 * 1024;

/// How long all plugins together may take to end.
const SHUTDOWN: Duration = Duration::from_secs(20);

/// The background plugins of this process.
pub struct Hosted {
    supervisor: Arc<Supervisor>,
    pub(crate) vario: Vario,
    known: Known,
    seen: Mutex<Seen>,
    pub(crate) serving: Mutex<Option<Served>>,
    pushing: Mutex<Option<Pushing>>,
}

/// What was told to plugins last, to tell them of changes only.
#[derive(Default)]
struct Seen {
    plugins: Vec<(Arc<Plugin>, Option<PathBuf>)>,
    settings: BTreeMap<String, Map<String, Json>>,
    accounts: Vec<Option<Account>>,
}

impl Hosted {
    /// Hosts every background plugin that is enabled.
    ///
    /// # Errors
    /// When not even the threads for it can be had.
    pub(crate) fn start(vario: Vario) -> Result<Arc<Self>, Error> {
        let known = Known::new(&vario);
        let parts = vario.background_parts(&known)?;
        let supervisor = Supervisor::new(parts).map_err(|error| Error::new(error.to_string()))?;
        let hosted = Arc::new(Self {
            supervisor: Arc::new(supervisor),
            known,
            vario,
            seen: Mutex::default(),
            serving: Mutex::default(),
            pushing: Mutex::default(),
        });
        hosted.note_accounts();
        hosted.rescan();
        hosted.note_settings();
        *hosted.pushing.lock() = hosted.vario.push_always();
        Ok(hosted)
    }

    /// The supervisor.
    pub fn supervisor(&self) -> &Supervisor {
        &self.supervisor
    }

    /// Looks which plugins there are now.
    pub fn rescan(&self) {
        let found = self.vario.reopened().catalog().plugins;
        self.seen.lock().plugins =
            found.iter().map(|found| (Arc::clone(&found.plugin), found.path.clone())).collect();
        self.supervisor.set_plugins(found);
    }

    /// Every plugin with the folder it is in, as the last look found them.
    pub(crate) fn plugins(&self) -> Vec<(Arc<Plugin>, Option<PathBuf>)> {
        self.seen.lock().plugins.clone()
    }

    /// Something was changed, by whomever.
    pub(crate) fn changed(&self, what: Changed) {
        match what {
            Changed::Plugins => self.rescan(),
            Changed::Grants => self.supervisor.grants_changed(),
            Changed::Config => {
                self.known.forget();
                self.supervisor.reconsider();
                if self.note_accounts() {
                    self.supervisor.account_changed();
                }
                for id in self.note_settings() {
                    self.supervisor.settings_changed(&id);
                }
            }
        }
    }

    /// Ends every plugin in good order.
    pub(crate) fn end(&self) {
        // It holds this in turn.
        drop(self.serving.lock().take());
        drop(self.pushing.lock().take());
        let _killed_otherwise = self.supervisor.shutdown(SHUTDOWN);
    }

    /// Which plugins have other settings than when this was asked last.
    fn note_settings(&self) -> Vec<String> {
        let now = self.vario.reopened().stored_settings();
        let mut seen = self.seen.lock();
        let before = std::mem::replace(&mut seen.settings, now.clone());
        let all: std::collections::BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        all.into_iter().filter(|id| before.get(*id) != now.get(*id)).cloned().collect()
    }

    /// Whether somebody else is signed in than when this was asked last.
    fn note_accounts(&self) -> bool {
        let now: Vec<Option<Account>> = [AccountKind::Smartcars, AccountKind::Stratos]
            .into_iter()
            .map(|kind| self.known.current(kind))
            .collect();
        let before = std::mem::replace(&mut self.seen.lock().accounts, now.clone());
        // A token that was renewed is no other account.
        let who = |accounts: &[Option<Account>]| {
            accounts
                .iter()
                .map(|account| account.as_ref().map(|one| (one.name.clone(), one.document.clone())))
                .collect::<Vec<_>>()
        };
        who(&before) != who(&now)
    }

    /// Does what a front asks for. What takes long is done on a thread of its own.
    pub(crate) fn manage(self: Arc<Self>, command: &Json, teller: Teller) {
        let text = |key: &str| command.get(key).and_then(Json::as_str).unwrap_or_default();
        let id = text("id").to_owned();
        match text("do") {
            "list" => teller.done(Ok(json!(self.supervisor.list()))),
            "start" => self.wait(teller, move |hosted| hosted.supervisor.start(&id, PATIENCE)),
            "stop" => self.wait(teller, move |hosted| hosted.supervisor.stop(&id, PATIENCE)),
            "restart" => self.wait(teller, move |hosted| hosted.supervisor.restart(&id, PATIENCE)),
            "rescan" => {
                self.rescan();
                teller.done(Ok(Json::Null));
            }
            "publish" => {
                let payload = command.get("payload").cloned().unwrap_or(Json::Null);
                self.supervisor.publish(text("type"), payload);
                teller.done(Ok(Json::Null));
            }
            "tail" => self.tail(text("pattern"), teller),
            "ipc" => {
                let args = command.get("args").and_then(Json::as_array).cloned();
                let channel = text("channel").to_owned();
                let done = move |answer| teller.done(told(answer));
                self.supervisor.ipc(&id, &channel, &args.unwrap_or_default(), Box::new(done));
            }
            "request" => {
                let payload = command.get("payload").cloned().unwrap_or(Json::Null);
                let done = move |answer| teller.done(told(answer));
                self.supervisor.request(&id, text("type"), &payload, Box::new(done));
            }
            "menu" => teller.done(Ok(json!(self.supervisor.menu()))),
            "run-menu" => {
                let context = command.get("context").cloned().unwrap_or(Json::Null);
                let ran = self.supervisor.run_menu(&id, text("command"), context);
                teller.done(ran.map(|()| Json::Null));
            }
            "http" => self.try_route(command, teller),
            "page" => {
                let colour = |key, otherwise: &str| {
                    Some(text(key)).filter(|text| is_colour(text)).unwrap_or(otherwise).to_owned()
                };
                let is_dark = command.get("dark") == Some(&Json::Bool(true));
                let colours = PageColours {
                    is_dark,
                    foreground: colour("foreground", if is_dark { "ffffff" } else { "000000" }),
                    background: colour("background", if is_dark { "000000" } else { "ffffff" }),
                };
                teller.done(self.page(&id, &colours).map(Json::from));
            }
            other => teller.done(Err(format!("`{other}` is no command of this version"))),
        }
    }

    fn wait(
        self: Arc<Self>,
        teller: Teller,
        work: impl FnOnce(&Self) -> Result<(), String> + Send + 'static,
    ) {
        // A thread that cannot be had drops the teller, which says so.
        let _told = std::thread::Builder::new()
            .name("background wish".to_owned())
            .spawn(move || teller.done(work(&self).map(|()| Json::Null)));
    }

    /// Tells of events until nobody listens any more.
    fn tail(&self, pattern: &str, teller: Teller) {
        let pattern = pattern.to_owned();
        self.supervisor.bus().listen(move |event| {
            let is_meant = pattern.is_empty() || vario_background::matches(&pattern, &event.kind);
            if !is_meant || teller.item(frame(event)) { Keep::Yes } else { Keep::No }
        });
    }

    /// Asks a route, as its page in the window does.
    fn try_route(&self, command: &Json, teller: Teller) {
        let text = |key: &str| command.get(key).and_then(Json::as_str).map(str::to_owned);
        let body = text("body").unwrap_or_default();
        let mut headers = vec![("host".to_owned(), "localhost".to_owned())];
        if !body.is_empty() {
            let kind = text("contentType").unwrap_or_else(|| "application/json".to_owned());
            headers.push(("content-type".to_owned(), kind));
        }
        let request = Request {
            method: text("method").unwrap_or_else(|| "GET".to_owned()).to_ascii_uppercase(),
            target: text("target").unwrap_or_else(|| "/".to_owned()),
            headers,
            body: body.into_bytes(),
        };
        let respond = move |response: Response| teller.done(Ok(response_json(response)));
        self.supervisor.http(&request, Box::new(respond));
    }
}

impl Vario {
    /// What background plugins are hosted with.
    fn background_parts(&self, known: &Known) -> Result<Parts, Error> {
        let limits =
            Limits { http_body_bytes: self.limits().http_body_bytes, ..BackgroundJob::limits() };
        let program = match &self.options.isolation {
            IsolationOption::Worker(program) => program.clone(),
            _ => own_program()?,
        };
        let worker = WorkerCommand {
            program,
            args: vec![WORKER.into()],
            timezone: crate::zone::named(),
            memory_bytes: 2 * limits.heap_bytes as u64 + NATIVE_BYTES,
        };
        let (for_rights, for_enabled) = (self.reopened(), known.clone());
        let all = self.options.allow_all;
        Ok(Parts {
            worker,
            limits,
            app: self.app(),
            rights: Arc::new(move || Arc::new(GrantedRights::new(for_rights.grants(), all))),
            audit: Arc::new(StoreAudit(self.store()?)),
            host: Arc::new(self.native_host(Arc::new(LiveSettings(self.reopened())))),
            storage: self.background_storage()?,
            accounts: Arc::new(known.clone()),
            settings: self.background_settings(),
            requirements: self.background_requirements(),
            log: self.background_log(),
            clock: Arc::clone(&self.clock),
            supervision: vario_dialects::supervision,
            is_enabled: Arc::new(move |plugin| for_enabled.is_enabled(plugin)),
            core_config: json!({}),
        })
    }

    /// What users set for plugins, without defaults and secrets.
    fn stored_settings(&self) -> BTreeMap<String, Map<String, Json>> {
        let sections = self.config.settings().plugin.iter();
        sections.map(|(id, section)| (id.clone(), section.settings.clone())).collect()
    }
}

/// Plugins' settings as they are at each call.
struct LiveSettings(Vario);

impl SettingsSource for LiveSettings {
    fn setting(&self, plugin_id: &str, key: &str) -> Result<Value, String> {
        let vario = self.0.reopened();
        let settings =
            PluginSettings::new(&vario.catalog(), &vario.config, Arc::clone(&vario.secrets));
        settings.setting(plugin_id, key)
    }
}

/// Keeps what plugins did.
struct StoreAudit(Arc<Store>);

impl AuditLog for StoreAudit {
    fn append(&self, entries: &[AuditEntry]) {
        // The store says itself when it cannot.
        let _noted = self.0.append_audit(entries);
    }
}

fn is_colour(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A response as fronts show it: text as text, anything else by its size.
fn response_json(response: Response) -> Json {
    let body = match response.body {
        Body::Bytes(bytes) => String::from_utf8(bytes)
            .unwrap_or_else(|error| format!("({} bytes)", error.as_bytes().len())),
        Body::File(path) => format!("(file {})", path.display()),
    };
    json!({ "status": response.status, "headers": response.headers, "body": body })
}

fn told(answer: Answer) -> Result<Json, String> {
    answer.map(|value| value.to_json()).map_err(|error: CallError| error.to_string())
}
