//! What a process for each run costs, next to the same run in this process.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use vario_bench::measure::{Pair, median};
use vario_bench::ours::NullHost;
use vario_bench::probes;
use vario_host::Cancel;
use vario_model::{Cause, RunEvent, RunTrigger};
use vario_runtime::{
    AllowAll, App, BatchOptions, Catalog, Found, Isolation, NoAudit, OpenGate, RunContext,
    WorkerOptions, Workers, run_batch,
};
use vario_sandbox::{Language, Limits};
use vario_store::Paths;

use crate::report::Report;

/// Calls of the probe that does nothing else; below the limit of one run.
const CALLS: u16 = 900;

/// The time that scripts without end have.
const SHORT: Duration = Duration::from_millis(200);

/// How often each of them is stopped.
const STOPS: usize = 5;

/// Scripts without end: one that an engine's interrupt ends, and one that only killing does.
const ENDLESS: [(&str, Language, &str); 3] = [
    ("loop", Language::JavaScript, "for (;;) {}"),
    (
        "no-interrupt",
        Language::JavaScript,
        "return 'a'.repeat(4e6).indexOf('a'.repeat(2e6) + 'b');",
    ),
    ("loop", Language::Lua, "while true do end"),
];

/// How many workers are kept ready.
const READY: usize = 2;

/// This program is its own worker: see `main`.
pub(crate) fn workers(ready: usize) -> Result<Arc<Workers>> {
    let options = WorkerOptions {
        program: std::env::current_exe()?,
        args: vec![OsString::from(vario_bootstrap::WORKER)],
        timezone: Some("UTC".to_owned()),
        heap_bytes: Limits::default().heap_bytes,
        ready,
    };
    Ok(Arc::new(Workers::new(options)))
}

/// One probe with its process ready, one without, and one call to the host.
pub(crate) fn run<W: Write>(out: &mut Report<W>, rounds: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let inside = context(folder.path(), Isolation::InProcess);
    let pool = workers(READY)?;
    let ready = context(folder.path(), Isolation::Process(Arc::clone(&pool)));
    let cold = context(folder.path(), Isolation::Process(workers(0)?));
    let wait = || pool.wait_until_ready().map_err(anyhow::Error::msg);

    out.line(&format!("a process for each run, medians of {rounds}, in µs"))?;
    out.line("  engine  probe      in-process      ready   more       cold")?;
    for language in [Language::JavaScript, Language::Lua] {
        for (kind, text) in
            [("trivial", calling(language, 0)), ("usual", probes::depot(language).to_owned())]
        {
            let found = plugin(folder.path(), language, kind, &text)?;
            let warm =
                Pair::measure_after(rounds, wait, || one(&inside, &found), || one(&ready, &found))?;
            let started =
                Pair::measure(rounds.div_ceil(4), || one(&inside, &found), || one(&cold, &found))?;
            let (floor, ours) = (micros(median(warm.floor)), micros(median(warm.ours)));
            out.line(&format!(
                "  {:8}{kind:9}{floor:>12.0}{ours:>11.0}{:>7.0}{:>11.0}",
                language.short_name(),
                ours - floor,
                micros(median(started.ours)),
            ))?;
        }
    }
    out.line("  engine  one call of the host in-process, and across")?;
    for language in [Language::JavaScript, Language::Lua] {
        let none = plugin(folder.path(), language, "none", &calling(language, 0))?;
        let many = plugin(folder.path(), language, "many", &calling(language, CALLS))?;
        let each = |context: &RunContext| {
            let pair =
                Pair::measure(rounds.div_ceil(4), || one(context, &none), || one(context, &many))?;
            let spent = median(pair.ours).saturating_sub(median(pair.floor));
            anyhow::Ok(micros(spent) / f64::from(CALLS))
        };
        let (near, far) = (each(&inside)?, each(&cold)?);
        out.line(&format!("  {:8}{near:>35.1}{far:>13.1}", language.short_name()))?;
    }
    let mut short = cold.clone();
    short.limits.wall = SHORT;
    out.line(&format!(
        "  how long after its deadline a script is over, medians of {STOPS}, in ms"
    ))?;
    for (name, language, body) in ENDLESS {
        let found = plugin(folder.path(), language, name, &probing(language, body))?;
        let stops = (0..STOPS).map(|_| stopped(&short, &found)).collect::<Result<Vec<_>>>()?;
        let late = median(stops).as_secs_f64() * 1e3;
        out.line(&format!("  {:8}{name:20}{late:>8.0}", language.short_name()))?;
    }
    Ok(())
}

/// Runs a probe that never ends, and gives how long after its deadline it is over.
fn stopped(context: &RunContext, found: &Found) -> Result<Duration> {
    let start = Instant::now();
    let cause = run_one(context, found).context("a script without end came to its end")?;
    ensure!(cause.stopped.is_some(), "it was not stopped: {cause:?}");
    Ok(start.elapsed().saturating_sub(context.limits.wall))
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn context(folder: &Path, isolation: Isolation) -> RunContext {
    RunContext {
        engines: vario_bootstrap::engines(),
        isolation,
        rights: Arc::new(AllowAll),
        audit: Arc::new(NoAudit),
        host: Arc::new(NullHost),
        app: App {
            version: "1.2.3".to_owned(),
            platform: "linux".to_owned(),
            paths: Paths::below(folder),
        },
        limits: Limits::default(),
        log: Arc::new(NullHost),
    }
}

/// A probe that does something.
fn probing(language: Language, body: &str) -> String {
    match language {
        Language::JavaScript => {
            format!("globalThis.__openusage_plugin = {{ id: \"depot\", probe(ctx) {{ {body} }} }};")
        }
        Language::Lua => {
            format!("return {{ id = \"depot\", probe = function(ctx) {body} end }}")
        }
    }
}

/// A probe that makes so many calls and returns a line.
fn calling(language: Language, calls: u16) -> String {
    match language {
        Language::JavaScript => format!(
            "globalThis.__openusage_plugin = {{ id: \"depot\", probe(ctx) {{ \
             for (let i = 0; i < {calls}; i += 1) ctx.host.env.get('NAME'); \
             return {{ lines: [ctx.line.text({{ label: 'a', value: 'b' }})] }}; }} }};"
        ),
        Language::Lua => format!(
            "return {{ id = \"depot\", probe = function(ctx) \
             for i = 1, {calls} do ctx.host.env.get('NAME') end \
             return {{ lines = {{ ctx.line.text({{ label = 'a', value = 'b' }}) }} }} end }}"
        ),
    }
}

fn plugin(folder: &Path, language: Language, id: &str, text: &str) -> Result<Found> {
    let name = format!("{id}-{}", language.short_name());
    let text = text.replace("\"depot\"", &format!("\"{name}\""));
    let path = folder.join(&name);
    std::fs::create_dir_all(&path)?;
    let manifest = serde_json::json!({
        "schemaVersion": 1, "id": name, "name": name, "version": "1", "lines": [],
        "entry": probes::entry(language), "icon": "icon.svg",
    });
    std::fs::write(path.join("plugin.json"), manifest.to_string())?;
    std::fs::write(path.join("icon.svg"), "<svg/>")?;
    std::fs::write(path.join(probes::entry(language)), text)?;
    let catalog = Catalog::discover(&[folder.to_owned()], &[]);
    catalog.get(&name).cloned().context("the plugin that was just written")
}

/// Runs one probe, which must not fail.
fn one(context: &RunContext, found: &Found) -> Result<()> {
    match run_one(context, found) {
        Some(cause) => bail!("the probe failed: {cause:?}"),
        None => Ok(()),
    }
}

/// Runs one probe as every front does, and gives the cause if it failed.
fn run_one(context: &RunContext, found: &Found) -> Option<Cause> {
    let options = BatchOptions {
        trigger: RunTrigger::Auto,
        workers: 1,
        gate: Arc::new(OpenGate),
        cancel: Cancel::new(),
    };
    let mut cause = None;
    let clock = vario_bootstrap::SystemClock;
    run_batch(context, std::slice::from_ref(found), &options, &clock, &mut |event| {
        if let RunEvent::Finished { snapshot } = event {
            cause = snapshot.cause;
        }
    });
    cause
}
