//! The settings portal of the session bus, which every larger Linux desktop has.

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use zbus::blocking::{Proxy, connection};
use zbus::zvariant::{OwnedValue, Value};

const SERVICE: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const INTERFACE: &str = "org.freedesktop.portal.Settings";
const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";

/// How long [`prefers_dark`] takes at most.
const QUICK: Duration = Duration::from_millis(500);

/// The bus may have to start the portal, and the portal its helpers.
const PATIENT: Duration = Duration::from_secs(25);

/// Whether the user prefers dark; none where nobody knows, or nobody answers within half a second.
/// No preference counts as light, which is what such a desktop looks like.
pub fn prefers_dark() -> Option<bool> {
    let (sender, answer) = sync_channel(1);
    let ask = move || sender.send(connect(QUICK).and_then(|portal| read(&portal)));
    thread::Builder::new().name("theme".to_owned()).spawn(ask).ok()?;
    answer.recv_timeout(QUICK).ok()?
}

/// Calls back with what the user prefers, dark or not, as soon as it is known and on every change,
/// from a thread of its own. Never does where there is no portal. Ends when the callback says
/// `false`.
pub fn watch(mut on_change: impl FnMut(bool) -> bool + Send + 'static) {
    let work = move || {
        follow(&mut on_change).unwrap_or_default();
    };
    // Without a thread the theme stays as it is.
    thread::Builder::new().name("theme".to_owned()).spawn(work).map(drop).unwrap_or_default();
}

fn follow(on_change: &mut impl FnMut(bool) -> bool) -> Option<()> {
    let portal = connect(PATIENT)?;
    // Listening starts before the first question, so that no change falls in between.
    let arguments = [(0, NAMESPACE), (1, KEY)];
    let changes = portal.receive_signal_with_args("SettingChanged", &arguments).ok()?;
    if !on_change(read(&portal)?) {
        return None;
    }
    for change in changes {
        let value = change.body().deserialize::<(String, String, OwnedValue)>().ok();
        let dark = value.and_then(|(_, _, value)| is_dark(&value));
        if !dark.is_none_or(&mut *on_change) {
            break;
        }
    }
    None
}

fn connect(limit: Duration) -> Option<Proxy<'static>> {
    let connection = connection::Builder::session().ok()?.method_timeout(limit).build().ok()?;
    Proxy::new(&connection, SERVICE, PATH, INTERFACE).ok()
}

/// `ReadOne` came with version 2 of the portal; `Read` wraps its answer once more.
fn read(portal: &Proxy<'_>) -> Option<bool> {
    let question = (NAMESPACE, KEY);
    let value: OwnedValue =
        portal.call("ReadOne", &question).or_else(|_| portal.call("Read", &question)).ok()?;
    is_dark(&value)
}

/// 0 is no preference, 1 dark and 2 light; other numbers may come to mean something.
fn is_dark(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Value(inner) => is_dark(inner),
        Value::U32(1) => Some(true),
        Value::U32(0 | 2) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use zbus::zvariant::Value;

    use super::is_dark;

    #[test]
    fn what_the_portal_says() {
        for (name, value, expected) in [
            ("no preference", Value::U32(0), Some(false)),
            ("dark", Value::U32(1), Some(true)),
            ("light", Value::U32(2), Some(false)),
            ("of a later version", Value::U32(3), None),
            ("wrapped", Value::Value(Box::new(Value::U32(1))), Some(true)),
            ("not a number", Value::from("dark"), None),
        ] {
            assert_eq!(is_dark(&value), expected, "{name}");
        }
    }
}
