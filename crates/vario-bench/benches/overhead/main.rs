//! Prints what our side of a probe run costs, next to the floor.

mod process;
mod report;

use std::io;

use vario_bench::measure::{Pair, median, time};
use vario_bench::ours::{CALLS, Ours, calling};
use vario_bench::stages::{Stage, Staged};
use vario_bench::{floor, probes};
use vario_sandbox::Language;
use vario_sandbox_js::JsEngine;
use vario_sandbox_lua::LuaEngine;

use crate::report::Report;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a run is given, as the engines want it.
const STACK: usize = 8 * 1024 * 1024;

const USAGE: &str = "arguments: any of `probe`, `calls` and `process` (all of them by default), \
                     and `--rounds N`";

fn main() -> anyhow::Result<()> {
    let mut sections = Vec::new();
    let mut rounds = 2_000;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            // `cargo bench` says so to every benchmark.
            "--bench" => {}
            "--rounds" => {
                let number = args.next().unwrap_or_default();
                rounds = number.parse().map_err(|_| anyhow::anyhow!(USAGE))?;
            }
            "probe" | "calls" | "process" => sections.push(arg),
            _ => anyhow::bail!(USAGE),
        }
    }
    let wants = |name: &str| sections.is_empty() || sections.iter().any(|section| section == name);
    let mut out = Report::new(io::stdout().lock());
    std::thread::scope(|scope| -> anyhow::Result<()> {
        // The measured programs run on one thread with the stack they ask for.
        let thread = std::thread::Builder::new().stack_size(STACK);
        let measured = thread.spawn_scoped(scope, || -> anyhow::Result<Vec<String>> {
            let mut lines = Vec::new();
            if wants("probe") {
                probe_runs(rounds, &mut lines)?;
            }
            if wants("calls") {
                host_calls(rounds / 10, &mut lines);
            }
            Ok(lines)
        })?;
        let lines = measured.join().map_err(|_| anyhow::anyhow!("a measured program panicked"))??;
        for line in lines {
            out.line(&line)?;
        }
        Ok(())
    })?;
    if wants("process") {
        process::run(&mut out)?;
    }
    Ok(())
}

fn micros(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// One whole run of the depot probe on each engine.
fn probe_runs(rounds: usize, lines: &mut Vec<String>) -> anyhow::Result<()> {
    lines.push(format!(
        "one probe run, warm and in-process: {} lines from {} and {} bytes of source, medians of {rounds}",
        probes::LINES,
        probes::DEPOT_JS.len(),
        probes::DEPOT_LUA.len(),
    ));
    lines.push(format!(
        "  {:8}{:>10}{:>10}{:>8}   {}",
        "engine", "floor µs", "ours µs", "ratio", "half of all rounds"
    ));
    let js = floor::js::compile(probes::DEPOT_JS)?;
    let lua = floor::lua::compile(probes::DEPOT_LUA)
        .map_err(|error| anyhow::anyhow!(error.to_string()))?;
    for language in [Language::JavaScript, Language::Lua] {
        let ours = Ours::new(language, probes::depot(language));
        let pair = match language {
            Language::JavaScript => {
                Pair::measure(rounds, || floor::js::run(&js), || ours.run())
            }
            Language::Lua => Pair::measure(rounds, || floor::lua::run(&lua), || ours.run()),
        };
        let (low, high) = pair.spread();
        lines.push(format!(
            "  {:8}{:>10.1}{:>10.1}{:>8.2}   {low:.2} to {high:.2}",
            language.short_name(),
            micros(median(pair.floor.clone())),
            micros(median(pair.ours.clone())),
            pair.ratio(),
        ));
    }
    lines.push(String::new());
    stages(rounds, lines);
    Ok(())
}

/// Where our side's time goes.
fn stages(rounds: usize, lines: &mut Vec<String>) {
    lines.push("where our time goes, in µs; the rest is validation and the run's own parts".into());
    let names: String = Stage::ALL.iter().map(|stage| format!("{:>9}", stage.name())).collect();
    lines.push(format!("  {:8}{names}{:>9}", "engine", "rest"));
    for language in [Language::JavaScript, Language::Lua] {
        let text = probes::depot(language);
        let (ours, watch) = match language {
            Language::JavaScript => {
                let (engine, watch) = Staged::new(JsEngine::new());
                (Ours::with_engine(Box::new(engine), text), watch)
            }
            Language::Lua => {
                let (engine, watch) = Staged::new(LuaEngine::new());
                (Ours::with_engine(Box::new(engine), text), watch)
            }
        };
        let mut samples = vec![Vec::with_capacity(rounds); Stage::ALL.len() + 1];
        for _ in 0..rounds {
            let whole = time(|| ours.run());
            let times = watch.take();
            for (samples, time) in samples.iter_mut().zip(times) {
                samples.push(time);
            }
            samples[Stage::ALL.len()].push(whole.saturating_sub(times.iter().sum()));
        }
        let medians: String =
            samples.into_iter().map(|samples| format!("{:>9.1}", micros(median(samples)))).collect();
        lines.push(format!("  {:8}{medians}", language.short_name()));
    }
    lines.push(String::new());
}

/// One call of the host through engine, bridge and session.
fn host_calls(rounds: usize, lines: &mut Vec<String>) {
    lines.push(format!("one `env.get` through engine, bridge and session, medians of {rounds}"));
    for language in [Language::JavaScript, Language::Lua] {
        let without = Ours::new(language, &calling(language, false));
        let with = Ours::new(language, &calling(language, true));
        let pair = Pair::measure(rounds, || without.run(), || with.run());
        let spent = median(pair.ours).saturating_sub(median(pair.floor));
        lines.push(format!(
            "  {:8}{:>10.3} µs",
            language.short_name(),
            micros(spent) / f64::from(CALLS)
        ));
    }
    lines.push(String::new());
}
