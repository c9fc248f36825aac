//! Rule: packages have one style of name and take every shared fact from the root manifest.

use toml_edit::{DocumentMut, Item, TableLike};

use super::model::{Package, Violation, Workspace, line_where, names};

const ROOT: &str = "Cargo.toml";

/// Keys of `[package]` that are the same in all crates.
const INHERITED: &[&str] =
    &["edition", "license", "publish", "repository", "rust-version", "version"];

/// Packages whose name is what a person types, so they go without the prefix.
const WITHOUT_PREFIX: &[&str] = &["vario", "xtask"];

/// Packages in a folder of another name, because the folder is part of the usual top level.
const OTHER_FOLDER: &[(&str, &str)] = &[("vario-tests", "tests")];

/// The tables of dependencies, at the top level and under `[target.….]`.
const TABLES: &[&str] = &["build-dependencies", "dependencies", "dev-dependencies"];

pub(crate) fn check(workspace: &Workspace, found: &mut Vec<Violation>) {
    let mut used = Vec::new();
    for package in &workspace.packages {
        check_name(package, found);
        let path = package.manifest();
        let text = workspace.text(&path);
        match text.parse::<DocumentMut>() {
            Ok(manifest) => check_manifest(&path, text, &manifest, &mut used, found),
            Err(error) => {
                found.push(Violation::error(&path, 1, format!("cannot be read: {error}")));
            }
        }
    }
    check_unused(workspace, &used, found);
}

fn check_name(package: &Package, found: &mut Vec<Violation>) {
    let name = package.name.as_str();
    let mut say = |message| found.push(Violation::error(&package.manifest(), 1, message));
    let is_kebab = name.split('-').all(|word| {
        !word.is_empty()
            && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    });
    if !is_kebab {
        say(format!("the name `{name}` is not in kebab-case"));
    }
    if !name.starts_with("vario-") && !WITHOUT_PREFIX.contains(&name) {
        say(format!("the name `{name}` does not start with `vario-`"));
    }
    let folder = package.folder.rsplit('/').next().unwrap_or_default();
    if folder != name && !OTHER_FOLDER.contains(&(name, package.folder.as_str())) {
        say(format!("the folder `{folder}` is not named as the package, `{name}`"));
    }
}

fn check_manifest(
    path: &str,
    text: &str,
    manifest: &DocumentMut,
    used: &mut Vec<String>,
    found: &mut Vec<Violation>,
) {
    for key in INHERITED {
        if !inherits(manifest.get("package").and_then(|package| package.get(key))) {
            let line = line_where(text, |line| names(line, key));
            let message =
                format!("`{key}` is not taken from the workspace; write `{key}.workspace = true`");
            found.push(Violation::error(path, line, message));
        }
    }
    if !inherits(manifest.get("lints")) {
        let line = line_where(text, |line| line.starts_with("[lints"));
        let message = String::from(
            "lints are not taken from the workspace; write `[lints]` and `workspace = true`",
        );
        found.push(Violation::error(path, line, message));
    }
    for table in tables(manifest) {
        let mut previous = "";
        for (name, dependency) in table.iter() {
            used.push(name.to_owned());
            let line = line_where(text, |line| names(line, name));
            if !inherits(Some(dependency)) {
                let message = format!(
                    "`{name}` is not taken from the workspace; write `{name}.workspace = true`"
                );
                found.push(Violation::error(path, line, message));
            }
            if name < previous {
                let message =
                    format!("`{name}` stands after `{previous}`; keep dependencies sorted");
                found.push(Violation::error(path, line, message));
            }
            previous = name;
        }
    }
}

fn inherits(item: Option<&Item>) -> bool {
    item.and_then(|item| item.get("workspace")).and_then(Item::as_bool) == Some(true)
}

/// Every table of dependencies in a manifest, those for one platform included.
fn tables(manifest: &DocumentMut) -> impl Iterator<Item = &dyn TableLike> {
    let platforms = manifest.get("target").and_then(Item::as_table_like);
    let platforms = platforms.into_iter().flat_map(|table| table.iter().map(|(_, item)| item));
    std::iter::once(manifest.as_item())
        .chain(platforms)
        .flat_map(|item| TABLES.iter().filter_map(|table| item.get(table)?.as_table_like()))
}

/// A shared dependency that no crate uses is a leftover.
fn check_unused(workspace: &Workspace, used: &[String], found: &mut Vec<Violation>) {
    let text = workspace.text(ROOT);
    let Ok(manifest) = text.parse::<DocumentMut>() else {
        found.push(Violation::error(ROOT, 1, String::from("cannot be read as TOML")));
        return;
    };
    let shared = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(Item::as_table_like);
    for (name, _) in shared.into_iter().flat_map(TableLike::iter) {
        if !used.iter().any(|used| used == name) {
            let line = line_where(text, |line| names(line, name));
            let message =
                format!("no crate uses `{name}`; remove it from [workspace.dependencies]");
            found.push(Violation::error(ROOT, line, message));
        }
    }
}
