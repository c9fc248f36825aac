//! The notification service of Linux desktops.

use std::collections::HashMap;
use std::time::Duration;

use zbus::blocking::{Proxy, connection};
use zbus::zvariant::Value;

use super::Message;
use crate::text::escape_markup;
use crate::{APP_ID, APP_NAME};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

const ANSWER: Duration = Duration::from_secs(5);

/// The desktop shows it for as long as it thinks right.
const USUAL_TIME: i32 = -1;

/// Stays connected: some desktops take notifications away when their sender leaves.
#[derive(Default)]
pub(super) struct Service(Option<Proxy<'static>>);

impl Service {
    pub(super) fn show(&mut self, message: &Message) -> Result<(), String> {
        let proxy = match &self.0 {
            Some(proxy) => proxy,
            None => self.0.insert(connect().map_err(|error| error.to_string())?),
        };
        let outcome = send(proxy, message);
        if outcome.is_err() {
            // The bus itself may have ended; the next one connects anew.
            self.0 = None;
        }
        outcome.map(drop).map_err(|error| error.to_string())
    }
}

fn connect() -> zbus::Result<Proxy<'static>> {
    let connection = connection::Builder::session()?.method_timeout(ANSWER).build()?;
    Proxy::new(&connection, SERVICE, PATH, SERVICE)
}

fn send(proxy: &Proxy<'_>, message: &Message) -> zbus::Result<u32> {
    // Asked each time: another service may have taken over.
    let abilities: Vec<String> = proxy.call("GetCapabilities", &())?;
    let reads_markup = abilities.iter().any(|ability| ability == "body-markup");
    let body = if reads_markup { escape_markup(&message.body) } else { message.body.clone() };
    let hints = HashMap::from([("desktop-entry", Value::from(APP_ID))]);
    let (replaces, icon, actions) = (0_u32, "", [""; 0].as_slice());
    let all = (APP_NAME, replaces, icon, &message.title, &body, actions, hints, USUAL_TIME);
    proxy.call("Notify", &all)
}
