//! Each rule on a small tidy workspace in memory, broken in one place; then all rules on this one.

use std::path::Path;

use super::layers::{Place, Table};
use super::model::{Dependency, Kind, Package, TextFile, Violation, Workspace};
use super::{check, confinement, front_page, layers, load, manifests, opt_in, texts};

/// The layers of the small workspace.
const SMALL: Table = Table {
    places: &[
        ("vario", Place::Layer(5)),
        ("vario-sandbox", Place::Layer(1)),
        ("vario-output", Place::Layer(0)),
        ("vario-value", Place::Layer(0)),
        ("vario-bench", Place::Dev),
        ("xtask", Place::Tool),
    ],
    sideways: &[("vario-output", "vario-value", "what is checked is a value")],
};

/// A workspace that breaks no rule.
fn small() -> Workspace {
    let mut workspace = Workspace::default();
    let crates = [
        ("vario", "apps/vario", "vario-output.workspace = true\nvario-sandbox.workspace = true"),
        ("vario-sandbox", "crates/vario-sandbox", "vario-value.workspace = true"),
        ("vario-output", "crates/vario-output", "vario-value.workspace = true"),
        ("vario-value", "crates/vario-value", ""),
        ("vario-bench", "crates/vario-bench", "vario-sandbox.workspace = true"),
        ("xtask", "xtask", "vario-value.workspace = true"),
    ];
    let mut rows = String::new();
    for (name, folder, dependencies) in crates {
        let description = format!("What {name} holds.");
        let is_library = name.contains('-');
        let front_page = format!("{folder}/src/{}.rs", if is_library { "lib" } else { "main" });
        put(
            &mut workspace,
            &format!("{folder}/Cargo.toml"),
            &format!(
                "[package]\ndescription = \"{description}\"\nname = \"{name}\"\n\
                 edition.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
                 repository.workspace = true\nrust-version.workspace = true\n\
                 version.workspace = true\n\n[dependencies]\n{dependencies}\n\n\
                 [lints]\nworkspace = true\n"
            ),
        );
        put(
            &mut workspace,
            &front_page,
            &format!(
                "//! {description}\n//!\n//! Start at a type.\n//!\n//! It does no more.\n\
                 #![warn(clippy::disallowed_methods, reason = \"no I/O\")]\n"
            ),
        );
        rows.extend(["| `", name, "` | ", &description, " |\n"]);
        let dependencies = dependencies.lines().filter_map(|line| line.split_once('.'));
        workspace.packages.push(Package {
            name: name.to_owned(),
            folder: folder.to_owned(),
            description,
            dependencies: dependencies
                .map(|(name, _)| Dependency { name: name.to_owned(), kind: Kind::Normal })
                .collect(),
            front_page,
            is_library,
        });
    }
    let picture = "L5 apps vario\nL1 contracts vario-sandbox\nL0 values vario-value vario-output\n";
    put(
        &mut workspace,
        "ARCHITECTURE.md",
        &format!("{picture}- `vario-output` → `vario-value`: why.\n| crate | what |\n{rows}"),
    );
    put(
        &mut workspace,
        "Cargo.toml",
        "[workspace.dependencies]\nvario-output = { path = \"a\" }\n\
         vario-sandbox = { path = \"b\" }\nvario-value = { path = \"c\" }\n",
    );
    workspace
}

/// Writes a file, or puts another text in its place.
fn put(workspace: &mut Workspace, path: &str, text: &str) {
    workspace.files.retain(|file| file.path != path);
    workspace.files.push(TextFile { path: path.to_owned(), text: text.to_owned() });
}

/// Replaces a piece of a file that must be there.
#[track_caller]
fn edit(workspace: &mut Workspace, path: &str, old: &str, new: &str) {
    let text = workspace.text(path).to_owned();
    assert!(text.contains(old), "{path} has no {old:?}");
    put(workspace, path, &text.replace(old, new));
}

/// Adds a dependency line to a package and to its manifest.
fn depend(workspace: &mut Workspace, package: &str, name: &str, kind: Kind) {
    let package = workspace.packages.iter_mut().find(|one| one.name == package).unwrap();
    package.dependencies.push(Dependency { name: name.to_owned(), kind });
}

/// Everything that is found, one violation a line.
fn found(workspace: &Workspace) -> String {
    let mut found = Vec::new();
    layers::check(workspace, &SMALL, &mut found);
    confinement::check(workspace, &[("mlua", &["vario-bench"]), ("tokio", &[])], &mut found);
    front_page::check(workspace, &mut found);
    manifests::check(workspace, &mut found);
    opt_in::check(workspace, &mut found);
    texts::check(workspace, &mut found);
    found.sort();
    found.iter().map(Violation::to_string).collect::<Vec<_>>().join("\n")
}

/// Breaks the small workspace and compares everything that is found with what is expected.
#[track_caller]
fn breaks(change: impl FnOnce(&mut Workspace), expected: &str) {
    let mut workspace = small();
    change(&mut workspace);
    assert_eq!(found(&workspace), expected);
}

#[test]
fn a_tidy_workspace_breaks_nothing() {
    breaks(|_| {}, "");
}

#[test]
fn layers_point_down() {
    breaks(
        |workspace| depend(workspace, "vario-sandbox", "vario", Kind::Normal),
        "crates/vario-sandbox/Cargo.toml:1: `vario-sandbox` may not depend on `vario`: \
         that points up, from L1 to L5",
    );
    breaks(
        |workspace| depend(workspace, "vario-value", "vario-output", Kind::Build),
        "crates/vario-value/Cargo.toml:1: `vario-value` may not depend on `vario-output`: \
         that points sideways, within L0",
    );
    breaks(
        |workspace| depend(workspace, "vario", "vario-bench", Kind::Normal),
        "apps/vario/Cargo.toml:1: `vario` may not depend on `vario-bench`: \
         it is for tests, so it belongs in [dev-dependencies]",
    );
    breaks(
        |workspace| depend(workspace, "xtask", "vario-sandbox", Kind::Normal),
        "xtask/Cargo.toml:1: `xtask` may not depend on `vario-sandbox`: \
         a tool uses layer L0 at most",
    );
    breaks(
        |workspace| depend(workspace, "vario", "xtask", Kind::Dev),
        "apps/vario/Cargo.toml:1: `vario` may not depend on `xtask`: nothing depends on a tool",
    );
}

#[test]
fn tests_may_use_what_the_product_may_not() {
    breaks(|workspace| depend(workspace, "vario-value", "vario-bench", Kind::Dev), "");
    breaks(|workspace| depend(workspace, "vario-sandbox", "vario", Kind::Dev), "");
    breaks(|workspace| depend(workspace, "vario-bench", "vario", Kind::Normal), "");
}

#[test]
fn a_violation_stands_at_its_line() {
    breaks(
        |workspace| {
            depend(workspace, "vario-value", "mlua", Kind::Normal);
            edit(
                workspace,
                "crates/vario-value/Cargo.toml",
                "[dependencies]\n",
                "[dependencies]\nmlua.workspace = true\n",
            );
            edit(workspace, "Cargo.toml", "vario-output =", "mlua = \"1\"\nvario-output =");
        },
        "crates/vario-value/Cargo.toml:12: only vario-bench may name `mlua`",
    );
}

#[test]
fn every_crate_has_a_layer_and_every_layer_a_crate() {
    breaks(
        |workspace| {
            workspace.packages.retain(|package| package.name != "vario-bench");
            edit(workspace, "ARCHITECTURE.md", "| `vario-bench` | What vario-bench holds. |\n", "");
        },
        "xtask/src/tidy/layers.rs:1: `vario-bench` has a layer but is no crate of this workspace",
    );
    let mut workspace = small();
    let table = Table { places: &SMALL.places[1..], sideways: SMALL.sideways };
    let mut unknown = Vec::new();
    layers::check(&workspace, &table, &mut unknown);
    assert_eq!(
        unknown.iter().map(Violation::to_string).collect::<Vec<_>>(),
        ["apps/vario/Cargo.toml:1: crate `vario` has no layer; \
          add it to TABLE in xtask/src/tidy/layers.rs and to ARCHITECTURE.md"]
    );
    edit(&mut workspace, "ARCHITECTURE.md", "L1 contracts vario-sandbox", "L1 contracts");
    assert_eq!(
        found(&workspace),
        "ARCHITECTURE.md:2: the picture of the layers does not show `vario-sandbox` \
         on a line `L1 …`"
    );
}

#[test]
fn exceptions_are_needed_and_explained() {
    breaks(
        |workspace| {
            let output = workspace.packages.iter_mut().find(|one| one.name == "vario-output");
            output.unwrap().dependencies.clear();
        },
        "xtask/src/tidy/layers.rs:1: \
         the exception `vario-output` → `vario-value` is not needed; remove it",
    );
    breaks(
        |workspace| edit(workspace, "ARCHITECTURE.md", " → ", " and "),
        "ARCHITECTURE.md:1: \
         the exception `vario-output` → `vario-value` is missing; say why it is right",
    );
}

#[test]
fn libraries_are_confined() {
    breaks(
        |workspace| {
            depend(workspace, "vario-bench", "mlua", Kind::Normal);
            depend(workspace, "vario", "tokio", Kind::Dev);
        },
        "apps/vario/Cargo.toml:1: no crate of this workspace may name `tokio`",
    );
}

#[test]
fn a_crate_says_the_same_thing_three_times() {
    let page = "crates/vario-value/src/lib.rs";
    breaks(
        |workspace| edit(workspace, page, "What vario-value holds.", "Values."),
        "crates/vario-value/src/lib.rs:1: the first line is `//! Values.`, \
         but the description in Cargo.toml is `What vario-value holds.`",
    );
    breaks(
        |workspace| edit(workspace, page, "//!\n//! It does no more.\n", ""),
        "crates/vario-value/src/lib.rs:1: the front page has 3 lines of `//!`, fewer than 5: \
         say what the crate is for, where to start and what it does not do",
    );
    breaks(
        |workspace| edit(workspace, "ARCHITECTURE.md", "What vario-value holds.", "Values."),
        "ARCHITECTURE.md:9: the row of `vario-value` differs from its description in Cargo.toml: \
         `What vario-value holds.`",
    );
    breaks(
        |workspace| edit(workspace, "ARCHITECTURE.md", "| `vario-value` |", "| `vario-text` |"),
        "ARCHITECTURE.md:1: the table of crates has no row for `vario-value`\n\
         ARCHITECTURE.md:9: the table of crates has a row for `vario-text`, which is no crate",
    );
    breaks(
        |workspace| {
            for path in ["ARCHITECTURE.md", page, "crates/vario-value/Cargo.toml"] {
                edit(workspace, path, "What vario-value holds.", "Values");
            }
            let value = workspace.packages.iter_mut().find(|one| one.name == "vario-value");
            value.unwrap().description = String::from("Values");
        },
        "crates/vario-value/Cargo.toml:2: \
         the description is not a sentence that ends with a full stop",
    );
}

#[test]
fn names_have_one_style() {
    let cases = [
        (
            "vario_value",
            "crates/vario_value",
            "the name `vario_value` is not in kebab-case\n\
          M: the name `vario_value` does not start with `vario-`",
        ),
        ("value", "crates/value", "the name `value` does not start with `vario-`"),
        (
            "vario-value",
            "crates/value",
            "the folder `value` is not named as the package, `vario-value`",
        ),
        ("vario-tests", "tests", ""),
        (
            "vario-tests",
            "crates/tests",
            "the folder `tests` is not named as the package, `vario-tests`",
        ),
    ];
    for (name, folder, expected) in cases {
        let mut workspace = small();
        let manifest = format!("{folder}/Cargo.toml");
        let text = workspace.text("crates/vario-value/Cargo.toml").to_owned();
        put(&mut workspace, &manifest, &text);
        workspace.packages[3].name = name.to_owned();
        workspace.packages[3].folder = folder.to_owned();
        let mut found = Vec::new();
        manifests::check(&workspace, &mut found);
        let lines: Vec<_> = found.iter().map(Violation::to_string).collect();
        let place = format!("{manifest}:1");
        let expected = if expected.is_empty() {
            String::new()
        } else {
            format!("{place}: {}", expected.replace("M:", &format!("{place}:")))
        };
        assert_eq!(lines.join("\n"), expected);
    }
}

#[test]
fn manifests_inherit_and_are_sorted() {
    let manifest = "crates/vario-sandbox/Cargo.toml";
    let cases = [
        (
            "edition.workspace = true",
            "edition = \"2021\"",
            "4: `edition` is not taken from the workspace; write `edition.workspace = true`",
        ),
        (
            "license.workspace = true\n",
            "",
            "1: `license` is not taken from the workspace; write `license.workspace = true`",
        ),
        (
            "[lints]\nworkspace = true",
            "[lints.clippy]\nall = \"allow\"",
            "14: lints are not taken from the workspace; write `[lints]` and `workspace = true`",
        ),
        (
            "vario-value.workspace = true",
            "vario-value = { path = \"../vario-value\" }",
            "12: `vario-value` is not taken from the workspace; \
             write `vario-value.workspace = true`",
        ),
        (
            "vario-value.workspace = true",
            "vario-value.workspace = true\nvario-output.workspace = true",
            "13: `vario-output` stands after `vario-value`; keep dependencies sorted",
        ),
        (
            "[lints]\n",
            "[target.'cfg(unix)'.dependencies]\nvario-output = \"1\"\n\n[lints]\n",
            "15: `vario-output` is not taken from the workspace; \
             write `vario-output.workspace = true`",
        ),
    ];
    for (old, new, expected) in cases {
        breaks(|workspace| edit(workspace, manifest, old, new), &format!("{manifest}:{expected}"));
    }
}

#[test]
fn unused_shared_dependencies_are_reported() {
    breaks(
        |workspace| edit(workspace, "Cargo.toml", "vario-value =", "mlua = \"1\"\nvario-value ="),
        "Cargo.toml:4: no crate uses `mlua`; remove it from [workspace.dependencies]",
    );
}

#[test]
fn inner_crates_have_world_calls_refused() {
    let page = "crates/vario-value/src/lib.rs";
    let attribute = "#![warn(clippy::disallowed_methods, reason = \"no I/O\")]";
    let missing = "crates/vario-value/src/lib.rs:1: \
                   add `#![warn(clippy::disallowed_methods, reason = \"…\")]`";
    for instead in
        ["", "// #![warn(clippy::disallowed_methods)]", "#![expect(clippy::disallowed_methods)]"]
    {
        breaks(|workspace| edit(workspace, page, attribute, instead), missing);
    }
    for instead in [
        "#![warn(\n    clippy::disallowed_methods,\n    reason = \"no I/O\"\n)]",
        "#![cfg_attr(not(test), warn(clippy::disallowed_methods, reason = \"no I/O\"))]",
    ] {
        breaks(|workspace| edit(workspace, page, attribute, instead), "");
    }
    // A crate at the edge needs no attribute.
    breaks(|workspace| edit(workspace, "crates/vario-bench/src/lib.rs", attribute, ""), "");

    let opt_out = "#![expect(clippy::disallowed_methods, reason = \"just once\")]\n";
    breaks(
        |workspace| put(workspace, "crates/vario-value/src/clock.rs", opt_out),
        "crates/vario-value/src/clock.rs:1: switches `clippy::disallowed_methods` off; \
         move the call to a crate at the edge, or add the file to FILES_AT_THE_EDGE in \
         xtask/src/tidy/opt_in.rs",
    );
    breaks(|workspace| put(workspace, "crates/vario-value/src/clock/tests.rs", opt_out), "");
}

#[test]
fn folders_of_one_machine_are_refused() {
    let cases = [
        ("cd /builds/main", "`/builds/`"),
        ("\"/root/.cache\"", "`/root/`"),
        ("open /home/ada/notes", "`/home/`"),
        ("at /home/<name> and ~/builds/notes", ""),
        ("https://example.com/home/ada", ""),
        ("crates/network/root/builds/x", ""),
    ];
    for (line, folder) in cases {
        let expected = if folder.is_empty() {
            String::new()
        } else {
            format!("CONTRIBUTING.md:2: {folder} is a folder of one machine")
        };
        breaks(|workspace| put(workspace, "CONTRIBUTING.md", &format!("# A\n{line}\n")), &expected);
        for path in ["fixtures/plugins/a.lua", "tests/it/main.rs", "crates/a/src/b/tests.rs"] {
            breaks(|workspace| put(workspace, path, line), "");
        }
    }
}

#[test]
fn unfinished_code_is_refused() {
    // Joined here, so that this file may be read by the rule itself.
    let ignored = format!("#[{}]\nfn a() {{}}\n", "ignore");
    let unwritten = format!("fn a() {{\n    {}()\n}}\n", "todo!");
    breaks(
        |workspace| {
            put(workspace, "crates/vario-value/src/a.rs", &ignored);
            put(workspace, "crates/vario-value/src/b.rs", &unwritten);
            put(workspace, "crates/vario-value/docs/c.md", &unwritten);
        },
        &format!(
            "crates/vario-value/src/a.rs:1: `#[{}` is refused: a test runs or goes: \
             assert what happens today and say what is wrong with it\n\
             crates/vario-value/src/b.rs:2: `{}(` is refused: write it, \
             or return an error that says it is not there yet",
            "ignore", "todo!"
        ),
    );
}

#[test]
fn long_files_are_mentioned_but_fail_nothing() {
    let long = "//\n".repeat(701);
    breaks(
        |workspace| put(workspace, "crates/vario-value/src/a.rs", &long),
        "crates/vario-value/src/a.rs:701: warning: 701 lines, more than 700; look for a seam",
    );
    breaks(|workspace| put(workspace, "crates/vario-value/src/a.rs", &long[3..]), "");
    breaks(|workspace| put(workspace, "fixtures/a.json", &long), "");
}

#[test]
fn this_workspace_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let workspace = load::workspace(root).unwrap();
    assert!(workspace.package("vario-value").is_some_and(|package| package.is_library));
    let errors: Vec<_> = check(&workspace)
        .into_iter()
        .filter(|found| found.severity == super::Severity::Error)
        .map(|found| found.to_string())
        .collect();
    assert!(errors.is_empty(), "\n{}\n", errors.join("\n"));
}
