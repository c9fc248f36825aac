//! Hostile plugins: one error line in bounded time, the neighbours untouched.

use serde_json::json;

use crate::rig::{LANGUAGES, Rig};

/// Fixture, and what its card says; where this is empty it depends on the engine.
const CASES: &[(&str, &str)] = &[
    ("loop", "probe timed out after 300ms"),
    ("loop-on-load", "probe timed out after 300ms"),
    ("allocate", "plugin ran out of memory (limit 8 MiB)"),
    ("print", "plugin logged too much (limit 1 MiB)"),
    ("recurse", "plugin ran out of stack (limit 1 MiB)"),
    ("pending", "probe() returned unresolved promise"),
    ("throws-secrets", "The plugin failed, try again or contact plugin author."),
    ("rubbish", "invalid line at index 1"),
    ("huge-text", "output exceeds 1 MiB"),
    // One engine gives up by itself, the other is ended at the deadline.
    ("pattern", ""),
    ("print-nothing", ""),
    ("deep", ""),
];

#[test]
fn each_gets_its_fixed_text_and_neighbours_are_untouched() {
    for language in LANGUAGES {
        for (name, text) in CASES {
            let rig = Rig::new();
            rig.fixture(&format!("hostile/{name}"), *language);
            rig.says("neighbour", "still here");
            let time = if text.contains("timed out") { "300ms" } else { "20s" };
            let time = if matches!(*name, "print-nothing" | "pattern") { "1s" } else { time };
            // A text of eight megabytes needs more than that of memory.
            let memory = if *name == "huge-text" { "64M" } else { "8M" };
            let ran = rig.run(&["probe", "--json", "--timeout", time, "--memory", memory]);
            assert_eq!(ran.code, Some(1), "{name} in {language:?}: {ran}");
            let snapshots = ran.json();
            let snapshots = snapshots.as_array().expect("an array");
            let of = |id: &str| {
                let found = snapshots.iter().find(|snapshot| snapshot["providerId"] == id);
                found.unwrap_or_else(|| panic!("{name} in {language:?}: {ran}"))
            };
            assert_eq!(of("neighbour")["lines"][0]["value"], json!("still here"), "{name}: {ran}");
            let error = of(name)["error"].as_str().expect("an error");
            if !text.is_empty() {
                assert_eq!(error, *text, "{name} in {language:?}");
            }
            assert!(ran.stdout.len() < 16 * 1024, "{name} in {language:?} floods the output");
        }
    }
}

#[test]
fn lines_beyond_the_limit_are_cut() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.fixture("hostile/many-lines", *language);
        let ran = rig.run(&["probe", "--json"]).exits(1);
        let snapshots = ran.json();
        let lines = snapshots[0]["lines"].as_array().expect("lines");
        assert_eq!(lines.len(), 257, "{language:?}");
        assert_eq!(lines[255]["value"], json!("256"));
        assert_eq!(lines[256]["text"], json!("too many lines, only the first 256 are shown"));
    }
}

#[cfg(unix)]
#[test]
fn host_calls_without_end() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.fixture("hostile/calls", *language);
        let mut command = rig.command(&["probe", "--json", "--timeout", "20s"]);
        // Set, so that no shell is asked for it.
        command.env("CODEX_HOME", "/nowhere").arg("--plugins").arg(rig.plugins());
        let ran = rig.finish(command).exits(1);
        assert_eq!(
            ran.json()[0]["error"],
            json!("plugin made too many host calls (limit 1000)"),
            "{language:?}"
        );
    }
}

#[test]
fn the_time_limit_names_itself() {
    let rig = Rig::new();
    rig.fixture("hostile/loop", LANGUAGES[0]);
    for (given, said) in [("0.05s", "50ms"), ("1.25", "1.250s"), ("1s", "1s")] {
        let ran = rig.run(&["probe", "--json", "--timeout", given]).exits(1);
        assert_eq!(ran.json()[0]["error"], json!(format!("probe timed out after {said}")));
    }
}

#[test]
fn a_manifest_lowers_a_limit_and_an_option_does_not_raise_it() {
    let rig = Rig::new();
    rig.fixture("plugins/limit-time", LANGUAGES[0]);
    let ran = rig.run(&["probe", "--json", "--timeout", "5s"]).exits(1);
    assert_eq!(ran.json()[0]["error"], json!("probe timed out after 100ms"));
    rig.run_configured(&["config", "limits.wall", "50ms"]).exits(0);
    let ran = rig.run(&["probe", "--json", "--timeout", "5s"]).exits(1);
    assert_eq!(ran.json()[0]["error"], json!("probe timed out after 50ms"));
}
