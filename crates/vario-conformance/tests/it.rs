//! The suite against both engines.

mod js {
    vario_conformance::suite!(vario_sandbox_js::JsEngine::new());
}

mod lua {
    vario_conformance::suite!(vario_sandbox_lua::LuaEngine::new());
}
