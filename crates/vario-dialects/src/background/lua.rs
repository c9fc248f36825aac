//! The Lua world of background plugins: one program, put together of the scripts beside this.

use std::sync::LazyLock;

use vario_sandbox::{Source, SourceKind};

macro_rules! parts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("lua/", $name, ".lua")))),*]
    };
}

/// The parts, each a function of `core` that is run when it is first needed.
const PARTS: &[(&str, &str)] = parts![
    "base/bus",
    "base/calls",
    "base/errors",
    "base/fetch",
    "base/files",
    "base/ipc",
    "base/json",
    "base/log",
    "base/loop",
    "base/members",
    "base/messages",
    "base/modules",
    "base/paths",
    "base/run",
    "base/socket",
    "base/storage",
    "base/tasks",
    "base/urls",
    "dialect/clear",
    "dialect/database",
    "dialect/http",
    "dialect/identity",
    "dialect/mounts",
    "dialect/mudstack",
    "dialect/routes",
    "dialect/schema",
    "dialect/smartcars",
    "dialect/stratos",
    "dialect/vario",
    "host/axios",
    "host/mudstack",
    "host/router",
    "host/smartcars",
    "host/stratos",
    "host/toolbox",
];

/// The function that builds the world.
pub(super) static PRELUDE: LazyLock<Source> =
    LazyLock::new(|| Source::new(SourceKind::Prelude, "vario:main.lua", program()));

fn program() -> String {
    let mut program = String::from("local parts = {}\n");
    for (name, text) in PARTS {
        program.extend(["parts[\"", name, "\"] = function(...)\n", text, "\nend\n"]);
    }
    program.push_str(include_str!("lua/main.lua"));
    program
}
