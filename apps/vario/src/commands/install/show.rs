//! A plugin that may be installed, in words and as JSON.

use std::path::Path;

use serde_json::{Value as Json, json};
use vario_manifest::{Permissions, Plugin};
use vario_package::{Candidate, Installed, Plan, author};
use vario_permissions::PermissionSet;

use crate::cli::Global;
use crate::table::render_rights;
use crate::terminal;

/// What a person decides upon: what it is, what it wants, and what would be different.
pub(super) fn text(
    global: &Global,
    candidate: &Candidate,
    plan: &Plan,
    rights: &PermissionSet,
) -> String {
    let style = terminal::stderr_style(global);
    let plugin = &candidate.plugin;
    let by = match author(plugin) {
        name if name.is_empty() => "by an author it does not name".to_owned(),
        name => format!("by {}", terminal::name(&name)),
    };
    let mut lines = vec![format!(
        "{} {} ({})  {}",
        style.bold(&terminal::name(&plugin.name)),
        terminal::name(&plugin.version),
        terminal::name(&plugin.id),
        style.dim(&format!("{}, {by}", plugin.dialect.name())),
    )];
    lines.push(style.dim(&format!(
        "  {}, {}",
        count(candidate.files, "file"),
        size(candidate.unpacked_bytes)
    )));
    if !plan.verified {
        lines.push(style.yellow("  Nothing vouches for this code or for who made it."));
    }
    lines.extend(changes(plan).into_iter().map(|change| format!("  {change}")));
    lines.extend(wishes(global, plan, rights));
    lines.join("\n")
}

/// What is different from what is installed, a line each.
fn changes(plan: &Plan) -> Vec<String> {
    let Some(from) = &plan.from else { return vec!["It is not installed yet.".to_owned()] };
    let version = |version: &str| match version {
        "" => "a version without a number".to_owned(),
        version => terminal::name(version),
    };
    let mut lines =
        vec![format!("It replaces {} by {}.", version(&from.version), version(&plan.version))];
    if let Some(old) = from.other_dialect {
        lines.push(format!("It was a {} plugin before.", old.name()));
    }
    if let Some(old) = &from.other_author {
        let old = if old.is_empty() { "nobody".to_owned() } else { terminal::name(old) };
        lines.push(format!("Its author was {old} before."));
    }
    for (what, settings) in [("New", &plan.new_settings), ("Dropped", &plan.dropped_settings)] {
        if !settings.is_empty() {
            let names: Vec<String> = settings.iter().map(|name| terminal::name(name)).collect();
            lines.push(format!("{what} settings: {}", names.join(", ")));
        }
    }
    lines
}

/// What it asks for, and what it has at once.
fn wishes(global: &Global, plan: &Plan, rights: &PermissionSet) -> Vec<String> {
    let style = terminal::stderr_style(global);
    let table = |set: &PermissionSet, sign| {
        let text = render_rights(terminal::width(), style, terminal::is_utf8(), set, sign);
        text.trim_end().to_owned()
    };
    let mut lines = Vec::new();
    let mut list = |title: &str, set: &PermissionSet, sign| {
        if !set.is_empty() {
            lines.extend([format!("  {title}"), table(set, sign)]);
        }
    };
    let asks_for = plan.asks_for.clone().unwrap_or_default();
    let title = if plan.from.is_some() { "It newly asks for:" } else { "It asks for:" };
    list(title, &plan.new_permissions, "+");
    list("It no longer asks for:", &plan.dropped_permissions, "-");
    list("It has these rights at once, granted to the version before it:", rights, "");
    if plan.asks_for.is_none() {
        let words =
            "  Its manifest does not say what it needs; it gets nothing that you do not grant.";
        lines.push(words.to_owned());
    } else if asks_for.is_empty() {
        lines.push("  It asks for nothing beyond its own data.".to_owned());
    }
    lines
}

/// The same for programs. The path is where it is installed; none if it was not.
pub(super) fn json(
    candidate: &Candidate,
    plan: &Plan,
    rights: &PermissionSet,
    path: Option<&Path>,
) -> Json {
    let texts = |set: &PermissionSet| set.iter().map(ToString::to_string).collect::<Vec<_>>();
    let plugin = &candidate.plugin;
    json!({
        "id": plugin.id,
        "name": plugin.name,
        "version": plugin.version,
        "author": author(plugin),
        "dialect": plugin.dialect.name(),
        "verified": plan.verified,
        "hash": candidate.hash,
        "files": candidate.files,
        "unpackedBytes": candidate.unpacked_bytes,
        "warnings": candidate.warnings,
        "replaces": plan.from.as_ref().map(|from| json!({
            "version": from.version,
            "otherDialect": from.other_dialect.map(vario_manifest::Dialect::name),
            "otherAuthor": from.other_author,
            "same": from.same,
        })),
        "asksFor": plan.asks_for.as_ref().map(texts),
        "newPermissions": texts(&plan.new_permissions),
        "droppedPermissions": texts(&plan.dropped_permissions),
        "hasAtOnce": texts(rights),
        "newSettings": plan.new_settings,
        "droppedSettings": plan.dropped_settings,
        "installed": path.is_some(),
        "path": path,
    })
}

/// What was done, and how the plugin gets its rights.
pub(super) fn done(installed: &Installed, rights: &PermissionSet) -> String {
    let plugin = &installed.plugin;
    let id = terminal::name(&plugin.id);
    let place = installed.path.display();
    let undo = if installed.has_previous {
        format!("; `vario rollback {id}` brings the version before it back")
    } else {
        String::new()
    };
    format!("{} is installed in {place}{undo}{}", name(plugin), next(plugin, &id, rights))
}

/// Whether it has rights, and how it gets them: installing grants nothing.
fn next(plugin: &Plugin, id: &str, rights: &PermissionSet) -> String {
    let asks_for = plugin.permissions.as_ref().map(Permissions::to_set);
    let asks = asks_for.as_ref().is_some_and(|asks| !asks.is_empty());
    if asks_for.is_some() && !asks && rights.is_empty() {
        return String::new();
    }
    let state = if rights.is_empty() {
        "Nothing is granted to it yet"
    } else {
        "It keeps the rights it was granted"
    };
    let how = match (plugin.probe.is_some(), asks) {
        (true, _) => format!("`vario probe {id}` runs it and asks for what it lacks"),
        (false, true) => format!("`vario grant {id} --declared` grants what it asks for"),
        (false, false) => format!("`vario grant {id} RIGHT` grants what it needs"),
    };
    format!("\n{state}; {how}.")
}

/// Name and version in one line.
pub(super) fn name(plugin: &Plugin) -> String {
    let name = if plugin.name.trim().is_empty() { &plugin.id } else { &plugin.name };
    format!("{} {}", terminal::name(name), terminal::name(&plugin.version)).trim_end().to_owned()
}

/// `1 file`, `2 files`.
pub(in crate::commands) fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Bytes for people.
pub(in crate::commands) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{} MiB", bytes.div_ceil(1_048_576)),
    }
}
