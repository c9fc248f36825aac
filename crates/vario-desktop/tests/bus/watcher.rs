//! A desktop with a tray, as far as an item can tell.

use std::sync::mpsc::{Receiver, Sender, channel};

use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{OwnedValue, Value};

use crate::private::{connect, next};

const NAME: &str = "org.kde.StatusNotifierWatcher";
const PATH: &str = "/StatusNotifierWatcher";

struct Watcher(Sender<String>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.0.send(service).expect("the test listens");
    }

    #[expect(clippy::unused_self, reason = "the interface has methods only")]
    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

/// Shows items until it is dropped.
pub(crate) struct Panel {
    connection: Connection,
    registered: Receiver<String>,
}

/// A picture: width, height, pixels.
pub(crate) type Pixmap = (i32, i32, Vec<u8>);

/// Title and text of a tooltip, after an icon's name and pictures.
pub(crate) type ToolTip = (String, Vec<Pixmap>, String, String);

/// An entry of a menu: id, properties, children.
type Layout = (i32, std::collections::HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Panel {
    pub(crate) fn start() -> Self {
        let (sender, registered) = channel();
        let connection = connect();
        connection.object_server().at(PATH, Watcher(sender)).expect("is free");
        connection.request_name(NAME).expect("is free");
        Self { connection, registered }
    }

    /// The item that registered next.
    pub(crate) fn next_item(&self) -> Shown {
        Shown { connection: self.connection.clone(), service: next(&self.registered) }
    }

    /// As when the panel crashes.
    pub(crate) fn leave(&self) {
        self.connection.release_name(NAME).expect("was ours");
    }

    pub(crate) fn come_back(&self) {
        self.connection.request_name(NAME).expect("is free");
    }
}

/// An item in the panel.
pub(crate) struct Shown {
    connection: Connection,
    service: String,
}

impl Shown {
    pub(crate) fn item(&self) -> Proxy<'static> {
        self.proxy("/StatusNotifierItem", "org.kde.StatusNotifierItem")
    }

    fn menu(&self) -> Proxy<'static> {
        self.proxy("/MenuBar", "com.canonical.dbusmenu")
    }

    fn proxy(&self, path: &'static str, interface: &'static str) -> Proxy<'static> {
        zbus::blocking::proxy::Builder::new(&self.connection)
            .destination(self.service.clone())
            .and_then(|builder| builder.path(path))
            .and_then(|builder| builder.interface(interface))
            .and_then(|builder| builder.cache_properties(zbus::proxy::CacheProperties::No).build())
            .expect("names are valid")
    }

    /// Whether the item is still on the bus.
    pub(crate) fn is_there(&self) -> bool {
        let bus = zbus::blocking::fdo::DBusProxy::new(&self.connection).expect("is always there");
        let name = self.service.as_str().try_into().expect("is a name");
        bus.name_has_owner(name).expect("answers")
    }

    /// Hears of every new picture from now on.
    pub(crate) fn new_icons(&self) -> Receiver<()> {
        let signals = self.item().receive_signal("NewIcon").expect("can be heard");
        let (sender, news) = channel();
        std::thread::spawn(move || signals.map(|_| ()).try_for_each(|()| sender.send(())));
        news
    }

    pub(crate) fn tool_tip(&self) -> (String, String) {
        let (_, _, title, text): ToolTip = self.item().get_property("ToolTip").expect("it has one");
        (title, text)
    }

    /// The menu's entries: id, label, and whether they can be chosen. Separators have no label.
    pub(crate) fn entries(&self) -> Vec<(i32, String, bool)> {
        let question = (0_i32, -1_i32, Vec::<String>::new());
        let (_, root): (u32, Layout) = self.menu().call("GetLayout", &question).expect("answers");
        let entry = |child: OwnedValue| {
            let (id, properties, _) = Layout::try_from(child).expect("an entry");
            let label = properties.get("label").map(text).unwrap_or_default();
            let enabled =
                properties.get("enabled").is_none_or(|value| **value == Value::Bool(true));
            (id, label, enabled)
        };
        root.2.into_iter().map(entry).collect()
    }

    /// Chooses the entry with this label.
    pub(crate) fn choose(&self, label: &str) {
        let entries = self.entries();
        let (id, ..) = entries.iter().find(|entry| entry.1 == label).expect("it is in the menu");
        let click = (*id, "clicked", Value::I32(0), 0_u32);
        self.menu().call::<_, _, ()>("Event", &click).expect("is taken");
    }
}

fn text(value: &OwnedValue) -> String {
    String::try_from(value.clone()).expect("a text")
}
