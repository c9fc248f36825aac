//! A window among those who share the state directory.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::{Value as Json, json};

use super::watcher::{Watcher, kill, status};
use super::{start, until, value};
use crate::rig::{Rig, viewer};

/// A screen that nobody looks at.
struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb runs; `cargo xtask setup` installs it");
        let mut number = Vec::new();
        let mut out = server.stdout.take().expect("piped");
        while number.last() != Some(&b'\n') {
            let mut byte = [0];
            assert_eq!(out.read(&mut byte).expect("a number"), 1, "it ended by itself");
            number.push(byte[0]);
        }
        let number = String::from_utf8(number).expect("a number");
        Self { server, name: format!(":{}", number.trim()) }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.server.kill().and_then(|()| self.server.wait()).expect("it ends");
    }
}

/// A window of the real program.
struct Window {
    child: Child,
    figures: BufReader<ChildStderr>,
}

impl Window {
    fn command(rig: &Rig, screen: &Screen) -> Command {
        let mut command = rig.command_of(&viewer(), &["--plugins", "plugins"]);
        command
            .env("DISPLAY", &screen.name)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("VARIO_VIEWER_MEASURE", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    fn open(rig: &Rig, screen: &Screen) -> Self {
        let mut child = Self::command(rig, screen).spawn().expect("the program starts");
        let figures = BufReader::new(child.stderr.take().expect("piped"));
        Self { child, figures }
    }

    /// How it is now; with the first answer there is a window.
    fn figures(&mut self) -> Json {
        let mut line = String::new();
        let count = self.figures.read_line(&mut line).expect("UTF-8");
        assert_ne!(count, 0, "it ended by itself");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn id(&self) -> u32 {
        self.child.id()
    }
}

/// As `kill -9` does it.
impl Drop for Window {
    fn drop(&mut self) {
        let _it_was_killed = self.child.kill();
        let _it_was_waited_for = self.child.wait();
    }
}

/// A window, a watcher and single calls at once; whoever owns is killed, and another goes on.
#[test]
fn a_window_shares_with_the_others_and_takes_over() {
    let (rig, meter) = start();
    let screen = Screen::start();
    let mut window = Window::open(&rig, &screen);
    window.figures();
    until(&rig, |status| status["pid"] == json!(window.id()));
    meter.until_asked();
    until(&rig, |status| status["running"] == json!([]));

    let mut watcher = Watcher::start(&rig, &[]);
    assert_eq!(value(&watcher.next()), "1", "what the window has asked for");
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!((value(&ran.json()[0]), ran.stderr.as_str()), ("2", ""));
    assert_eq!(watcher.next(), ran.json()[0]);

    drop(window);
    until(&rig, |status| status["pid"] == json!(watcher.id()));
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!(value(&ran.json()[0]), "3");
    assert_eq!(watcher.next(), ran.json()[0]);

    let mut second = Window::open(&rig, &screen);
    second.figures();
    until(&rig, |status| status["followers"] == 1);
    kill(watcher);
    until(&rig, |status| status["pid"] == json!(second.id()));
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!(value(&ran.json()[0]), "4");
    assert_eq!(meter.asked(), 4, "nobody was asked for nothing");
    assert_eq!(meter.most_at_once(), 1);
}

/// Whoever starts a second one sees the first.
#[test]
fn there_is_one_window() {
    let (rig, meter) = start();
    let screen = Screen::start();
    let mut window = Window::open(&rig, &screen);
    window.figures();
    until(&rig, |status| status["pid"] == json!(window.id()));
    let second = Window::command(&rig, &screen).output().expect("the program starts");
    assert!(second.status.success(), "{second:?}");
    assert!(second.stderr.is_empty(), "{second:?}");
    assert_eq!(status(&rig).expect("an owner")["pid"], json!(window.id()));

    // Where a watcher owns, it shows the window that follows it.
    drop(window);
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    let mut window = Window::open(&rig, &screen);
    window.figures();
    until(&rig, |status| status["followers"] == 1);
    let second = Window::command(&rig, &screen).output().expect("the program starts");
    assert!(second.status.success() && second.stderr.is_empty(), "{second:?}");
    assert_eq!(status(&rig).expect("an owner")["pid"], json!(watcher.id()));
    assert_eq!(meter.asked(), 2, "by the first window, and by the watcher as it began");
}
