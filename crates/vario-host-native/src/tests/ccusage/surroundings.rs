//! What a runner is told beside its package: whose logs, which days, where, and in what
//! environment.

use super::{GOOD, World, answer, texts, usage};

#[test]
fn the_provider_is_the_options_or_the_plugins() {
    let cases = [
        ("demo", None, "claude"),
        ("codex", None, "codex"),
        ("claude", None, "claude"),
        ("codex", Some("claude"), "claude"),
        ("claude", Some(" CoDex\n"), "codex"),
        ("codex", Some("other"), "codex"),
        ("demo", Some(""), "claude"),
    ];
    for (plugin, option, expected) in cases {
        let mut world = World::with_runners(&[("npx", GOOD)]);
        plugin.clone_into(&mut world.scope.plugin_id);
        let options: Vec<_> = option.map(|name| ("provider", name)).into_iter().collect();
        world.usage(&options);
        let calls = world.attempts();
        assert!(calls[0].contains(&format!("[{expected}]")), "{calls:?}");
    }
}

#[test]
fn days_are_trimmed_and_left_out_when_blank() {
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[], ""),
        (&[("since", " 20260101\n")], " [--since] [20260101]"),
        (&[("until", "\t20260131 ")], " [--until] [20260131]"),
        (&[("until", "b"), ("since", "a")], " [--since] [a] [--until] [b]"),
        (&[("since", "  "), ("until", "")], ""),
        // They are not validated.
        (&[("since", "last week")], " [--since] [last week]"),
    ];
    let world = World::with_runners(&[("npx", GOOD)]);
    for (options, expected) in cases {
        world.usage(options);
        let calls = world.attempts();
        assert!(calls[0].ends_with(&format!("[--order] [desc]{expected}")), "{calls:?}");
    }
}

/// Some runners join their arguments to a line for a shell.
#[test]
fn a_day_is_never_a_command() {
    let world = World::with_runners(&[("npx", GOOD)]);
    for day in ["$(id)", "`id`", "1;id", "1|id", "1&id", "a\"b", "a'b", "a\\b", "a\nb", "<a", "%A%"]
    {
        for option in ["since", "until"] {
            assert_eq!(world.usage(&[(option, day)]), answer("runner_failed"), "of {day}");
            assert_eq!(world.attempts(), [""; 0]);
        }
    }
    let world = World::with_runners(&[]);
    assert_eq!(world.usage(&[("since", "$(id)")]), answer("no_runner"));
}

#[test]
fn ill_typed_options_are_all_defaults() {
    let world = World::with_runners(&[("npx", GOOD)]);
    let good = texts(&[("provider", "codex"), ("since", "20260101")]);
    let mut bad = good.clone();
    if let vario_value::Value::Map(map) = &mut bad {
        map.insert("until".to_owned(), vario_value::Value::Int(20_260_131));
    }
    for (options, expected) in [(good, "[codex] "), (bad, "[claude] ")] {
        assert_eq!(world.call("ccusage.query", &[options]), Ok(usage(r#"{"daily":[1]}"#)));
        let calls = world.attempts();
        assert!(calls[0].contains(expected), "{calls:?}");
    }
}

/// A runner that says where the logs are.
const WHERE: &str = "echo \"[\\\"$CLAUDE_CONFIG_DIR|$CODEX_HOME\\\"]\"";

#[test]
fn the_home_of_the_logs_is_a_variable() {
    let cases: [(&[(&str, &str)], &str); 11] = [
        (&[], "of the user|too"),
        (&[("homePath", " /a/b\n")], "/a/b|too"),
        (&[("homePath", "~")], "~|too"),
        (&[("homePath", "~/logs")], "~/logs|too"),
        (&[("homePath", "~user")], "=user|too"),
        (&[("homePath", "$HOME/x")], "$HOME/x|too"),
        (&[("homePath", " "), ("claudePath", " ~/c ")], "~/c|too"),
        (&[("homePath", "/h"), ("claudePath", "/c")], "/h|too"),
        (&[("claudePath", " ")], "of the user|too"),
        (&[("provider", "codex"), ("homePath", "~/x")], "of the user|~/x"),
        (&[("provider", "codex"), ("claudePath", "/c")], "of the user|too"),
    ];
    let own = [("CLAUDE_CONFIG_DIR", "of the user"), ("CODEX_HOME", "too")];
    let world = World::with_variables(&[("npx", WHERE)], &own);
    for (options, expected) in cases {
        let home = world.config.home.clone().unwrap();
        let expected = expected.replace('~', home.to_str().unwrap()).replace('=', "~");
        let expected = format!(r#"{{"daily":["{expected}"]}}"#);
        assert_eq!(world.usage(options), usage(&expected), "of {options:?}");
    }
}

#[test]
fn runners_see_little_of_our_environment() {
    let say = "pwd=$(pwd -P); echo \"[\\\"$PATH|$SECRET|$NODE_OPTIONS|$HTTPS_PROXY|$CCUSAGE_MODEL_ALIASES|$pwd\\\"]\"";
    let variables = [
        ("SECRET", "x"),
        ("NODE_OPTIONS", "--require x"),
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ("CCUSAGE_MODEL_ALIASES", "a=b"),
    ];
    let mut world = World::with_variables(&[("npx", say)], &variables);
    world.config.usage.folders = vec!["/nowhere/bin".into()];
    let home = world.config.home.clone().unwrap();
    let real = home.canonicalize().unwrap();
    let (home, real) = (home.to_str().unwrap(), real.to_str().unwrap());
    let path = format!(
        "{home}/.bun/bin:{home}/.nvm/current/bin:{home}/.local/bin:/nowhere/bin:{home}/bin"
    );
    let expected = format!(r#"{{"daily":["{path}|||http://127.0.0.1:9|a=b|{real}"]}}"#);
    assert_eq!(world.usage(&[]), usage(&expected));
}

/// Nothing is executed for a plugin without the right.
#[test]
fn without_the_right_no_program_is_started() {
    let mut world = World::with_runners(&[("npx", GOOD)]);
    world.set_rights(&["run:npx"], &[]);
    assert_eq!(world.usage(&[]), answer("no_runner"));
    assert_eq!(world.calls(), [""; 0]);
    world.set_rights(&["ccusage"], &[]);
    assert_eq!(world.usage(&[]), usage(r#"{"daily":[1]}"#));
}

#[test]
fn the_user_is_told_what_failed() {
    let mut world = World::with_runners(&[("npx", "echo first >&2; echo last >&2; exit 3")]);
    let log = World::logging(vario_value::LogLevel::Warn).log;
    world.scope.log = std::sync::Arc::clone(&log) as _;
    assert_eq!(world.usage(&[]), answer("runner_failed"));
    let lines = log.lines();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].ends_with("npx with ccusage@20.0.2 ended with exit status: 3: last"),
        "{lines:?}"
    );
    assert!(lines[1].contains("ccusage@18.0.11"), "{lines:?}");
}
