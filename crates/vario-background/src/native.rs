//! What a plugin calls, answered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use vario_host::{
    BACKGROUND_FUNCTIONS, Call, FIRST_BACKGROUND, FUNCTIONS, HostError, Session as HostSession,
    check_args,
};
use vario_manifest::Dialect;
use vario_permissions::Access;
use vario_sandbox::{Language, NativeError};
use vario_value::{LogLevel, Value};

use crate::account;
use crate::answer::{Answer, CallError};
use crate::bus::{Event, Keep};
use crate::events::Delivery;
use crate::hub::Hub;
use crate::kept;
use crate::pending::id_of;
use crate::refused;
use crate::routes::Route;
use crate::session::{CALL_LIMIT, Failed, Session};
use crate::sockets;

/// The largest payload of an event, in bytes of JSON.
const MAX_PAYLOAD: usize = 1 << 20;

/// What one plugin's calls are answered with.
pub(crate) struct Native {
    pub(crate) hub: Arc<Hub>,
    pub(crate) session: Arc<Session>,
    pub(crate) probe_calls: HostSession,
    pub(crate) language: Language,
}

impl Native {
    /// A call that the plugin waits for.
    pub(crate) fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        let Some(place) = function.checked_sub(FIRST_BACKGROUND) else {
            let until = Instant::now() + CALL_LIMIT;
            return self.probe_calls.call_until(function as usize, args, until).map_err(|error| {
                match error {
                    vario_host::SessionError::Host(error) => native_error(error),
                    other => NativeError::Error(other.to_string()),
                }
            });
        };
        let Some(spec) = BACKGROUND_FUNCTIONS.get(place as usize) else {
            return Err(NativeError::Error("no such host function".to_owned()));
        };
        check_args(spec, &args, vario_dialects::script_words(self.language))
            .map_err(native_error)?;
        self.answer(spec.name, args).map_err(native_error)
    }

    fn answer(&self, name: &'static str, args: Vec<Value>) -> Result<Value, HostError> {
        let (session, hub) = (&self.session, &self.hub);
        let id = session.id();
        let text = |place: usize| args.get(place).and_then(Value::as_str).unwrap_or_default();
        let json = |place: usize| args.get(place).map_or(Json::Null, Value::to_json);
        let failed = HostError::failed;
        Ok(match name {
            "config.get" => kept::get(session, text(0))
                .map_err(failed)?
                .map_or(Value::Absent, |value| Value::from_json(&value)),
            "config.set" => {
                kept::set(session, text(0), &json(1)).map_err(failed)?;
                Value::Absent
            }
            "config.remove" => {
                kept::remove(session, text(0)).map_err(failed)?;
                Value::Absent
            }
            "config.all" => Value::from_json(&Json::Object(kept::all(session).map_err(failed)?)),
            "settings.all" => {
                let values = session.parts.settings.effective(&session.plugin);
                Value::from_json(&Json::Object(values))
            }
            "routes.add" => self.add_route(args.first().unwrap_or(&Value::Absent))?,
            "routes.remove" => self.remove_route(args.first().unwrap_or(&Value::Absent))?,
            "bus.publish" => {
                bounded(text(0))?;
                self.allowed("bus.publish", &Access::Bus(text(0).to_owned()))?;
                let event = Event::new(text(0), id, json(1), session.parts.now_ms());
                if event.bytes > MAX_PAYLOAD {
                    return Err(failed(format!("an event carries {MAX_PAYLOAD} bytes at most")));
                }
                hub.bus.send(&Arc::new(event));
                Value::Absent
            }
            "bus.subscribe" => self.subscribe(text(0))?,
            "bus.unsubscribe" => {
                if let Some(number) = args.first().and_then(id_of) {
                    session.subscriptions.lock().remove(&number);
                    hub.drop_feed(id, number);
                }
                Value::Absent
            }
            "ipc.handle" => {
                let is_new = session.channels.lock().insert(text(0).to_owned());
                if !is_new {
                    return Err(failed(format!("channel `{}` has a handler already", text(0))));
                }
                Value::Absent
            }
            "ipc.unhandle" => {
                session.channels.lock().remove(text(0));
                Value::Absent
            }
            "ipc.send" => {
                hub.push_ipc(id, text(0), &json(1));
                Value::Absent
            }
            "account.current" => account::current(session),
            "account.token" => account::token(session).map_or(Value::Null, Value::from),
            "socket.open" => self.open_socket(text(0))?,
            "socket.send" => {
                let number = args.first().and_then(id_of).unwrap_or_default();
                sockets::send(hub, session, number, text(1)).map_err(failed)?;
                Value::Absent
            }
            "socket.close" => {
                let number = args.first().and_then(id_of).unwrap_or_default();
                sockets::close(hub, session, number);
                Value::Absent
            }
            "plugins.has" => Value::Bool(self.has(text(0))),
            "plugins.list" => Value::from_json(&hub.installed_json()),
            // What touches the machine.
            _ => {
                let call = Call { id: session.number(), name: name.into(), args };
                session.parts.host.call(&call, &session.scope())?
            }
        })
    }

    /// A call that the plugin does not wait for.
    pub(crate) fn post(&self, seq: u64, function: u32, args: Vec<Value>) {
        let place = function.checked_sub(FIRST_BACKGROUND).map(|place| place as usize);
        let Some(spec) = place.and_then(|place| BACKGROUND_FUNCTIONS.get(place)) else {
            let name = FUNCTIONS.get(function as usize).map_or("?", |spec| spec.name);
            let words = format!("`{name}` cannot be called without waiting");
            return self.session.answer_call(seq, Err(Failed::new(words)));
        };
        let words = vario_dialects::script_words(self.language);
        if let Err(error) = check_args(spec, &args, words) {
            let failed = Failed { name: Some("TypeError"), ..Failed::new(error.to_string()) };
            return self.session.answer_call(seq, Err(failed));
        }
        match spec.name {
            "bus.request" => self.request(seq, args),
            "assets.call" => self.assets(seq, &args),
            "desktop.tell" => self.tell_desktop(seq, &args),
            name => self.later(seq, name, args),
        }
    }

    /// Does something slow on a thread of its own.
    fn later(&self, seq: u64, name: &'static str, args: Vec<Value>) {
        let (session, hub) = (Arc::clone(&self.session), Arc::clone(&self.hub));
        let work = move || {
            // Our own server's port: no connection is needed, and none may be there.
            if name == "http.fetch"
                && let Some(answered) = sockets::own_request(&hub, &session, args.first())
            {
                return answered(seq);
            }
            let answer = if name == "account.fetch" {
                account::fetch(&hub, &session, args.first().unwrap_or(&Value::Absent))
            } else {
                let call = Call { id: session.number(), name: name.into(), args };
                session.parts.host.call(&call, &session.scope())
            };
            session.answer_call(seq, answer.map_err(failed_of));
        };
        let thread = std::thread::Builder::new().name("plugin-call".to_owned());
        if let Err(error) = thread.stack_size(1 << 20).spawn(work) {
            let words = format!("no thread could be started: {error}");
            self.session.answer_call(seq, Err(Failed::new(words)));
        }
    }

    fn request(&self, seq: u64, args: Vec<Value>) {
        let mut args = args.into_iter();
        let mut text = || match args.next() {
            Some(Value::Str(text)) => text,
            _ => String::new(),
        };
        let (target, kind) = (text(), text());
        let payload = args.next().unwrap_or(Value::Absent);
        let limit = args.next().and_then(|ms| id_of(&ms)).map(Duration::from_millis);
        let session = Arc::clone(&self.session);
        let done = move |answer: Answer| {
            session.answer_call(seq, answer.map_err(|error| of_call(&error)));
        };
        let allowed = self.allowed("bus.request", &Access::Bus(kind.clone()));
        if let Err(error) = allowed {
            return self.session.answer_call(seq, Err(failed_of(error)));
        }
        self.hub.request(self.session.id(), &target, &kind, payload, limit, Box::new(done));
    }

    fn assets(&self, seq: u64, args: &[Value]) {
        let text = |place: usize| args.get(place).and_then(Value::as_str).unwrap_or_default();
        let list: Vec<Json> = args
            .get(2)
            .and_then(Value::as_list)
            .unwrap_or_default()
            .iter()
            .map(Value::to_json)
            .collect();
        let access = Access::Bus(format!("assets/{}", text(0)));
        let answer = self.allowed("assets.call", &access).map_err(failed_of).and_then(|()| {
            let (value, told) =
                self.hub.assets.call(text(0), text(1), &list).map_err(Failed::new)?;
            if let Some((event, payload)) = told {
                self.hub.emit(&event, payload);
            }
            Ok(Value::from_json(&value))
        });
        self.session.answer_call(seq, answer);
    }

    /// What only a front can show: whoever is there hears of it on the bus, and nobody is waited
    /// for.
    fn tell_desktop(&self, seq: u64, args: &[Value]) {
        let what = args.first().and_then(Value::as_str).unwrap_or_default();
        let value = args.get(1).map_or(Json::Null, Value::to_json);
        let payload = serde_json::json!({ "pluginId": self.session.id(), "value": value });
        self.hub.emit(&format!("desktop:{what}"), payload);
        self.session.answer_call(seq, Ok(Value::Absent));
    }

    fn has(&self, id: &str) -> bool {
        use vario_manifest::Requirement;

        let found = self.session.plugin.dependencies.iter().find(|dependency| {
            match &dependency.requirement {
                Requirement::Plugin { id: known, .. } => known == id,
                Requirement::Executable { name, .. } | Requirement::Library { name, .. } => {
                    name == id
                }
                _ => false,
            }
        });
        match found.map(|dependency| &dependency.requirement) {
            Some(Requirement::Plugin { .. }) | None => self.hub.is_active(id),
            Some(other) => self.session.parts.requirements.is_there(other),
        }
    }

    fn add_route(&self, value: &Value) -> Result<Value, HostError> {
        let route = Route::read(value, self.session.id()).map_err(HostError::Failed)?;
        self.allowed("routes.add", &Access::Routes)?;
        if let Route::Prefix(prefix) = &route
            && let Err(words) = self.hub.mount(prefix, self.session.id())
        {
            self.session.note(LogLevel::Warn, &words);
            // The first has it; the second goes on without (Stratos reference, section 5).
            return match self.session.plugin.dialect {
                Dialect::Stratos => Ok(Value::Bool(false)),
                _ => Err(HostError::Failed(words)),
            };
        }
        self.session.routes.lock().add(route).map_err(HostError::Failed)?;
        Ok(Value::Absent)
    }

    fn remove_route(&self, value: &Value) -> Result<Value, HostError> {
        let route = Route::read(value, self.session.id()).map_err(HostError::Failed)?;
        if let Route::Prefix(prefix) = &route {
            self.hub.unmount(prefix, self.session.id());
        }
        self.session.routes.lock().remove(&route);
        Ok(Value::Absent)
    }

    fn subscribe(&self, pattern: &str) -> Result<Value, HostError> {
        const MAX_SUBSCRIPTIONS: usize = 1000;
        bounded(pattern)?;
        self.allowed("bus.subscribe", &Access::Bus(pattern.to_owned()))?;
        let session = &self.session;
        let number = session.number();
        let mut known = session.subscriptions.lock();
        if known.len() >= MAX_SUBSCRIPTIONS {
            return Err(HostError::failed("a plugin may have 1000 subscriptions"));
        }
        known.insert(number, pattern.to_owned());
        drop(known);
        listen(&self.hub, session, pattern, Some(number), None);
        Ok(Value::Int(number.cast_signed()))
    }

    fn open_socket(&self, url: &str) -> Result<Value, HostError> {
        self.allowed("socket.open", &Access::Bus("*".to_owned()))?;
        let number = sockets::open(&self.hub, &self.session, url).map_err(HostError::Failed)?;
        Ok(Value::Int(number.cast_signed()))
    }

    /// Whether the plugin has a right; what it lacks is remembered.
    fn allowed(&self, function: &'static str, access: &Access) -> Result<(), HostError> {
        refused::check(&self.session, function, access)
    }
}

/// The type of an event, which is written down in many places.
fn bounded(kind: &str) -> Result<(), HostError> {
    const MAX_TYPE: usize = 256;
    let words = || HostError::Failed(format!("the type of an event may have {MAX_TYPE} bytes"));
    if kind.len() > MAX_TYPE { Err(words()) } else { Ok(()) }
}

/// Has events of a pattern delivered to a plugin as long as it lives.
pub(crate) fn listen(
    hub: &Arc<Hub>,
    session: &Arc<Session>,
    pattern: &str,
    number: Option<u64>,
    handler: Option<&str>,
) {
    let key = number.unwrap_or_else(|| session.number());
    let (weak, handler) = (Arc::downgrade(session), handler.map(str::to_owned));
    let pattern = pattern.to_owned();
    let feed = hub.bus.subscribe(move |event| {
        let Some(session) = weak.upgrade() else { return Keep::No };
        if matches(&pattern, &event.kind) {
            let event = Arc::clone(event);
            session.deliver(Delivery { subscription: number, handler: handler.clone(), event });
        }
        Keep::Yes
    });
    hub.keep_feed(session.id(), key, feed);
}

/// Exactly, or by its beginning when the pattern ends with `*` (reference of Mudstack, section 5).
pub fn matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => kind.starts_with(start),
        None => pattern == kind,
    }
}

fn native_error(error: HostError) -> NativeError {
    match error {
        HostError::Type(words) => NativeError::TypeError(words),
        other => NativeError::Error(other.to_string()),
    }
}

fn failed_of(error: HostError) -> Failed {
    match error {
        HostError::Type(words) => Failed { name: Some("TypeError"), ..Failed::new(words) },
        other => Failed::new(other.to_string()),
    }
}

fn of_call(error: &CallError) -> Failed {
    let code = match error {
        CallError::NotRunning(_) => "NOT_RUNNING",
        CallError::NoHandler(_) => "NO_HANDLER",
        CallError::Late(_) => "TIMEOUT",
        CallError::Unloaded(_) => "PLUGIN_UNLOADED",
        CallError::Busy(_) => "BUSY",
        CallError::Thrown { .. } => "HANDLER_ERROR",
    };
    let name = matches!(error, CallError::Unloaded(_)).then_some("PluginUnloaded");
    Failed { message: error.to_string(), name, code: Some(code.to_owned()) }
}
