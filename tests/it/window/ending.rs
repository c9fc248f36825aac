//! However the window is closed, it ends well and takes along whatever it has started.

use rustix::process::Signal;
use serde_json::json;

use crate::desktop::{Screen, Window, Worker};
use crate::owner::until;
use crate::rig::{LANGUAGES, Rig};

/// Two plugins that run without end, in a window.
fn hanging(rig: &Rig, screen: &Screen, end: impl FnOnce(&mut Window<'_>) -> Option<i32>) {
    for (number, language) in LANGUAGES.iter().enumerate() {
        rig.plugin(*language, &format!("hangs-{number}"), "while true do end", "for (;;) {}");
    }
    let mut window = Window::open(rig, screen);
    window.figures();
    until(rig, |status| status["running"].as_array().map(Vec::len) == Some(LANGUAGES.len()));
    let workers = window.until_workers(LANGUAGES.len());
    assert_eq!(end(&mut window), Some(0));
    workers.iter().for_each(Worker::until_gone);
    assert_eq!(rig.home.names("state/vario/owner"), ["lock"], "one that ends clears up");
    let remembered = rig.home.path().join("state/vario/window.json");
    assert!(remembered.is_file(), "it knows its size when it is opened again");
}

#[test]
fn its_button() {
    hanging(&Rig::new(), &Screen::start(), |window| {
        window.appear();
        window.close().code()
    });
}

#[test]
fn signals() {
    let screen = Screen::start();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        hanging(&Rig::new(), &screen, |window| window.end_by(signal).code());
    }
}

/// A signal that comes before there is a window.
#[test]
fn a_signal_at_once() {
    let (rig, screen) = (Rig::new(), Screen::start());
    rig.says("a", "hello");
    let mut window = Window::open(&rig, &screen);
    until(&rig, |status| status["pid"] == json!(window.id()));
    assert_eq!(window.end_by(Signal::TERM).code(), Some(0));
}
