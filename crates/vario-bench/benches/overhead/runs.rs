//! Probe runs inside this process.

use std::io::Write;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use vario_bench::measure::{Pair, median, time};
use vario_bench::ours::{CALLS, Ours, calling};
use vario_bench::stages::{Stage, Staged};
use vario_bench::{floor, probes};
use vario_dialects::ProbeReport;
use vario_sandbox::Language;
use vario_sandbox_js::JsEngine;
use vario_sandbox_lua::LuaEngine;

use crate::report::Report;

const BOTH: [Language; 2] = [Language::JavaScript, Language::Lua];

fn run(ours: &Ours) -> Result<ProbeReport> {
    let report = ours.run();
    ensure!(report.failure.is_none(), "the probe failed: {:?}", report.failure);
    Ok(report)
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// One whole run of the depot probe on each engine, next to the floor.
pub(crate) fn probe<W: Write>(out: &mut Report<W>, rounds: usize) -> Result<()> {
    out.line(&format!(
        "one probe run, warm and in-process: {} lines from {} bytes (JavaScript) and {} bytes \
         (Lua) of source, medians of {rounds}",
        probes::LINES,
        probes::DEPOT_JS.len(),
        probes::DEPOT_LUA.len(),
    ))?;
    out.line("  engine   floor µs    ours µs   ratio   half of all rounds")?;
    let js = floor::js::compile(probes::DEPOT_JS)?;
    let lua = floor::lua::compile(probes::DEPOT_LUA).map_err(|error| anyhow!(error.to_string()))?;
    for language in BOTH {
        let ours = Ours::new(language, probes::depot(language));
        let pair = match language {
            Language::JavaScript => {
                Pair::measure(rounds, || Ok(floor::js::run(&js)?), || run(&ours))
            }
            Language::Lua => Pair::measure(
                rounds,
                || floor::lua::run(&lua).map_err(|error| anyhow!("{error}")),
                || run(&ours),
            ),
        }?;
        let (low, high) = pair.spread();
        out.line(&format!(
            "  {:8}{:>9.1}{:>11.1}{:>8.2}   {low:.2} to {high:.2}",
            language.short_name(),
            micros(median(pair.floor.clone())),
            micros(median(pair.ours.clone())),
            pair.ratio(),
        ))?;
    }
    Ok(())
}

/// Where our side's time goes.
pub(crate) fn stages<W: Write>(out: &mut Report<W>, rounds: usize) -> Result<()> {
    out.line("where our time goes, in µs; `rest` is validation and what a run makes for itself")?;
    let names = Stage::ALL.map(|stage| format!("{:>9}", stage.name())).concat();
    out.line(&format!("  {:8}{names}{:>9}", "engine", "rest"))?;
    for language in BOTH {
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
        let medians: Vec<String> = samples
            .into_iter()
            .map(|samples| format!("{:>9.1}", micros(median(samples))))
            .collect();
        out.line(&format!("  {:8}{}", language.short_name(), medians.concat()))?;
    }
    Ok(())
}

/// One call of the host through engine, bridge and session.
pub(crate) fn host_calls<W: Write>(out: &mut Report<W>, rounds: usize) -> Result<()> {
    out.line(&format!("one `env.get` through engine, bridge and session, medians of {rounds}"))?;
    for language in BOTH {
        let without = Ours::new(language, &calling(language, false));
        let with = Ours::new(language, &calling(language, true));
        let pair = Pair::measure(rounds, || run(&without), || run(&with))?;
        let spent = median(pair.ours).saturating_sub(median(pair.floor));
        let each = micros(spent) / f64::from(CALLS);
        out.line(&format!("  {:8}{each:>9.3} µs", language.short_name()))?;
    }
    Ok(())
}
