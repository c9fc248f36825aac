//! Parts of the model that other threads keep up to date.

use std::sync::Arc;
use std::thread::Builder;

use parking_lot::Mutex;

use super::{Outlet, Update};

/// One part, and the way to the window. Clones are the same part.
pub(super) struct Part<T> {
    own: Arc<Mutex<T>>,
    outlet: Outlet,
    update: fn(T) -> Update,
}

impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        Self { own: Arc::clone(&self.own), outlet: self.outlet.clone(), update: self.update }
    }
}

impl<T: Clone + Default + PartialEq> Part<T> {
    pub(super) fn new(outlet: Outlet, update: fn(T) -> Update) -> Self {
        Self { own: Arc::default(), outlet, update }
    }

    /// Changes it. The window is told if it is different then.
    pub(super) fn change(&self, change: impl FnOnce(&mut T)) {
        let mut own = self.own.lock();
        let before = own.clone();
        change(&mut own);
        // Under the lock, so that the window hears of changes in their order.
        if *own != before {
            self.outlet.send((self.update)(own.clone()));
        }
    }

    /// As it is.
    pub(super) fn get(&self) -> T {
        self.own.lock().clone()
    }

    /// Tells the window, which may know nothing.
    pub(super) fn tell(&self) {
        let own = self.own.lock();
        self.outlet.send((self.update)(own.clone()));
    }
}

/// Does something that may take a while, on a thread of its own.
pub(super) fn aside(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), String> {
    let thread = Builder::new().name(name.to_owned()).spawn(work);
    thread.map(drop).map_err(|error| format!("there is no thread to be had: {error}"))
}
