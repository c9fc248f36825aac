//! The X server tells whoever asks first when a key is pressed.

mod grab;

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xkb::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;

use self::grab::Grab;
use super::ShortcutEvent;
use super::keys::Keys;
use super::session::{OnEvent, start_thread};
use crate::Error;

/// How long [`X11::set`] waits for the server.
const ANSWER: Duration = Duration::from_millis(100);

/// What the caller wants of the thread.
enum Order {
    /// Only who is still waiting takes the answer.
    Set(Option<Keys>, SyncSender<Result<(), Error>>),
    End,
}

pub(super) struct X11 {
    orders: Sender<Order>,
    bell: Bell,
}

/// Wakes the thread, which waits for nothing but the server.
#[derive(Clone)]
struct Bell {
    connection: Arc<RustConnection>,
    window: Window,
}

/// The thread's own.
struct Listener {
    bell: Bell,
    grab: Grab,
    keys: Option<Keys>,
    is_held: bool,
    orders: Receiver<Order>,
    on_event: OnEvent,
}

impl X11 {
    /// None where there is no server that can be used.
    pub(super) fn start(on_event: OnEvent) -> Option<Self> {
        start_thread(move |started: &SyncSender<Self>| {
            let Some((bell, root)) = connect() else { return };
            let (orders, receiver) = channel();
            let grab = Grab::new(Arc::clone(&bell.connection), root);
            let listener = Listener {
                bell: bell.clone(),
                grab,
                keys: None,
                is_held: false,
                orders: receiver,
                on_event,
            };
            if started.send(Self { orders, bell }).is_ok() {
                listener.listen();
            }
        })
    }

    pub(super) fn set(&self, keys: Option<Keys>) -> Result<(), Error> {
        // Whoever sends has to meet the receiver, so no answer is lost on the way.
        let (sender, answer) = sync_channel(0);
        self.order(Order::Set(keys, sender))?;
        match answer.recv_timeout(ANSWER) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => Err(Error::ShortcutsStopped),
        }
    }

    fn order(&self, order: Order) -> Result<(), Error> {
        self.orders.send(order).ok().ok_or(Error::ShortcutsStopped)?;
        self.bell.ring().ok_or(Error::ShortcutsStopped)
    }
}

impl Drop for X11 {
    fn drop(&mut self) {
        // Where the thread has ended already there is nothing to end.
        self.order(Order::End).unwrap_or_default();
    }
}

impl fmt::Debug for X11 {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("X11").field("window", &self.bell.window).finish_non_exhaustive()
    }
}

fn connect() -> Option<(Bell, Window)> {
    let (connection, index) = RustConnection::connect(None).ok()?;
    let root = connection.setup().roots.get(index)?.root;
    let window = connection.generate_id().ok()?;
    // Never shown; it is there to be written to.
    let (class, aux) = (WindowClass::INPUT_ONLY, CreateWindowAux::new());
    let created = connection.create_window(0, window, root, 0, 0, 1, 1, 0, class, 0, &aux);
    created.ok()?.check().ok()?;
    // A server that cannot do this is usable all the same.
    tell_of_keyboard(&connection).unwrap_or_default();
    Some((Bell { connection: Arc::new(connection), window }, root))
}

/// Lets the server tell of keys that are held down as such, rather than as pressed again and again,
/// and of other layouts: whoever asks for the first is not told of the second unless asking.
fn tell_of_keyboard(connection: &RustConnection) -> Option<()> {
    connection.xkb_use_extension(1, 0).ok()?.reply().ok()?;
    let (device, flag) = (xkb::ID::USE_CORE_KBD.into(), xkb::PerClientFlag::DETECTABLE_AUTO_REPEAT);
    let none = xkb::BoolCtrl::default();
    let told = connection.xkb_per_client_flags(device, flag, flag, none, none, none);
    told.ok()?.reply().ok()?;
    let all = xkb::EventType::NEW_KEYBOARD_NOTIFY | xkb::EventType::MAP_NOTIFY;
    let (clear, parts) = (xkb::EventType::default(), xkb::MapPart::KEY_SYMS);
    let aux = xkb::SelectEventsAux::new();
    connection.xkb_select_events(device, clear, all, parts, parts, &aux).ok()?.check().ok()
}

impl Bell {
    /// None if the server is gone.
    fn ring(&self) -> Option<()> {
        let event = ClientMessageEvent::new(32, self.window, AtomEnum::CARDINAL, [0; 5]);
        self.connection.send_event(false, self.window, EventMask::NO_EVENT, event).ok()?;
        self.connection.flush().ok()
    }
}

impl Listener {
    /// Until it is over, or the server is gone; with it goes everything that could be told.
    fn listen(mut self) {
        while let Ok(event) = self.bell.connection.wait_for_event() {
            match event {
                Event::ClientMessage(_) if self.obey() => break,
                Event::KeyPress(_) if !self.is_held => {
                    self.is_held = true;
                    (self.on_event)(ShortcutEvent::Pressed);
                }
                Event::KeyRelease(_) => self.is_held = false,
                Event::MappingNotify(_)
                | Event::XkbMapNotify(_)
                | Event::XkbNewKeyboardNotify(_) => self.follow_layout(),
                _ => {}
            }
        }
        self.grab.release();
    }

    /// Gives whether it is over.
    fn obey(&mut self) -> bool {
        while let Ok(order) = self.orders.try_recv() {
            match order {
                Order::End => return true,
                Order::Set(keys, answer) => {
                    self.keys = keys;
                    let outcome = self.take();
                    if let Err(unheard) = answer.send(outcome)
                        && let Err(error) = unheard.0
                    {
                        (self.on_event)(ShortcutEvent::Failed(error));
                    }
                }
            }
        }
        false
    }

    /// The key that types this letter may be another one now.
    fn follow_layout(&mut self) {
        let worked = self.grab.is_taken();
        if let Err(error) = self.take()
            && worked
        {
            (self.on_event)(ShortcutEvent::Failed(error));
        }
    }

    /// Takes the keys that were chosen, in place of those that were taken.
    fn take(&mut self) -> Result<(), Error> {
        let Some(keys) = &self.keys else {
            self.grab.release();
            return Ok(());
        };
        let is_other = self.grab.take(keys)?;
        self.is_held &= !is_other;
        Ok(())
    }
}
