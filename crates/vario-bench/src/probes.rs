//! The probes that are measured, and plugin folders made of them.

use std::fs;
use std::io;
use std::path::Path;

use vario_sandbox::Language;

/// How many lines a depot probe returns.
pub const LINES: usize = 24;

/// The depot probe in JavaScript.
pub const DEPOT_JS: &str = include_str!("../probes/depot.js");

/// The depot probe in Lua.
pub const DEPOT_LUA: &str = include_str!("../probes/depot.lua");

const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 8V3l4-3 4 3v5z" fill="#333"/></svg>"##;

/// The depot probe in this language.
pub fn depot(language: Language) -> &'static str {
    match language {
        Language::JavaScript => DEPOT_JS,
        Language::Lua => DEPOT_LUA,
    }
}

/// The entry file's name in this language.
pub fn entry(language: Language) -> &'static str {
    match language {
        Language::JavaScript => "plugin.js",
        Language::Lua => "plugin.lua",
    }
}

/// Writes `count` plugin folders into `folder`, every other one in Lua. Each has an id and
/// therefore a text of its own, so that none profits from another's compiled program.
///
/// # Errors
/// When a file cannot be written.
pub fn write_plugins(folder: &Path, count: usize) -> io::Result<()> {
    for number in 0..count {
        let language = if number % 2 == 0 { Language::JavaScript } else { Language::Lua };
        let id = format!("depot-{number:03}");
        let plugin = folder.join(&id);
        fs::create_dir_all(&plugin)?;
        fs::write(plugin.join("plugin.json"), manifest(&id, language).to_string())?;
        fs::write(plugin.join("icon.svg"), ICON)?;
        let text = depot(language).replace("\"depot\"", &format!("\"{id}\""));
        fs::write(plugin.join(entry(language)), text)?;
    }
    Ok(())
}

fn manifest(id: &str, language: Language) -> serde_json::Value {
    serde_json::json!({
        "schemaVersion": 1,
        "id": id,
        "name": format!("Depot {id}"),
        "version": "1.0.0",
        "entry": entry(language),
        "icon": "icon.svg",
        "brandColor": "#2563eb",
        "lines": [
            { "type": "text", "label": "Stock", "scope": "overview" },
            { "type": "progress", "label": "North hall", "scope": "overview", "primaryOrder": 1 },
            { "type": "progress", "label": "Crates", "scope": "detail" },
            { "type": "barChart", "label": "Deliveries", "scope": "detail" },
            { "type": "badge", "label": "Ilse", "scope": "detail" },
        ],
        "links": [{ "label": "Depot", "url": "https://depot.example/" }],
    })
}
