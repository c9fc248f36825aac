//! Signals, pipes, colours and widths.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use serde_json::json;

use crate::rig::{LANGUAGES, Ran, Rig};

/// Lines of a text, without the sequences that a terminal obeys.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            shown.push(character);
        }
    }
    shown
}

fn table(rig: &Rig, columns: &str, args: &[&str]) -> Ran {
    let mut command = rig.command(&["probe"]);
    command.args(args).env("COLUMNS", columns).arg("--plugins").arg(rig.plugins());
    rig.finish(command)
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let rig = Rig::new();
    for fixture in
        ["plugins/lines", "plugins/bad-lines", "plugins/failure-syntax", "hostile/escapes"]
    {
        rig.fixture(fixture, LANGUAGES[0]);
    }
    for columns in [24, 40, 60, 80, 120] {
        let ran = table(&rig, &columns.to_string(), &[]).exits(1);
        for line in ran.stdout.lines() {
            // Wide letters count twice, so this is the least a line can take.
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
    }
    // The reset texts depend on the day; everything else is the same for ever.
    let ran = table(&rig, "60", &["bad-lines", "failure-syntax"]).exits(1);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn a_plugin_cannot_speak_to_the_terminal() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.fixture("hostile/escapes", *language);
        for args in [&["-v"][..], &["--color", "always"]] {
            let ran = table(&rig, "60", args).exits(0);
            let shown = visible(&ran.stdout);
            let bad = |character: char| {
                character.is_control() && character != '\n'
                    || matches!(character, '\u{202a}'..='\u{202e}')
            };
            assert!(!shown.contains(bad), "{language:?} {shown:?}");
            assert!(!ran.stdout.contains("\u{1b}[2J") && !ran.stdout.contains("\u{1b}]"), "{ran}");
        }
        let json = rig.run(&["probe", "--json"]).exits(0);
        assert_eq!(json.json()[0]["lines"][1]["text"], json!("\u{1b}[31mred"), "data is untouched");
        assert!(!json.stdout.contains('\u{1b}'), "JSON escapes it");
    }
}

#[test]
fn colours() {
    let rig = Rig::new();
    rig.fixture("plugins/lines", LANGUAGES[0]);
    for (args, variables, coloured) in [
        (&[][..], &[][..], false),
        (&["--color", "always"], &[], true),
        (&["--color", "always"], &[("NO_COLOR", "1")], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&["--color", "auto"], &[("NO_COLOR", "1"), ("TERM", "xterm-256color")], false),
    ] {
        let mut command = rig.command(&["probe"]);
        command.args(args).envs(variables.iter().copied()).arg("--plugins").arg(rig.plugins());
        let ran = rig.finish(command).exits(0);
        assert_eq!(ran.stdout.contains('\u{1b}'), coloured, "{args:?} {variables:?}");
    }
    let plain = table(&rig, "80", &[]).exits(0).stdout;
    let coloured = table(&rig, "80", &["--color", "always"]).exits(0).stdout;
    // Bars are drawn with other letters where colours tell their parts apart.
    let bars = |text: &str| {
        text.replace(['━', '╸', '╺', '█', '░', '▏', '▎', '▍', '▌', '▋', '▊', '▉'], "=")
    };
    assert_eq!(bars(&visible(&coloured)), bars(&plain), "colours change nothing else");
}

#[test]
fn data_is_on_stdout_and_all_else_on_stderr() {
    let rig = Rig::new();
    rig.plugin(
        LANGUAGES[0],
        "chatty",
        "print('printed') ctx.host.log.error('logged') return { lines = { { type = 'badge', label = 'State', text = 'On' } } }",
        "console.log('printed'); ctx.host.log.error('logged'); return { lines: [{ type: 'badge', label: 'State', text: 'On' }] }",
    );
    let ran = rig.run(&["probe", "--json", "-vv"]).exits(0);
    assert_eq!(ran.json().as_array().map(Vec::len), Some(1));
    assert!(ran.stderr.contains("printed") && ran.stderr.contains("logged"), "{ran}");
    assert!(ran.stderr.contains("[plugin:chatty]"), "{ran}");
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert!(!ran.stderr.contains("printed") && ran.stderr.contains("logged"), "{ran}");
    assert_eq!(rig.run(&["probe", "--json", "--quiet"]).exits(0).stderr, "");
}

#[test]
fn what_is_logged_is_redacted() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.fixture("plugins/host-log", *language);
        let ran = rig.run(&["probe", "-vv", "--json"]).exits(0);
        assert!(!ran.stderr.contains("sk-1234567890abcdef"), "{ran}");
        assert!(ran.stderr.contains("key sk-1...cdef is old"), "{ran}");
        assert!(ran.stderr.contains("loaded account=[REDACTED], from [PATH]"), "{ran}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let rig = Rig::new();
    for number in 0..50 {
        rig.fixture("plugins/lines", LANGUAGES[0]);
        let folder = rig.plugins().join(format!("l{number}"));
        std::fs::rename(rig.plugins().join("lines"), &folder).expect("renamed");
        let manifest = std::fs::read_to_string(folder.join("plugin.json")).expect("there");
        let manifest = manifest.replace("\"lines\",", &format!("\"l{number}\","));
        std::fs::write(folder.join("plugin.json"), manifest).expect("own file");
    }
    let long = [&["completions", "zsh"][..], &["man"], &["doctor"]];
    let short = [&["probe", "--json"][..], &["probe"], &["list"], &["schema", "manifest"]];
    for args in short.into_iter().chain(long) {
        let mut command = rig.command(args);
        command.arg("--plugins").arg(rig.plugins());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{args:?} {output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked") && !said.contains("ipe"), "{args:?} {said}");
    }
}

/// JSON escapes the control characters of ASCII; a terminal obeys more than those.
#[test]
fn json_has_nothing_that_a_terminal_obeys() {
    let rig = Rig::new();
    rig.says("one", "a\u{9b}31m \u{202e}b\u{e0041} caf\u{e9}");
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert!(ran.stdout.contains(r"a\u009b31m \u202eb\udb40\udc41 café"), "{ran}");
    assert_eq!(ran.json()[0]["lines"][0]["value"], "a\u{9b}31m \u{202e}b\u{e0041} caf\u{e9}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_an_error() {
    let rig = Rig::new();
    rig.says("one", "hello");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    let mut command = rig.command(&["probe", "--json", "--plugins", "plugins"]);
    command.stdout(full);
    let ran = rig.finish(command);
    assert!(ran.code.is_some_and(|code| code != 0), "{ran}");
    assert!(ran.stderr.contains("standard output"), "{ran}");
}

#[cfg(unix)]
fn interrupted(args: &[&str]) -> (Option<i32>, String) {
    let rig = Rig::new();
    rig.says("fine", "hello");
    rig.plugin(
        LANGUAGES[0],
        "stuck",
        "ctx.host.log.info('running') while true do end",
        "ctx.host.log.info('running'); for (;;);",
    );
    let mut command = rig.command(args);
    command.arg("--plugins").arg(rig.plugins()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut errors = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    while !line.contains("running") {
        line.clear();
        assert_ne!(errors.read_line(&mut line).expect("readable"), 0, "it ended by itself");
    }
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).expect("it runs");
    let mut text = String::new();
    child.stdout.take().expect("piped").read_to_string(&mut text).expect("UTF-8");
    (child.wait().expect("it ends").code(), text)
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_batch_cleanly() {
    let (code, text) = interrupted(&["probe", "--json", "-v"]);
    assert_eq!(code, Some(1), "{text}");
    let snapshots: serde_json::Value = serde_json::from_str(&text).expect("what was done is whole");
    let of = |id: &str| {
        let snapshots = snapshots.as_array().expect("an array");
        snapshots.iter().find(|snapshot| snapshot["providerId"] == id).cloned().unwrap_or_default()
    };
    assert_eq!(of("stuck")["error"], json!("probe was cancelled"), "{text}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_watch_cleanly() {
    let (code, text) = interrupted(&["probe", "--json", "--watch", "-v"]);
    assert_eq!(code, Some(0), "{text}");
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("one whole object a line");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_guard_cleanly() {
    let (code, text) = interrupted(&["guard", "stuck", "--json", "-v"]);
    assert_eq!(code, Some(1), "{text}");
    let answer: serde_json::Value = serde_json::from_str(&text).expect("a whole answer");
    assert_eq!(answer["ok"], json!(false));
}
