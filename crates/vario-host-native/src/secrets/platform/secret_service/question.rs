use std::time::{Duration, Instant};

use parking_lot::Mutex;
use zbus::blocking::Connection;

use crate::secrets::SecretError;

/// How long a password may be typed, also after the call that wanted it has given up. A service
/// that never shows its question, or forgets it, is asked again after this.
const PATIENCE: Duration = Duration::from_mins(2);

static OPEN: Mutex<Option<Asked>> = Mutex::new(None);

struct Asked {
    since: Instant,
    connection: Connection,
}

/// A service's question to the user for a password; over when dropped. There is one at a time:
/// several plugins must not fill the screen with the same question, nor wait for each other.
pub(super) struct Question {
    connection: Connection,
}

impl Question {
    /// Takes the turn to ask, unless somebody is being asked already.
    pub(super) fn ask(connection: &Connection) -> Result<Self, SecretError> {
        let mut open = OPEN.lock();
        if open.as_ref().is_some_and(|asked| asked.since.elapsed() < PATIENCE) {
            return Err(SecretError::Failed("it is locked and waits to be unlocked".to_owned()));
        }
        let asked = Asked { since: Instant::now(), connection: connection.clone() };
        let abandoned = open.replace(asked);
        drop(open);
        if let Some(abandoned) = abandoned {
            // Takes the question off the screen and ends the thread that waits for its answer.
            let _gone_already = abandoned.connection.close();
        }
        Ok(Self { connection: connection.clone() })
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        let mut open = OPEN.lock();
        let is_ours =
            |asked: &mut Asked| asked.connection.unique_name() == self.connection.unique_name();
        let _over = open.take_if(is_ours);
    }
}
