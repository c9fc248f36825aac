use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use vario_sandbox::{ErrorKind, Natives, ScriptError, StopReason, StopSignal};

use crate::raw::heap::Heap;

/// What one instance's callbacks share with it. Holds no script value.
pub(crate) struct State {
    pub(crate) stop: Arc<StopSignal>,
    pub(crate) natives: Arc<dyn Natives>,
    pub(crate) heap: Rc<Heap>,
    /// The ids of all native functions; a callback's number is a place in here.
    pub(crate) ids: Vec<u32>,
    /// The modules so far, by path. A file that is not in here must not import.
    pub(crate) modules: RefCell<HashSet<String>>,
    /// Whether this is a background plugin's world; see [`crate::background`].
    pub(crate) background: bool,
    /// Whether its prelude wants to hear of new promises.
    pub(crate) watches_promises: Cell<bool>,
}

impl State {
    /// Why the script must end now, if it must.
    pub(crate) fn stop_reason(&self) -> Option<StopReason> {
        if let Some(reason) = self.stop.poll() {
            return Some(reason.clone());
        }
        self.heap.is_over().then_some(StopReason::Memory)
    }

    /// Whether the host may not be called any more. After the deadline it may: its functions say
    /// themselves what a late call gets.
    pub(crate) fn is_closed(&self) -> bool {
        self.stop.poll().is_some_and(|reason| *reason != StopReason::Deadline)
    }

    /// The error of a script that the engine ended.
    pub(crate) fn stopped(&self) -> ScriptError {
        match self.stop_reason() {
            Some(reason) => ScriptError::stopped(reason),
            // It lived on the reserve for a moment, was interrupted, and has freed that since.
            None if self.heap.was_reached() => ScriptError::stopped(StopReason::Memory),
            None => ScriptError::new(ErrorKind::Internal, "the script was ended without a reason"),
        }
    }
}
