//! The hostile corpus in `fixtures/hostile`, run by the real program: each plugin gets its recorded
//! outcome in bounded time, the host's memory stays bounded, and its neighbours answer as ever.
//!
//! `cases.toml` says what each plugin tries, `OUTCOMES.md` what becomes of it. With `UPDATE=1` the
//! test `the_table_is_complete` writes the latter; `cargo xtask hostile` does it.

mod batch;
mod cases;
mod server;
mod table;
#[cfg(target_os = "linux")]
mod watch;

use self::cases::Group;
use self::table::Table;
use crate::rig::LANGUAGES;

macro_rules! groups {
    ($($name:ident: $key:literal,)*) => {
        $(#[test] fn $name() { check($key); })*

        #[test]
        fn every_group_is_run() {
            let keys: Vec<String> = cases::all().into_iter().map(|group| group.key).collect();
            assert_eq!(keys, [$($key),*]);
        }
    };
}

groups! {
    loops: "loops",
    built_ins: "built-ins",
    memory: "memory",
    recursion: "recursion",
    floods: "floods",
    reach: "reach",
    pollution: "pollution",
    confusion: "confusion",
    errors: "errors",
    http: "http",
    databases: "databases",
    files: "files",
}

/// Runs a group and compares what becomes of each plugin with the table.
fn check(key: &str) {
    if updating() {
        return;
    }
    let groups = cases::all();
    let group = groups.iter().find(|group| group.key == key).expect("it is one of them");
    let table = Table::read();
    let wrong: Vec<String> = run(group)
        .into_iter()
        .filter_map(|(case, language, outcome)| {
            let said = table.outcome(&case, language).unwrap_or("nothing");
            (said != outcome).then(|| format!("{case} in {language:?}: {outcome}, not {said}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}\n`cargo xtask hostile` rewrites the table", wrong.join("\n"));
}

#[test]
fn the_table_is_complete() {
    let groups = cases::all();
    let mut table = Table::read();
    if updating() {
        for (case, language, outcome) in groups.iter().flat_map(run) {
            table.set(&case, language, outcome);
        }
        table.write(&groups);
    }
    let text = std::fs::read_to_string(table::path()).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        text == table.render(&groups),
        "{} does not list the cases of cases.toml; `cargo xtask hostile` rewrites it",
        table::path().display()
    );
}

#[test]
fn every_plugin_is_a_case_and_every_case_a_plugin() {
    let mut told: Vec<String> = Vec::new();
    for case in cases::all().iter().flat_map(|group| &group.cases) {
        for (language, name) in cases::BOTH {
            let folder = cases::folder().join(&case.name).join(name);
            let is_there = folder.join("plugin.json").is_file();
            assert_eq!(is_there, case.absent(language).is_none(), "{} in {name}", case.name);
        }
        told.push(case.name.clone());
    }
    let mut found: Vec<String> = std::fs::read_dir(cases::folder())
        .expect("the corpus is there")
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    told.sort();
    assert_eq!(found, told);
}

/// Runs every plugin of a group that can be run here. Case, language and outcome of each.
fn run(group: &Group) -> Vec<(String, cases::Engine, String)> {
    let mut outcomes = Vec::new();
    for language in LANGUAGES {
        for allow_all in [false, true] {
            let engine = cases::engine_of(*language);
            let runs = |case: &&cases::Case| case.allow_all == allow_all && case.runs(engine);
            let cases: Vec<_> = group.cases.iter().filter(runs).collect();
            if cases.is_empty() {
                continue;
            }
            for (case, outcome) in batch::run(&cases, *language, allow_all) {
                outcomes.push((case, engine, outcome));
            }
        }
    }
    outcomes
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}
