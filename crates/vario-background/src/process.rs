//! One plugin's process: started, listened to and cleared away, on a thread of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_dialects::{BackgroundDialect, BackgroundJob, script_words};
use vario_host::{FIRST_BACKGROUND, LogOrigin, Session as HostSession, SessionLimits};
use vario_isolation::{Ended, Feed, FromPlugin};
use vario_manifest::{Code, Dialect, Language as Written, Plugin};
use vario_permissions::Rights;
use vario_runtime::Found;
use vario_sandbox::Language;
use vario_value::{LogLevel, Value};

use crate::answer::CallError;
use crate::hub::Hub;
use crate::native::Native;
use crate::parts::Parts;
use crate::pending::id_of;
use crate::session::{Begin, Session};
use crate::supervisor::{Order, Orders};
use crate::timers::Timers;
use crate::witness::PluginWitness;

/// How long a process may take until it is ready for its job.
const READY: Duration = Duration::from_secs(20);

/// Stacks of engines are elsewhere: this thread only listens.
const STACK_BYTES: usize = 512 << 10;

/// The largest file a plugin may load as a module: bundles are large.
const MAX_MODULE_BYTES: u64 = 16 << 20;

/// What a process is started with.
pub(crate) struct Launch {
    pub(crate) found: Found,
    pub(crate) generation: u64,
    pub(crate) supervision: vario_dialects::Supervision,
    pub(crate) hub: Arc<Hub>,
    pub(crate) timers: Arc<Timers>,
    pub(crate) orders: Orders,
}

/// Starts a plugin's process on a thread of its own, which reports through orders.
pub(crate) fn launch(launch: Launch) {
    let (id, generation) = (launch.found.plugin.id.clone(), launch.generation);
    let orders = launch.orders.clone();
    let thread = std::thread::Builder::new().name(format!("plugin {id}")).stack_size(STACK_BYTES);
    let spawned = thread.spawn(move || {
        let words = run(&launch);
        let (id, generation) = (launch.found.plugin.id.clone(), launch.generation);
        launch.orders.give(Order::Died { id, generation, words });
    });
    if let Err(error) = spawned {
        let words = format!("no thread could be started: {error}");
        orders.give(Order::Died { id, generation, words });
    }
}

/// From the start to the end; says how it ended.
fn run(launch: &Launch) -> String {
    let (language, job) = match prepare(launch) {
        Ok(prepared) => prepared,
        Err(words) => return words,
    };
    let parts = &launch.hub.parts;
    let worker = match parts.worker.start() {
        Ok(worker) => worker,
        Err(error) => return error.to_string(),
    };
    let value = Value::from([("background", job.to_value())]);
    let (link, feed) = match worker.stay(&value, Instant::now() + READY) {
        Ok(ends) => ends,
        Err(Ended::Start(words) | Ended::Died(words) | Ended::Protocol(words)) => return words,
        Err(Ended::Stopped) => return "it was stopped".to_owned(),
    };
    let session = Session::new(begin(launch), link, feed.killer(), feed.pid());
    launch.hub.enter(&session);
    launch.orders.give(Order::Process {
        id: session.id().to_owned(),
        generation: launch.generation,
        session: Arc::clone(&session),
    });
    let ended = listen(launch, &session, language, feed);
    session.end();
    launch.hub.leave(&session);
    session.verdict().unwrap_or(ended)
}

fn begin(launch: &Launch) -> Begin {
    let (found, hub) = (&launch.found, &launch.hub);
    let parts = &hub.parts;
    let id = &found.plugin.id;
    let own_folder = found.path.as_ref().map(|path| real(path));
    let (log, plugin) = (Arc::clone(&parts.log), id.clone());
    let notify = move |text: &str| {
        log.write(vario_host::LogEntry {
            plugin_id: plugin.clone(),
            level: LogLevel::Warn,
            origin: LogOrigin::Host,
            message: text.to_owned(),
        });
    };
    let witness = PluginWitness::new(id, parts.now_ms(), Arc::clone(&parts.audit), notify);
    Begin {
        plugin: Arc::clone(&found.plugin),
        supervision: launch.supervision,
        parts: parts.clone(),
        timers: Arc::clone(&launch.timers),
        rights: Arc::new(rights(parts, found)),
        witness: Arc::new(witness),
        own_folder,
    }
}

/// What a plugin may do now; what it is made of is its own to read.
pub(crate) fn rights(parts: &Parts, found: &Found) -> Rights {
    let data = parts.data_dir(&found.plugin.id);
    let bases = vario_runtime::bases(parts.app.paths.home(), &data);
    let folders = found.path.iter().map(|path| real(path)).chain(found.path.clone());
    let code = folders.map(|path| path.to_string_lossy().into_owned()).collect();
    (parts.rights)().rights(found, bases).reading_own_code(code)
}

/// Answers the process until it ends.
fn listen(launch: &Launch, session: &Arc<Session>, language: Language, mut feed: Feed) -> String {
    // Log lines and calls are as many as a long life brings.
    let endless = SessionLimits { host_calls: u32::MAX, log_bytes: usize::MAX };
    let host = Arc::clone(&session.parts.host);
    let probe_calls = HostSession::new(host, session.scope(), script_words(language), endless);
    let native = Native {
        hub: Arc::clone(&launch.hub),
        session: Arc::clone(session),
        probe_calls,
        language,
    };
    loop {
        match feed.hear() {
            Ok(FromPlugin::Call { seq, function, args }) => {
                session.set_in_call(true);
                let answer = native.call(function, args);
                session.set_in_call(false);
                if session.link().reply(seq, answer).is_err() {
                    session.kill(Some("it takes no answers"));
                }
            }
            Ok(FromPlugin::Module { seq, path }) => {
                let text = module(&launch.found, &path);
                if session.link().module(seq, &text).is_err() {
                    session.kill(Some("it takes no answers"));
                }
            }
            Ok(FromPlugin::Log { level, text }) => session.log(level, LogOrigin::Plugin, &text),
            Ok(FromPlugin::Post { seq, function, args }) => {
                post(launch, session, &native, seq, function, args);
            }
            Err(Ended::Died(words) | Ended::Start(words)) => return words,
            Err(Ended::Protocol(words)) => return format!("it broke the protocol: {words}"),
            Err(Ended::Stopped) => return "it was stopped".to_owned(),
        }
    }
}

/// What the plugin says about itself, and calls that it does not wait for.
fn post(
    launch: &Launch,
    session: &Arc<Session>,
    native: &Native,
    seq: u64,
    function: u32,
    mut args: Vec<Value>,
) {
    let place = function.checked_sub(FIRST_BACKGROUND).map(|place| place as usize);
    let name = place
        .and_then(|place| vario_host::BACKGROUND_FUNCTIONS.get(place))
        .map_or("", |spec| spec.name);
    let first = args.first().cloned().unwrap_or(Value::Absent);
    match name {
        "host.reply" => {
            if let Some(id) = id_of(&first) {
                session.answered(id, Ok(args.drain(1..).next().unwrap_or(Value::Absent)));
            }
        }
        "host.fail" => {
            if let Some(id) = id_of(&first) {
                session.answered(id, Err(CallError::thrown(args.get(1).unwrap_or(&Value::Absent))));
            }
        }
        "host.loaded" => launch
            .orders
            .give(Order::Loaded { id: session.id().to_owned(), generation: launch.generation }),
        "host.fatal" => {
            let error = CallError::thrown(&first);
            let stack = match &error {
                CallError::Thrown { stack: Some(stack), .. } => format!("\n{stack}"),
                _ => String::new(),
            };
            session.note(LogLevel::Error, &format!("{error}{stack}"));
            launch.orders.give(Order::Fatal {
                id: session.id().to_owned(),
                generation: launch.generation,
                words: error.to_string(),
            });
            session.kill(Some(&error.to_string()));
        }
        _ => native.post(seq, function, args),
    }
}

fn module(found: &Found, path: &str) -> Result<String, String> {
    let bytes = found
        .folder
        .read(path, MAX_MODULE_BYTES)
        .map_err(|error| format!("module `{path}`: {error}"))?;
    String::from_utf8(bytes).map_err(|error| format!("module `{path}` is not valid UTF-8: {error}"))
}

fn real(path: &std::path::Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The job of a plugin's process.
fn prepare(launch: &Launch) -> Result<(Language, BackgroundJob), String> {
    let (found, parts) = (&launch.found, &launch.hub.parts);
    let plugin = &found.plugin;
    let code = plugin.background.as_ref().ok_or("this plugin has no background part")?;
    let language = language(code)?;
    let data_dir = parts.data_dir(&plugin.id);
    vario_store::make_folder(&data_dir).map_err(|error| {
        format!("cannot create the plugin's directory {}: {error}", data_dir.display())
    })?;
    let folder = found.path.as_deref().map(real).unwrap_or_default();
    let plugin_dir = folder.to_string_lossy().into_owned();
    let data_dir = data_dir.to_string_lossy().into_owned();
    let environment = [
        ("PLUGIN_ID", plugin.id.as_str()),
        ("PLUGIN_PATH", plugin_dir.as_str()),
        ("NO_DEPRECATION", "*"),
        ("NODE_ENV", "production"),
    ];
    let environment =
        environment.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let job = BackgroundJob {
        plugin_id: plugin.id.clone(),
        dialect: dialect(plugin),
        language,
        entry: code.path.clone(),
        plugin_dir,
        data_dir,
        app_version: parts.app.version.clone(),
        platform: parts.app.platform.clone(),
        manifest: manifest(found),
        environment,
        limits: parts.limits.clone(),
        turn: launch.supervision.turn,
    };
    Ok((language, job))
}

fn dialect(plugin: &Plugin) -> BackgroundDialect {
    match plugin.dialect {
        Dialect::Smartcars => BackgroundDialect::Smartcars,
        Dialect::Stratos => BackgroundDialect::Stratos,
        Dialect::Mudstack => BackgroundDialect::Mudstack,
        _ => BackgroundDialect::Vario,
    }
}

fn language(code: &Code) -> Result<Language, String> {
    match code.language {
        Written::Lua => Ok(Language::Lua),
        Written::JsScript | Written::JsModule | Written::JsCommonJs => Ok(Language::JavaScript),
        _ => Err(format!(
            "`{}` cannot be run: compile it to JavaScript and name the result",
            code.path
        )),
    }
}

/// The manifest as it is written; plugins may ask for what no host knows.
fn manifest(found: &Found) -> Value {
    const MAX_MANIFEST: u64 = 1 << 20;
    let bytes = found.folder.read(&found.plugin.manifest_file, MAX_MANIFEST).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    Value::parse_json(text.trim_start_matches('\u{feff}')).unwrap_or(Value::Null)
}
