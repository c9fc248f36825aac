//! The scripts that make a plugin's world.

use std::sync::LazyLock;

use vario_sandbox::{Language, Source, SourceKind};
use vario_value::Value;

use super::lua;
use super::natives::text;

static JAVASCRIPT: LazyLock<Source> =
    LazyLock::new(|| Source::new(SourceKind::Prelude, "vario:main.js", include_str!("js/main.js")));

/// The function that builds the world of background plugins.
pub(super) fn prelude(language: Language) -> &'static Source {
    match language {
        Language::JavaScript => &JAVASCRIPT,
        Language::Lua => &lua::PRELUDE,
    }
}

macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("js/", $name, ".js")))),*]
    };
}

/// The parts of the JavaScript world, each made when it is first needed.
const SCRIPTS: &[(&str, &str)] = scripts![
    "base/builtins",
    "base/bus",
    "base/calls",
    "base/console",
    "base/errors",
    "base/files",
    "base/globals",
    "base/ipc",
    "base/log",
    "base/loop",
    "base/messages",
    "base/modules",
    "base/paths",
    "base/rejections",
    "base/resolve",
    "base/stacks",
    "dialect/database",
    "dialect/http",
    "dialect/mudstack",
    "dialect/smartcars",
    "dialect/storage",
    "dialect/stratos",
    "dialect/vario",
    "host/axios",
    "host/effect",
    "host/electron",
    "host/express",
    "host/mudstack-plugins",
    "host/smartcars-sdk",
    "host/socket-io",
    "host/stratos-helpers",
    "host/stratos-sdk",
    "node/assert",
    "node/async_hooks",
    "node/buffer",
    "node/child_process",
    "node/console",
    "node/crypto",
    "node/diagnostics_channel",
    "node/events",
    "node/fs",
    "node/http",
    "node/https",
    "node/module",
    "node/net",
    "node/os",
    "node/path",
    "node/perf_hooks",
    "node/process",
    "node/querystring",
    "node/stream",
    "node/string_decoder",
    "node/timers",
    "node/tty",
    "node/url",
    "node/util",
    "node/worker_threads",
    "node/zlib",
    "web/abort",
    "web/axios",
    "web/blob",
    "web/clone",
    "web/encoding",
    "web/events",
    "web/fetch",
    "web/form",
    "web/status",
    "web/streams",
    "web/url",
    "web/websocket",
];

/// `(name)`: the text of a part, or absent where there is none.
pub(super) fn script(args: &[Value]) -> Result<Value, String> {
    let name = text(args, 0)?;
    let known = SCRIPTS.iter().find(|(known, _)| *known == name);
    Ok(known.map(|(_, text)| *text).into())
}
