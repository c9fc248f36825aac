use zbus::blocking::Connection;

use super::messages::{ID, Said, bind, close, create_session, is_bound, session_of};
use crate::Error;
use crate::shortcut::ShortcutEvent;
use crate::shortcut::keys::Keys;

/// How far the portal is. A session binds shortcuts once, so other keys are another session.
pub(super) struct Binding {
    connection: Connection,
    /// How many requests there were; each has a name of its own.
    count: u64,
    state: State,
}

enum State {
    Nothing,
    /// A session is asked for.
    Creating {
        request: String,
        keys: Keys,
    },
    /// The user may be asked now.
    Asking {
        request: String,
        session: String,
        keys: Keys,
    },
    Bound {
        session: String,
        keys: Keys,
    },
}

impl Binding {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, count: 0, state: State::Nothing }
    }

    /// Asks for these keys in place of those before.
    pub(super) fn set(&mut self, keys: Option<Keys>) -> Result<(), Error> {
        self.release();
        let Some(keys) = keys else { return Ok(()) };
        let token = self.token();
        let request = create_session(&self.connection, &token);
        let request = request.map_err(|error| failed(&keys, &error))?;
        self.state = State::Creating { request, keys };
        Ok(())
    }

    /// Gives up whatever is bound.
    pub(super) fn release(&mut self) {
        match std::mem::replace(&mut self.state, State::Nothing) {
            State::Nothing | State::Creating { .. } => {}
            State::Asking { session, .. } | State::Bound { session, .. } => {
                close(&self.connection, &session);
            }
        }
    }

    pub(super) fn hear(&mut self, said: Said) -> Option<ShortcutEvent> {
        match (said, std::mem::replace(&mut self.state, State::Nothing)) {
            (Said::Answer { request: of, results }, State::Creating { request, keys })
                if of == request =>
            {
                let session = results.as_ref().and_then(session_of);
                let Some(session) = session else { return Some(refused(&keys)) };
                self.ask(session, keys).err().map(ShortcutEvent::Failed)
            }
            (Said::Answer { request: of, results }, State::Asking { request, session, keys })
                if of == request =>
            {
                if results.as_ref().is_some_and(is_bound) {
                    self.state = State::Bound { session, keys };
                    return None;
                }
                close(&self.connection, &session);
                Some(refused(&keys))
            }
            (Said::Closed { session: closed }, State::Bound { session, keys })
                if closed == session =>
            {
                Some(refused(&keys))
            }
            (said, state) => {
                self.state = state;
                self.hear_else(said)
            }
        }
    }

    fn hear_else(&self, said: Said) -> Option<ShortcutEvent> {
        match (said, &self.state) {
            (Said::Activated { session: of, id }, State::Bound { session, .. }) => {
                (of == *session && id == ID).then_some(ShortcutEvent::Pressed)
            }
            (Said::Answer { results: Some(results), .. }, _) => {
                // A session for keys that are not wanted any more.
                if let Some(session) = session_of(&results) {
                    close(&self.connection, &session);
                }
                None
            }
            _ => None,
        }
    }

    fn ask(&mut self, session: String, keys: Keys) -> Result<(), Error> {
        let token = self.token();
        match bind(&self.connection, &session, &keys.trigger(), &token) {
            Ok(request) => {
                self.state = State::Asking { request, session, keys };
                Ok(())
            }
            Err(error) => {
                close(&self.connection, &session);
                Err(failed(&keys, &error))
            }
        }
    }

    fn token(&mut self) -> String {
        self.count += 1;
        format!("vario_{}", self.count)
    }
}

fn refused(keys: &Keys) -> ShortcutEvent {
    ShortcutEvent::Failed(Error::ShortcutRefused { keys: keys.to_string() })
}

fn failed(keys: &Keys, error: &zbus::Error) -> Error {
    Error::ShortcutFailed { keys: keys.to_string(), reason: error.to_string() }
}
