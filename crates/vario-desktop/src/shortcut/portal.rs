//! The portal for shortcuts, which Wayland desktops may have.
//!
//! It answers some calls only after the user has, so nothing here waits for an answer: what is
//! wanted and what the portal says come through one channel, and [`Binding`] knows what is next.

mod binding;
mod messages;

use std::sync::mpsc::{Sender, SyncSender, channel};
use std::thread;
use std::time::Duration;

use zbus::MatchRule;
use zbus::blocking::{Connection, MessageIterator, connection};
use zbus::message::Type;

use self::binding::Binding;
use self::messages::{Said, read};
use super::ShortcutEvent;
use super::keys::Keys;
use super::session::{OnEvent, start_thread};
use crate::Error;

const SERVICE: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const INTERFACE: &str = "org.freedesktop.portal.GlobalShortcuts";

/// How long one call may take. None of them waits for the user.
const ANSWER: Duration = Duration::from_secs(5);

/// What the thread is told.
enum News {
    Set(Option<Keys>),
    Said(Said),
    /// The session bus has ended.
    Gone,
    End,
}

#[derive(Debug)]
pub(super) struct Portal {
    news: Sender<News>,
}

impl Portal {
    /// None where the desktop has no such portal.
    pub(super) fn start(on_event: OnEvent) -> Option<Self> {
        start_thread(move |started: &SyncSender<Self>| {
            let (news, receiver) = channel();
            let Some(connection) = connect(&news) else { return };
            if started.send(Self { news }).is_err() {
                return;
            }
            let mut binding = Binding::new(connection.clone());
            for told in receiver {
                let event = match told {
                    News::Set(keys) => binding.set(keys).err().map(ShortcutEvent::Failed),
                    News::Said(said) => binding.hear(said),
                    News::Gone => {
                        on_event(ShortcutEvent::Failed(Error::ShortcutsStopped));
                        break;
                    }
                    News::End => break,
                };
                event.into_iter().for_each(&on_event);
            }
            // Whatever is bound ends with the connection, but a bus may be slow to notice.
            binding.release();
            connection.close().unwrap_or_default();
        })
    }

    pub(super) fn set(&self, keys: Option<Keys>) -> Result<(), Error> {
        self.news.send(News::Set(keys)).ok().ok_or(Error::ShortcutsStopped)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        // Where the thread has ended already there is nothing to end.
        self.news.send(News::End).unwrap_or_default();
    }
}

/// A connection on which the portal is heard; none if there is no portal for shortcuts.
fn connect(news: &Sender<News>) -> Option<Connection> {
    let connection = connection::Builder::session().ok()?.method_timeout(ANSWER).build().ok()?;
    messages::introduce(&connection);
    messages::version(&connection)?;
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender(SERVICE)
        .and_then(|rule| rule.path_namespace(PATH))
        .ok()?
        .build();
    let signals = MessageIterator::for_match_rule(rule, &connection, None).ok()?;
    let news = news.clone();
    let listen = move || {
        for message in signals.map_while(Result::ok) {
            let said = read(&message).map_or(Ok(()), |said| news.send(News::Said(said)));
            if said.is_err() {
                return;
            }
        }
        // Nobody hears it if it was closed here.
        news.send(News::Gone).unwrap_or_default();
    };
    thread::Builder::new().name("portal".to_owned()).spawn(listen).ok()?;
    Some(connection)
}
