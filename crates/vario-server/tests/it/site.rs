//! A site whose plugins do what a request tells them to.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Condvar, Mutex};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use vario_background::{Body, Bus, Keep, Request, Respond, Response};
use vario_model::Snapshot;
use vario_output::{BadgeLine, BarChartLine, Format, Line, Output, Point, ProgressLine, TextLine};
use vario_server::{
    Caller, Config, Feed, IpcListener, IpcRespond, ManageError, PluginInfo, PluginKind, Route,
    Server, Site, SnapshotListener, Surface, Token, Ui, Usage,
};

pub(crate) const MAP: &str = "com.example.map";
pub(crate) const NOTES: &str = "org.example.notes";
pub(crate) const TOKEN: &str = "0123456789abcdef-test";

pub(crate) struct Fake {
    pub(crate) home: TempDir,
    plugins: Arc<[PluginInfo]>,
    bus: Bus,
    pub(crate) calls: AtomicUsize,
    /// Requests that nobody answers.
    held: Mutex<Vec<Respond>>,
    held_changed: Condvar,
    pub(crate) snapshots: Arc<Mutex<Vec<SnapshotListener>>>,
    pub(crate) pages: Arc<Mutex<Vec<(String, IpcListener)>>>,
    pub(crate) pages_changed: Condvar,
    /// How many commands hang, and whether they may end.
    hanging: Mutex<(usize, bool)>,
    hanging_changed: Condvar,
}

impl Fake {
    pub(crate) fn new() -> Arc<Self> {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("ui");
        make_ui(&folder, home.path());
        let ui = || Ui::Folder(folder.clone());
        let not_hosted = Ui::NotHosted("it needs the modules of Stratos' own window".to_owned());
        let plugins = vec![
            plugin("Mixed.Case", "mudstack", ui()),
            plugin(MAP, "smartcars", ui()),
            plugin(NOTES, "vario", ui()),
            plugin("plain", "mudstack", Ui::None),
            plugin("strat", "stratos", not_hosted),
        ];
        Arc::new(Self {
            home,
            plugins: plugins.into(),
            bus: Bus::new(),
            calls: AtomicUsize::new(0),
            held: Mutex::default(),
            held_changed: Condvar::new(),
            snapshots: Arc::default(),
            pages: Arc::default(),
            pages_changed: Condvar::new(),
            hanging: Mutex::default(),
            hanging_changed: Condvar::new(),
        })
    }

    /// Waits until this many requests are held back.
    pub(crate) fn wait_held(&self, count: usize) {
        let mut held = self.held.lock();
        while held.len() < count {
            self.held_changed.wait(&mut held);
        }
    }

    /// Answers all that was held back.
    pub(crate) fn let_go(&self) {
        for respond in self.held.lock().drain(..) {
            respond(Response::empty(200));
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }
}

/// Every compatibility port as well, all of them wherever there is room.
pub(crate) fn config() -> Config {
    Config {
        port: 0,
        smartcars: Some(0),
        smartcars_bus: Some(0),
        stratos: Some(0),
        token: Token::new(TOKEN),
        ..Config::default()
    }
}

pub(crate) fn start() -> (Server, Arc<Fake>) {
    start_with(&config())
}

pub(crate) fn start_with(config: &Config) -> (Server, Arc<Fake>) {
    let site = Fake::new();
    let server = Server::start(config, site.clone()).unwrap();
    (server, site)
}

fn plugin(id: &str, dialect: &str, ui: Ui) -> PluginInfo {
    PluginInfo {
        id: id.to_owned(),
        name: id.to_owned(),
        version: "1.0.0".to_owned(),
        kind: PluginKind::User,
        description: String::new(),
        dialect: dialect.to_owned(),
        ui,
    }
}

fn make_ui(folder: &std::path::Path, home: &std::path::Path) {
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    let files = [
        ("ui/index.html", "<title>page</title>"),
        ("ui/menu_icon_dark.png", "png"),
        ("ui/assets/app.js", "export {}"),
        ("ui/assets/app.css", "a{}"),
        ("ui/assets/app.wasm", "wasm"),
        ("ui/assets/a b+é.svg", "<svg/>"),
        ("ui/.secret", "hidden"),
        ("secret.txt", "outside"),
        ("sound.wav", "0123456789"),
    ];
    for (name, text) in files {
        std::fs::write(home.join(name), text).unwrap();
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(home.join("secret.txt"), folder.join("out.txt")).unwrap();
        std::os::unix::fs::symlink(home, folder.join("up")).unwrap();
        std::os::unix::fs::symlink("assets/app.js", folder.join("in.js")).unwrap();
    }
}

impl Site for Fake {
    fn plugins(&self) -> Arc<[PluginInfo]> {
        Arc::clone(&self.plugins)
    }

    fn route(&self, _surface: Surface, path: &str) -> Route {
        if path.starts_with("/ofp/") {
            return Route::Plugin("strat".to_owned());
        }
        match path.strip_prefix("/api/").and_then(|rest| rest.split('/').next()) {
            Some("config" | "identity") => Route::Core,
            Some(id) if self.plugins.iter().any(|plugin| plugin.id == id) => {
                Route::Plugin(id.to_owned())
            }
            _ => Route::Nobody,
        }
    }

    fn http(&self, caller: Caller, request: Request, respond: Respond) {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match request.path().rsplit('/').next().unwrap() {
            "never" => {
                self.held.lock().push(respond);
                self.held_changed.notify_all();
            }
            "gone" => drop(respond),
            "sound" => respond(file(200, self.file("sound.wav"))),
            "sound404" => respond(file(404, self.file("sound.wav"))),
            "nofile" => respond(file(200, self.file("missing.wav"))),
            "folder" => respond(file(200, self.file("ui"))),
            "odd" => respond(odd(request.query().unwrap())),
            _ => respond(Response::json(200, &echo(&caller, &request))),
        }
    }

    fn bus(&self) -> &Bus {
        &self.bus
    }

    fn publish(&self, kind: &str, data: Json) -> Option<String> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        (kind != "refused").then(|| self.bus.publish(kind, "external", data, 7).id.clone())
    }

    fn ipc(&self, plugin: &str, channel: &str, args: Vec<Json>, respond: IpcRespond) {
        match channel {
            "fail" => respond(Err("no such thing".to_owned())),
            "gone" => drop(respond),
            _ => respond(Ok(json!({ "plugin": plugin, "channel": channel, "args": args }))),
        }
    }

    fn ipc_feed(&self, plugin: &str, listener: IpcListener) -> Feed {
        self.pages.lock().push((plugin.to_owned(), listener));
        self.pages_changed.notify_all();
        Box::new(())
    }

    fn usage(&self) -> Vec<Snapshot> {
        vec![snapshot("claude"), snapshot("we\"ird\\")]
    }

    fn usage_of(&self, id: &str) -> Usage {
        match id {
            "claude" => Usage::Snapshot(Box::new(snapshot("claude"))),
            "quiet" => Usage::Nothing,
            _ => Usage::Unknown,
        }
    }

    fn on_snapshot(&self, listener: SnapshotListener) -> Feed {
        self.snapshots.lock().push(listener);
        Box::new(())
    }

    fn manage(&self, command: Json) -> Result<Json, ManageError> {
        match command["do"].as_str() {
            Some("echo") => Ok(command),
            Some("unknown") => Err(ManageError::Unknown("no plugin of this name".to_owned())),
            Some("conflict") => Err(ManageError::Conflict("it runs".to_owned())),
            Some("fail") => Err(ManageError::Failed("it broke".to_owned())),
            Some("hang") => Ok(self.hang()),
            Some("panic") => panic!("a bug in the site"),
            _ => Err(ManageError::Invalid("what?".to_owned())),
        }
    }
}

impl Fake {
    fn hang(&self) -> Json {
        let mut hanging = self.hanging.lock();
        hanging.0 += 1;
        self.hanging_changed.notify_all();
        while !hanging.1 {
            self.hanging_changed.wait(&mut hanging);
        }
        Json::Null
    }

    pub(crate) fn wait_hanging(&self, count: usize) {
        let mut hanging = self.hanging.lock();
        while hanging.0 < count {
            self.hanging_changed.wait(&mut hanging);
        }
    }

    pub(crate) fn end_hanging(&self) {
        self.hanging.lock().1 = true;
        self.hanging_changed.notify_all();
    }

    /// Tells the server of a new snapshot.
    pub(crate) fn tell(&self, snapshot: &Snapshot) -> usize {
        let mut listeners = self.snapshots.lock();
        listeners.retain(|listener| listener(snapshot) == Keep::Yes);
        listeners.len()
    }
}

fn file(status: u16, path: PathBuf) -> Response {
    let headers = vec![("x-own".to_owned(), "1".to_owned())];
    Response { status, headers, body: Body::File(path) }
}

fn odd(what: &str) -> Response {
    let (status, headers): (u16, &[(&str, &str)]) = match what {
        "100" => (100, &[]),
        "7" => (7, &[]),
        "1000" => (1000, &[]),
        "204" => (204, &[]),
        "split" => (200, &[("x-a", "1\r\nx-injected: 1"), ("bad name", "1"), ("x-good", "1")]),
        "hop" => (200, HOP_BY_HOP),
        _ => (200, &[("x-twice", "1"), ("x-twice", "2"), ("content-type", "text/plain")]),
    };
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let headers = headers.iter().map(own).collect();
    Response { status, headers, body: Body::Bytes(b"odd".to_vec()) }
}

const HOP_BY_HOP: &[(&str, &str)] = &[
    ("transfer-encoding", "chunked"),
    ("content-length", "1"),
    ("connection", "upgrade"),
    ("set-cookie", "a=b"),
    ("access-control-allow-origin", "*"),
    ("content-security-policy", "default-src *"),
];

fn echo(caller: &Caller, request: &Request) -> Json {
    json!({
        "surface": format!("{:?}", caller.surface),
        "page": caller.page,
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
        "body": String::from_utf8_lossy(&request.body),
    })
}

pub(crate) fn snapshot(id: &str) -> Snapshot {
    let quota = |label: &str, format| ProgressLine {
        label: label.to_owned(),
        used: 42.0,
        limit: 100.0,
        format,
        resets_at: Some("2026-01-02T00:00:00Z".to_owned()),
        period_duration_ms: Some(3_600_000),
        color: None,
    };
    let lines = vec![
        Line::Text(TextLine { label: "Plan".into(), value: "x".into(), ..Default::default() }),
        Line::Badge(BadgeLine { label: "Mode".into(), text: "on".into(), ..Default::default() }),
        Line::Progress(quota("Week", Format::Percent)),
        Line::Progress(quota("Week", Format::Percent)),
        Line::Progress(quota("Calls", Format::Count { suffix: "calls".into() })),
        Line::BarChart(BarChartLine {
            label: "Days".into(),
            points: vec![Point { label: "Mo".into(), value: 3.0, value_label: None }],
            note: None,
            color: None,
        }),
    ];
    let output = Output { plan: Some("Pro".to_owned()), lines };
    Snapshot::new(id, "Name", output, 1_767_225_600_000, 5)
}
