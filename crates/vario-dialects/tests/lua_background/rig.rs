//! A host that is made up: it says what the test wants said and remembers what it was told.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use vario_dialects::{BackgroundDialect, BackgroundEnd, BackgroundJob, Clock, run_background_by};
use vario_host::{BACKGROUND_FUNCTIONS, FUNCTIONS};
use vario_sandbox::{
    Inbound, Inbox, Language, LogLevel, NativeError, NativeGroup, Natives, StopSignal,
};
use vario_sandbox_lua::LuaEngine;
use vario_value::Value;

/// What a host function answers, by its arguments.
type Answer = Box<dyn Fn(&[Value]) -> Result<Value, NativeError> + Send + Sync>;

/// What happens next, once the plugin rests.
enum Step {
    Say(Value),
    /// Somebody else writes a file.
    Write(String, Vec<u8>),
    /// And removes one.
    Remove(String),
    Wait(u32),
}

#[derive(Default)]
struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    #[expect(clippy::cast_precision_loss, reason = "tests do not last that long")]
    fn now_ms(&self) -> f64 {
        self.0.load(Ordering::Relaxed) as f64
    }
}

/// What the plugin said, in the order it did.
#[derive(Default)]
struct Heard {
    calls: Vec<(&'static str, Vec<Value>)>,
    log: Vec<String>,
    next: i64,
}

/// The files of the machine, and how often they changed.
#[derive(Default)]
struct Disk {
    files: BTreeMap<String, (Vec<u8>, i64)>,
    changes: i64,
}

impl Disk {
    fn write(&mut self, path: &str, bytes: &[u8]) {
        self.changes += 1;
        self.files.insert(path.to_owned(), (bytes.to_vec(), self.changes));
    }

    fn stat(&self, path: &str) -> Value {
        let Some((bytes, changed)) = self.files.get(path) else { return Value::Absent };
        let size = i64::try_from(bytes.len()).unwrap();
        Value::from([
            ("kind", "file".into()),
            ("size", Value::Int(size)),
            ("mtimeMs", Value::Int(*changed)),
        ])
    }

    fn read(&self, path: &str) -> Result<Value, NativeError> {
        let found = self.files.get(path).map(|(bytes, _)| Value::Bytes(bytes.clone()));
        found.ok_or_else(|| NativeError::Error("No such file or directory".into()))
    }
}

struct Host {
    files: BTreeMap<String, String>,
    answers: BTreeMap<&'static str, Answer>,
    heard: Mutex<Heard>,
    steps: Mutex<VecDeque<Step>>,
    replies: Mutex<VecDeque<Value>>,
    clock: Arc<ManualClock>,
    config: Mutex<BTreeMap<String, Value>>,
    disk: Mutex<Disk>,
    silent: Vec<&'static str>,
}

impl Host {
    fn known(&self, name: &'static str, args: &[Value]) -> Result<Value, NativeError> {
        if let Some(answer) = self.answers.get(name) {
            return answer(args);
        }
        let key = || args.first().and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(match name {
            "config.get" => self.config.lock().get(&key()).cloned().unwrap_or_default(),
            "config.set" => {
                self.config.lock().insert(key(), args[1].clone());
                Value::Absent
            }
            "config.remove" => {
                self.config.lock().remove(&key());
                Value::Absent
            }
            "config.all" => Value::Map(self.config.lock().clone().into_iter().collect()),
            "bus.subscribe" => Value::Int(self.number()),
            "fs.stat" => self.disk.lock().stat(&key()),
            "fs.exists" => Value::Bool(self.disk.lock().files.contains_key(&key())),
            "fs.readBytes" => {
                let whole = self.disk.lock().read(&key())?;
                let Value::Bytes(bytes) = &whole else { return Ok(whole) };
                let number = |place: usize| match args.get(place)? {
                    Value::Int(number) => usize::try_from(*number).ok(),
                    Value::Float(number) => format!("{number:.0}").parse().ok(),
                    _ => None,
                };
                let from = number(1).unwrap_or(0).min(bytes.len());
                let length = number(2).unwrap_or(usize::MAX).min(bytes.len() - from);
                return Ok(Value::Bytes(bytes[from..from + length].to_vec()));
            }
            "fs.writeText" => {
                let text = args[1].as_str().unwrap_or_default().to_owned();
                self.disk.lock().write(&key(), text.as_bytes());
                Value::Absent
            }
            "crypto.sha256Hex" => Value::from(format!("sha256 of {}", key())),
            _ => Value::Absent,
        })
    }

    fn number(&self) -> i64 {
        let mut heard = self.heard.lock();
        heard.next += 1;
        heard.next
    }
}

/// A call that is answered later: the answer is the next thing the plugin hears.
const LATER: [&str; 6] =
    ["bus.request", "account.fetch", "http.fetch", "process.run", "assets.call", "desktop.tell"];

impl Natives for Host {
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        let place = function as usize;
        let name = if place < 1000 {
            FUNCTIONS[place].name
        } else {
            BACKGROUND_FUNCTIONS[place - 1000].name
        };
        self.heard.lock().calls.push((name, args.clone()));
        if !LATER.contains(&name) {
            return self.known(name, &args);
        }
        let id = self.number();
        if self.silent.contains(&name) {
            return Ok(Value::Int(id));
        }
        let reply = match self.known(name, &args) {
            Ok(value) => [("kind", "reply".into()), ("id", Value::Int(id)), ("value", value)],
            Err(NativeError::Error(words) | NativeError::TypeError(words)) => {
                let error = Value::from([("message", Value::from(words)), ("code", "E".into())]);
                [("kind", "reply".into()), ("id", Value::Int(id)), ("error", error)]
            }
            Err(stop @ NativeError::Stop) => return Err(stop),
        };
        self.replies.lock().push_back(Value::from(reply));
        Ok(Value::Int(id))
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        let level = format!("{level:?}").to_lowercase();
        self.heard.lock().log.push(format!("{level} {message}"));
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        self.files.get(path).cloned().ok_or_else(|| format!("there is no file `{path}`"))
    }
}

struct Line(Arc<Host>);

impl Inbox for Line {
    fn next(&self, wait: Option<Duration>) -> Inbound {
        let is_busy = wait == Some(Duration::ZERO);
        if let Some(reply) = self.0.replies.lock().pop_front() {
            return Inbound::Message(reply);
        }
        let mut steps = self.0.steps.lock();
        match steps.front() {
            Some(Step::Wait(_) | Step::Write(..) | Step::Remove(_)) | None if is_busy => {
                Inbound::Idle
            }
            Some(Step::Write(..) | Step::Remove(_)) => {
                match steps.pop_front() {
                    Some(Step::Write(path, bytes)) => self.0.disk.lock().write(&path, &bytes),
                    Some(Step::Remove(path)) => drop(self.0.disk.lock().files.remove(&path)),
                    _ => {}
                }
                Inbound::Idle
            }
            _ => match steps.pop_front() {
                Some(Step::Say(message)) => Inbound::Message(message),
                Some(Step::Wait(ms)) => {
                    self.0.clock.0.fetch_add(i64::from(ms), Ordering::Relaxed);
                    Inbound::Idle
                }
                _ => Inbound::Closed,
            },
        }
    }
}

/// One plugin and what the host is to say to it.
pub(crate) struct Life {
    job: BackgroundJob,
    host: Host,
    stop: Arc<StopSignal>,
}

/// How it went.
pub(crate) struct Told {
    pub(crate) end: BackgroundEnd,
    pub(crate) log: Vec<String>,
    calls: Vec<(&'static str, Vec<Value>)>,
}

impl Life {
    /// A plugin of one file.
    pub(crate) fn of(dialect: BackgroundDialect, script: &str) -> Self {
        let entry = match dialect {
            BackgroundDialect::Mudstack => "index.lua",
            _ => "background/index.lua",
        };
        let job = BackgroundJob {
            plugin_id: "com.example.test".into(),
            dialect,
            language: Language::Lua,
            entry: entry.into(),
            plugin_dir: "/plugins/test".into(),
            data_dir: "/data/test".into(),
            app_version: "1.0.0".into(),
            platform: "linux".into(),
            manifest: Value::from([("id", Value::from("com.example.test"))]),
            environment: Vec::new(),
            turn: std::time::Duration::from_mins(1),
            limits: BackgroundJob::limits(),
        };
        let host = Host {
            files: BTreeMap::new(),
            answers: BTreeMap::new(),
            heard: Mutex::default(),
            steps: Mutex::default(),
            replies: Mutex::default(),
            clock: Arc::default(),
            config: Mutex::default(),
            disk: Mutex::default(),
            silent: Vec::new(),
        };
        let stop = Arc::new(StopSignal::new(Instant::now() + Duration::from_mins(5)));
        Self { job, host, stop }.file(entry, script)
    }

    /// A plugin of a folder below `fixtures/background`.
    pub(crate) fn fixture(dialect: BackgroundDialect, name: &str) -> Self {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/background").join(name);
        let mut life = Self::of(dialect, "");
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name: Vec<_> = path
                    .strip_prefix(&root)
                    .unwrap()
                    .iter()
                    .map(|part| part.to_str().unwrap())
                    .collect();
                let name = name.join("/");
                let bytes = std::fs::read(&path).unwrap();
                life.host.disk.lock().write(&format!("/plugins/test/{name}"), &bytes);
                life = life.file(&name, &String::from_utf8_lossy(&bytes));
            }
        }
        life
    }

    /// A file of the machine is written before what follows.
    pub(crate) fn write(self, path: &str, text: &str) -> Self {
        self.host.steps.lock().push_back(Step::Write(path.to_owned(), text.as_bytes().to_vec()));
        self
    }

    pub(crate) fn remove(self, path: &str) -> Self {
        self.host.steps.lock().push_back(Step::Remove(path.to_owned()));
        self
    }

    pub(crate) fn file(mut self, path: &str, text: &str) -> Self {
        self.host.files.insert(path.to_owned(), text.to_owned());
        self
    }

    pub(crate) fn heap(mut self, bytes: usize) -> Self {
        self.job.limits.heap_bytes = bytes;
        self
    }

    pub(crate) fn manifest(mut self, manifest: &Json) -> Self {
        self.job.manifest = Value::from_json(manifest);
        self
    }

    pub(crate) fn stop_signal(&self) -> Arc<StopSignal> {
        Arc::clone(&self.stop)
    }

    /// What a host function answers.
    pub(crate) fn answer(
        mut self,
        name: &'static str,
        answer: impl Fn(&[Value]) -> Result<Value, NativeError> + Send + Sync + 'static,
    ) -> Self {
        self.host.answers.insert(name, Box::new(answer));
        self
    }

    /// An asynchronous call of this name is never answered.
    pub(crate) fn silent(mut self, name: &'static str) -> Self {
        self.host.silent.push(name);
        self
    }

    /// The same, always the same value.
    pub(crate) fn gives(self, name: &'static str, value: &Json) -> Self {
        let value = Value::from_json(value);
        self.answer(name, move |_| Ok(value.clone()))
    }

    /// A message to the plugin.
    pub(crate) fn say(self, kind: &str, id: i64, value: &Json) -> Self {
        let value = Value::from_json(value);
        self.say_value(kind, id, value)
    }

    pub(crate) fn say_value(self, kind: &str, id: i64, value: Value) -> Self {
        let message =
            Value::from([("kind", Value::from(kind)), ("id", Value::Int(id)), ("value", value)]);
        self.host.steps.lock().push_back(Step::Say(message));
        self
    }

    pub(crate) fn start(self) -> Self {
        let value = json!({
            "account": { "va_user": { "pilotID": "ABC1" } },
            "settings": {},
            "storagePath": "/data/test",
            "reason": "start",
        });
        self.say("start", 1, &value)
    }

    /// A request to a route of the plugin's.
    pub(crate) fn http(self, id: i64, method: &str, target: &str, body: Option<&str>) -> Self {
        let (path, query) = target.split_once('?').unzip();
        let path = path.unwrap_or(target);
        let name = path.rsplit('/').next().unwrap_or_default();
        let prefix = mounted(path);
        let mut value = json!({
            "method": method,
            "url": target,
            "path": path,
            "params": {},
            "headers": { "content-type": "application/json", "x-test": "yes" },
        });
        match prefix {
            Some(prefix) => value["prefix"] = prefix.into(),
            None => value["route"] = name.into(),
        }
        if let Some(query) = query {
            value["query"] = query.into();
        }
        let mut value = Value::from_json(&value);
        if let (Some(body), Value::Map(map)) = (body, &mut value) {
            map.insert("body".to_owned(), Value::Bytes(body.as_bytes().to_vec()));
        }
        self.say_value("http", id, value)
    }

    /// Time passes while the plugin rests.
    pub(crate) fn wait(self, ms: u32) -> Self {
        self.host.steps.lock().push_back(Step::Wait(ms));
        self
    }

    pub(crate) fn run(self) -> Told {
        let host = Arc::new(self.host);
        let end = run_background_by(
            &LuaEngine::new(),
            &self.job,
            Arc::clone(&host) as Arc<dyn Natives>,
            &Line(Arc::clone(&host)),
            &self.stop,
            Arc::clone(&host.clock) as Arc<dyn Clock>,
        );
        let heard = std::mem::take(&mut *host.heard.lock());
        Told { end, log: heard.log, calls: heard.calls }
    }
}

/// Where the tests mount.
fn mounted(path: &str) -> Option<&'static str> {
    let known = ["/mount", "/items-api", "/demo-router"];
    known.into_iter().find(|prefix| path.starts_with(prefix))
}

impl Told {
    /// The arguments of every call of a host function.
    pub(crate) fn calls(&self, name: &str) -> Vec<Json> {
        let of = self.calls.iter().filter(|(known, _)| *known == name);
        of.map(|(_, args)| Value::List(args.clone()).to_json()).collect()
    }

    /// What was answered to a message.
    pub(crate) fn reply(&self, id: i64) -> Json {
        let replies = self.calls("host.reply");
        let mut of = replies.into_iter().filter(|args| args[0] == id);
        let reply = of.next().unwrap_or_else(|| panic!("no answer to {id}: {}", self.all()));
        assert!(of.next().is_none(), "two answers to {id}");
        reply.get(1).cloned().unwrap_or(Json::Null)
    }

    pub(crate) fn has_reply(&self, id: i64) -> bool {
        self.calls("host.reply").iter().any(|args| args[0] == id)
    }

    /// The failure that was answered to a message.
    pub(crate) fn failure(&self, id: i64) -> Json {
        let failures = self.calls("host.fail");
        let found = failures.into_iter().find(|args| args[0] == id);
        found.unwrap_or_else(|| panic!("no failure of {id}: {}", self.all()))[1].clone()
    }

    pub(crate) fn fatal(&self) -> Json {
        self.calls("host.fatal").first().unwrap_or_else(|| panic!("{}", self.all()))[0].clone()
    }

    pub(crate) fn loaded(&self) -> Json {
        self.calls("host.loaded").first().unwrap_or_else(|| panic!("{}", self.all()))[0].clone()
    }

    /// Status and body of an answer to a request.
    pub(crate) fn response(&self, id: i64) -> (u64, String) {
        let reply = self.reply(id);
        let status = reply["status"].as_f64().unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status")]
        let status = status as u64;
        (status, reply["body"].as_str().unwrap_or_default().to_owned())
    }

    /// A header of an answer to a request.
    pub(crate) fn header(&self, id: i64, name: &str) -> Option<String> {
        let reply = self.reply(id);
        let rows = reply["headers"].as_array()?.clone();
        let row = rows
            .iter()
            .find(|row| row[0].as_str().is_some_and(|known| known.eq_ignore_ascii_case(name)))?;
        row[1].as_str().map(str::to_owned)
    }

    pub(crate) fn logged(&self, line: &str) -> bool {
        self.log.iter().any(|known| known == line)
    }

    fn all(&self) -> String {
        format!(
            "{:?}\nlog {:#?}\nfatal {:?} fail {:?}",
            self.end,
            self.log,
            self.calls("host.fatal"),
            self.calls("host.fail")
        )
    }
}
