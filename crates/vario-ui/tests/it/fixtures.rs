//! Models to show: manifests and results as plugins write them, read by the crates that read them.

pub(crate) mod background;
pub(crate) mod cases;
pub(crate) mod pages;

use std::sync::Arc;

use serde_json::{Value, json};
use vario_manifest::{MemoryFolder, load};
use vario_model::{Need, NeedReason, Snapshot};
use vario_output::Output;
use vario_ui::{FontFile, IconPair, IconSource, LastRun, Model, PluginView};

use crate::support::NOW_MS;

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// A moment so many milliseconds from now, as plugins write it.
pub(crate) fn at(offset: i64) -> String {
    vario_output::rfc3339_utc(NOW_MS + offset)
}

/// A simple icon: the inner part of an SVG on a grid of 16.
pub(crate) fn icon(drawing: &str) -> IconSource {
    let svg =
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{drawing}</svg>"#);
    IconSource::new(svg.into_bytes())
}

/// What stands in a manifest besides its id and name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    pub(crate) lines: Value,
    pub(crate) links: Value,
    pub(crate) permissions: Value,
    pub(crate) settings: Value,
}

/// A plugin of which only its manifest is known.
pub(crate) fn plugin(id: &str, name: &str, said: Said) -> PluginView {
    let mut manifest = json!({
        "schemaVersion": 1, "dialect": "vario", "id": id, "name": name, "version": "1.2.0",
        "entry": "plugin.js",
    });
    let parts = [
        ("lines", said.lines),
        ("links", said.links),
        ("permissions", said.permissions),
        ("settings", said.settings),
    ];
    for (key, value) in parts {
        if !value.is_null() {
            manifest[key] = value;
        }
    }
    let text = serde_json::to_string_pretty(&manifest).expect("JSON");
    let folder = MemoryFolder::new().with("plugin.json", text).with("plugin.js", "");
    let loaded = load(&folder);
    let plugin = loaded.plugin.unwrap_or_else(|| panic!("{id}: {:?}", loaded.diagnostics));
    let mut view = PluginView::new(Arc::new(plugin));
    view.folder = format!("/plugins/{id}");
    view
}

/// What is done to a view, step by step.
pub(crate) trait Make: Sized {
    fn brand(self, color: &str) -> Self;
    fn drawing(self, drawing: &str) -> Self;
    /// A run has brought this three minutes ago.
    fn result(self, output: Value) -> Self;
    fn loading(self) -> Self;
    fn error(self, text: &str) -> Self;
    fn need(self, permission: &str, reason: NeedReason) -> Self;
    fn disabled(self) -> Self;
}

impl Make for PluginView {
    fn brand(mut self, color: &str) -> Self {
        Arc::make_mut(&mut self.plugin).brand_color = Some(color.to_owned());
        self
    }

    fn drawing(mut self, drawing: &str) -> Self {
        let icon = icon(drawing);
        self.icon = Some(IconPair { light: icon.clone(), dark: icon });
        self
    }

    fn result(mut self, output: Value) -> Self {
        let output: Output = serde_json::from_value(output).expect("an output");
        let at_ms = NOW_MS - 3 * MINUTE;
        self.state.data = Some(Snapshot::new(self.id(), self.name(), output, at_ms, 840));
        self.state.last_updated_at = Some(at_ms);
        self.last_run = Some(LastRun { at_ms, duration_ms: 840, host_calls: 4 });
        self
    }

    fn loading(mut self) -> Self {
        self.state.start();
        self
    }

    fn error(mut self, text: &str) -> Self {
        self.state.error = Some(text.to_owned());
        self
    }

    fn need(mut self, permission: &str, reason: NeedReason) -> Self {
        self.needs.push(Need { permission: permission.to_owned(), reason });
        self
    }

    fn disabled(mut self) -> Self {
        self.state.enabled = false;
        self
    }
}

/// A model of some plugins, whose next update is in twelve minutes.
pub(crate) fn model(plugins: Vec<PluginView>) -> Model {
    let mut model = Model {
        plugins,
        next_update_at: Some(NOW_MS + 12 * MINUTE),
        version: "0.1.0".to_owned(),
        ..Model::default()
    };
    model.settings.folders = vec!["~/.local/share/vario/plugins".to_owned()];
    model
}

/// A line of text.
pub(crate) fn text(label: &str, value: &str) -> Value {
    json!({ "type": "text", "label": label, "value": value })
}

/// A pill.
pub(crate) fn badge(label: &str, text: &str, color: Option<&str>) -> Value {
    json!({ "type": "badge", "label": label, "text": text, "color": color })
}

/// A quota in percent; `resets` and `period` in milliseconds.
pub(crate) fn percent(label: &str, used: f64, resets: Option<i64>, period: Option<i64>) -> Value {
    json!({
        "type": "progress", "label": label, "used": used, "limit": 100,
        "format": { "kind": "percent" }, "resetsAt": resets.map(at), "periodDurationMs": period,
    })
}

/// A chart of so many days, highest in the middle.
pub(crate) fn chart(label: &str, days: u32) -> Value {
    let point = |day: u32| {
        let value = f64::from(day * 37 % 23) * 1.25;
        json!({ "label": format!("Feb {}", day + 1), "value": value,
            "valueLabel": format!("${value:.2}") })
    };
    json!({ "type": "barChart", "label": label, "points": (0..days).map(point).collect::<Vec<_>>(),
        "note": "Counted from the local log; prices are those of today." })
}

/// The lines of a manifest, all on the overview: type and label.
pub(crate) fn on_overview(lines: &[(&str, &str)]) -> Value {
    scoped(lines, "overview")
}

pub(crate) fn scoped(lines: &[(&str, &str)], scope: &str) -> Value {
    let line =
        |(kind, label): &(&str, &str)| json!({ "type": kind, "label": label, "scope": scope });
    lines.iter().map(line).collect()
}

/// Fonts for characters that ours lack: Arabic, Hebrew, and what the CJK case shows.
pub(crate) fn fonts() -> Vec<FontFile> {
    let files: [(&str, &[u8]); 3] = [
        ("Noto Sans Arabic", include_bytes!("../fonts/arabic.ttf")),
        ("Noto Sans Hebrew", include_bytes!("../fonts/hebrew.ttf")),
        ("Noto Sans CJK SC", include_bytes!("../fonts/cjk.otf")),
    ];
    let font = |(name, bytes): (&str, &[u8])| FontFile {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
        index: 0,
    };
    files.map(font).to_vec()
}
