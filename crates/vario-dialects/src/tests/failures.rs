//! Every row of contract section 2.4, and the steps of 2.1, in both languages.

use std::sync::Arc;
use std::time::Duration;

use vario_output::{ERROR_COLOR, Line, Output};
use vario_sandbox::Language::{self, JavaScript, Lua};
use vario_sandbox::{
    Engine, ErrorKind, Handle, Instance, InstanceSpec, LogLevel, ScriptError, Settled, Source,
    SourceKind,
};

use super::rig::{Echo, engine, job, run, run_job};
use crate::{GENERIC_FAILURE, ProbeDialect};

const GENERIC: &str = GENERIC_FAILURE;

/// Situation, JavaScript, Lua, the card's text.
type Row = (&'static str, &'static str, &'static str, &'static str);

#[track_caller]
fn check(rows: &[Row]) {
    for (situation, js, lua, text) in rows {
        for (language, source) in [(JavaScript, js), (Lua, lua)] {
            let report = run(language, source);
            assert_eq!(report.output, Output::error(*text), "{situation} in {language}");
            assert!(report.failure.is_some(), "{situation} in {language}");
        }
    }
}

fn js_probe(body: &str) -> String {
    format!("globalThis.__openusage_plugin = {{ id: 'demo', probe(ctx) {{ {body} }} }};")
}

fn lua_probe(body: &str) -> String {
    format!("__openusage_plugin = {{ id = 'demo', probe = function(ctx) {body} end }}")
}

#[track_caller]
fn check_bodies(rows: &[Row]) {
    for (situation, js, lua, text) in rows {
        for (language, source) in [(JavaScript, js_probe(js)), (Lua, lua_probe(lua))] {
            let report = run(language, &source);
            assert_eq!(report.output, Output::error(*text), "{situation} in {language}");
        }
    }
}

#[test]
fn an_error_is_one_badge_without_a_plan() {
    let report = run(JavaScript, "throw 1");
    let [Line::Badge(badge)] = report.output.lines.as_slice() else { panic!("{report:?}") };
    assert_eq!(badge.label, "Error");
    assert_eq!(badge.text, "script eval failed");
    assert_eq!(badge.color.as_deref(), Some(ERROR_COLOR));
    assert_eq!((&badge.subtitle, &report.output.plan), (&None, &None));
}

#[test]
fn registration() {
    check(&[
        ("syntax error", "function (", "function (", "script eval failed"),
        ("throw at top level", "throw 'x'", "error('x', 0)", "script eval failed"),
        ("module syntax", "import x from 'y'", "local x = = 1", "script eval failed"),
        ("top-level await", "await 1", "local x <const", "script eval failed"),
        ("global missing", "1", "local x = 1", "missing __openusage_plugin"),
        ("global null", "__openusage_plugin", "error()", "script eval failed"),
        (
            "global null",
            "globalThis.__openusage_plugin = null",
            "__openusage_plugin = nil",
            "missing __openusage_plugin",
        ),
        (
            "global primitive",
            "globalThis.__openusage_plugin = 5",
            "__openusage_plugin = 5",
            "missing __openusage_plugin",
        ),
        (
            "Pacebar global missing",
            "if (false) globalThis.__pacebar_plugin = {}",
            "if false then __pacebar_plugin = {} end",
            "missing __pacebar_plugin",
        ),
        (
            "probe missing",
            "globalThis.__openusage_plugin = {}",
            "__openusage_plugin = {}",
            "missing probe()",
        ),
        (
            "probe not callable",
            "globalThis.__openusage_plugin = { probe: 5 }",
            "__openusage_plugin = { probe = 5 }",
            "missing probe()",
        ),
    ]);
}

#[test]
fn results() {
    const NON_OBJECT: &str = "probe() returned non-object";
    check_bodies(&[
        ("undefined", "", "", NON_OBJECT),
        ("null", "return null", "return ctx.json.null", NON_OBJECT),
        ("number", "return 5", "return 5", NON_OBJECT),
        ("string", "return 'x'", "return 'x'", NON_OBJECT),
        (
            "a promise that stays pending",
            "return new Promise(() => {})",
            "return coroutine.create(function() coroutine.yield() end)",
            "probe() returned unresolved promise",
        ),
        (
            "a promise of a non-object",
            "return Promise.resolve(5)",
            "return coroutine.create(function() return 5 end)",
            GENERIC,
        ),
        ("lines missing", "return {}", "return { plan = nil, x = 1 }", "missing lines"),
        (
            "lines not an array",
            "return { lines: {} }",
            "return { lines = { a = 1 } }",
            "missing lines",
        ),
        ("lines empty", "return { lines: [] }", "return { lines = {} }", "no lines returned"),
        (
            "an element is no object",
            "return { lines: [{ type: 'text' }, 5] }",
            "return { lines = { { type = 'text' }, 5 } }",
            "invalid line at index 1",
        ),
    ]);
    // A getter that throws.
    let js = js_probe("return { get lines() { throw 1 } }");
    assert_eq!(run(JavaScript, &js).output, Output::error("missing lines"));
    let lua = lua_probe("return setmetatable({}, { __index = function() error('x') end })");
    assert_eq!(run(Lua, &lua).output, Output::error("missing lines"));
}

#[test]
fn the_plan_is_kept_beside_bad_lines() {
    for (js, lua, text) in [
        ("{ plan: 'Pro' }", "{ plan = 'Pro' }", "missing lines"),
        ("{ plan: 'Pro', lines: [] }", "{ plan = 'Pro', lines = {} }", "no lines returned"),
        (
            "{ plan: 'Pro', lines: [5] }",
            "{ plan = 'Pro', lines = { 5 } }",
            "invalid line at index 0",
        ),
    ] {
        let expected = Output { plan: Some("Pro".to_owned()), ..Output::error(text) };
        let sources = [
            (JavaScript, js_probe(&format!("return {js}"))),
            (Lua, lua_probe(&format!("return {lua}"))),
        ];
        for (language, source) in sources {
            assert_eq!(run(language, &source).output, expected, "{text} in {language}");
        }
    }
}

#[test]
fn thrown() {
    check_bodies(&[
        ("a string", "throw 'Not logged in.'", "error('Not logged in.', 0)", "Not logged in."),
        ("a string with a level", "throw 'Oops'", "error('Oops')", "Oops"),
        ("an asserted string", "throw 'Oops'", "assert(false, 'Oops')", "Oops"),
        ("a string is trimmed", "throw '  x\\n'", "error('  x\\n', 0)", "x"),
        ("a blank string", "throw '  '", "error('  ', 0)", GENERIC),
        ("an error", "throw new Error('x')", "error({ message = 'x' })", GENERIC),
        ("a number", "throw 5", "error(5, 0)", GENERIC),
        ("an object", "throw {}", "error({})", GENERIC),
        ("nothing", "throw undefined", "error(nil)", GENERIC),
        ("a run-time error", "null.x", "local x; return x.y", GENERIC),
        ("a host error", "ctx.host.fs.readText('p')", "ctx.host.fs.readText('p')", GENERIC),
        (
            "a rejection with a string",
            "return Promise.reject(' no ')",
            "return coroutine.create(function() error(' no ', 0) end)",
            "no",
        ),
        (
            "a rejection with an object",
            "return Promise.reject({})",
            "return coroutine.create(function() error({}) end)",
            GENERIC,
        ),
        (
            "a caught string thrown again",
            "try { throw 'a' } catch (e) { throw e }",
            "local ok, e = pcall(error, 'a', 0) error(e, 0)",
            "a",
        ),
        (
            "a caught host error thrown again as text",
            "try { ctx.host.fs.readText('p') } catch (e) { throw e.message }",
            "local ok, e = pcall(ctx.host.fs.readText, 'p') error(e.message, 0)",
            "No such file or directory (os error 2)",
        ),
    ]);
}

#[test]
fn good_results() {
    let expected = |text: &str| {
        let line = serde_json::json!({ "type": "text", "label": "a", "value": text });
        serde_json::from_value::<Line>(line).expect("a line")
    };
    let rows = [
        ("this is undefined", "ctx.line.text({ label: 'a', value: String(this) })", "undefined"),
        ("one argument", "ctx.line.text({ label: 'a', value: String(arguments.length) })", "1"),
        (
            "app",
            "ctx.line.text({ label: 'a', value: ctx.app.version + ctx.app.platform })",
            "1.2.3linux",
        ),
        ("now", "ctx.line.text({ label: 'a', value: ctx.nowIso })", "2026-02-02T00:00:00Z"),
        (
            "both context globals are one",
            "ctx.line.text({ label: 'a', value: String(__openusage_ctx === __pacebar_ctx && ctx === __openusage_ctx) })",
            "true",
        ),
        (
            "strictness",
            "(() => { try { zzz = 1 } catch (e) { return ctx.line.text({ label: 'a', value: e.name }) } })()",
            "ReferenceError",
        ),
    ];
    for (situation, js, text) in rows {
        let report = run(JavaScript, &js_probe(&format!("return {{ lines: [{js}] }}")));
        assert_eq!(report.output.lines, [expected(text)], "{situation}: {:?}", report.failure);
    }
    for (situation, js, lua) in [
        (
            "a promise",
            "return Promise.resolve({ lines: [ctx.line.text({ label: 'a', value: 'b' })] })",
            "return coroutine.create(function() return { lines = { ctx.line.text({ label = 'a', value = 'b' }) } } end)",
        ),
        (
            "a thenable is the result itself",
            "return { then() {}, lines: [{ type: 'text', label: 'a', value: 'b' }] }",
            "return { lines = { { type = 'text', label = 'a', value = 'b' } } }",
        ),
        (
            "an instance of a class",
            "class R { get lines() { return [{ type: 'text', label: 'a', value: 'b' }] } }; return new R()",
            "return setmetatable({}, { __index = { lines = { { type = 'text', label = 'a', value = 'b' } } } })",
        ),
    ] {
        for (language, source) in [(JavaScript, js_probe(js)), (Lua, lua_probe(lua))] {
            let report = run(language, &source);
            assert_eq!(
                report.output.lines,
                [expected("b")],
                "{situation} in {language}: {report:?}"
            );
        }
    }
}

#[test]
fn any_object_registers() {
    let sources = [
        (
            JavaScript,
            "globalThis.__openusage_plugin = function () {}; __openusage_plugin.probe = () => ({ lines: [{ type: 'badge' }] })",
        ),
        (
            JavaScript,
            "globalThis.__pacebar_plugin = { probe: () => ({ lines: [{ type: 'badge' }] }) }",
        ),
        (
            Lua,
            "__pacebar_plugin = { probe = function() return { lines = { { type = 'badge' } } } end }",
        ),
        (
            Lua,
            "_G.__openusage_plugin = { probe = function() return { lines = { { type = 'badge' } } } end }",
        ),
        (Lua, "return { probe = function() return { lines = { { type = 'badge' } } } end }"),
    ];
    for (language, source) in sources {
        let report = run(language, source);
        assert!(report.output.is_ok(), "{source}: {report:?}");
    }
}

#[test]
fn a_deleted_context_is_passed_as_nothing() {
    let js = "delete globalThis.__openusage_ctx; globalThis.__openusage_plugin = { probe: (c) => { throw String(c) } }";
    assert_eq!(run(JavaScript, js).output, Output::error("undefined"));
    let lua = "__openusage_ctx = nil; __openusage_plugin = { probe = function(c) error(tostring(c), 0) end }";
    assert_eq!(run(Lua, lua).output, Output::error("nil"));
}

#[test]
fn a_different_id_warns_or_fails() {
    for (language, source) in [
        (
            JavaScript,
            "globalThis.__openusage_plugin = { id: 'other', probe: () => ({ lines: [{ type: 'badge' }] }) }",
        ),
        (
            Lua,
            "return { id = 'other', probe = function() return { lines = { { type = 'badge' } } } end }",
        ),
    ] {
        let text = "the script's id `other` differs from the manifest's `demo`";
        let report = run(language, source);
        assert_eq!((report.output.is_ok(), report.warnings), (true, vec![text.to_owned()]));
        let mut job = job(language, SourceKind::Script, source);
        job.dialect = ProbeDialect::Vario;
        let report = run_job(language, job, &Arc::new(Echo::default()));
        assert_eq!(report.output, Output::error(text));
    }
}

#[test]
fn modules_register_by_export() {
    let sources = [
        "export default { id: 'demo', probe: () => ({ lines: [{ type: 'badge' }] }) }",
        "export const probe = () => ({ lines: [{ type: 'badge' }] })",
        "globalThis.__openusage_plugin = { probe: () => ({ lines: [{ type: 'badge' }] }) }",
    ];
    for source in sources {
        let job = job(JavaScript, SourceKind::Module, source);
        let report = run_job(JavaScript, job, &Arc::new(Echo::default()));
        assert!(report.output.is_ok(), "{source}: {report:?}");
    }
}

fn with_limits(
    language: Language,
    source: &str,
    change: impl FnOnce(&mut vario_sandbox::Limits),
) -> crate::ProbeReport {
    let mut job = job(language, SourceKind::Script, source);
    change(&mut job.limits);
    run_job(language, job, &Arc::new(Echo::default()))
}

#[test]
fn every_limit_has_its_text() {
    type Change = fn(&mut vario_sandbox::Limits);
    let rows: [(&str, &str, &str, Change, &str); 7] = [
        (
            "deadline",
            "for (;;) {}",
            "while true do end",
            |limits| limits.wall = Duration::from_millis(150),
            "probe timed out after 150ms",
        ),
        (
            "deadline, caught",
            "for (;;) try { for (;;) {} } catch {}",
            "while true do pcall(function() while true do end end) end",
            |limits| limits.wall = Duration::from_millis(150),
            "probe timed out after 150ms",
        ),
        (
            "memory",
            "const a = []; for (;;) a.push(new Array(1000).fill(1))",
            "local a = {} while true do table.insert(a, table.create(1000, 1)) end",
            |limits| limits.heap_bytes = 8 * 1024 * 1024,
            "plugin ran out of memory (limit 8 MiB)",
        ),
        (
            "stack",
            "(function f() { return f() + 1 })()",
            "local function f() return f() + 1 end return f()",
            |_| {},
            "plugin ran out of stack (limit 1 MiB)",
        ),
        (
            "host calls",
            "for (;;) try { ctx.host.fs.exists('x') } catch {}",
            "while true do pcall(ctx.host.fs.exists, 'x') end",
            |limits| limits.host_calls = 10,
            "plugin made too many host calls (limit 10)",
        ),
        (
            "log",
            "for (;;) console.log('xxxxxxxxxxxxxxxx')",
            "while true do print('xxxxxxxxxxxxxxxx') end",
            |limits| limits.log_bytes = 1024,
            "plugin logged too much (limit 1 KiB)",
        ),
        (
            "lines",
            "const l = []; for (let i = 0; i < 5; i++) l.push({ type: 'badge' }); return { lines: l }",
            "local l = {} for i = 1, 5 do l[i] = { type = 'badge' } end return { lines = l }",
            |limits| limits.lines = 3,
            "too many lines, only the first 3 are shown",
        ),
    ];
    for (limit, js, lua, change, text) in rows {
        for (language, source) in [(JavaScript, js_probe(js)), (Lua, lua_probe(lua))] {
            let report = with_limits(language, &source, change);
            let error = report.output.first_error();
            assert_eq!(error, Some(text), "{limit} in {language}: {report:?}");
        }
    }
}

#[test]
fn a_late_result_is_a_time_out_and_a_late_job_is_not() {
    // The engine's clock stands still, so the script cannot wait; it spins until it is stopped.
    let wall = |limits: &mut vario_sandbox::Limits| limits.wall = Duration::from_millis(150);
    let late = with_limits(JavaScript, "for (;;) {}", wall);
    assert_eq!(late.output, Output::error("probe timed out after 150ms"), "at top level");
    let job = js_probe("return Promise.resolve().then(() => { for (;;) {} })");
    let late = with_limits(JavaScript, &job, wall);
    assert_eq!(late.output, Output::error("probe() returned unresolved promise"));
    let cause = late.failure.and_then(|failure| failure.cause).expect("the deadline is the cause");
    assert!(matches!(cause.kind, ErrorKind::Stopped(_)));
}

#[test]
fn causes_name_file_and_line() {
    for (language, source, file) in
        [(JavaScript, "\n\nnull.x", "plugin.js"), (Lua, "\n\nlocal x; print(x.y)", "plugin.lua")]
    {
        let cause = run(language, source).failure.and_then(|f| f.cause).expect("a cause");
        let location = cause.location.clone().expect("a place");
        assert_eq!((location.file.as_str(), location.line), (file, 3), "{language}: {cause:?}");
    }
}

#[test]
fn log_and_print_reach_the_log_redacted() {
    let js = js_probe("ctx.host.log.info('at /home/me/x'); console.warn('b', 1); throw 'x'");
    let lua = lua_probe("ctx.host.log.info('at /home/me/x'); print('b', 1) error('x', 0)");
    for (language, source, second) in [
        (JavaScript, js, (LogLevel::Warn, "b 1".to_owned())),
        (Lua, lua, (LogLevel::Info, "b\t1".to_owned())),
    ] {
        let echo = Arc::new(Echo::default());
        run_job(language, job(language, SourceKind::Script, &source), &echo);
        let lines = echo.lines.lock().expect("no panic").clone();
        assert_eq!(lines, [(LogLevel::Info, "at [PATH]".to_owned()), second], "{language}");
    }
}

#[test]
fn plugins_see_the_contracts_members_and_ours() {
    let members = "const out = []; for (const [k, v] of Object.entries(ctx)) { \
        if (typeof v !== 'object') { out.push(k); continue } \
        for (const [l, w] of Object.entries(v)) { \
            if (typeof w === 'object') for (const m of Object.keys(w)) out.push(`${k}.${l}.${m}`); \
            else out.push(`${k}.${l}`) } } \
        throw out.sort().join(' ')";
    let report = run(JavaScript, &js_probe(members));
    let text = report.output.first_error().expect("the list").to_owned();
    let js: Vec<&str> = text.split(' ').collect();
    let ours = ["nowMs", "settings.get", "host.system.info"];
    let raw = js.iter().filter(|name| name.contains("._")).count();
    let contract = js.iter().filter(|name| !name.contains("._") && !ours.contains(name)).count();
    assert_eq!((contract, raw, js.len()), (45, 3, 51), "{text}");

    let lua = "local out = {} for k, v in pairs(ctx) do \
        if type(v) ~= 'table' then table.insert(out, k) else for l in v do \
            local w = v[l] \
            if type(w) == 'table' then for m in pairs(w) do table.insert(out, k .. '.' .. l .. '.' .. m) end \
            else table.insert(out, k .. '.' .. l) end end end end \
        table.sort(out) error(table.concat(out, ' '), 0)";
    let report = run(Lua, &lua_probe(lua));
    let text = report.output.first_error().expect("the list").to_owned();
    let lua: Vec<&str> = text.split(' ').filter(|name| !name.starts_with("json.")).collect();
    assert_eq!(lua, js, "Lua has what JavaScript has");
}

/// An engine of which one step fails.
struct Broken {
    step: &'static str,
    inner: Box<dyn Engine>,
}

struct BrokenInstance {
    step: &'static str,
    inner: Box<dyn Instance>,
}

fn broken() -> ScriptError {
    ScriptError::new(ErrorKind::Internal, "broken on purpose")
}

impl Engine for Broken {
    fn language(&self) -> Language {
        self.inner.language()
    }

    fn check(&self, source: &Source) -> Result<(), ScriptError> {
        self.inner.check(source)
    }

    fn open(&self, spec: InstanceSpec) -> Result<Box<dyn Instance>, ScriptError> {
        if self.step == "open" {
            return Err(broken());
        }
        Ok(Box::new(BrokenInstance { step: self.step, inner: self.inner.open(spec)? }))
    }
}

impl Instance for BrokenInstance {
    fn natives(&mut self) -> Result<Handle, ScriptError> {
        if self.step == "natives" { Err(broken()) } else { self.inner.natives() }
    }

    fn eval(&mut self, source: &Source) -> Result<Handle, ScriptError> {
        let fails = self.step == "prelude" && source.kind == SourceKind::Prelude;
        if fails { Err(broken()) } else { self.inner.eval(source) }
    }

    fn global(&mut self, name: &str) -> Result<Handle, ScriptError> {
        self.inner.global(name)
    }

    fn set_global(&mut self, name: &str, value: Handle) -> Result<(), ScriptError> {
        self.inner.set_global(name, value)
    }

    fn get(&mut self, object: Handle, key: &str) -> Result<Handle, ScriptError> {
        self.inner.get(object, key)
    }

    fn kind(&self, value: Handle) -> vario_sandbox::Kind {
        self.inner.kind(value)
    }

    fn call(&mut self, function: Handle, args: &[Handle]) -> Result<Handle, ScriptError> {
        self.inner.call(function, args)
    }

    fn settle(&mut self, value: Handle) -> Result<Settled, ScriptError> {
        if self.step == "settle" { Ok(Settled::Unusable) } else { self.inner.settle(value) }
    }

    fn read(
        &mut self,
        value: Handle,
        shape: &vario_value::Shape,
    ) -> Result<vario_value::Value, ScriptError> {
        self.inner.read(value, shape)
    }

    fn make(&mut self, value: &vario_value::Value) -> Result<Handle, ScriptError> {
        self.inner.make(value)
    }
}

// The three wrapper patches of section 2.4 cannot fail here: there are no wrappers, the friendly
// functions are natives themselves.
#[test]
fn set_up_steps_have_their_texts() {
    for (step, text) in [
        ("open", "runtime error"),
        ("natives", "host api injection failed"),
        ("prelude", "utils injection failed"),
        ("settle", "probe() returned invalid promise"),
    ] {
        let source = js_probe("return {}");
        let engine = Broken { step, inner: engine(JavaScript) };
        let report = super::rig::run_with(&engine, &job(JavaScript, SourceKind::Script, &source));
        assert_eq!(report.output, Output::error(text), "{step}");
    }
}
