//! A window among those who share the state directory.

use serde_json::json;

use super::watcher::{Watcher, kill, status};
use super::{start, until, value};
use crate::desktop::{Screen, Window};

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
    // It may be there before its first run is.
    until(&rig, |status| status["pid"] == json!(window.id()) && meter.asked() == 1);
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
