use std::os::unix::net::UnixListener;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use vario_desktop::{Error, ShortcutEvent, Shortcuts};

use crate::display::{LONG, again_with_display, on_own_display, until};
use crate::person::{ALT, CAPS_LOCK, CONTROL, NUM_LOCK, Person, SHIFT, SUPER};

const F9: u32 = 0xffc6;
const K: u32 = 0x6b;
const SEMICOLON: u32 = 0x3b;
const U: u32 = 0x75;

fn start() -> (Shortcuts, Receiver<ShortcutEvent>) {
    let (sender, events) = channel();
    let shortcuts = Shortcuts::start(move |event| {
        // The test may have seen enough.
        sender.send(event).unwrap_or_default();
    });
    (shortcuts.expect("there is a server"), events)
}

fn expect_pressed(events: &Receiver<ShortcutEvent>, what: &str) {
    let event = events.recv_timeout(LONG);
    assert!(matches!(event, Ok(ShortcutEvent::Pressed)), "{what}: {event:?}");
}

/// Nothing was heard but what was waited for, and the thread has ended.
fn expect_end(shortcuts: Shortcuts, events: &Receiver<ShortcutEvent>) {
    drop(shortcuts);
    let end = events.recv_timeout(LONG);
    assert!(matches!(end, Err(RecvTimeoutError::Disconnected)), "{end:?}");
}

#[test]
fn keys_are_heard() {
    on_own_display("shortcuts::keys_are_heard", || {
        let person = Person::new();
        let (shortcuts, events) = start();
        let cases: [(&str, &[u32]); 6] = [
            ("Ctrl+Shift+U", &[CONTROL, SHIFT, U]),
            ("Alt+K", &[ALT, K]),
            ("F9", &[F9]),
            ("Super+K", &[SUPER, K]),
            ("Ctrl+Alt+Shift+F9", &[SHIFT, ALT, CONTROL, F9]),
            // Typed with the key of the semicolon, and Shift.
            ("Ctrl+Shift+Colon", &[CONTROL, SHIFT, SEMICOLON]),
        ];
        for (keys, pressed) in cases {
            shortcuts.set(Some(keys)).expect(keys);
            person.press(pressed);
            expect_pressed(&events, keys);
        }
        expect_end(shortcuts, &events);
    });
}

#[test]
fn other_keys_are_not() {
    on_own_display("shortcuts::other_keys_are_not", || {
        let person = Person::new();
        let (shortcuts, events) = start();
        shortcuts.set(Some("Ctrl+K")).expect("they are free");
        shortcuts.set(Some("Ctrl+Shift+U")).expect("they are free");
        let others: [&[u32]; 6] =
            [&[U], &[CONTROL, U], &[SHIFT, U], &[CONTROL, ALT, SHIFT, U], &[CONTROL, K], &[F9]];
        for pressed in others {
            person.press(pressed);
        }
        person.press(&[CONTROL, SHIFT, U]);
        expect_pressed(&events, "the keys themselves");
        shortcuts.set(None).expect("no keys are fine");
        person.press(&[CONTROL, SHIFT, U]);
        expect_end(shortcuts, &events);
    });
}

#[test]
fn locks_change_nothing() {
    on_own_display("shortcuts::locks_change_nothing", || {
        let person = Person::new();
        let (shortcuts, events) = start();
        shortcuts.set(Some("Ctrl+Shift+U")).expect("they are free");
        for (lock, name) in [(CAPS_LOCK, "Caps Lock"), (NUM_LOCK, "both"), (CAPS_LOCK, "Num Lock")]
        {
            person.press(&[lock]);
            person.press(&[CONTROL, SHIFT, U]);
            expect_pressed(&events, name);
        }
        expect_end(shortcuts, &events);
    });
}

#[test]
fn keys_that_are_held_down_count_once() {
    on_own_display("shortcuts::keys_that_are_held_down_count_once", || {
        let person = Person::new();
        let (shortcuts, events) = start();
        shortcuts.set(Some("F9")).expect("it is free");
        // To the server, a key that goes down while it is down repeats itself.
        for _ in 0..5 {
            person.down(F9);
        }
        person.up(F9);
        expect_pressed(&events, "held down");
        person.press(&[F9]);
        expect_pressed(&events, "pressed again");
        expect_end(shortcuts, &events);
    });
}

#[test]
fn taken_keys_are_told_and_free_again_later() {
    on_own_display("shortcuts::taken_keys_are_told_and_free_again_later", || {
        let person = Person::new();
        let ((first, of_first), (second, of_second)) = (start(), start());
        first.set(Some("Ctrl+Shift+U")).expect("they are free");
        let error = second.set(Some("Ctrl+Shift+U")).expect_err("they are taken");
        assert!(matches!(&error, Error::ShortcutTaken { keys } if keys == "Ctrl+Shift+U"));
        person.press(&[CONTROL, SHIFT, U]);
        expect_pressed(&of_first, "whoever came first");

        first.set(Some("Ctrl+Nonsense")).expect_err("is no key");
        second.set(Some("Ctrl+Shift+U")).expect("they were given up");
        expect_end(second, &of_second);
        until("they are released", || first.set(Some("Ctrl+Shift+U")).is_ok());
        person.press(&[CONTROL, SHIFT, U]);
        expect_pressed(&of_first, "after the other's end");
        expect_end(first, &of_first);
    });
}

#[test]
fn what_cannot_be_pressed_is_told() {
    on_own_display("shortcuts::what_cannot_be_pressed_is_told", || {
        let (shortcuts, _events) = start();
        let error = shortcuts.set(Some("Ctrl+F35")).expect_err("keyboards end before");
        assert!(matches!(&error, Error::NoSuchKey { keys } if keys == "Ctrl+F35"), "{error}");
        let error = shortcuts.set(Some("U")).expect_err("people want to type it");
        assert!(matches!(error, Error::BadShortcut { .. }), "{error}");
    });
}

#[test]
fn another_layout_is_followed() {
    on_own_display("shortcuts::another_layout_is_followed", || {
        let person = Person::new();
        let (shortcuts, events) = start();
        shortcuts.set(Some("Ctrl+Shift+U")).expect("they are free");
        person.swap(U, K);
        until("the key that types U now is heard", || {
            person.press(&[CONTROL, SHIFT, U]);
            events.try_recv().is_ok()
        });
        drop(shortcuts);
    });
}

#[test]
fn there_are_none_without_a_server() {
    for display in ["", ":no-such-display"] {
        again_with_display("shortcuts::there_are_none_without_a_server", display, || {
            assert!(Shortcuts::start(|_| ()).is_none());
        });
    }
}

#[test]
fn a_server_that_hangs_holds_nobody_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("server");
    let _silent = UnixListener::bind(&path).expect("is free");
    let name = "shortcuts::a_server_that_hangs_holds_nobody_up";
    again_with_display(name, &format!("{}:0", path.display()), || {
        assert!(Shortcuts::start(|_| ()).is_none());
    });
}
