use vario_runtime::Engines;

/// The engines of this build.
pub fn engines() -> Engines {
    let engines = Engines::new();
    #[cfg(feature = "lua")]
    let engines = engines.with(std::sync::Arc::new(vario_sandbox_lua::LuaEngine::new()));
    #[cfg(feature = "js")]
    let engines = engines.with(std::sync::Arc::new(vario_sandbox_js::JsEngine::new()));
    engines
}

/// What a program does whose first argument is [`crate::WORKER`]: it runs one plugin for the
/// program that started it, without any right of its own, and ends.
pub fn serve_worker() -> std::process::ExitCode {
    vario_runtime::serve_worker(engines())
}
