//! `vario doctor`: what this installation is and has, fit to be pasted into a report.

mod private;

use serde_json::{Value as Json, json};
use vario_bootstrap::Vario;
use vario_runtime::Isolation;
use vario_store::HistorySize;

use self::private::Private;
use super::history::number;
use crate::cli::{DoctorArgs, Global};
use crate::exit::Exit;
use crate::terminal;

pub(crate) fn run(global: &Global, args: &DoctorArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    let report = hidden(&Private::of(&vario), report(&vario));
    if args.json {
        terminal::print_json(&report)?;
    } else {
        terminal::print(&text(&report, terminal::stdout_style(global)))?;
    }
    let problems = report["problems"].as_array().is_some_and(|problems| !problems.is_empty());
    Ok(if problems { Exit::NotOk } else { Exit::Ok })
}

fn report(vario: &Vario) -> Json {
    let catalog = vario.catalog();
    let store = vario.store_state();
    let mut problems: Vec<String> = vario.warnings();
    for searched in &catalog.searched {
        if let Err(error) = &searched.state {
            // The default folder is made when a plugin is installed, and missing until then.
            if searched.path != vario.paths().plugins_dir() {
                problems.push(format!("{}: {error}", searched.path.display()));
            }
        }
    }
    for problem in &catalog.problems {
        problems.push(format!(
            "{} cannot be used ({} errors; `vario check` says more)",
            problem.path.display(),
            problem.diagnostics.errors()
        ));
    }
    problems.extend(store.problem);
    let isolation = isolation(vario).unwrap_or_else(|error| {
        problems.push(format!("plugins cannot run: {error}"));
        "none".to_owned()
    });
    let enabled = catalog.plugins.iter().filter(|found| vario.is_enabled(&found.plugin)).count();
    let paths = vario.paths();
    let folders: Vec<String> =
        catalog.searched.iter().map(|searched| searched.path.display().to_string()).collect();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "engines": vario.engine_names(),
        "isolation": isolation,
        "keychain": vario.keychain_state(),
        "proxy": match vario.proxy_state() {
            "none" => "none".to_owned(),
            // It resolves names itself, so where they lead cannot be checked here.
            state => format!("{state}; network rights go by names, not by addresses"),
        },
        "configuration": paths.config_file().display().to_string(),
        "state": paths.database().display().to_string(),
        "store": store.text,
        "history": store.history.map_or_else(|| "none yet".to_owned(), |size| history(&size)),
        "data": paths.data_dir().display().to_string(),
        "pluginFolders": folders,
        "plugins": format!("{} found, {enabled} enabled", catalog.plugins.len()),
        "problems": problems,
    })
}

/// `1,234 samples and 56 hours since 2026-03-01, 120 KiB`
fn history(size: &HistorySize) -> String {
    let since = size.oldest_ms.and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    let since = since.map_or_else(String::new, |at| format!(" since {}", at.strftime("%F")));
    let (samples, hours) = (number(size.samples, "sample"), number(size.hours, "hour"));
    format!("{samples} and {hours}{since}, {} KiB", size.bytes.div_ceil(1024))
}

/// Where plugins run, and what their processes could not give up.
fn isolation(vario: &Vario) -> Result<String, String> {
    let workers = match vario.isolation().map_err(|error| error.to_string())? {
        Isolation::InProcess => return Ok("none: in this process".to_owned()),
        Isolation::Process(workers) => workers,
    };
    let lockdown = workers.lockdown()?;
    let named = |applied: bool| {
        let measures = lockdown.measures.iter().filter(move |measure| measure.applied == applied);
        let words = measures.map(|measure| match measure.detail.as_str() {
            "" => measure.name.clone(),
            detail => format!("{} ({detail})", measure.name),
        });
        words.collect::<Vec<_>>().join(", ")
    };
    let missing = named(false);
    let missing = if missing.is_empty() { missing } else { format!("; NOT APPLIED: {missing}") };
    Ok(format!("a process for each run: {}{missing}", named(true)))
}

/// The same without what it tells about its user.
fn hidden(private: &Private, report: Json) -> Json {
    match report {
        Json::String(text) => Json::String(private.hidden(&text)),
        Json::Array(items) => items.into_iter().map(|item| hidden(private, item)).collect(),
        Json::Object(entries) => {
            entries.into_iter().map(|(key, value)| (key, hidden(private, value))).collect()
        }
        other => other,
    }
}

fn text(report: &Json, style: crate::style::Style) -> String {
    let mut lines = Vec::new();
    for (key, value) in report.as_object().into_iter().flatten() {
        if key == "problems" {
            continue;
        }
        let words = match value {
            Json::Array(items) => {
                items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", ")
            }
            Json::String(words) => words.clone(),
            other => other.to_string(),
        };
        let words = terminal::in_line(&words);
        lines.push(format!("{} {words}", style.dim(&format!("{:<14}", label(key)))));
    }
    let problems = report["problems"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let problems: Vec<&str> = problems.collect();
    if problems.is_empty() {
        lines.push(style.green("no problems found"));
    }
    let problem =
        |problem: &&str| format!("{} {}", style.red("problem:"), terminal::in_line(problem));
    lines.extend(problems.iter().map(problem));
    lines.join("\n") + "\n"
}

fn label(key: &str) -> &str {
    if key == "pluginFolders" { "plugin folders" } else { key }
}
