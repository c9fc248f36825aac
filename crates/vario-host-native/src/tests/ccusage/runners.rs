//! Which runners are tried, with what arguments.

use super::{BAD, GOOD, World, answer, usage};

/// In the order of trying.
const ALL: [&str; 5] = ["bunx", "pnpm", "yarn", "npm", "npx"];

/// Fails for the package as it is now.
const OLD_ONLY: &str = "case \"$*\" in *@20.0.2*) exit 1;; esac; echo '{\"daily\":[2]}'";

#[test]
fn each_runner_has_its_own_arguments() {
    let now = "[ccusage@20.0.2]";
    let claude = "[ccusage@18.0.11]";
    let codex = "[@ccusage/codex@18.0.11]";
    let npm = "[exec] [--yes] [--package=";
    let cases = [
        ("bunx", "claude", format!("[--silent] {now} [claude]"), format!("[--silent] {claude}")),
        ("bunx", "codex", format!("[--silent] {now} [codex]"), format!("[--silent] {codex}")),
        ("pnpm", "claude", format!("[-s] [dlx] {now} [claude]"), format!("[-s] [dlx] {claude}")),
        ("pnpm", "codex", format!("[-s] [dlx] {now} [codex]"), format!("[-s] [dlx] {codex}")),
        ("yarn", "claude", format!("[dlx] [-q] {now} [claude]"), format!("[dlx] [-q] {claude}")),
        ("yarn", "codex", format!("[dlx] [-q] {now} [codex]"), format!("[dlx] [-q] {codex}")),
        (
            "npm",
            "claude",
            format!("{npm}ccusage@20.0.2] [--] [ccusage] [claude]"),
            format!("{npm}ccusage@18.0.11] [--] [ccusage]"),
        ),
        (
            "npm",
            "codex",
            format!("{npm}ccusage@20.0.2] [--] [ccusage] [codex]"),
            format!("{npm}@ccusage/codex@18.0.11] [--] [ccusage-codex]"),
        ),
        ("npx", "claude", format!("[--yes] {now} [claude]"), format!("[--yes] {claude}")),
        ("npx", "codex", format!("[--yes] {now} [codex]"), format!("[--yes] {codex}")),
    ];
    for (name, provider, current, legacy) in cases {
        let world = World::with_runners(&[(name, OLD_ONLY)]);
        assert_eq!(world.usage(&[("provider", provider)]), usage(r#"{"daily":[2]}"#));
        let expected = [current, legacy]
            .map(|own| format!("bin/{name} {own} [daily] [--json] [--order] [desc]"));
        assert_eq!(world.attempts(), expected);
    }
}

#[test]
fn runners_are_tried_in_order_until_one_answers() {
    // How many attempts fail before the first that answers.
    for failures in 0..=5 {
        let text = |index| if index < failures { BAD } else { GOOD };
        let runners: Vec<_> = ALL.iter().enumerate().map(|(i, name)| (*name, text(i))).collect();
        let world = World::with_runners(&runners);
        let answered = failures < ALL.len();
        let expected = if answered { usage(r#"{"daily":[1]}"#) } else { answer("runner_failed") };
        assert_eq!(world.usage(&[]), expected);
        let mut expected: Vec<_> =
            ALL.iter().map(|name| format!("bin/{name} [--version]")).collect();
        let tried = ALL.iter().take(failures).flat_map(|name| [name, name]);
        let tried = tried.chain(ALL.get(failures));
        let calls = world.calls();
        // All of them are looked for before the first is tried.
        assert_eq!(calls[..5], expected);
        expected = tried.map(|name| format!("bin/{name}")).collect();
        let programs: Vec<_> =
            calls[5..].iter().map(|call| call.split(' ').next().unwrap()).collect();
        assert_eq!(programs, expected);
    }
}

#[test]
fn whatever_fails_the_next_is_tried() {
    for text in [
        BAD,
        "exit 0",
        "echo words",
        "echo '{}'",
        "echo '{\"daily\":[1]} and more'",
        "kill -KILL $$",
        // What it says there is no answer.
        "echo '{\"daily\":[1]}' >&2",
        // More than anybody reads, though its end looks like usage.
        "exec /bin/cat \"$HOME/huge\"",
    ] {
        let world = World::with_runners(&[("bunx", text), ("npx", OLD_ONLY)]);
        std::fs::write(world.path("huge"), format!("{}[1]", " ".repeat(9 << 20))).unwrap();
        assert_eq!(world.usage(&[]), usage(r#"{"daily":[2]}"#), "after {text}");
        assert_eq!(world.attempts().len(), 4, "{text}");
    }
}

#[test]
fn much_output_is_taken() {
    let world = World::with_runners(&[("npx", "exec /bin/cat \"$HOME/much\"")]);
    let much = format!("[\"{}\"]", "x".repeat(3 << 20));
    std::fs::write(world.path("much"), &much).unwrap();
    assert_eq!(world.usage(&[]), usage(&format!(r#"{{"daily":{much}}}"#)));
}

#[test]
fn a_runner_must_say_its_version() {
    let world = World::with_runners(&[]);
    assert_eq!(world.usage(&[]), answer("no_runner"));
    for name in ALL {
        world.program(&format!("bin/{name}"), "echo \"$0\" >> \"$HOME/calls\"; exit 1");
    }
    assert_eq!(world.usage(&[]), answer("no_runner"));
    assert_eq!(world.calls().len(), ALL.len(), "each was asked once");
    std::fs::remove_dir_all(world.path("bin")).unwrap();
    world.runner("bin/yarn", BAD);
    assert_eq!(world.usage(&[]), answer("runner_failed"));
}

#[test]
fn the_usual_places_come_before_the_path() {
    let places = [".bun/bin/bunx", "brew/bunx", "local/bunx", ".local/bin/bunx", "bin/bunx"];
    for (first, place) in places.iter().enumerate() {
        let mut world = World::with_runners(&[]);
        world.config.usage.folders = vec![world.path("brew"), world.path("local")];
        for place in &places[first..] {
            world.runner(place, GOOD);
        }
        // One that does not run is as good as none, but for the path, whose first one is meant.
        if first < 3 {
            places[..first].iter().for_each(|place| world.program(place, "exit 1"));
        }
        assert_eq!(world.usage(&[]), usage(r#"{"daily":[1]}"#), "of {place}");
        let calls = world.calls();
        assert_eq!(calls.len(), 2);
        assert!(calls.iter().all(|call| call.starts_with(&format!("{place} "))), "{calls:?}");
    }
    let world = World::with_runners(&[("bunx", GOOD)]);
    world.program(".local/bin/bunx", "exit 1");
    assert_eq!(world.usage(&[]), answer("no_runner"));
}

#[test]
fn only_bunx_is_bunx() {
    let world = World::with_runners(&[]);
    world.runner(".bun/bin/npx", GOOD);
    // It is found all the same, because that folder is on the path.
    assert_eq!(world.usage(&[]), usage(r#"{"daily":[1]}"#));
    assert_eq!(world.calls()[0], ".bun/bin/npx [--version]");
}
