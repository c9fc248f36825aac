//! The plugins that come with the program.

use std::sync::Arc;

use vario_manifest::MemoryFolder;
use vario_runtime::Bundled;

/// All of them. They are written in Lua, so a build without it has none.
pub(crate) fn bundled() -> Vec<Bundled> {
    if cfg!(not(feature = "lua")) {
        return Vec::new();
    }
    let system = MemoryFolder::new()
        .with("plugin.json", include_str!("../plugins/system/plugin.json"))
        .with("plugin.lua", include_str!("../plugins/system/plugin.lua"))
        .with("icon.svg", include_str!("../plugins/system/icon.svg"));
    vec![Bundled { folder: Arc::new(system) }]
}
