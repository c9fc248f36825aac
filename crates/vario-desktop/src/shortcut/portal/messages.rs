//! What is said to the portal, and what it says.

use std::collections::HashMap;

use zbus::Message;
use zbus::blocking::Connection;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

use super::{INTERFACE, PATH, SERVICE};

/// The one shortcut there is.
pub(super) const ID: &str = "open-window";

/// What the desktop's settings call it.
const DESCRIPTION: &str = "Open the window";

/// The name of the program's desktop file. Portals know programs by it.
const DESKTOP_FILE: &str = "io.github.vario_host.Vario";

const SESSION: &str = "org.freedesktop.portal.Session";

/// What the portal says.
#[derive(Debug)]
pub(super) enum Said {
    /// The answer to a request: none if it failed, or the user did not want it.
    Answer { request: String, results: Option<HashMap<String, OwnedValue>> },
    /// Keys of a session were pressed.
    Activated { session: String, id: String },
    /// A session has ended.
    Closed { session: String },
}

pub(super) fn read(message: &Message) -> Option<Said> {
    let header = message.header();
    let path = || header.path().map(ToString::to_string);
    let body = message.body();
    match (header.interface()?.as_str(), header.member()?.as_str()) {
        ("org.freedesktop.portal.Request", "Response") => {
            let (code, results) = body.deserialize::<(u32, HashMap<String, OwnedValue>)>().ok()?;
            Some(Said::Answer { request: path()?, results: (code == 0).then_some(results) })
        }
        (INTERFACE, "Activated") => {
            type Body<'a> = (ObjectPath<'a>, String, u64, HashMap<String, OwnedValue>);
            let (session, id, _, _) = body.deserialize::<Body<'_>>().ok()?;
            Some(Said::Activated { session: session.to_string(), id })
        }
        (SESSION, "Closed") => Some(Said::Closed { session: path()? }),
        _ => None,
    }
}

/// Says which program this is. Portals that do not ask find out by other means.
pub(super) fn introduce(connection: &Connection) {
    let options: HashMap<&str, Value<'_>> = HashMap::new();
    let interface = "org.freedesktop.host.portal.Registry";
    let call = (DESKTOP_FILE, options);
    let said = connection.call_method(Some(SERVICE), PATH, Some(interface), "Register", &call);
    said.map(drop).unwrap_or_default();
}

/// The version of the portal for shortcuts; none if there is no such portal.
pub(super) fn version(connection: &Connection) -> Option<u32> {
    let interface = "org.freedesktop.DBus.Properties";
    let question = (INTERFACE, "version");
    let answer = connection.call_method(Some(SERVICE), PATH, Some(interface), "Get", &question);
    let value: OwnedValue = answer.ok()?.body().deserialize().ok()?;
    value.downcast_ref().ok()
}

/// Gives the request, whose answer has the session.
pub(super) fn create_session(connection: &Connection, token: &str) -> zbus::Result<String> {
    let options = HashMap::from([
        ("handle_token", Value::from(token)),
        ("session_handle_token", Value::from(token)),
    ]);
    request(connection, "CreateSession", &(options,))
}

/// Gives the request, whose answer says what is bound.
pub(super) fn bind(
    connection: &Connection,
    session: &str,
    trigger: &str,
    token: &str,
) -> zbus::Result<String> {
    let session = ObjectPath::try_from(session)?;
    let shortcut = HashMap::from([
        ("description", Value::from(DESCRIPTION)),
        ("preferred_trigger", Value::from(trigger)),
    ]);
    let (parent_window, options) = ("", HashMap::from([("handle_token", Value::from(token))]));
    let call = (session, vec![(ID, shortcut)], parent_window, options);
    request(connection, "BindShortcuts", &call)
}

pub(super) fn close(connection: &Connection, session: &str) {
    let closed = connection.call_method(Some(SERVICE), session, Some(SESSION), "Close", &());
    // One that is gone already is closed.
    closed.map(drop).unwrap_or_default();
}

fn request<B>(connection: &Connection, method: &str, body: &B) -> zbus::Result<String>
where
    B: zbus::export::serde::ser::Serialize + zbus::zvariant::DynamicType,
{
    let answer = connection.call_method(Some(SERVICE), PATH, Some(INTERFACE), method, body)?;
    Ok(answer.body().deserialize::<OwnedObjectPath>()?.to_string())
}

/// The session in an answer. It is an object path that is sent as a text.
pub(super) fn session_of(results: &HashMap<String, OwnedValue>) -> Option<String> {
    match &**results.get("session_handle")? {
        Value::Str(path) => Some(path.to_string()),
        Value::ObjectPath(path) => Some(path.to_string()),
        _ => None,
    }
}

/// Whether our shortcut is among those that were bound. Portals that do not list them have them.
pub(super) fn is_bound(results: &HashMap<String, OwnedValue>) -> bool {
    let Some(Value::Array(bound)) = results.get("shortcuts").map(|value| &**value) else {
        return true;
    };
    let is_ours = |entry: &Value<'_>| match entry {
        Value::Structure(entry) => entry.fields().first() == Some(&Value::from(ID)),
        _ => false,
    };
    bound.inner().iter().any(is_ours)
}
