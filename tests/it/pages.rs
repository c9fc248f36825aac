//! `vario completions` and `vario man`: what others learn of the arguments.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::rig::Rig;

/// Every shell, with what makes it read a script from standard input and run nothing.
const SHELLS: [(&str, &[&str]); 5] = [
    ("bash", &["bash", "-n"]),
    ("zsh", &["zsh", "-n"]),
    ("fish", &["fish", "--no-execute"]),
    ("powershell", &[]),
    ("nushell", &[]),
];

#[test]
fn every_shell_gets_a_script_that_it_can_read() {
    let rig = Rig::new();
    for (shell, reader) in SHELLS {
        let ran = rig.run_configured(&["completions", shell]).exits(0);
        assert_eq!(ran.stderr, "");
        for word in ["vario", "probe", "history", "guard", "--max-age"] {
            // Fish writes options without their dashes.
            let word = if shell == "fish" { word.trim_start_matches('-') } else { word };
            assert!(ran.stdout.contains(word), "{shell} lacks {word}");
        }
        assert!(!ran.stdout.contains("isolation"), "{shell} offers what is hidden");
        if let Some(problem) = reader.split_first().and_then(|it| problem(it, &ran.stdout)) {
            panic!("{shell}: {problem}");
        }
    }
    rig.run_configured(&["completions", "tcsh"]).exits(2);
}

/// What a shell does not like about a script; nothing where it is not installed.
fn problem((program, args): (&&str, &[&str]), script: &str) -> Option<String> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    let mut input = child.stdin.take().expect("standard input is a pipe");
    // A shell that stops reading says why when it ends.
    let _said_below = input.write_all(script.as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    (!output.status.success() || !words.is_empty()).then_some(words)
}

/// Bash itself is asked what it would complete.
#[cfg(unix)]
#[test]
fn bash_completes_commands() {
    let rig = Rig::new();
    let script = rig.run_configured(&["completions", "bash"]).exits(0).stdout;
    let asks =
        "COMP_WORDS=(vario gua); COMP_CWORD=1; _vario vario gua vario; echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["--norc", "-c", &format!("{script}\n{asks}")]).output();
    let Ok(output) = output else { return };
    let words = String::from_utf8_lossy(&output.stdout);
    assert_eq!(words.trim(), "guard", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_main_page_is_a_manual_page() {
    let rig = Rig::new();
    let page = rig.run_configured(&["man"]).exits(0).stdout;
    for line in [".TH vario 1", ".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", ".SH SUBCOMMANDS"] {
        assert!(page.lines().any(|it| it.starts_with(line)), "no {line}");
    }
    assert!(page.contains("vario\\-history(1)"), "commands are named");
    assert!(!page.contains("isolation"), "what is hidden is not told");
}

#[test]
fn all_pages_are_written_into_a_folder() {
    let rig = Rig::new();
    let ran = rig.run_configured(&["man", "--out", "new/man1"]).exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "the pages are in new/man1\n"));
    let names = rig.home.names("new/man1");
    for name in ["vario.1", "vario-probe.1", "vario-guard.1", "vario-background-call.1"] {
        assert!(names.iter().any(|it| it == name), "no {name}: {names:?}");
    }
    for name in names {
        let page = std::fs::read_to_string(rig.home.path().join("new/man1").join(&name));
        assert!(page.is_ok_and(|page| page.contains(".SH NAME")), "{name}");
    }
    rig.home.write("file", "");
    let ran = rig.run_configured(&["man", "--out", "file"]).exits(2);
    assert!(ran.stderr.contains("cannot be written into file"), "{ran}");
}
