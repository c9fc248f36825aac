//! Notifications: when to send one, and sending it.

mod alerts;
#[cfg(any(target_os = "macos", windows))]
mod native;
#[cfg(not(any(target_os = "macos", windows)))]
mod session_bus;

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

pub use self::alerts::{Alert, Alerts, Reading, Thresholds};
#[cfg(any(target_os = "macos", windows))]
use self::native::Service;
#[cfg(not(any(target_os = "macos", windows)))]
use self::session_bus::Service;
use crate::Error;
use crate::text::plain;

/// How many notifications wait at most. More at once than this nobody reads.
const MOST_WAITING: usize = 16;

/// In characters.
const LONGEST_TITLE: usize = 120;
const LONGEST_BODY: usize = 600;

/// Sends notifications from a thread of its own, one after the other.
#[derive(Debug)]
pub struct Notifier {
    queue: SyncSender<Message>,
    failure: Arc<Mutex<Option<String>>>,
}

#[derive(Debug)]
struct Message {
    title: String,
    body: String,
}

impl Notifier {
    /// Starts the thread. Connects to nothing before there is something to send.
    pub fn start() -> Self {
        let (queue, messages) = sync_channel(MOST_WAITING);
        let failure = Arc::new(Mutex::new(None));
        let of_thread = Arc::clone(&failure);
        let work = move || deliver(&messages, &of_thread);
        // Without a thread the queue is closed, and sending says so.
        let thread = thread::Builder::new().name("notifications".to_owned()).spawn(work);
        thread.map(drop).unwrap_or_default();
        Self { queue, failure }
    }

    /// Hands a notification over. Returns at once, before the desktop has seen it. Long texts are
    /// cut; markup is shown as it is.
    ///
    /// # Errors
    /// Says why this one will not be shown: too many are waiting, or the thread has ended.
    pub fn send(&self, title: &str, body: &str) -> Result<(), Error> {
        let title = plain(title, LONGEST_TITLE);
        let body = plain(body, LONGEST_BODY);
        self.queue.try_send(Message { title, body }).map_err(|error| match error {
            TrySendError::Full(_) => Error::NotificationsBusy,
            TrySendError::Disconnected(_) => Error::NotificationsStopped,
        })
    }

    /// Why the latest delivered notification was not shown; none if it was, or none was delivered.
    pub fn last_failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn deliver(messages: &Receiver<Message>, failure: &Mutex<Option<String>>) {
    let mut service = Service::default();
    for message in messages {
        let outcome = service.show(&message).err();
        *failure.lock().unwrap_or_else(PoisonError::into_inner) = outcome;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;
    use std::sync::{Arc, Mutex};

    use super::{MOST_WAITING, Notifier};
    use crate::Error;

    #[test]
    fn a_service_that_hangs_holds_nobody_up() {
        let (queue, messages) = sync_channel(MOST_WAITING);
        let notifier = Notifier { queue, failure: Arc::new(Mutex::new(None)) };
        for _ in 0..MOST_WAITING {
            notifier.send("title", "body").expect("there is room");
        }
        assert!(matches!(notifier.send("title", "body"), Err(Error::NotificationsBusy)));
        drop(messages);
        assert!(matches!(notifier.send("title", "body"), Err(Error::NotificationsStopped)));
    }
}
