//! The tray of Linux desktops: an item that a `StatusNotifierWatcher` on the session bus shows.

mod item;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ksni::blocking::{Handle, TrayMethods};

use self::item::Item;
use super::{TrayEvent, TrayView};

/// How long [`Tray::start`] waits for the bus.
const START: Duration = Duration::from_secs(2);

/// The tray icon, shown until this is dropped.
///
/// A thread of its own speaks to the desktop, so nothing here waits for one that hangs.
#[derive(Debug)]
pub struct Tray {
    shared: Arc<Shared>,
}

/// What the caller leaves for the thread.
#[derive(Debug, Default)]
struct Shared {
    wish: Mutex<Wish>,
    changed: Condvar,
    is_shown: AtomicBool,
}

#[derive(Debug, Default)]
struct Wish {
    /// Only the latest view counts.
    view: Option<TrayView>,
    is_over: bool,
}

impl Tray {
    /// Shows the icon. None where the desktop has no tray: no session bus, nobody who shows items,
    /// or no answer within two seconds.
    ///
    /// A program that starts with the session may be there before the panel is; ask again later
    /// then. `on_event` runs on another thread, should return soon, and may use this tray.
    pub fn start(
        view: TrayView,
        on_event: impl Fn(TrayEvent) + Send + Sync + 'static,
    ) -> Option<Self> {
        let shared = Arc::new(Shared::default());
        shared.is_shown.store(true, Ordering::Release);
        let item = Item::new(view, Arc::clone(&shared), Box::new(on_event));
        let (started, is_started) = sync_channel(1);
        let of_thread = Arc::clone(&shared);
        let work = move || run(item, &of_thread, &started);
        thread::Builder::new().name("tray".to_owned()).spawn(work).ok()?;
        // Dropping the tray makes a thread that comes too late take the icon away again.
        let tray = Self { shared };
        let is_there = is_started.recv_timeout(START).unwrap_or(false);
        is_there.then_some(tray)
    }

    /// Shows something else. Returns at once; of several views in a row, the last one stays.
    pub fn update(&self, view: TrayView) {
        self.shared.ask(|wish| wish.view = Some(view));
    }

    /// Whether the desktop still has a tray. Where it is lost, [`TrayEvent::Lost`] came.
    pub fn is_shown(&self) -> bool {
        self.shared.is_shown.load(Ordering::Acquire)
    }
}

impl Drop for Tray {
    fn drop(&mut self) {
        self.shared.ask(|wish| wish.is_over = true);
    }
}

impl Shared {
    fn ask(&self, change: impl FnOnce(&mut Wish)) {
        change(&mut self.wish.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_one();
    }

    /// Waits for another view; none when it is over.
    fn next_view(&self) -> Option<TrayView> {
        let wish = self.wish.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wish = self
            .changed
            .wait_while(wish, |wish| !wish.is_over && wish.view.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        if wish.is_over { None } else { wish.view.take() }
    }
}

fn run(item: Item, shared: &Shared, started: &SyncSender<bool>) {
    let Ok(handle) = item.spawn() else {
        // Nobody may be waiting any more, and that is fine.
        started.send(false).unwrap_or_default();
        return;
    };
    started.send(true).unwrap_or_default();
    follow(shared, &handle);
    handle.update(Item::end).unwrap_or_default();
    handle.shutdown().wait();
}

fn follow(shared: &Shared, handle: &Handle<Item>) {
    while let Some(view) = shared.next_view() {
        if handle.update(|item| item.show(view)).is_none() {
            return;
        }
    }
}

/// The token with which a window may come to the front on Wayland, while an event is handed over;
/// none elsewhere, or when the desktop gave none. A program that is started to show the window
/// expects it in `XDG_ACTIVATION_TOKEN`.
pub fn activation_token() -> Option<String> {
    ksni::current_xdg_activation_token()
}
