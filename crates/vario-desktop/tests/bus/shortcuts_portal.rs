//! A desktop with a portal for shortcuts, whose answers a test gives.
#![expect(clippy::used_underscore_binding, reason = "the macro passes every argument on")]
#![expect(clippy::needless_pass_by_value, reason = "the macro makes values of what is received")]

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};

use zbus::blocking::Connection;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

use crate::private::{connect, next};

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const INTERFACE: &str = "org.freedesktop.portal.GlobalShortcuts";

/// What is asked of the portal.
#[derive(Debug, PartialEq)]
pub(crate) enum Asked {
    CreateSession,
    /// Which keys are wished for.
    Bind {
        session: String,
        trigger: String,
    },
    Close {
        session: String,
    },
}

type Dictionary = HashMap<String, OwnedValue>;

struct Served(Sender<(Asked, String)>);

#[zbus::interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl Served {
    #[expect(clippy::unused_self, reason = "the interface has methods only")]
    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        2
    }

    fn create_session(&self, options: Dictionary) -> OwnedObjectPath {
        assert!(options.contains_key("session_handle_token"), "{options:?}");
        self.asked(Asked::CreateSession, &options)
    }

    fn bind_shortcuts(
        &self,
        session: OwnedObjectPath,
        shortcuts: Vec<(String, Dictionary)>,
        _parent: &str,
        options: Dictionary,
    ) -> OwnedObjectPath {
        let [(id, shortcut)] = shortcuts.as_slice() else { panic!("{shortcuts:?}") };
        assert_eq!(id, "open-window");
        assert_eq!(text(shortcut, "description"), "Open the window");
        let trigger = text(shortcut, "preferred_trigger");
        self.asked(Asked::Bind { session: session.to_string(), trigger }, &options)
    }
}

impl Served {
    fn asked(&self, asked: Asked, options: &Dictionary) -> OwnedObjectPath {
        let request = format!("{PATH}/request/{}", text(options, "handle_token"));
        self.0.send((asked, request.clone())).expect("the test listens");
        request.try_into().expect("is a path")
    }
}

struct Session {
    path: String,
    asked: Sender<(Asked, String)>,
}

#[zbus::interface(name = "org.freedesktop.portal.Session")]
impl Session {
    fn close(&self) {
        let asked = Asked::Close { session: self.path.clone() };
        // The test may have seen enough.
        self.asked.send((asked, String::new())).unwrap_or_default();
    }
}

pub(crate) struct Portal {
    connection: Connection,
    sender: Sender<(Asked, String)>,
    asked: Receiver<(Asked, String)>,
}

impl Portal {
    pub(crate) fn start() -> Self {
        let (sender, asked) = channel();
        let connection = connect();
        connection.object_server().at(PATH, Served(sender.clone())).expect("is free");
        connection.request_name(NAME).expect("is free");
        Self { connection, sender, asked }
    }

    /// What is asked next, and the request to answer.
    pub(crate) fn next(&self) -> (Asked, String) {
        next(&self.asked)
    }

    /// Answers with a session of this name, and gives its path.
    pub(crate) fn create(&self, request: &str, name: &str) -> String {
        let path = format!("{PATH}/session/{name}");
        let session = Session { path: path.clone(), asked: self.sender.clone() };
        let at = OwnedObjectPath::try_from(path.clone()).expect("is a path");
        self.connection.object_server().at(at, session).expect("is free");
        self.answer(request, 0, &HashMap::from([("session_handle", Value::from(path.as_str()))]));
        path
    }

    /// Answers that these shortcuts are bound.
    pub(crate) fn bound(&self, request: &str, ids: &[&str]) {
        let bound: Vec<(&str, HashMap<&str, Value<'_>>)> =
            ids.iter().map(|id| (*id, HashMap::new())).collect();
        self.answer(request, 0, &HashMap::from([("shortcuts", Value::from(bound))]));
    }

    pub(crate) fn answer(&self, request: &str, code: u32, results: &HashMap<&str, Value<'_>>) {
        self.signal(request, "org.freedesktop.portal.Request", "Response", &(code, results));
    }

    /// Keys are pressed.
    pub(crate) fn activate(&self, session: &str, id: &str) {
        let session = ObjectPath::try_from(session).expect("is a path");
        let options: HashMap<&str, Value<'_>> = HashMap::new();
        self.signal(PATH, INTERFACE, "Activated", &(session, id, 0_u64, options));
    }

    /// The desktop ends a session.
    pub(crate) fn end(&self, session: &str) {
        self.signal(session, "org.freedesktop.portal.Session", "Closed", &());
    }

    fn signal<B>(&self, path: &str, interface: &str, member: &str, body: &B)
    where
        B: zbus::export::serde::ser::Serialize + zbus::zvariant::DynamicType,
    {
        let to = None::<&str>;
        self.connection.emit_signal(to, path, interface, member, body).expect("the bus is there");
    }
}

fn text(dictionary: &Dictionary, key: &str) -> String {
    let value = dictionary.get(key).expect("is said").try_clone().expect("holds no file");
    String::try_from(value).expect("a text")
}
