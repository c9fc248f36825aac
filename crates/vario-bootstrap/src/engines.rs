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
