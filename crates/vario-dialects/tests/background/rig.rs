//! A host for one background plugin: files, stores and answers are tables, and time moves when a
//! test says so.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use vario_dialects::{BackgroundDialect, BackgroundEnd, BackgroundJob, Clock, run_background_by};
use vario_host::{BACKGROUND_FUNCTIONS, FUNCTIONS, Mode};
use vario_sandbox::{
    Inbound, Inbox, Language, Limits, LogLevel, NativeError, NativeGroup, Natives, StopReason,
    StopSignal,
};
use vario_sandbox_js::JsEngine;
use vario_value::{Map, Value};

pub(crate) const PLUGIN_DIR: &str = "/plugins/demo";
pub(crate) const DATA_DIR: &str = "/data/demo";

type Answer = Box<dyn Fn(&[Value]) -> Result<Value, String> + Send>;

/// What the host has seen and keeps.
#[derive(Default)]
struct Tables {
    files: BTreeMap<String, Vec<u8>>,
    config: Map,
    settings: Map,
    answers: HashMap<String, Answer>,
    calls: Vec<(String, Vec<Value>)>,
    log: Vec<(LogLevel, String)>,
    replies: HashMap<i64, Result<Value, Value>>,
    loaded: Option<Value>,
    fatal: Option<Value>,
    queue: VecDeque<Value>,
    next_call: i64,
    next_sub: i64,
    now_ms: f64,
}

#[derive(Clone, Default)]
struct Host(Arc<Mutex<Tables>>);

impl Clock for Host {
    fn now_ms(&self) -> f64 {
        self.0.lock().unwrap().now_ms
    }
}

fn text(args: &[Value], place: usize) -> String {
    args.get(place).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::Bytes(bytes) => bytes.clone(),
        Value::Str(text) => text.clone().into_bytes(),
        _ => Vec::new(),
    }
}

impl Tables {
    fn stat(&self, path: &str) -> Value {
        let entry = |kind: &str, size: usize| {
            Value::from([
                ("kind", kind.into()),
                ("size", Value::Int(i64::try_from(size).unwrap())),
                ("mtimeMs", Value::Float(1000.0)),
            ])
        };
        if let Some(content) = self.files.get(path) {
            return entry("file", content.len());
        }
        let folder = format!("{path}/");
        let is_folder = path == DATA_DIR || self.files.keys().any(|file| file.starts_with(&folder));
        if is_folder { entry("dir", 0) } else { Value::Absent }
    }

    /// What the host does by itself.
    fn usual(&mut self, name: &str, args: &[Value]) -> Result<Value, String> {
        let first = text(args, 0);
        match name {
            "config.get" => Ok(self.config.get(&first).cloned().unwrap_or_default()),
            "config.set" => {
                self.config.insert(first, args[1].clone());
                Ok(Value::Absent)
            }
            "config.remove" => {
                self.config.shift_remove(&first);
                Ok(Value::Absent)
            }
            "config.all" => Ok(Value::Map(self.config.clone())),
            "settings.all" => Ok(Value::Map(self.settings.clone())),
            "bus.subscribe" => {
                self.next_sub += 1;
                Ok(Value::Int(self.next_sub))
            }
            "plugins.has" => Ok(Value::Bool(false)),
            "fs.stat" => Ok(self.stat(&first)),
            "fs.exists" => Ok(Value::Bool(self.stat(&first) != Value::Absent)),
            "fs.readBytes" => match self.files.get(&first) {
                Some(content) => {
                    let from = whole_number(args.get(1)).unwrap_or(0).min(content.len());
                    let most = content.len() - from;
                    let length = whole_number(args.get(2)).map_or(most, |length| length.min(most));
                    Ok(Value::Bytes(content[from..from + length].to_vec()))
                }
                None => Err("No such file or directory (os error 2)".to_owned()),
            },
            "fs.writeBytes" => {
                self.files.insert(first, bytes(&args[1]));
                Ok(Value::Absent)
            }
            "fs.appendBytes" => {
                self.files.entry(first).or_default().extend(bytes(&args[1]));
                Ok(Value::Absent)
            }
            "fs.remove" => {
                let folder = format!("{first}/");
                self.files.retain(|path, _| *path != first && !path.starts_with(&folder));
                Ok(Value::Absent)
            }
            "host.reply" | "host.fail" => {
                let Some(Value::Int(id)) = args.first() else { return Err("no id".to_owned()) };
                let value = args.get(1).cloned().unwrap_or_default();
                let answer = if name == "host.reply" { Ok(value) } else { Err(value) };
                self.replies.entry(*id).or_insert(answer);
                Ok(Value::Absent)
            }
            "host.loaded" => {
                self.loaded = Some(args[0].clone());
                Ok(Value::Absent)
            }
            "host.fatal" => {
                self.fatal = Some(args[0].clone());
                Ok(Value::Absent)
            }
            _ => Ok(Value::Absent),
        }
    }
}

impl Natives for Host {
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        let function = function as usize;
        let spec = function
            .checked_sub(1000)
            .map_or_else(|| FUNCTIONS.get(function), |place| BACKGROUND_FUNCTIONS.get(place))
            .unwrap();
        let mut tables = self.0.lock().unwrap();
        tables.calls.push((spec.name.to_owned(), args.clone()));
        let own = tables.answers.remove(spec.name);
        let answer = match &own {
            Some(answer) => answer(&args),
            None => tables.usual(spec.name, &args),
        };
        if let Some(own) = own {
            tables.answers.insert(spec.name.to_owned(), own);
        }
        if spec.mode != Mode::Asynchronous {
            return answer.map_err(NativeError::Error);
        }
        tables.next_call += 1;
        let id = Value::Int(tables.next_call);
        let (key, value) = match answer {
            Ok(value) => ("value", value),
            Err(words) => {
                let (code, words) = words.split_once('|').unwrap_or(("", words.as_str()));
                let mut error = Map::new();
                error.insert("message".to_owned(), words.into());
                if !code.is_empty() {
                    error.insert("code".to_owned(), code.into());
                }
                ("error", Value::Map(error))
            }
        };
        let reply = Value::from([("kind", "reply".into()), ("id", id.clone()), (key, value)]);
        tables.queue.push_back(reply);
        Ok(id)
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        self.0.lock().unwrap().log.push((level, message.to_owned()));
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        let content = self.0.lock().unwrap().files.get(&format!("{PLUGIN_DIR}/{path}")).cloned();
        let content = content.ok_or_else(|| format!("cannot read {path}"))?;
        String::from_utf8(content).map_err(|error| error.to_string())
    }
}

/// What a test tells the loop.
enum Order {
    Message(Value),
    /// Time passed: go and look at the timers.
    Look,
    Close,
}

struct Line {
    host: Host,
    orders: Mutex<Receiver<Order>>,
    idle: Sender<Option<Duration>>,
}

impl Inbox for Line {
    fn next(&self, wait: Option<Duration>) -> Inbound {
        let queued = self.host.0.lock().unwrap().queue.pop_front();
        if let Some(message) = queued {
            return Inbound::Message(message);
        }
        if wait == Some(Duration::ZERO) {
            return Inbound::Idle;
        }
        let _gone = self.idle.send(wait);
        match self.orders.lock().unwrap().recv() {
            Ok(Order::Message(message)) => Inbound::Message(message),
            Ok(Order::Look) => Inbound::Idle,
            Ok(Order::Close) | Err(_) => Inbound::Closed,
        }
    }
}

/// A plugin to be: its files and what its host answers.
pub(crate) struct Setup {
    dialect: BackgroundDialect,
    entry: String,
    manifest: Value,
    heap_mib: usize,
    host: Host,
}

impl Setup {
    pub(crate) fn new(dialect: BackgroundDialect, entry: &str) -> Self {
        Self {
            dialect,
            entry: entry.to_owned(),
            manifest: Value::Map(Map::new()),
            heap_mib: 256,
            host: Host::default(),
        }
    }

    pub(crate) fn smartcars(text: &str) -> Self {
        Self::new(BackgroundDialect::Smartcars, "background/index.js")
            .file("background/index.js", text)
    }

    pub(crate) fn stratos(text: &str) -> Self {
        Self::new(BackgroundDialect::Stratos, "background/index.js")
            .file("background/index.js", text)
    }

    pub(crate) fn mudstack(text: &str) -> Self {
        Self::new(BackgroundDialect::Mudstack, "index.js").file("index.js", text)
    }

    /// All files of a folder below `fixtures/background`.
    pub(crate) fn fixture(dialect: BackgroundDialect, entry: &str, name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/background");
        Self::new(dialect, entry).folder(&root.join(name))
    }

    /// All files of a folder.
    pub(crate) fn folder(self, root: &Path) -> Self {
        let mut folders = vec![root.to_owned()];
        let mut setup = self;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                    setup = setup.bytes(&name, std::fs::read(&path).unwrap());
                }
            }
        }
        setup
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.bytes(path, text.as_bytes().to_vec())
    }

    fn bytes(self, path: &str, content: Vec<u8>) -> Self {
        self.host.0.lock().unwrap().files.insert(format!("{PLUGIN_DIR}/{path}"), content);
        self
    }

    pub(crate) fn manifest(mut self, json: &str) -> Self {
        self.manifest = Value::parse_json(json).unwrap();
        self
    }

    pub(crate) fn heap_mib(mut self, heap_mib: usize) -> Self {
        self.heap_mib = heap_mib;
        self
    }

    pub(crate) fn setting(self, key: &str, value: impl Into<Value>) -> Self {
        self.host.0.lock().unwrap().settings.insert(key.to_owned(), value.into());
        self
    }

    /// Answers a function of the host. An asynchronous one fails with a code as `CODE|words`.
    pub(crate) fn answer(
        self,
        name: &str,
        answer: impl Fn(&[Value]) -> Result<Value, String> + Send + 'static,
    ) -> Self {
        self.host.0.lock().unwrap().answers.insert(name.to_owned(), Box::new(answer));
        self
    }

    /// Loads the plugin.
    pub(crate) fn load(self) -> Rig {
        let job = BackgroundJob {
            plugin_id: "demo".to_owned(),
            dialect: self.dialect,
            language: Language::JavaScript,
            entry: self.entry,
            plugin_dir: PLUGIN_DIR.to_owned(),
            data_dir: DATA_DIR.to_owned(),
            app_version: "1.2.3".to_owned(),
            platform: "linux".to_owned(),
            manifest: self.manifest,
            environment: vec![
                ("PLUGIN_ID".to_owned(), "demo".to_owned()),
                ("PLUGIN_PATH".to_owned(), PLUGIN_DIR.to_owned()),
                ("NO_DEPRECATION".to_owned(), "*".to_owned()),
            ],
            turn: Duration::from_mins(1),
            limits: Limits {
                heap_bytes: self.heap_mib * 1024 * 1024,
                stack_bytes: 2 * 1024 * 1024,
                ..BackgroundJob::limits()
            },
        };
        let job = BackgroundJob::from_value(&job.to_value()).unwrap();
        let (order, orders) = channel();
        let (idle, idles) = channel();
        let host = self.host.clone();
        let line = Line { host: host.clone(), orders: Mutex::new(orders), idle };
        let thread = std::thread::Builder::new().stack_size(16 * 1024 * 1024);
        let stop = Arc::new(StopSignal::new(Instant::now() + Duration::from_mins(10)));
        let signal = Arc::clone(&stop);
        let thread = thread.spawn(move || {
            let natives: Arc<dyn Natives> = Arc::new(line.host.clone());
            let clock: Arc<dyn Clock> = Arc::new(line.host.clone());
            run_background_by(&JsEngine::new(), &job, natives, &line, &stop, clock)
        });
        let mut rig = Rig {
            host,
            signal,
            order,
            idles,
            thread: Some(thread.unwrap()),
            wait: None,
            next_id: 1,
        };
        rig.settle();
        rig
    }
}

/// A plugin that runs.
pub(crate) struct Rig {
    host: Host,
    signal: Arc<StopSignal>,
    order: Sender<Order>,
    idles: Receiver<Option<Duration>>,
    thread: Option<JoinHandle<BackgroundEnd>>,
    /// How long the loop wants to wait.
    pub(crate) wait: Option<Duration>,
    next_id: i64,
}

impl Rig {
    /// Waits until the plugin has nothing more to do, or is gone.
    fn settle(&mut self) {
        match self.idles.recv_timeout(Duration::from_mins(2)) {
            Ok(wait) => self.wait = wait,
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => {}
            Err(timeout) => panic!("the plugin does not come to rest: {timeout}"),
        }
    }

    fn tell(&mut self, order: Order) {
        if self.order.send(order).is_ok() {
            self.settle();
        }
    }

    /// Sends a message of a kind, and gives the answer if there is one by now.
    pub(crate) fn send(&mut self, kind: &str, value: Value) -> Option<Result<Value, Value>> {
        let id = self.begin(kind, value);
        self.answer_to(id)
    }

    /// Sends a message of a kind, and gives its id.
    pub(crate) fn begin(&mut self, kind: &str, value: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        let message =
            Value::from([("kind", kind.into()), ("id", Value::Int(id)), ("value", value)]);
        self.tell(Order::Message(message));
        id
    }

    /// Sends a message that the plugin never comes to the end of, and ends the plugin.
    pub(crate) fn end_while(&mut self, kind: &str, value: Value, reason: StopReason) {
        let message = Value::from([("kind", kind.into()), ("id", Value::Int(0)), ("value", value)]);
        let _gone = self.order.send(Order::Message(message));
        self.signal.stop(reason);
        self.settle();
    }

    pub(crate) fn answer_to(&self, id: i64) -> Option<Result<Value, Value>> {
        self.host.0.lock().unwrap().replies.get(&id).cloned()
    }

    /// A message without an id.
    pub(crate) fn say(&mut self, kind: &str, value: Value) {
        self.tell(Order::Message(Value::from([("kind", kind.into()), ("value", value)])));
    }

    #[track_caller]
    pub(crate) fn ok(&mut self, kind: &str, value: Value) -> Value {
        match self.send(kind, value) {
            Some(Ok(value)) => value,
            other => panic!("{kind}: {other:?}\n{:#?}\n{:?}", self.log(), self.fatal()),
        }
    }

    #[track_caller]
    pub(crate) fn fails(&mut self, kind: &str, value: Value) -> Value {
        match self.send(kind, value) {
            Some(Err(error)) => error,
            other => panic!("{kind}: {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn start(&mut self) {
        self.start_with(json(r#"{"account":null,"settings":{},"storagePath":"/data/demo"}"#));
    }

    #[track_caller]
    pub(crate) fn start_with(&mut self, value: Value) {
        self.ok("start", value);
    }

    /// Time passes, timer by timer.
    pub(crate) fn advance(&mut self, ms: u32) {
        let end = self.host.0.lock().unwrap().now_ms + f64::from(ms);
        loop {
            let now = self.host.0.lock().unwrap().now_ms;
            let next = match self.wait {
                Some(wait) => now + wait.as_secs_f64() * 1000.0,
                None => end,
            };
            self.host.0.lock().unwrap().now_ms = next.min(end);
            self.tell(Order::Look);
            if next >= end {
                return;
            }
        }
    }

    /// A request to a route; gives the status and the body as text.
    #[track_caller]
    pub(crate) fn http(&mut self, value: Value) -> (i64, String) {
        let answer = self.ok("http", value);
        let Some(Value::Int(status)) = answer.get("status") else { panic!("{answer:?}") };
        let body = answer.get("body").map(bytes).unwrap_or_default();
        (*status, String::from_utf8(body).unwrap())
    }

    pub(crate) fn log(&self) -> Vec<(LogLevel, String)> {
        self.host.0.lock().unwrap().log.clone()
    }

    pub(crate) fn has_logged(&self, level: LogLevel, words: &str) -> bool {
        self.log().iter().any(|(known, line)| *known == level && line.contains(words))
    }

    /// The arguments of every call of this function so far.
    pub(crate) fn calls(&self, name: &str) -> Vec<Vec<Value>> {
        let tables = self.host.0.lock().unwrap();
        tables
            .calls
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, args)| args.clone())
            .collect()
    }

    pub(crate) fn loaded(&self) -> Option<Value> {
        self.host.0.lock().unwrap().loaded.clone()
    }

    pub(crate) fn fatal(&self) -> Option<Value> {
        self.host.0.lock().unwrap().fatal.clone()
    }

    #[track_caller]
    pub(crate) fn fatal_words(&self) -> String {
        let fatal = self.fatal().expect("the plugin does not load");
        fatal.get("message").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The host hangs up.
    pub(crate) fn close(mut self) -> BackgroundEnd {
        let _gone = self.order.send(Order::Close);
        self.thread.take().unwrap().join().expect("the loop does not panic")
    }
}

/// JSON text as a value.
pub(crate) fn json(text: &str) -> Value {
    Value::parse_json(text).expect("the test's text is JSON")
}

/// A request to a smartCARS route, or one of ours.
pub(crate) fn get(name: &str, query: &str) -> Value {
    request("GET", name, query, None, "")
}

pub(crate) fn post(name: &str, body: Option<&str>, content_type: &str) -> Value {
    request("POST", name, "", body, content_type)
}

fn request(method: &str, name: &str, query: &str, body: Option<&str>, ty: &str) -> Value {
    let path = format!("/api/demo/{name}");
    let url = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
    let headers = Value::from([("content-type", ty.into()), ("x-test", "yes".into())]);
    Value::from([
        ("route", name.into()),
        ("method", method.into()),
        ("url", url.into()),
        ("path", path.into()),
        ("query", query.into()),
        ("headers", headers),
        ("params", Value::Map(Map::new())),
        ("body", body.map_or(Value::Absent, |body| Value::Bytes(body.as_bytes().to_vec()))),
        ("contentType", ty.into()),
    ])
}

/// A request to a router at a prefix.
pub(crate) fn routed(prefix: &str, method: &str, rest: &str, body: Option<&str>) -> Value {
    let url = format!("{prefix}{rest}");
    let path = url.split('?').next().unwrap_or_default().to_owned();
    let query = url.split_once('?').map_or("", |(_, query)| query).to_owned();
    Value::from([
        ("prefix", prefix.into()),
        ("method", method.into()),
        ("url", url.into()),
        ("path", path.into()),
        ("query", query.into()),
        ("headers", Value::from([("content-type", "application/json".into())])),
        ("params", Value::Map(Map::new())),
        ("body", body.map_or(Value::Absent, |body| Value::Bytes(body.as_bytes().to_vec()))),
        ("contentType", "application/json".into()),
    ])
}

fn whole_number(value: Option<&Value>) -> Option<usize> {
    match value? {
        Value::Int(number) => usize::try_from(*number).ok(),
        Value::Float(number) => format!("{number:.0}").parse().ok(),
        _ => None,
    }
}
