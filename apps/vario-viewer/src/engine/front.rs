//! What the owner of the state directory, the window and the tray know of each other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crossbeam_channel::Sender;
use parking_lot::Mutex;
use vario_bootstrap::{Error, Vario};
use vario_runtime::owner::{Changed, Front, Loaded, Teller};
use vario_ui::Page;
use vario_value::LogLevel;

use super::log::Least;

/// What a program without a window of its own is asked to do.
pub(crate) enum Wish {
    /// Open one, with a page if one was chosen.
    Open(Option<Page>),
    /// The one that was opened is closed.
    Closed,
    /// End.
    Quit,
}

/// What the window is asked to do.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Come to the front.
    pub(crate) show: bool,
    /// Show this page.
    pub(crate) page: Option<Page>,
    /// Close, and the program with it.
    pub(crate) quit: bool,
}

/// How the window is, for those on other threads.
#[derive(Default)]
pub(crate) struct WindowState {
    context: OnceLock<egui::Context>,
    is_open: AtomicBool,
    is_closing: AtomicBool,
    is_quitting: AtomicBool,
    has_tray: AtomicBool,
    wanted: Mutex<Wanted>,
    resident: Mutex<Option<Sender<Wish>>>,
}

impl WindowState {
    /// The window is there, or will be in a moment.
    pub(crate) fn set_open(&self, is_open: bool) {
        self.is_open.store(is_open, Ordering::Release);
    }

    /// The context by which it is woken.
    pub(crate) fn set_context(&self, context: egui::Context) {
        let _there_is_one_only = self.context.set(context);
    }

    /// The window closes; what is asked of it now comes too late.
    pub(crate) fn close(&self) {
        self.is_closing.store(true, Ordering::Release);
        self.set_open(false);
    }

    /// From now on the program has no window, and opens others when asked to. What was asked
    /// meanwhile is done first.
    pub(crate) fn reside(&self, wishes: Sender<Wish>) {
        let mut resident = self.resident.lock();
        self.set_open(false);
        let wanted = self.take_wanted();
        if wanted.quit {
            let _it_is_listening = wishes.send(Wish::Quit);
        } else if wanted.show || !self.has_tray() {
            // Without a tray nobody would find the program again.
            let _it_is_listening = wishes.send(Wish::Open(wanted.page));
        }
        *resident = Some(wishes);
    }

    /// Whether something waits for a window.
    pub(crate) fn is_wanted(&self) -> bool {
        let wanted = self.wanted.lock();
        wanted.show || wanted.quit
    }

    /// Whether the program can be found in a tray.
    pub(crate) fn has_tray(&self) -> bool {
        self.has_tray.load(Ordering::Acquire)
    }

    pub(super) fn set_tray(&self, has_tray: bool) {
        self.has_tray.store(has_tray, Ordering::Release);
    }

    /// Lets the window look for updates.
    pub(super) fn wake(&self) {
        if let Some(context) = self.context.get() {
            context.request_repaint();
        }
    }

    /// What was asked of the window since the last time.
    pub(crate) fn take_wanted(&self) -> Wanted {
        std::mem::take(&mut *self.wanted.lock())
    }

    pub(crate) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Acquire)
    }

    /// Brings the window to the front, or opens one. Gives whether that can be.
    pub(super) fn show(&self, page: Option<Page>) -> bool {
        let resident = self.resident.lock();
        if let Some(resident) = resident.as_ref() {
            return resident.send(Wish::Open(page)).is_ok();
        }
        // A window that does not exist yet does it as soon as it does.
        let mut wanted = self.wanted.lock();
        wanted.show = true;
        wanted.page = page.or(wanted.page.take());
        drop(wanted);
        self.wake();
        !self.is_closing.load(Ordering::Acquire)
    }

    /// Whether the program was told to end.
    pub(crate) fn is_quitting(&self) -> bool {
        self.is_quitting.load(Ordering::Acquire)
    }

    /// Ends the program.
    pub(crate) fn quit(&self) {
        self.is_quitting.store(true, Ordering::Release);
        let resident = self.resident.lock();
        if let Some(resident) = resident.as_ref() {
            let _it_has_ended = resident.send(Wish::Quit);
            return;
        }
        self.wanted.lock().quit = true;
        self.wake();
    }
}

/// The program's own front, with a window.
pub(super) struct WindowFront {
    inner: Arc<dyn Front>,
    window: Arc<WindowState>,
    least: Arc<Least>,
}

impl WindowFront {
    pub(super) fn new(
        vario: &Vario,
        window: Arc<WindowState>,
        least: Arc<Least>,
    ) -> Result<Self, Error> {
        Ok(Self { inner: vario.front()?, window, least })
    }
}

impl Front for WindowFront {
    fn load(&self) -> Result<Loaded, String> {
        self.inner.load()
    }

    fn scope(&self) -> String {
        self.inner.scope()
    }

    fn wanted_lines(&self) -> Option<LogLevel> {
        Some(self.least.get())
    }

    fn has_window(&self) -> bool {
        self.window.is_open()
    }

    fn show(&self) -> bool {
        self.window.show(None)
    }

    fn changed(&self, what: Changed) {
        self.inner.changed(what);
    }

    fn began(&self) {
        self.inner.began();
    }

    fn ended(&self) {
        self.inner.ended();
    }

    fn manage(&self, command: serde_json::Value, teller: Teller) {
        self.inner.manage(command, teller);
    }
}
