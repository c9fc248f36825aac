//! Who hears keys: the X server, or on Wayland the desktop's portal.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::ShortcutEvent;
use super::keys::Keys;
use super::portal::Portal;
use super::x11::X11;
use crate::Error;

/// How long [`Shortcuts::start`] waits for the desktop.
const START: Duration = Duration::from_secs(2);

/// What is told of keys.
pub(super) type OnEvent = Box<dyn Fn(ShortcutEvent) + Send + Sync>;

/// Keys that are heard wherever the user is, until this is dropped.
///
/// A thread of its own speaks to the desktop. It sleeps until something happens.
#[derive(Debug)]
pub struct Shortcuts(Desktop);

#[derive(Debug)]
enum Desktop {
    X11(X11),
    Portal(Portal),
}

impl Shortcuts {
    /// Starts to listen, with no keys chosen yet. None where no program can hear keys that are not
    /// meant for it: no X server, and on Wayland no portal for shortcuts, or no answer within two
    /// seconds. A program that starts with the session may be there before the portal is; ask
    /// again later then.
    ///
    /// `on_event` runs on another thread and should return soon.
    pub fn start(on_event: impl Fn(ShortcutEvent) + Send + Sync + 'static) -> Option<Self> {
        let on_event: OnEvent = Box::new(on_event);
        // An X server on Wayland hears keys only while one of its own windows has the keyboard.
        if is_set("WAYLAND_DISPLAY") {
            Portal::start(on_event).map(|portal| Self(Desktop::Portal(portal)))
        } else if is_set("DISPLAY") {
            X11::start(on_event).map(|x11| Self(Desktop::X11(x11)))
        } else {
            None
        }
    }

    /// Chooses the keys, written as in `Ctrl+Shift+U`, in place of those before; none for no keys.
    /// Returns within some 100 milliseconds. What is known only later, such as an answer of the
    /// user to the desktop's own question, comes as [`ShortcutEvent::Failed`].
    ///
    /// # Errors
    /// Says what is wrong with the keys, or that another program has them. Then none work.
    pub fn set(&self, keys: Option<&str>) -> Result<(), Error> {
        let keys = keys.map(Keys::parse).transpose();
        // Those before are given up even where the new ones cannot be.
        let (keys, wrong) = keys.map_or_else(|error| (None, Some(error)), |keys| (keys, None));
        let outcome = match &self.0 {
            Desktop::X11(x11) => x11.set(keys),
            Desktop::Portal(portal) => portal.set(keys),
        };
        wrong.map_or(outcome, Err)
    }
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// Does the work on a thread of its own, and gives what it says it has started with.
pub(super) fn start_thread<T: Send + 'static>(
    work: impl FnOnce(&SyncSender<T>) + Send + 'static,
) -> Option<T> {
    let (started, is_started) = sync_channel(1);
    let work = move || work(&started);
    thread::Builder::new().name("shortcuts".to_owned()).spawn(work).ok()?;
    // One that comes too late sees that nobody waits, or that its orders have ended.
    is_started.recv_timeout(START).ok()
}
