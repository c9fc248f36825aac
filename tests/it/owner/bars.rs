//! Bars that ask every few seconds, beside each other and beside an owner.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use vario_model::RunTrigger;
use vario_store::Store;

use super::watcher::{Watcher, kill};
use super::{ended, start, until};
use crate::rig::Rig;

const FORMATS: [&str; 4] = ["waybar", "tmux", "i3status-rust", "prometheus"];

fn bar(rig: &Rig, format: &str, args: &[&str]) -> Child {
    let mut command = rig.command(&["probe", "--plugins", "plugins", "--format", format]);
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// All four at once, each with what `a` says in it.
fn all_say(rig: &Rig, number: &str) {
    let bars = FORMATS.map(|format| bar(rig, format, &[]));
    say(rig, bars, number);
}

fn say(rig: &Rig, bars: [Child; 4], number: &str) {
    for (child, format) in bars.into_iter().zip(FORMATS) {
        let ran = ended(rig, child).exits(0);
        assert_eq!(ran.stderr, "", "{format}");
        let expected = if format == "prometheus" {
            "vario_snapshot_ok{provider=\"a\"} 1\n".to_owned()
        } else {
            format!("The a {number}")
        };
        assert!(ran.stdout.contains(&expected), "{format}: {ran}");
    }
}

#[test]
fn four_bars_at_once_are_one_question() {
    let (rig, meter) = start();
    // Nobody owns anything, and nothing is known: one asks and the others wait for it.
    meter.hold();
    let bars = FORMATS.map(|format| bar(&rig, format, &[]));
    meter.until_asked();
    meter.answer_at_once();
    meter.release();
    say(&rig, bars, "1");
    // What is known and not five minutes old is told as it is.
    all_say(&rig, "1");
    assert_eq!(meter.asked(), 1);
    // An owner asks for all.
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    meter.hold();
    let bars = FORMATS.map(|format| bar(&rig, format, &["--max-age", "0"]));
    until(&rig, |status| status["asking"] == 4);
    meter.until_asked();
    let asked = meter.asked();
    meter.answer_at_once();
    meter.release();
    say(&rig, bars, &asked.to_string());
    assert_eq!((meter.asked(), meter.most_at_once()), (asked, 1));
    kill(watcher);
}

#[test]
fn a_prompt_waits_for_nobody_and_asks_once() {
    let (rig, meter) = start();
    let prompt = |args: &[&str]| ended(&rig, bar(&rig, "starship", args)).exits(0);
    meter.hold();
    for _ in 0..3 {
        // The provider has not answered yet.
        assert_eq!(prompt(&[]).transcript(), "exit 0\n--- stdout\n\n");
    }
    meter.until_asked();
    assert_eq!(prompt(&["--", "a"]).stdout, "\n");
    meter.release();
    let shown = std::iter::repeat_with(|| prompt(&[]).stdout).find(|shown| shown != "\n");
    assert_eq!(shown.as_deref(), Some("The a 1\n"));
    assert_eq!((meter.asked(), meter.most_at_once()), (1, 1));
    // What is old is shown until there is something new. Who ran it may be just about to end, and
    // until then nobody else begins.
    let is_asked = |_: &String| meter.asked() == 2;
    let shown = std::iter::repeat_with(|| prompt(&["--max-age", "0"]).stdout).find(is_asked);
    assert_eq!(shown.as_deref(), Some("The a 1\n"));
    meter.until_asked();
    assert_eq!(prompt(&[]).stdout, "The a 1\n");
    meter.release();
    let shown = std::iter::repeat_with(|| prompt(&[]).stdout).find(|shown| shown != "The a 1\n");
    assert_eq!(shown.as_deref(), Some("The a 2\n"));
    assert_eq!((meter.asked(), meter.most_at_once()), (2, 1));
}

/// A full disk keeps no answer: no reason to ask for one every few seconds.
#[test]
fn who_was_asked_in_vain_is_left_alone_for_a_while() {
    let (rig, meter) = start();
    let show = |format: &str, args: &[&str]| ended(&rig, bar(&rig, format, args)).exits(0).stdout;
    assert_eq!(show("tmux", &[]), "The a 1\n");
    // As if the run of just now had left nothing: what is stored is of an hour ago.
    let database = rig.home.path().join("state/vario/state.db");
    let store = Store::open_file(&database).expect("it is there");
    let ran_ms = store.last_run("a").expect("it can be read").expect("it ran");
    let snapshot = store.latest("a").expect("it can be read").expect("it ran");
    store.save(&snapshot, RunTrigger::Manual, ran_ms - 3_600_000).expect("there is room");
    assert_eq!(
        (show("tmux", &[]), show("starship", &[])),
        ("The a 1\n".into(), "The a 1\n".into())
    );
    assert_eq!(meter.asked(), 1);
    // Who wants it new gets it.
    assert_eq!(show("tmux", &["--max-age", "0"]), "The a 2\n");
}

#[test]
fn a_bar_that_watches_prints_a_line_for_what_changes() {
    let (rig, meter) = start();
    let mut command = rig.command(&["probe", "--plugins", "plugins", "--watch"]);
    command.args(["--format", "waybar"]);
    let mut watcher = Watcher::of(command);
    assert_eq!(watcher.next()["text"], "The a 1");
    for number in ["2", "3"] {
        rig.run(&["probe"]).exits(0);
        let line = watcher.next();
        assert_eq!(
            (&line["text"], &line["alt"]),
            (&format!("The a {number}").into(), &"idle".into())
        );
    }
    assert_eq!(meter.asked(), 3);
    assert_eq!(watcher.interrupt(), Some(0));
}

/// A bar that was restarted leaves nobody behind who waits for the next result.
#[test]
fn a_bar_that_watches_ends_with_its_reader() {
    let (rig, _meter) = start();
    let mut command = rig.command(&["probe", "--plugins", "plugins", "--watch"]);
    command.args(["--format", "tmux"]).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("UTF-8");
    assert_eq!(line, "The a 1\n");
    drop(lines);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
