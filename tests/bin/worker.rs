//! A worker as every program of ours is one, without anything else. Only tests start it.

use std::process::ExitCode;
use std::sync::Arc;

use vario_runtime::Engines;

// As the real program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let engines = Engines::new()
        .with(Arc::new(vario_sandbox_lua::LuaEngine::new()))
        .with(Arc::new(vario_sandbox_js::JsEngine::new()));
    vario_runtime::serve_worker(engines)
}
