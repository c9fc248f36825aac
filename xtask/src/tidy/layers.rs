//! Rule: dependencies point down only, never sideways.

use super::model::{Dependency, Kind, Package, Violation, Workspace, line_where};

/// Where a package stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the product; 0 is the bottom.
    Layer(u8),
    /// Beside the product: tests, benchmarks and what they share.
    Dev,
    /// Outside the graph: it may use the bottom layer, and nothing uses it.
    Tool,
}

/// The picture in ARCHITECTURE.md as data.
pub(crate) struct Table {
    pub(crate) places: &'static [(&'static str, Place)],
    /// From, to, and why this step sideways is right. ARCHITECTURE.md names each.
    pub(crate) sideways: &'static [(&'static str, &'static str, &'static str)],
}

/// A new crate gets its line here and in ARCHITECTURE.md.
pub(crate) const TABLE: Table = Table {
    places: &[
        ("vario", Place::Layer(5)),
        ("vario-viewer", Place::Layer(5)),
        ("vario-bootstrap", Place::Layer(4)),
        ("vario-server", Place::Layer(4)),
        ("vario-background", Place::Layer(3)),
        ("vario-desktop", Place::Layer(3)),
        ("vario-package", Place::Layer(3)),
        ("vario-runtime", Place::Layer(3)),
        ("vario-ui", Place::Layer(3)),
        ("vario-dialects", Place::Layer(2)),
        ("vario-host-native", Place::Layer(2)),
        ("vario-isolation", Place::Layer(2)),
        ("vario-otlp", Place::Layer(2)),
        ("vario-sandbox-js", Place::Layer(2)),
        ("vario-sandbox-lua", Place::Layer(2)),
        ("vario-store", Place::Layer(2)),
        ("vario-usage-logs", Place::Layer(2)),
        ("vario-cassette", Place::Layer(1)),
        ("vario-formats", Place::Layer(1)),
        ("vario-host", Place::Layer(1)),
        ("vario-http", Place::Layer(1)),
        ("vario-sandbox", Place::Layer(1)),
        ("vario-sqlite", Place::Layer(1)),
        ("vario-manifest", Place::Layer(0)),
        ("vario-model", Place::Layer(0)),
        ("vario-output", Place::Layer(0)),
        ("vario-permissions", Place::Layer(0)),
        ("vario-raster", Place::Layer(0)),
        ("vario-value", Place::Layer(0)),
        ("vario-bench", Place::Dev),
        ("vario-conformance", Place::Dev),
        ("vario-test-support", Place::Dev),
        ("vario-tests", Place::Dev),
        ("xtask", Place::Tool),
    ],
    sideways: &[
        (
            "vario-background",
            "vario-runtime",
            "what a plugin is and what it may do is the same whether it stays or not",
        ),
        (
            "vario-bootstrap",
            "vario-server",
            "whoever owns the state directory may serve it, whatever front it is",
        ),
        ("vario-cassette", "vario-host", "a cassette is a recording of host calls"),
        (
            "vario-manifest",
            "vario-permissions",
            "a manifest asks for rights, and a wrong one is found in it",
        ),
        ("vario-model", "vario-output", "a snapshot holds checked output"),
        ("vario-output", "vario-value", "what is checked is a neutral value"),
    ],
};

const HERE: &str = "xtask/src/tidy/layers.rs";
const PICTURE: &str = "ARCHITECTURE.md";

pub(crate) fn check(workspace: &Workspace, table: &Table, found: &mut Vec<Violation>) {
    for package in &workspace.packages {
        match table.place(&package.name) {
            Some(place) => {
                check_package(workspace, table, package, place, found);
                check_picture(workspace, &package.name, place, found);
            }
            None => found.push(Violation::error(
                &package.manifest(),
                1,
                format!(
                    "crate `{}` has no layer; add it to TABLE in {HERE} and to {PICTURE}",
                    package.name
                ),
            )),
        }
    }
    for (name, _) in table.places {
        if workspace.package(name).is_none() {
            let message = format!("`{name}` has a layer but is no crate of this workspace");
            found.push(Violation::error(HERE, line_of(workspace, name), message));
        }
    }
    check_exceptions(workspace, table, found);
}

fn check_package(
    workspace: &Workspace,
    table: &Table,
    package: &Package,
    place: Place,
    found: &mut Vec<Violation>,
) {
    for dependency in &package.dependencies {
        let Some(target) = table.place(&dependency.name) else {
            // Somebody else's crate, or one that is reported as unknown already.
            continue;
        };
        if let Some(why) = refusal(table, package, place, dependency, target) {
            let message =
                format!("`{}` may not depend on `{}`: {why}", package.name, dependency.name);
            let line = workspace.dependency_line(package, &dependency.name);
            found.push(Violation::error(&package.manifest(), line, message));
        }
    }
}

/// Why a dependency is refused, or `None` if it is fine.
fn refusal(
    table: &Table,
    package: &Package,
    place: Place,
    dependency: &Dependency,
    target: Place,
) -> Option<String> {
    match (place, target) {
        (_, Place::Tool) => Some(String::from("nothing depends on a tool")),
        (Place::Tool, Place::Layer(0)) | (Place::Dev, _) => None,
        (Place::Tool, _) => Some(String::from("a tool uses layer L0 at most")),
        // What tests use is not shipped, so only the two rules above hold for it.
        (Place::Layer(_), _) if dependency.kind == Kind::Dev => None,
        (Place::Layer(_), Place::Dev) => {
            Some(String::from("it is for tests, so it belongs in [dev-dependencies]"))
        }
        (Place::Layer(own), Place::Layer(other)) if other > own => {
            Some(format!("that points up, from L{own} to L{other}"))
        }
        (Place::Layer(own), Place::Layer(other)) if other == own => {
            let excepted = table
                .sideways
                .iter()
                .any(|(from, to, _)| *from == package.name && *to == dependency.name);
            (!excepted).then(|| format!("that points sideways, within L{own}"))
        }
        (Place::Layer(_), Place::Layer(_)) => None,
    }
}

/// The picture in ARCHITECTURE.md has the crate on the line that starts with its layer.
fn check_picture(workspace: &Workspace, name: &str, place: Place, found: &mut Vec<Violation>) {
    let Place::Layer(layer) = place else {
        return;
    };
    let start = format!("L{layer} ");
    let is_drawn = workspace
        .text(PICTURE)
        .lines()
        .filter(|line| line.starts_with(&start))
        .any(|line| line.split_whitespace().any(|word| word == name));
    if !is_drawn {
        let line = line_where(workspace.text(PICTURE), |line| line.starts_with(&start));
        let message =
            format!("the picture of the layers does not show `{name}` on a line `{start}…`");
        found.push(Violation::error(PICTURE, line, message));
    }
}

/// Exceptions that nobody uses go; those in use are written down for readers.
fn check_exceptions(workspace: &Workspace, table: &Table, found: &mut Vec<Violation>) {
    for (from, to, _) in table.sideways {
        let is_used = workspace.package(from).is_some_and(|package| {
            package.dependencies.iter().any(|dependency| dependency.name == *to)
        });
        if !is_used {
            let message = format!("the exception `{from}` → `{to}` is not needed; remove it");
            found.push(Violation::error(HERE, line_of(workspace, from), message));
        } else if !workspace.text(PICTURE).contains(&format!("`{from}` → `{to}`")) {
            let message =
                format!("the exception `{from}` → `{to}` is missing; say why it is right");
            found.push(Violation::error(PICTURE, 1, message));
        }
    }
}

fn line_of(workspace: &Workspace, name: &str) -> usize {
    line_where(workspace.text(HERE), |line| line.contains(&format!("(\"{name}\"")))
}

impl Table {
    pub(crate) fn place(&self, name: &str) -> Option<Place> {
        self.places.iter().find(|(known, _)| *known == name).map(|(_, place)| *place)
    }
}
