use vario_runtime::Engines;

/// The engines of this build.
pub fn engines() -> Engines {
    let engines = with_lua(Engines::new());
    #[cfg(feature = "js")]
    let engines = engines.with(std::sync::Arc::new(vario_sandbox_js::JsEngine::new()));
    engines
}

/// The same for a process that runs one plugin, once.
fn engines_for_one_run() -> Engines {
    let engines = with_lua(Engines::new());
    #[cfg(feature = "js")]
    let engines = engines.with(std::sync::Arc::new(vario_sandbox_js::JsEngine::for_one_run()));
    engines
}

fn with_lua(engines: Engines) -> Engines {
    #[cfg(feature = "lua")]
    let engines = engines.with(std::sync::Arc::new(vario_sandbox_lua::LuaEngine::new()));
    engines
}

/// What a program does whose first argument is [`crate::WORKER`]: it runs one plugin for the
/// program that started it, without any right of its own, and ends.
pub fn serve_worker() -> std::process::ExitCode {
    vario_runtime::serve_worker(engines_for_one_run())
}
