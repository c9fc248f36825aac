mod background;

pub use self::background::{
    BACKGROUND_FUNCTIONS, FIRST_BACKGROUND, background_functions, find_background_function,
};

/// What type a parameter wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamType {
    /// Text, strictly: no conversion (contract section 4.0).
    Text,
    /// Text; absent and null mean not given.
    OptionalText,
    /// An object whose parts the function checks by itself.
    Options,
    /// Text or bytes.
    Data,
    /// A number, whole or not; what range makes sense the function checks by itself.
    Number,
    /// A truth value; absent and null mean no.
    Flag,
    /// A list.
    List,
    /// Anything.
    Any,
}

/// One parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param {
    /// Its name, for documentation and audit.
    pub name: &'static str,
    /// Its type.
    pub ty: ParamType,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// How a function behaves for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The plugin waits for the answer.
    Blocking,
    /// The plugin goes on at once and gets the answer later.
    Asynchronous,
    /// The plugin goes on at once and there is no answer.
    OneWay,
}

/// One host function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionSpec {
    /// `group.name`.
    pub name: &'static str,
    /// Parameters in order.
    pub params: &'static [Param],
    /// Blocking or not.
    pub mode: Mode,
    /// The public function this is the raw form of: JSON text in, JSON text out.
    pub raw_of: Option<&'static str>,
}

impl FunctionSpec {
    /// The part before the dot.
    pub fn group(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(group, _)| group)
    }

    /// The part after the dot.
    pub fn member(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(_, member)| member)
    }
}

const fn text(name: &'static str) -> Param {
    Param { name, ty: ParamType::Text, required: true }
}

const fn options(name: &'static str) -> Param {
    Param { name, ty: ParamType::Options, required: true }
}

const fn function(name: &'static str, params: &'static [Param]) -> FunctionSpec {
    FunctionSpec { name, params, mode: Mode::Blocking, raw_of: None }
}

const fn raw(name: &'static str, of: &'static str) -> FunctionSpec {
    FunctionSpec { name, params: JSON, mode: Mode::Blocking, raw_of: Some(of) }
}

const JSON: &[Param] = &[text("json")];
const ACCOUNT: Param = Param { name: "account", ty: ParamType::OptionalText, required: false };
const QUERY: Param = Param { name: "opts", ty: ParamType::Any, required: false };

/// Every host function, grouped. The order is the one a plugin sees.
pub const FUNCTIONS: &[FunctionSpec] = &[
    function("log.info", &[text("message")]),
    function("log.warn", &[text("message")]),
    function("log.error", &[text("message")]),
    function("fs.exists", &[text("path")]),
    function("fs.readText", &[text("path")]),
    function("fs.writeText", &[text("path"), text("content")]),
    function("fs.listDir", &[text("path")]),
    function("crypto.decryptAes256Gcm", &[text("envelope"), text("keyB64")]),
    function("crypto.encryptAes256Gcm", &[text("plaintext"), text("keyB64")]),
    function("crypto.sha256Hex", &[text("text")]),
    function("env.get", &[text("name")]),
    function("http.request", &[options("request")]),
    raw("http._requestRaw", "http.request"),
    function("keychain.readGenericPassword", &[text("service"), ACCOUNT]),
    function("keychain.readGenericPasswordForCurrentUser", &[text("service")]),
    function("keychain.writeGenericPassword", &[text("service"), text("value")]),
    function("keychain.writeGenericPasswordForCurrentUser", &[text("service"), text("value")]),
    function("sqlite.query", &[text("dbPath"), text("sql")]),
    function("sqlite.exec", &[text("dbPath"), text("sql")]),
    function("ls.discover", &[options("opts")]),
    raw("ls._discoverRaw", "ls.discover"),
    function("ccusage.query", &[QUERY]),
    raw("ccusage._queryRaw", "ccusage.query"),
    function("system.info", &[]),
    function("settings.get", &[text("key")]),
];

/// The index of a function in [`FUNCTIONS`].
pub fn find_function(name: &str) -> Option<usize> {
    FUNCTIONS.iter().position(|function| function.name == name)
}
