use super::{FUNCTIONS, FunctionSpec, Mode, Param, ParamType, options, text};

const fn of(name: &'static str, ty: ParamType) -> Param {
    Param { name, ty, required: true }
}

const fn maybe(name: &'static str, ty: ParamType) -> Param {
    Param { name, ty, required: false }
}

const fn blocking(name: &'static str, params: &'static [Param]) -> FunctionSpec {
    FunctionSpec { name, params, mode: Mode::Blocking, raw_of: None }
}

const fn asynchronous(name: &'static str, params: &'static [Param]) -> FunctionSpec {
    FunctionSpec { name, params, mode: Mode::Asynchronous, raw_of: None }
}

const fn one_way(name: &'static str, params: &'static [Param]) -> FunctionSpec {
    FunctionSpec { name, params, mode: Mode::OneWay, raw_of: None }
}

const VALUE: Param = maybe("value", ParamType::Any);
const PARAMS: Param = maybe("params", ParamType::Any);
const STATEMENT: Param = of("statement", ParamType::Number);
const DATABASE: Param = of("database", ParamType::Number);
// Integers come as a list of their digits, so that none is too large; bound ones may, too.
const WHOLE: Param = maybe("whole", ParamType::Flag);
const RECURSIVE: Param = maybe("recursive", ParamType::Flag);
const BYTES: Param = of("bytes", ParamType::Data);

/// Where the numbers of [`BACKGROUND_FUNCTIONS`] begin, on the wire between a plugin's process and
/// its host. [`FUNCTIONS`] are numbered by their place.
pub const FIRST_BACKGROUND: u32 = 1_000;

/// What a background plugin may call beyond [`FUNCTIONS`], grouped.
///
/// `fs`, `http`, `process` and `database` are answered by the host that touches the machine; the
/// rest by whoever supervises the plugin, who knows its routes, its bus and its account.
pub const BACKGROUND_FUNCTIONS: &[FunctionSpec] = &[
    // Answers to what the host asked, and how loading went.
    one_way("host.reply", &[of("id", ParamType::Number), VALUE]),
    one_way("host.fail", &[of("id", ParamType::Number), of("error", ParamType::Any)]),
    one_way("host.loaded", &[options("info")]),
    one_way("host.fatal", &[of("error", ParamType::Any)]),
    one_way("log.write", &[text("level"), text("message")]),
    // What outlives the plugin.
    blocking("config.get", &[text("key")]),
    blocking("config.set", &[text("key"), VALUE]),
    blocking("config.remove", &[text("key")]),
    blocking("config.all", &[]),
    blocking("settings.all", &[]),
    // Others that call this plugin.
    blocking("routes.add", &[options("route")]),
    blocking("routes.remove", &[options("route")]),
    blocking("bus.publish", &[text("type"), maybe("payload", ParamType::Any)]),
    blocking("bus.subscribe", &[text("pattern")]),
    blocking("bus.unsubscribe", &[of("subscription", ParamType::Number)]),
    asynchronous(
        "bus.request",
        &[
            text("target"),
            text("type"),
            maybe("payload", ParamType::Any),
            maybe("timeoutMs", ParamType::Any),
        ],
    ),
    blocking("ipc.handle", &[text("channel")]),
    blocking("ipc.unhandle", &[text("channel")]),
    blocking("ipc.send", &[text("channel"), maybe("payload", ParamType::Any)]),
    blocking("account.current", &[]),
    blocking("account.token", &[]),
    asynchronous("account.fetch", &[options("request")]),
    asynchronous("http.fetch", &[options("request")]),
    blocking("socket.open", &[text("url")]),
    blocking("socket.send", &[of("socket", ParamType::Number), of("data", ParamType::Data)]),
    blocking(
        "socket.close",
        &[
            of("socket", ParamType::Number),
            maybe("code", ParamType::Any),
            maybe("reason", ParamType::OptionalText),
        ],
    ),
    blocking("database.open", &[text("name")]),
    blocking("database.exec", &[DATABASE, text("sql")]),
    blocking("database.prepare", &[DATABASE, text("sql")]),
    blocking("database.run", &[STATEMENT, PARAMS, WHOLE]),
    blocking("database.get", &[STATEMENT, PARAMS, WHOLE]),
    blocking("database.all", &[STATEMENT, PARAMS, WHOLE]),
    blocking("database.iterate", &[STATEMENT, PARAMS]),
    blocking("database.next", &[of("cursor", ParamType::Number), WHOLE]),
    blocking("database.end", &[of("cursor", ParamType::Number)]),
    blocking("database.finalize", &[STATEMENT]),
    blocking("database.close", &[DATABASE]),
    blocking("database.state", &[DATABASE]),
    blocking("fs.stat", &[text("path")]),
    blocking(
        "fs.readBytes",
        &[text("path"), maybe("offset", ParamType::Any), maybe("length", ParamType::Any)],
    ),
    blocking("fs.writeBytes", &[text("path"), BYTES]),
    blocking("fs.appendBytes", &[text("path"), BYTES]),
    blocking("fs.makeDir", &[text("path"), RECURSIVE]),
    blocking("fs.remove", &[text("path"), RECURSIVE]),
    blocking("fs.rename", &[text("from"), text("to")]),
    blocking("fs.copy", &[text("from"), text("to")]),
    asynchronous("process.run", &[options("request")]),
    blocking("plugins.has", &[text("id")]),
    blocking("plugins.list", &[]),
    asynchronous("assets.call", &[text("api"), text("method"), maybe("args", ParamType::List)]),
    asynchronous("desktop.tell", &[text("what"), VALUE]),
    blocking("modules.read", &[text("path")]),
];

/// Every function a background plugin may call: those of a probe, and those beyond.
pub fn background_functions() -> impl Iterator<Item = &'static FunctionSpec> + Clone {
    FUNCTIONS.iter().chain(BACKGROUND_FUNCTIONS)
}

/// The function of this name, if a background plugin may call it.
pub fn find_background_function(name: &str) -> Option<&'static FunctionSpec> {
    background_functions().find(|function| function.name == name)
}
