#![expect(clippy::used_underscore_binding, reason = "the macro passes every argument on")]

use std::sync::mpsc::channel;

use vario_desktop::theme;
use zbus::blocking::Connection;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

use crate::private::{connect, next, on_private_bus};

const PATH: &str = "/org/freedesktop/portal/desktop";

/// The settings portal, with the color scheme as its only setting.
struct Portal {
    scheme: u32,
    knows_read_one: bool,
}

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Portal {
    fn read_one(&self, _namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        if !self.knows_read_one {
            return Err(zbus::fdo::Error::UnknownMethod("ReadOne".to_owned()));
        }
        assert_eq!(key, "color-scheme");
        Ok(OwnedValue::from(self.scheme))
    }

    fn read(&self, _namespace: &str, _key: &str) -> OwnedValue {
        let wrapped = Value::Value(Box::new(Value::U32(self.scheme)));
        OwnedValue::try_from(wrapped).expect("holds no file")
    }

    #[zbus(signal)]
    async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Value<'_>,
    ) -> zbus::Result<()>;
}

fn serve(scheme: u32, knows_read_one: bool) -> Connection {
    let connection = connect();
    connection.object_server().at(PATH, Portal { scheme, knows_read_one }).expect("is free");
    connection.request_name("org.freedesktop.portal.Desktop").expect("is free");
    connection
}

fn change(portal: &Connection, namespace: &str, key: &str, value: Value<'_>) {
    let interface = portal.object_server().interface::<_, Portal>(PATH).expect("is served");
    let told = Portal::setting_changed(interface.signal_emitter(), namespace, key, value);
    zbus::block_on(told).expect("the bus is there");
}

#[test]
fn is_unknown_without_a_portal() {
    on_private_bus("theme::is_unknown_without_a_portal", || {
        assert_eq!(theme::prefers_dark(), None);
    });
}

#[test]
fn is_what_the_portal_says() {
    on_private_bus("theme::is_what_the_portal_says", || {
        for (scheme, knows_read_one, expected) in
            [(1, true, Some(true)), (2, true, Some(false)), (1, false, Some(true)), (9, true, None)]
        {
            let portal = serve(scheme, knows_read_one);
            assert_eq!(theme::prefers_dark(), expected, "{scheme} {knows_read_one}");
            portal.release_name("org.freedesktop.portal.Desktop").expect("was ours");
        }
    });
}

#[test]
fn changes_are_followed() {
    on_private_bus("theme::changes_are_followed", || {
        let portal = serve(2, true);
        let (sender, changes) = channel();
        theme::watch(move |dark| sender.send(dark).is_ok());
        assert!(!next(&changes), "light at first");

        let appearance = "org.freedesktop.appearance";
        change(&portal, appearance, "contrast", Value::U32(1));
        change(&portal, "org.gnome.desktop.interface", "color-scheme", Value::from("dark"));
        change(&portal, appearance, "color-scheme", Value::U32(1));
        assert!(next(&changes), "then dark, and nothing else in between");
        change(&portal, appearance, "color-scheme", Value::U32(0));
        assert!(!next(&changes), "and light again");
    });
}
