//! Small plugins to fill a window with, in both languages and with every type of line.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

/// No line has a time at which it starts anew, so that no countdown draws a frame.
const LUA: &str = r##"return {
  id = "NAME",
  probe = function(ctx)
    local line = ctx.line
    return {
      plan = "Team",
      lines = {
        line.progress({ label = "Session", used = SHARE, limit = 100, format = { kind = "percent" } }),
        line.progress({ label = "Spend", used = SHARE / 4, limit = 50, format = { kind = "dollars" } }),
        line.text({ label = "Account", value = "someone@example.com" }),
        line.badge({ label = "Status", text = "Connected", color = "#22c55e" }),
        line.barChart({ label = "Usage", points = {
          { label = "Mon", value = 3 }, { label = "Tue", value = SHARE }, { label = "Wed", value = 7.25 },
        } }),
      },
    }
  end,
}
"##;

const JS: &str = r##"globalThis.__openusage_plugin = {
  id: "NAME",
  probe(ctx) {
    const { line } = ctx;
    return {
      plan: "Team",
      lines: [
        line.progress({ label: "Session", used: SHARE, limit: 100, format: { kind: "percent" } }),
        line.progress({ label: "Spend", used: SHARE / 4, limit: 50, format: { kind: "dollars" } }),
        line.text({ label: "Account", value: "someone@example.com" }),
        line.badge({ label: "Status", text: "Connected", color: "#22c55e" }),
        line.barChart({ label: "Usage", points: [
          { label: "Mon", value: 3 }, { label: "Tue", value: SHARE }, { label: "Wed", value: 7.25 },
        ] }),
      ],
    };
  },
};
"##;

const ICON: &str = concat!(
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" "#,
    r#"stroke="currentColor" stroke-width="2"><circle cx="12" cy="12" r="8"/></svg>"#
);

/// Writes so many plugins into a folder.
pub(crate) fn write(folder: &Path, count: usize) -> Result<()> {
    for number in 1..=count {
        write_one(folder, number).with_context(|| format!("cannot write plugin {number}"))?;
    }
    Ok(())
}

fn write_one(folder: &Path, number: usize) -> Result<()> {
    let name = format!("measured-{number:02}");
    let (entry, text) =
        if number.is_multiple_of(2) { ("plugin.js", JS) } else { ("plugin.lua", LUA) };
    let manifest = json!({
        "schemaVersion": 1,
        "dialect": "vario",
        "id": name,
        "name": format!("Measured {number}"),
        "version": "1.0.0",
        "entry": entry,
        "icon": "icon.svg",
        "lines": [
            { "type": "progress", "label": "Session", "scope": "overview", "primaryOrder": 1 },
            { "type": "progress", "label": "Spend", "scope": "overview" },
            { "type": "text", "label": "Account", "scope": "overview" },
            { "type": "badge", "label": "Status", "scope": "overview" },
            { "type": "barChart", "label": "Usage", "scope": "overview" },
        ],
    });
    let share = (number * 37 % 100).to_string();
    let folder = folder.join(&name);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("plugin.json"), manifest.to_string())?;
    std::fs::write(folder.join("icon.svg"), ICON)?;
    std::fs::write(folder.join(entry), text.replace("NAME", &name).replace("SHARE", &share))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn every_plugin_is_whole_and_both_languages_are_there() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 20).unwrap();
        let mut entries = Vec::new();
        for plugin in std::fs::read_dir(folder.path()).unwrap() {
            let plugin = plugin.unwrap().path();
            let manifest = std::fs::read_to_string(plugin.join("plugin.json")).unwrap();
            let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
            let entry = manifest["entry"].as_str().unwrap();
            let text = std::fs::read_to_string(plugin.join(entry)).unwrap();
            assert!(text.contains(manifest["id"].as_str().unwrap()));
            assert!(!text.contains("NAME") && !text.contains("SHARE"), "{text}");
            entries.push(entry.to_owned());
        }
        assert_eq!(entries.iter().filter(|entry| *entry == "plugin.js").count(), 10);
        assert_eq!(entries.iter().filter(|entry| *entry == "plugin.lua").count(), 10);
    }
}
