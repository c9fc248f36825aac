//! Plugins to fill a window with: each busy, each with data from before, all kinds of lines.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use vario_manifest::{MemoryFolder, load};
use vario_model::Snapshot;
use vario_output::{Output, rfc3339_utc};
use vario_ui::{IconPair, IconSource, LastRun, Model, PluginView};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How many kinds of plugins there are.
const KINDS: usize = 5;

/// Days of a chart.
const DAYS: usize = 30;

const BRANDS: [&str; KINDS] = ["#d97757", "#7c3aed", "#0ea5e9", "#000000", "#22c55e"];

/// A window's content: so many plugins, all of which are loading.
pub(super) fn model(count: usize, now_ms: i64) -> Result<Model> {
    let plugins = (0..count).map(|number| plugin(number, now_ms)).collect::<Result<_>>()?;
    Ok(Model { plugins, next_update_at: Some(now_ms + 12 * MINUTE), ..Model::default() })
}

fn plugin(number: usize, now_ms: i64) -> Result<PluginView> {
    let id = format!("busy-{number:02}");
    let lines = lines(number, now_ms);
    let named =
        |line: &Value| json!({ "type": line["type"], "label": line["label"], "scope": "overview" });
    let manifest = json!({
        "schemaVersion": 1, "dialect": "vario", "id": id, "name": format!("Busy plugin {number}"),
        "version": "1.0.0", "entry": "plugin.js", "brandColor": BRANDS[number % KINDS],
        "lines": lines.iter().map(named).collect::<Vec<_>>(),
    });
    let folder =
        MemoryFolder::new().with("plugin.json", manifest.to_string()).with("plugin.js", "");
    let plugin = load(&folder).plugin.context("the manifest that was just written")?;
    let mut view = PluginView::new(Arc::new(plugin));
    let icon = icon(number);
    view.icon = Some(IconPair { light: icon.clone(), dark: icon });
    let output: Output = serde_json::from_value(json!({ "plan": "Team", "lines": lines }))?;
    let at_ms = now_ms - 3 * MINUTE;
    view.state.data = Some(Snapshot::new(&id, view.name(), output, at_ms, 840));
    view.state.last_updated_at = Some(at_ms);
    view.last_run = Some(LastRun { at_ms, duration_ms: 840, host_calls: 4 });
    view.state.start();
    Ok(view)
}

/// Each plugin has its own, as each has its own texture.
fn icon(number: usize) -> IconSource {
    let radius = 2 + number % 6;
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="{}" cy="8" r="{radius}"/></svg>"#,
        4 + number % 8,
    );
    IconSource::new(svg.into_bytes())
}

/// What a plugin says: quotas with a pace, texts that belong together, pills, a chart.
fn lines(number: usize, now_ms: i64) -> Vec<Value> {
    let used = f64::from(u8::try_from(number * 37 % 97).unwrap_or(0));
    let hours = i64::try_from(number % 20).unwrap_or_default();
    let session = percent("Session", used, now_ms + HOUR + hours * 13 * MINUTE, 5 * HOUR);
    let weekly = percent("Weekly", used / 2.0, now_ms + DAY + hours * HOUR, 7 * DAY);
    let spend = json!({
        "type": "progress", "label": "Spend", "used": used / 3.0, "limit": 50,
        "format": { "kind": "dollars" },
    });
    let today = text("Today", &format!("${used:.2} · 1.{number}M tokens"));
    let yesterday = text("Yesterday", &format!("${:.2} · 4.{number}M tokens", used * 1.3));
    let month = text("Last 30 days", &format!("${:.2} · {number}8M tokens", used * 21.0));
    let status = json!({
        "type": "badge", "label": "Status", "text": "Connected", "color": "#22c55e",
        "subtitle": format!("{number} seats"),
    });
    match number % KINDS {
        0 => vec![session, weekly, today, yesterday, month, status],
        1 => vec![session, weekly, spend, status],
        2 => vec![session, chart(number), month],
        3 => vec![today, yesterday, month, chart(number), status],
        _ => vec![session, weekly, today, chart(number), status],
    }
}

fn percent(label: &str, used: f64, resets_at_ms: i64, period_ms: i64) -> Value {
    json!({
        "type": "progress", "label": label, "used": used, "limit": 100,
        "format": { "kind": "percent" }, "resetsAt": rfc3339_utc(resets_at_ms),
        "periodDurationMs": period_ms,
    })
}

fn text(label: &str, value: &str) -> Value {
    json!({ "type": "text", "label": label, "value": value })
}

fn chart(number: usize) -> Value {
    let point = |day: usize| {
        let value = f64::from(u8::try_from((day + number) * 37 % 23).unwrap_or(0)) * 1.25;
        json!({ "label": format!("Feb {}", day + 1), "value": value })
    };
    let points: Vec<Value> = (0..DAYS).map(point).collect();
    json!({ "type": "barChart", "label": "Daily cost", "points": points })
}
