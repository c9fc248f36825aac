//! `vario list`.

use vario_bootstrap::Vario;
use vario_manifest::{Language, Plugin};
use vario_runtime::Found;

use crate::cli::{Global, ListArgs};
use crate::exit::Exit;
use crate::table::{ListRow, render_list};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &ListArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    super::say_warnings(global, &vario);
    let catalog = vario.catalog();
    if args.json {
        let plugins: Vec<_> = catalog.plugins.iter().map(|found| json(&vario, found)).collect();
        terminal::print_json(&plugins)?;
        super::say_problems(global, &vario, &catalog);
        return Ok(Exit::Ok);
    }
    let places: Vec<String> = catalog.plugins.iter().map(place).collect();
    let rows: Vec<ListRow<'_>> = catalog
        .plugins
        .iter()
        .zip(&places)
        .map(|(found, place)| ListRow {
            id: &found.plugin.id,
            name: &found.plugin.name,
            version: &found.plugin.version,
            dialect: found.plugin.dialect.name(),
            language: language(&found.plugin),
            enabled: vario.is_enabled(&found.plugin),
            place,
        })
        .collect();
    let style = terminal::stdout_style(global);
    terminal::print(&render_list(terminal::width(), style, terminal::is_utf8(), &rows))?;
    super::say_problems(global, &vario, &catalog);
    if catalog.plugins.is_empty() {
        terminal::say(&super::nothing_to_run(&catalog));
        return Ok(Exit::NoMatch);
    }
    Ok(Exit::Ok)
}

fn place(found: &Found) -> String {
    found.path.as_ref().map_or_else(|| "built in".to_owned(), |path| path.display().to_string())
}

fn language(plugin: &Plugin) -> &'static str {
    match plugin.probe.as_ref().or(plugin.background.as_ref()).map(|code| code.language) {
        None => "",
        Some(Language::Lua) => "lua",
        Some(Language::TypeScript) => "ts",
        Some(_) => "js",
    }
}

fn json(vario: &Vario, found: &Found) -> serde_json::Value {
    let plugin = &found.plugin;
    serde_json::json!({
        "id": plugin.id,
        "name": plugin.name,
        "version": plugin.version,
        "description": plugin.description,
        "dialect": plugin.dialect.name(),
        "language": plugin.probe.as_ref().or(plugin.background.as_ref()).map(|_| language(plugin)),
        "probe": plugin.probe.is_some(),
        "background": plugin.background.is_some(),
        "enabled": vario.is_enabled(plugin),
        "path": found.path,
        "brandColor": plugin.brand_color,
        "links": plugin.links,
        "lines": plugin.lines,
        "primaryCandidates": plugin.primary_candidates(),
        "weeklyCandidate": plugin.weekly_candidate(),
        "warnings": found.diagnostics.list(),
    })
}
