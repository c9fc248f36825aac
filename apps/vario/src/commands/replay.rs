//! `vario replay`: recorded runs, offline, one JSON object a line (see the cassette format).

use std::io::Read as _;
use std::path::Path;

use serde_json::Value as Json;
use vario_cassette::{Cassette, Order};
use vario_runtime::{Catalog, Found, Replayed, RunContext, timezone};

use crate::cli::{Global, OrderArg, ReplayArgs, ReplayOptions};
use crate::exit::{Exit, usage};
use crate::style::Style;
use crate::terminal;

/// No file of recorded runs is larger, and a device would never end.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

pub(crate) fn run(global: &Global, args: &ReplayArgs) -> anyhow::Result<Exit> {
    let mut cassettes = Vec::new();
    for file in &args.files {
        cassettes.extend(read(file)?);
    }
    let vario = super::open(super::options(global))?;
    let catalog = vario.catalog();
    let context = super::context(&vario, &catalog)?;
    let replays = Replays { context: &context, options: &args.replay };
    let mut report = Report::new(global, &args.replay);
    for cassette in &cassettes {
        report.add(&replays.line(&catalog, cassette))?;
    }
    report.finish()
}

/// The cassettes of a file.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<Cassette>> {
    let name = file.display().to_string();
    let unreadable = |error: std::io::Error| usage(format!("cannot read {name}: {error}"));
    let mut text = String::new();
    let input = std::fs::File::open(file).map_err(unreadable)?;
    input.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(usage(format!(
            "{name} has more than {MAX_BYTES} bytes, the most that is read"
        )));
    }
    let cassettes = vario_cassette::read(&name, &text).map_err(|error| usage(error.to_string()))?;
    for cassette in &cassettes {
        timezone(cassette).map_err(|error| usage(format!("{name}: {error}")))?;
    }
    Ok(cassettes)
}

/// Replays cassettes into report lines.
pub(super) struct Replays<'a> {
    pub(super) context: &'a RunContext,
    pub(super) options: &'a ReplayOptions,
}

impl Replays<'_> {
    /// Replays a cassette with the plugin that it names.
    fn line(&self, catalog: &Catalog, cassette: &Cassette) -> Json {
        match catalog.get(&cassette.plugin) {
            Some(found) => self.line_with(found, cassette),
            None => failed(cassette, &format!("there is no plugin `{}`", cassette.plugin)),
        }
    }

    /// Replays a cassette with this plugin.
    pub(super) fn line_with(&self, found: &Found, cassette: &Cassette) -> Json {
        let order = match self.options.order {
            OrderArg::Strict => Order::Strict,
            OrderArg::Keyed => Order::Keyed,
        };
        match vario_runtime::replay(self.context, found, cassette, order) {
            Ok(replayed) => self.ended(cassette, &replayed),
            Err(error) => failed(cassette, &error),
        }
    }

    fn ended(&self, cassette: &Cassette, replayed: &Replayed) -> Json {
        let all_used = !self.options.strict_end || replayed.unused.is_empty();
        let mut line = serde_json::json!({
            "plugin": cassette.plugin,
            "name": cassette.name,
            "ok": replayed.is_ok() && all_used,
            "output": replayed.output,
            "mismatch": replayed.mismatch,
            "unused": replayed.unused.len(),
        });
        if !replayed.differences.is_empty() {
            line["differences"] = replayed.differences.iter().map(ToString::to_string).collect();
        }
        if let Some(cause) = replayed.report.failure.as_ref().and_then(|f| f.cause.as_ref()) {
            line["cause"] = cause.to_string().into();
        }
        line
    }
}

/// A cassette that could not be replayed at all.
fn failed(cassette: &Cassette, error: &str) -> Json {
    serde_json::json!({
        "plugin": cassette.plugin,
        "name": cassette.name,
        "ok": false,
        "output": null,
        "mismatch": null,
        "unused": cassette.calls.len(),
        "error": error,
    })
}

/// Prints report lines as they come, and counts.
pub(super) struct Report {
    json: bool,
    style: Style,
    good: usize,
    bad: usize,
}

impl Report {
    pub(super) fn new(global: &Global, options: &ReplayOptions) -> Self {
        Self { json: options.json, style: terminal::stdout_style(global), good: 0, bad: 0 }
    }

    pub(super) fn add(&mut self, line: &Json) -> anyhow::Result<()> {
        let is_ok = line["ok"] == Json::Bool(true);
        *(if is_ok { &mut self.good } else { &mut self.bad }) += 1;
        if self.json {
            return terminal::print_line(&line.to_string());
        }
        let mark = if is_ok { self.style.green("ok  ") } else { self.style.red("FAIL") };
        let name = line["name"].as_str().unwrap_or("(unnamed)");
        let plugin = line["plugin"].as_str().unwrap_or_default();
        terminal::print_line(&format!("{mark} {} {name}", self.style.bold(plugin)))?;
        if !is_ok {
            for reason in reasons(line) {
                terminal::print_line(&format!("     {}", self.style.dim(&reason)))?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> anyhow::Result<Exit> {
        if !self.json {
            terminal::print_line(&format!("{} passed, {} failed", self.good, self.bad))?;
        }
        Ok(if self.bad > 0 { Exit::NotOk } else { Exit::Ok })
    }
}

fn reasons(line: &Json) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(error) = line["error"].as_str() {
        reasons.push(error.to_owned());
    }
    if line["mismatch"].is_object() {
        let text = |call: &Json| {
            if call.is_null() {
                "no call left".to_owned()
            } else {
                format!("{} {}", call["fn"].as_str().unwrap_or_default(), call["args"])
            }
        };
        reasons.push(format!("made:     {}", text(&line["mismatch"]["call"])));
        reasons.push(format!("recorded: {}", text(&line["mismatch"]["expected"])));
    }
    let differences = line["differences"].as_array().into_iter().flatten();
    reasons.extend(differences.filter_map(Json::as_str).map(str::to_owned));
    if line["unused"].as_u64().is_some_and(|unused| unused > 0) {
        reasons.push(format!("{} recorded calls were not made", line["unused"]));
    }
    if let Some(cause) = line["cause"].as_str() {
        reasons.push(format!("cause: {cause}"));
    }
    reasons
}
