use std::collections::HashMap;
use std::sync::mpsc::{Receiver, channel};

use vario_desktop::{Error, ShortcutEvent, Shortcuts};

use crate::private::{LONG, next, on_private_bus};
use crate::shortcuts_portal::{Asked, Portal};

/// Answers a request.
type Answer = fn(&Portal, &str);

fn start() -> (Option<Shortcuts>, Receiver<ShortcutEvent>) {
    let (sender, events) = channel();
    let shortcuts = Shortcuts::start(move |event| {
        // The test may have seen enough.
        sender.send(event).unwrap_or_default();
    });
    (shortcuts, events)
}

fn ask_to_bind(session: &str, trigger: &str) -> Asked {
    Asked::Bind { session: session.to_owned(), trigger: trigger.to_owned() }
}

fn ask_to_close(session: &str) -> Asked {
    Asked::Close { session: session.to_owned() }
}

/// Chooses keys, which the desktop gives; the session that has them.
fn bind(portal: &Portal, shortcuts: &Shortcuts, keys: &str, name: &str) -> String {
    shortcuts.set(Some(keys)).expect("they can be chosen");
    let (asked, request) = portal.next();
    assert_eq!(asked, Asked::CreateSession);
    let session = portal.create(&request, name);
    let (asked, request) = portal.next();
    assert!(matches!(asked, Asked::Bind { .. }), "{asked:?}");
    portal.bound(&request, &["open-window"]);
    session
}

fn expect_pressed(events: &Receiver<ShortcutEvent>) {
    let event = next(events);
    assert!(matches!(event, ShortcutEvent::Pressed), "{event:?}");
}

#[test]
fn there_are_none_without_a_portal() {
    on_private_bus("shortcuts::there_are_none_without_a_portal", || {
        assert!(start().0.is_none());
    });
}

#[test]
fn are_heard_through_the_portal() {
    on_private_bus("shortcuts::are_heard_through_the_portal", || {
        let portal = Portal::start();
        let (shortcuts, events) = start();
        let shortcuts = shortcuts.expect("there is a portal");
        shortcuts.set(Some("Ctrl+Shift+U")).expect("they can be chosen");
        let (asked, request) = portal.next();
        assert_eq!(asked, Asked::CreateSession);
        let session = portal.create(&request, "one");
        let (asked, request) = portal.next();
        assert_eq!(asked, ask_to_bind(&session, "CTRL+SHIFT+u"));
        portal.bound(&request, &["open-window"]);
        portal.activate(&session, "open-window");
        expect_pressed(&events);

        // What is pressed for others is nothing to us.
        portal.activate(&session, "close-window");
        portal.activate("/org/freedesktop/portal/desktop/session/other", "open-window");
        portal.activate(&session, "open-window");
        expect_pressed(&events);
        drop(shortcuts);
        assert_eq!(portal.next().0, ask_to_close(&session));
        assert!(events.recv_timeout(LONG).is_err(), "it was heard twice only");
    });
}

#[test]
fn other_keys_are_another_session() {
    on_private_bus("shortcuts::other_keys_are_another_session", || {
        let portal = Portal::start();
        let (shortcuts, events) = start();
        let shortcuts = shortcuts.expect("there is a portal");
        let one = bind(&portal, &shortcuts, "Ctrl+U", "one");
        shortcuts.set(Some("Alt+F9")).expect("they can be chosen");
        assert_eq!(portal.next().0, ask_to_close(&one));
        let (asked, request) = portal.next();
        assert_eq!(asked, Asked::CreateSession);
        let two = portal.create(&request, "two");
        let (asked, request) = portal.next();
        assert_eq!(asked, ask_to_bind(&two, "ALT+F9"));
        portal.bound(&request, &["open-window"]);
        portal.activate(&one, "open-window");
        portal.activate(&two, "open-window");
        expect_pressed(&events);

        shortcuts.set(None).expect("no keys are fine");
        assert_eq!(portal.next().0, ask_to_close(&two));
        drop(shortcuts);
        assert!(events.recv_timeout(LONG).is_err(), "it was heard once only");
    });
}

#[test]
fn an_answer_that_comes_too_late_binds_nothing() {
    on_private_bus("shortcuts::an_answer_that_comes_too_late_binds_nothing", || {
        let portal = Portal::start();
        let (shortcuts, _events) = start();
        let shortcuts = shortcuts.expect("there is a portal");
        shortcuts.set(Some("Ctrl+U")).expect("they can be chosen");
        let (_, late) = portal.next();
        shortcuts.set(Some("Ctrl+K")).expect("they can be chosen");
        let (asked, request) = portal.next();
        assert_eq!(asked, Asked::CreateSession);
        let unwanted = portal.create(&late, "unwanted");
        assert_eq!(portal.next().0, ask_to_close(&unwanted));
        let wanted = portal.create(&request, "wanted");
        assert_eq!(portal.next().0, ask_to_bind(&wanted, "CTRL+k"));
    });
}

#[test]
fn what_is_not_given_is_told() {
    on_private_bus("shortcuts::what_is_not_given_is_told", || {
        let portal = Portal::start();
        let (shortcuts, events) = start();
        let shortcuts = shortcuts.expect("there is a portal");
        let expect_refused = |of: &str| {
            let event = next(&events);
            let is_refused = matches!(&event,
                ShortcutEvent::Failed(Error::ShortcutRefused { keys }) if keys == "Ctrl+U");
            assert!(is_refused, "{of}: {event:?}");
        };
        for (of, code) in [("the user said no", 1), ("it failed", 2)] {
            shortcuts.set(Some("Ctrl+U")).expect("they can be chosen");
            portal.answer(&portal.next().1, code, &HashMap::new());
            expect_refused(of);
        }
        let answers: [(&str, Answer); 3] = [
            ("canceled", |portal, request| portal.answer(request, 1, &HashMap::new())),
            ("nothing", |portal, request| portal.bound(request, &[])),
            ("another", |portal, request| portal.bound(request, &["close-window"])),
        ];
        for (name, answer) in answers {
            shortcuts.set(Some("Ctrl+U")).expect("they can be chosen");
            let session = portal.create(&portal.next().1, name);
            answer(&portal, &portal.next().1);
            assert_eq!(portal.next().0, ask_to_close(&session), "{name}");
            expect_refused(name);
        }
        let session = bind(&portal, &shortcuts, "Ctrl+U", "taken_away");
        portal.end(&session);
        expect_refused("the desktop took them away");
        let session = bind(&portal, &shortcuts, "Ctrl+U", "again");
        portal.activate(&session, "open-window");
        expect_pressed(&events);
    });
}

#[test]
fn what_cannot_be_pressed_is_told_at_once() {
    on_private_bus("shortcuts::what_cannot_be_pressed_is_told_at_once", || {
        let portal = Portal::start();
        let (shortcuts, _events) = start();
        let shortcuts = shortcuts.expect("there is a portal");
        let session = bind(&portal, &shortcuts, "Ctrl+U", "one");
        let error = shortcuts.set(Some("Ctrl+Nonsense")).expect_err("is no key");
        assert!(matches!(error, Error::BadShortcut { .. }), "{error}");
        assert_eq!(portal.next().0, ask_to_close(&session), "the ones before are given up");
    });
}
