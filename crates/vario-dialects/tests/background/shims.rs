//! What plugins find of Node and of the web. The files in `checks` hold in Node, too.

use vario_dialects::BackgroundDialect;

use crate::rig::{DATA_DIR, Rig, Setup, get, json};

/// A plugin that runs a check and says how it went.
fn check(text: &str) -> Rig {
    let mut rig = Setup::new(BackgroundDialect::Smartcars, "index.js")
        .file("check.js", text)
        .file(
            "index.js",
            "const { wait } = require('./check.js');
             exports.onStart = () => Promise.all(wait ?? []);",
        )
        .load();
    assert_eq!(rig.fatal(), None);
    let id = rig.begin("start", json("{}"));
    for _ in 0..10 {
        rig.advance(50);
    }
    assert_eq!(rig.answer_to(id), Some(Ok(vario_value::Value::Absent)), "{:?}", rig.log());
    rig
}

#[test]
fn st_26_buffers_are_those_of_node() {
    check(include_str!("checks/buffer.js"));
}

#[test]
fn st_26_hashes_are_those_of_node() {
    check(include_str!("checks/crypto.js"));
}

#[test]
fn st_26_addresses_are_those_of_node() {
    check(include_str!("checks/url.js"));
}

#[test]
fn st_26_util_events_and_path_are_those_of_node() {
    check(include_str!("checks/util.js"));
}

#[test]
fn st_26_streams_timers_and_bodies_are_those_of_node() {
    check(include_str!("checks/stream.js"));
}

#[test]
fn st_26_every_module_loads_with_and_without_prefix() {
    let rig = check(
        r#"
        const assert = require("assert");
        const { builtinModules, isBuiltin, createRequire } = require("module");
        assert.ok(builtinModules.length > 25 && isBuiltin("fs") && isBuiltin("node:fs") && !isBuiltin("axios"));
        for (const name of builtinModules) {
            const found = require(name);
            assert.ok(found !== undefined && found !== null, name);
            assert.strictEqual(require(`node:${name}`), found, name);
        }
        for (const name of ["http2", "tls", "dns", "vm"]) {
            assert.throws(() => require(name).anything(), new RegExp(name));
        }
        for (const name of ["cluster", "node:sqlite", "node:test"]) {
            assert.throws(() => require(name), (error) => error.message.includes(`'${name}'`) && error.message.includes("assert"), name);
        }
        assert.throws(() => require("nowhere"), { code: "MODULE_NOT_FOUND" });
        assert.throws(() => require("child_process").exec("ls"), /api\.executeCommand/);
        assert.throws(() => require("zlib").gunzipSync(""), /zlib/);
        assert.strictEqual(require("zlib").constants.Z_SYNC_FLUSH, 2);
        assert.strictEqual(require("worker_threads").isMainThread, true);
        assert.ok(require("http").METHODS.includes("PATCH") && require("http").STATUS_CODES[404] === "Not Found");
        assert.strictEqual(typeof require("stream"), "function");
        assert.strictEqual(createRequire(__filename)("./check.js"), module.exports);
        assert.strictEqual(require("fs/promises"), require("fs").promises);
        "#,
    );
    assert_eq!(rig.calls("host.fatal").len(), 0);
}

#[test]
fn st_26_call_sites_and_stack_hooks() {
    check(
        r#"
        const assert = require("assert");
        function sites() {
            const limit = Error.stackTraceLimit, prepare = Error.prepareStackTrace, holder = {};
            Error.prepareStackTrace = (_error, stack) => stack;
            Error.stackTraceLimit = Math.max(10, limit);
            Error.captureStackTrace(holder);
            const stack = holder.stack.slice(1);
            Error.prepareStackTrace = prepare;
            Error.stackTraceLimit = limit;
            return stack;
        }
        const [site] = (() => sites())();
        assert.ok(site.getFileName().endsWith("check.js"), site.getFileName());
        assert.ok(site.getLineNumber() > 10 && site.getColumnNumber() > 0);
        assert.strictEqual(site.isEval(), false);
        assert.strictEqual(site.getThis(), undefined);
        assert.strictEqual(site.getEvalOrigin(), undefined);
        site.getTypeName(), site.getMethodName(), site.isToplevel(), site.isConstructor(), site.isNative();
        "#,
    );
}

#[test]
fn sc_20_globals_lead_libraries_to_fetch() {
    check(
        r#"
        const assert = require("assert");
        assert.strictEqual(Object.prototype.toString.call(process), "[object Object]");
        assert.strictEqual(typeof XMLHttpRequest, "undefined");
        assert.strictEqual(global, globalThis);
        assert.strictEqual(process.platform, "linux");
        assert.strictEqual(process.env.NO_DEPRECATION, "*");
        for (const name of ["fetch", "Request", "Response", "Headers", "Blob", "FormData", "ReadableStream", "WebSocket", "AbortController", "EventTarget", "WeakRef", "FinalizationRegistry", "structuredClone", "queueMicrotask"]) {
            assert.strictEqual(typeof globalThis[name], "function", name);
        }
        assert.strictEqual(Object.keys(globalThis).includes("Buffer"), false);
        assert.throws(() => process.exit(1), /process\.exit/);
        "#,
    );
}

#[test]
fn files_in_their_three_forms() {
    let rig = check(
        r#"
        const assert = require("assert");
        const fs = require("fs"), path = require("path");
        const file = path.join(process.cwd(), "notes", "a.txt");
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, "hé");
        fs.appendFileSync(file, "llo");
        assert.strictEqual(fs.readFileSync(file, "utf8"), "héllo");
        assert.strictEqual(fs.statSync(file).size, 6);
        assert.ok(fs.statSync(file).isFile() && fs.statSync(process.cwd()).isDirectory());
        assert.throws(() => fs.readFileSync("/nope"), { code: "ENOENT", syscall: "open", path: "/nope" });
        assert.strictEqual(fs.statSync("/nope", { throwIfNoEntry: false }), undefined);
        assert.throws(() => fs.writeFileSync(file, "x", { flag: "wx" }), { code: "EEXIST" });
        assert.throws(() => fs.openSync(file), /not available/);
        exports.wait = [
            fs.promises.readFile(file).then((data) => assert.strictEqual(data.toString(), "héllo")),
            assert.rejects(fs.promises.readFile("/nope"), { code: "ENOENT" }),
            new Promise((resolve, reject) => fs.readFile(file, "utf8", (error, text) => (error ? reject(error) : resolve(assert.strictEqual(text, "héllo"))))),
            require("util").promisify(fs.exists)(file).then((found) => assert.strictEqual(found, true)),
            (async () => { let text = ""; for await (const chunk of fs.createReadStream(file)) text += chunk; assert.strictEqual(text, "héllo"); })(),
            (async () => { let text = ""; for await (const chunk of fs.createReadStream(file, { start: 3, end: 4 })) text += chunk; assert.strictEqual(text, "ll"); })(),
            (async () => { let text = ""; for await (const chunk of fs.createReadStream(file, { start: 4 })) text += chunk; assert.strictEqual(text, "lo"); })(),
        ];
        "#,
    );
    assert_eq!(
        rig.calls("fs.writeBytes")[0][0].as_str(),
        Some(format!("{DATA_DIR}/notes/a.txt").as_str())
    );
}

#[test]
fn console_and_unwatched_errors_reach_the_log() {
    use vario_sandbox::LogLevel::{Debug, Error, Info, Warn};
    let mut rig = Setup::smartcars(
        r#"
        console.log("a %s", "b", { c: 1 });
        console.debug("d"); console.warn("w"); console.error(new TypeError("bad"));
        exports.onStart = () => {
            Promise.reject(new Error("nobody looks"));
            Promise.reject(new Error("late")).catch(() => {});
            setTimeout(() => { throw new RangeError("from a timer"); }, 5);
            queueMicrotask(() => { throw new Error("from a microtask"); });
        };
        exports.routes = { get: { alive: { handler: (req, res) => res.send("yes") } } };
        "#,
    )
    .load();
    rig.start();
    rig.advance(10);
    for (level, words) in [
        (Info, "a b { c: 1 }"),
        (Debug, "d"),
        (Warn, "w"),
        (Error, "TypeError: bad"),
        (
            Error,
            "unhandled rejection: Error: nobody looks\n    at <anonymous> (background/index.js:5:",
        ),
        (Error, "uncaught: RangeError: from a timer"),
        (Error, "uncaught: Error: from a microtask"),
    ] {
        assert!(rig.has_logged(level, words), "{words}: {:#?}", rig.log());
    }
    assert!(!rig.has_logged(Error, "late"));
    assert_eq!(rig.http(get("alive", "")), (200, "yes".to_owned()));
}
