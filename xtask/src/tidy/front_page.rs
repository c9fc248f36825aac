//! Rule: a crate says what it is once, in three places: `Cargo.toml`, its front page and the table
//! of crates in ARCHITECTURE.md.

use super::model::{Package, Violation, Workspace, line_where};

const TABLE: &str = "ARCHITECTURE.md";

/// Below this a page does not say where to start and what the crate leaves to others.
const SHORTEST_PAGE: usize = 5;

pub(crate) fn check(workspace: &Workspace, found: &mut Vec<Violation>) {
    for package in &workspace.packages {
        check_description(workspace, package, found);
        check_page(workspace, package, found);
        check_row(workspace, package, found);
    }
    check_rows_of_nothing(workspace, found);
}

fn check_description(workspace: &Workspace, package: &Package, found: &mut Vec<Violation>) {
    let description = &package.description;
    if !description.ends_with('.') {
        let path = package.manifest();
        let line = line_where(workspace.text(&path), |line| line.starts_with("description"));
        let message = String::from("the description is not a sentence that ends with a full stop");
        found.push(Violation::error(&path, line, message));
    }
}

fn check_page(workspace: &Workspace, package: &Package, found: &mut Vec<Violation>) {
    let page: Vec<&str> = workspace
        .text(&package.front_page)
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .collect();
    let first = page.first().map_or("", |line| line.trim());
    if first != package.description {
        let message = format!(
            "the first line is `//! {first}`, but the description in Cargo.toml is `{}`",
            package.description
        );
        found.push(Violation::error(&package.front_page, 1, message));
    }
    if package.is_library && page.len() < SHORTEST_PAGE {
        let message = format!(
            "the front page has {} lines of `//!`, fewer than {SHORTEST_PAGE}: say what the crate \
             is for, where to start and what it does not do",
            page.len()
        );
        found.push(Violation::error(&package.front_page, 1, message));
    }
}

fn check_row(workspace: &Workspace, package: &Package, found: &mut Vec<Violation>) {
    match rows(workspace).find(|(_, name, _)| *name == package.name) {
        None => {
            let message = format!("the table of crates has no row for `{}`", package.name);
            found.push(Violation::error(TABLE, 1, message));
        }
        Some((line, _, what)) if what != package.description => {
            let message = format!(
                "the row of `{}` differs from its description in Cargo.toml: `{}`",
                package.name, package.description
            );
            found.push(Violation::error(TABLE, line, message));
        }
        Some(_) => {}
    }
}

fn check_rows_of_nothing(workspace: &Workspace, found: &mut Vec<Violation>) {
    for (line, name, _) in rows(workspace) {
        if workspace.package(name).is_none() {
            let message = format!("the table of crates has a row for `{name}`, which is no crate");
            found.push(Violation::error(TABLE, line, message));
        }
    }
}

/// Line number, name and text of each row whose first cell is a name in backticks.
fn rows(workspace: &Workspace) -> impl Iterator<Item = (usize, &str, &str)> {
    workspace.text(TABLE).lines().enumerate().filter_map(|(index, line)| {
        let cells = line.strip_prefix("| `")?.strip_suffix(" |")?;
        let (name, what) = cells.split_once("` | ")?;
        Some((index + 1, name, what))
    })
}
