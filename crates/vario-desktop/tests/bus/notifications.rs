#![expect(clippy::used_underscore_binding, reason = "the macro passes every argument on")]

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};

use vario_desktop::Notifier;
use zbus::blocking::Connection;
use zbus::zvariant::OwnedValue;

use crate::private::{connect, next, on_private_bus, until};

/// Who sent it, its title, text and the sender's desktop entry.
type Seen = (String, String, String, String);

struct Service {
    seen: Sender<Seen>,
    reads_markup: bool,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    fn get_capabilities(&self) -> Vec<&str> {
        if self.reads_markup { vec!["body", "body-markup"] } else { vec!["body"] }
    }

    #[expect(clippy::too_many_arguments, reason = "the specification has as many")]
    fn notify(
        &self,
        program: String,
        _replaces: u32,
        _icon: &str,
        title: String,
        body: String,
        _actions: Vec<String>,
        mut hints: HashMap<String, OwnedValue>,
        _milliseconds: i32,
    ) -> zbus::fdo::Result<u32> {
        if title == "refused" {
            return Err(zbus::fdo::Error::LimitsExceeded("too many of them".to_owned()));
        }
        let entry = hints.remove("desktop-entry").expect("it says whose it is");
        let entry = String::try_from(entry).expect("a text");
        self.seen.send((program, title, body, entry)).expect("the test listens");
        Ok(1)
    }
}

fn serve(reads_markup: bool) -> (Connection, Receiver<Seen>) {
    let (seen, notifications) = channel();
    let connection = connect();
    let service = Service { seen, reads_markup };
    connection.object_server().at("/org/freedesktop/Notifications", service).expect("is free");
    connection.request_name("org.freedesktop.Notifications").expect("is free");
    (connection, notifications)
}

#[test]
fn arrive_as_text() {
    on_private_bus("notifications::arrive_as_text", || {
        let (_service, seen) = serve(true);
        let notifier = Notifier::start();
        notifier.send("A <b> & c", "80% <used> & more").expect("there is room");
        let (program, title, body, entry) = next(&seen);
        assert_eq!((program.as_str(), entry.as_str()), ("Vario", "vario"));
        assert_eq!(title, "A <b> & c", "titles have no markup");
        assert_eq!(body, "80% &lt;used&gt; &amp; more");
    });
}

#[test]
fn arrive_where_nobody_reads_markup() {
    on_private_bus("notifications::arrive_where_nobody_reads_markup", || {
        let (_service, seen) = serve(false);
        let notifier = Notifier::start();
        notifier.send("title", "80% <used> & more").expect("there is room");
        assert_eq!(next(&seen).2, "80% <used> & more");
    });
}

#[test]
fn a_failure_is_known_and_passes() {
    on_private_bus("notifications::a_failure_is_known_and_passes", || {
        let notifier = Notifier::start();
        assert_eq!(notifier.last_failure(), None);
        notifier.send("nobody", "is there").expect("there is room");
        until("it failed", || notifier.last_failure().is_some());

        let (_service, seen) = serve(true);
        notifier.send("somebody", "is there").expect("there is room");
        assert_eq!(next(&seen).1, "somebody");
        until("it worked", || notifier.last_failure().is_none());
        notifier.send("refused", "").expect("there is room");
        let is_reason = |text: String| text.contains("too many of them");
        until("the reason is known", || notifier.last_failure().is_some_and(is_reason));
    });
}
