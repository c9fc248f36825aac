use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, RwLock};
use vario_dialects::Supervision;
use vario_host::{Cancel, LogEntry, LogOrigin, RunId, Scope, redact};
use vario_isolation::{Killer, Link, LinkError};
use vario_manifest::Plugin;
use vario_permissions::Rights;
use vario_value::{LogLevel, Map, Value};

use crate::answer::{Answer, CallError, Done};
use crate::bus::Event;
use crate::events::{Delivery, EventQueue};
use crate::parts::Parts;
use crate::pending::Pending;
use crate::routes::Routes;
use crate::timers::Timers;
use crate::witness::PluginWitness;

/// One process of one plugin, from its start to its end, as everybody else sees it.
pub(crate) struct Session {
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) supervision: Supervision,
    pub(crate) parts: Parts,
    pub(crate) timers: Arc<Timers>,
    pub(crate) pid: u32,
    rights: RwLock<Arc<Rights>>,
    pub(crate) witness: Arc<PluginWitness>,
    pub(crate) run_id: RunId,
    pub(crate) cancel: Cancel,
    pub(crate) own_folder: Option<std::path::PathBuf>,
    /// What it registered.
    pub(crate) routes: Mutex<Routes>,
    pub(crate) subscriptions: Mutex<BTreeMap<u64, String>>,
    pub(crate) channels: Mutex<BTreeSet<String>>,
    pub(crate) sockets: Mutex<BTreeSet<u64>>,
    /// The event that is being sent over one of its connections to the bus, by id.
    pub(crate) speaking: Mutex<Option<(u64, String)>>,
    next_number: AtomicU64,
    link: Link,
    killer: Killer,
    pending: Pending,
    events: EventQueue,
    is_watched: AtomicBool,
    /// How often it has answered something.
    answers: AtomicU64,
    /// The host works for it right now, so it cannot answer.
    is_in_call: AtomicBool,
    /// Why it is being killed, when that is our doing.
    verdict: Mutex<Option<String>>,
}

/// What a session is made of.
pub(crate) struct Begin {
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) supervision: Supervision,
    pub(crate) parts: Parts,
    pub(crate) timers: Arc<Timers>,
    pub(crate) rights: Arc<Rights>,
    pub(crate) witness: Arc<PluginWitness>,
    pub(crate) own_folder: Option<std::path::PathBuf>,
}

/// For a call of the plugin's that has no bound of its own.
pub(crate) const CALL_LIMIT: Duration = Duration::from_mins(1);

impl Session {
    pub(crate) fn new(begin: Begin, link: Link, killer: Killer, pid: u32) -> Arc<Self> {
        Arc::new(Self {
            plugin: begin.plugin,
            supervision: begin.supervision,
            parts: begin.parts,
            timers: begin.timers,
            pid,
            rights: RwLock::new(begin.rights),
            witness: begin.witness,
            run_id: RunId::next(),
            cancel: Cancel::new(),
            own_folder: begin.own_folder,
            routes: Mutex::default(),
            subscriptions: Mutex::default(),
            channels: Mutex::default(),
            sockets: Mutex::default(),
            speaking: Mutex::default(),
            next_number: AtomicU64::new(1),
            link,
            killer,
            pending: Pending::default(),
            events: EventQueue::default(),
            is_watched: AtomicBool::new(false),
            answers: AtomicU64::new(0),
            is_in_call: AtomicBool::new(false),
            verdict: Mutex::default(),
        })
    }

    pub(crate) fn id(&self) -> &str {
        &self.plugin.id
    }

    /// What it may do now.
    pub(crate) fn rights(&self) -> Arc<Rights> {
        Arc::clone(&self.rights.read())
    }

    /// Grants have changed: what it may do from now on.
    pub(crate) fn set_rights(&self, rights: Rights) {
        *self.rights.write() = Arc::new(rights);
    }

    /// A number that nothing else of this session has.
    pub(crate) fn number(&self) -> u64 {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }

    /// On whose behalf a host function works; each call has a deadline of its own.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            plugin_id: self.plugin.id.clone(),
            plugin_data_dir: self.parts.data_dir(&self.plugin.id),
            run_id: self.run_id,
            rights: self.rights(),
            witness: Arc::clone(&self.witness) as _,
            deadline: Instant::now() + CALL_LIMIT,
            cancel: self.cancel.clone(),
            http_body_bytes: self.parts.limits.http_body_bytes,
            log: Arc::clone(&self.parts.log),
        }
    }

    /// Writes a line to the plugin's log.
    pub(crate) fn log(&self, level: LogLevel, origin: LogOrigin, text: &str) {
        if self.parts.log.wants(level) {
            self.parts.log.write(LogEntry {
                plugin_id: self.plugin.id.clone(),
                level,
                origin,
                message: redact::log_text(text).into_owned(),
            });
        }
    }

    /// A line of ours about the plugin.
    pub(crate) fn note(&self, level: LogLevel, text: &str) {
        self.log(level, LogOrigin::Host, text);
    }

    /// Asks the plugin something. `limit` bounds the answer; without it only the plugin's end does.
    pub(crate) fn ask(
        self: &Arc<Self>,
        kind: &'static str,
        value: Value,
        limit: Option<Duration>,
        done: Done,
    ) {
        let id = match self.put(kind, value, done) {
            Ok(id) => id,
            Err((error, done)) => return done(Err(error)),
        };
        if let Some(limit) = limit {
            let session = Arc::downgrade(self);
            self.timers.at(Instant::now() + limit, move || {
                if let Some(session) = session.upgrade() {
                    session.pending.close(id, Err(CallError::Late(session.plugin.id.clone())));
                }
            });
        }
    }

    /// Sends a question and gives its number, or the taker back with the reason why not.
    fn put(
        self: &Arc<Self>,
        kind: &'static str,
        value: Value,
        done: Done,
    ) -> Result<u64, (CallError, Done)> {
        let id = match self.pending.open(done) {
            Ok(id) => id,
            Err(done) => return Err((CallError::Unloaded(self.plugin.id.clone()), done)),
        };
        if let Err(error) = self.send(kind, Some(id), value) {
            // Nobody else may have answered meanwhile but the end, which has told the taker.
            return self.pending.take_back(id).map_or(Ok(id), |done| Err((error, done)));
        }
        self.watch();
        Ok(id)
    }

    /// Tells the plugin something that it does not answer.
    pub(crate) fn tell(&self, kind: &'static str, value: Value) -> Result<(), CallError> {
        self.send(kind, None, value)
    }

    fn send(&self, kind: &'static str, id: Option<u64>, value: Value) -> Result<(), CallError> {
        let mut message = Map::new();
        message.insert("kind".to_owned(), kind.into());
        if let Some(id) = id {
            message.insert("id".to_owned(), Value::Int(id.cast_signed()));
        }
        message.insert("value".to_owned(), value);
        self.send_message(message)
    }

    fn send_message(&self, message: Map) -> Result<(), CallError> {
        self.link.send(&Value::Map(message)).map_err(|error| match error {
            LinkError::Full => CallError::Busy(self.plugin.id.clone()),
            LinkError::Unfit(words) => {
                CallError::Thrown { message: words, status: Some(413), stack: None }
            }
            _ => CallError::Unloaded(self.plugin.id.clone()),
        })
    }

    /// The plugin's own asynchronous call has an answer.
    pub(crate) fn answer_call(&self, seq: u64, answer: Result<Value, Failed>) {
        let mut message = Map::new();
        message.insert("kind".to_owned(), "reply".into());
        message.insert("id".to_owned(), Value::Int(seq.cast_signed()));
        match answer {
            Ok(value) => message.insert("value".to_owned(), value),
            Err(failed) => message.insert("error".to_owned(), failed.into_value()),
        };
        if let Err(error) = self.send_message(message)
            && !matches!(error, CallError::Unloaded(_))
        {
            self.note(LogLevel::Warn, &format!("an answer cannot be given to it: {error}"));
        }
    }

    /// The plugin answered.
    pub(crate) fn answered(&self, id: u64, answer: Answer) {
        self.answers.fetch_add(1, Ordering::Relaxed);
        self.pending.close(id, answer);
    }

    pub(crate) fn set_in_call(&self, is_in_call: bool) {
        self.is_in_call.store(is_in_call, Ordering::Relaxed);
    }

    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// Ends the process; `why` is what its end is explained with, unless it had ended by itself.
    pub(crate) fn kill(&self, why: Option<&str>) {
        if let Some(why) = why {
            self.verdict.lock().get_or_insert_with(|| why.to_owned());
        }
        self.cancel.cancel();
        self.killer.kill();
    }

    /// Why it was killed, if it was.
    pub(crate) fn verdict(&self) -> Option<String> {
        self.verdict.lock().clone()
    }

    /// The process is gone: whoever waits hears so, and what it left open is closed.
    pub(crate) fn end(&self) {
        self.cancel.cancel();
        self.pending.end(|| Err(CallError::Unloaded(self.plugin.id.clone())));
        self.parts.host.end_run(&self.scope());
        self.witness.flush();
    }

    /// An event for one of its subscriptions.
    pub(crate) fn deliver(self: &Arc<Self>, delivery: Delivery) {
        if self.events.push(delivery) {
            self.note(LogLevel::Warn, "it takes events too slowly: the oldest are dropped");
        }
        self.forward();
    }

    /// It may have events from now on.
    pub(crate) fn open_events(self: &Arc<Self>) {
        self.events.open();
        self.forward();
    }

    /// Sends the events that may be sent now.
    fn forward(self: &Arc<Self>) {
        loop {
            let batch = self.events.begin();
            if batch.is_empty() {
                return;
            }
            for delivery in batch {
                self.send_event(&delivery);
            }
            self.events.end();
        }
    }

    fn send_event(self: &Arc<Self>, delivery: &Delivery) {
        let session = Arc::downgrade(self);
        let done = move |answer: Answer| match (answer, session.upgrade()) {
            // Nothing more is delivered.
            (Err(CallError::Unloaded(_)), _) | (_, None) => {}
            (_, Some(session)) => {
                session.events.taken();
                session.forward();
            }
        };
        // Who cannot be sent to is not told by way of the taker: a long row of losses must not
        // become a deep stack.
        if let Err((error, _taker)) = self.put("event", delivery_value(delivery), Box::new(done))
            && self.events.lost()
            && !matches!(error, CallError::Unloaded(_))
        {
            self.note(LogLevel::Warn, &format!("it misses events: {error}"));
        }
    }

    /// While something is outstanding, it is asked now and then whether it still lives; one that
    /// does not answer is ended.
    fn watch(self: &Arc<Self>) {
        if !self.is_watched.swap(true, Ordering::Relaxed) {
            self.look_later();
        }
    }

    fn look_later(self: &Arc<Self>) {
        let session = Arc::downgrade(self);
        self.timers.at(Instant::now() + self.supervision.ping, move || {
            if let Some(session) = session.upgrade() {
                session.look();
            }
        });
    }

    fn look(self: &Arc<Self>) {
        if self.pending.is_empty() {
            self.is_watched.store(false, Ordering::Relaxed);
            // Something may have been asked between the two lines.
            if !self.pending.is_empty() {
                self.watch();
            }
            return;
        }
        // Any answer is a sign of life: this one may have to wait for those to earlier questions.
        let before = self.answers.load(Ordering::Relaxed);
        let Ok(id) = self.pending.open(Box::new(drop)) else { return };
        let _dead_or_deaf = self.send("ping", Some(id), Value::Absent);
        let session = Arc::downgrade(self);
        self.timers.at(Instant::now() + self.supervision.ping, move || {
            let Some(session) = session.upgrade() else { return };
            let has_answered = session.answers.load(Ordering::Relaxed) != before;
            if has_answered || session.is_in_call.load(Ordering::Relaxed) {
                // Else the ping itself would be something outstanding.
                session.pending.close(id, Ok(Value::Absent));
                session.look();
            } else {
                session.kill(Some("it did not answer: its code runs without a pause"));
            }
        });
    }
}

/// An error of the host's for an asynchronous call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) message: String,
    pub(crate) name: Option<&'static str>,
    pub(crate) code: Option<String>,
}

impl Failed {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), name: None, code: None }
    }

    fn into_value(self) -> Value {
        let mut error = Map::new();
        error.insert("message".to_owned(), self.message.into());
        if let Some(name) = self.name {
            error.insert("name".to_owned(), name.into());
        }
        if let Some(code) = self.code {
            error.insert("code".to_owned(), code.into());
        }
        Value::Map(error)
    }
}

fn delivery_value(delivery: &Delivery) -> Value {
    let number = |number: u64| Value::Int(number.cast_signed());
    Value::from([
        ("sub", delivery.subscription.map_or(Value::Null, number)),
        ("handler", delivery.handler.as_deref().map_or(Value::Null, Value::from)),
        ("event", event_value(&delivery.event)),
    ])
}

pub(crate) fn event_value(event: &Event) -> Value {
    Value::from([
        ("id", Value::from(event.id.as_str())),
        ("type", event.kind.as_str().into()),
        ("source", event.source.as_str().into()),
        ("payload", Value::from_json(&event.payload)),
        ("timestamp", Value::Int(event.timestamp_ms)),
    ])
}
