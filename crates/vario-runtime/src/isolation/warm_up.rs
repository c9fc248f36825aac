//! What a worker that waits for its job does meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_dialects::{AppInfo, ProbeDialect, ProbeJob, ScriptEnd, run_script};
use vario_sandbox::{Engine, Language, Limits, Source, SourceKind, StopSignal};

use super::NoNatives;
use crate::engines::Engines;

/// A program that hangs here would be one of ours.
const TIME: Duration = Duration::from_secs(10);

/// Runs a probe of ours in each language, which does what most plugins do: our own programs are
/// compiled then, the engine's code is in memory, and so is as much of the heap as a run needs.
pub(super) fn all(engines: &Engines) {
    for language in engines.languages() {
        if let Some(engine) = engines.get(language) {
            let _nothing_to_show = run(engine.as_ref());
        }
    }
}

fn run(engine: &dyn Engine) -> ScriptEnd {
    let (name, text) = match engine.language() {
        Language::Lua => ("plugin.lua", include_str!("warm_up/plugin.lua")),
        Language::JavaScript => ("plugin.js", include_str!("warm_up/plugin.js")),
    };
    let job = ProbeJob {
        plugin_id: String::new(),
        dialect: ProbeDialect::Openusage,
        source: Source::new(SourceKind::Script, name, text),
        app: AppInfo::default(),
        now_iso: String::new(),
        now_unix_ms: 0,
        frozen_clock: false,
        limits: Limits::default(),
        unlisted_functions: Vec::new(),
    };
    let stop = Arc::new(StopSignal::new(Instant::now() + TIME));
    run_script(engine, &job, Arc::new(NoNatives), &stop)
}

#[cfg(test)]
mod tests {
    use vario_value::Value;

    use super::*;

    /// A program that fails half-way would warm up half.
    #[test]
    fn warming_up_gets_to_its_end() {
        let engines: [Box<dyn Engine>; 2] = [
            Box::new(vario_sandbox_js::JsEngine::new()),
            Box::new(vario_sandbox_lua::LuaEngine::new()),
        ];
        for engine in engines {
            let end = run(engine.as_ref());
            let result = end.result.unwrap_or_else(|failure| panic!("{failure:?}"));
            let lines = result.get("lines").and_then(Value::as_list).map(<[_]>::len);
            assert_eq!(lines, Some(7), "{:?}", engine.language());
        }
    }
}
