use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use mlua::{Lua, VmState};
use vario_sandbox::{StopReason, StopSignal};

/// The clock is looked at once in so many interrupts: they come with every call and every turn
/// of a loop, and the clock is most of their price.
const INTERRUPTS_PER_LOOK: u32 = 16;

/// What the interrupt needs to know. Once it has fired it fires for ever, so that no `pcall`
/// survives a stop.
pub(crate) struct Control {
    stop: Arc<StopSignal>,
    interrupts: AtomicU32,
    fired: AtomicBool,
    masked: AtomicBool,
    heap_bytes: usize,
    /// Garbage is collected when the heap has grown to this, in bytes.
    collect_at: AtomicUsize,
}

/// What a script sees when it catches a stop; nothing it does then runs for long.
#[derive(Debug)]
struct Ended;

impl std::fmt::Display for Ended {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the run is over")
    }
}

impl std::error::Error for Ended {}

impl Control {
    pub(crate) fn new(stop: Arc<StopSignal>, heap_bytes: usize) -> Self {
        Self {
            stop,
            interrupts: AtomicU32::new(0),
            fired: AtomicBool::new(false),
            masked: AtomicBool::new(false),
            heap_bytes,
            collect_at: AtomicUsize::new(heap_bytes / 2),
        }
    }

    /// Called by the engine at every call, return and turn of a loop.
    pub(crate) fn interrupt(&self) -> mlua::Result<VmState> {
        if self.masked.load(Ordering::Relaxed) {
            return Ok(VmState::Continue);
        }
        if !self.fired.load(Ordering::Relaxed) {
            // Only this thread counts, so a plain load and store will do.
            let count = self.interrupts.load(Ordering::Relaxed);
            self.interrupts.store(count.wrapping_add(1), Ordering::Relaxed);
            if !count.is_multiple_of(INTERRUPTS_PER_LOOK) || self.reason().is_none() {
                return Ok(VmState::Continue);
            }
        }
        Err(ended())
    }

    /// Collects garbage before the heap limit is reached: Luau's collector is paced by what was
    /// allocated, and an allocation that fails does not wait for it.
    pub(crate) fn relieve(&self, lua: &Lua) {
        if lua.used_memory() < self.collect_at.load(Ordering::Relaxed) {
            return;
        }
        let _collected_or_not = lua.gc_collect();
        let used = lua.used_memory();
        let room = self.heap_bytes.saturating_sub(used);
        // A heap that is truly full must not be collected over and over again.
        let next = used.saturating_add((room / 2).max(self.heap_bytes / 32));
        self.collect_at.store(next.max(self.heap_bytes / 2), Ordering::Relaxed);
    }

    /// Why the run is over, if it is; looks at the clock.
    pub(crate) fn reason(&self) -> Option<&StopReason> {
        let reason = self.stop.poll();
        if reason.is_some() {
            self.fired.store(true, Ordering::Relaxed);
        }
        reason
    }

    /// Makes sure that the run is over: a native said so.
    pub(crate) fn end(&self) -> mlua::Error {
        if self.reason().is_none() {
            self.stop.stop(StopReason::Cancelled);
            self.fired.store(true, Ordering::Relaxed);
        }
        ended()
    }

    /// Runs code of ours that must work although the run is over. It must be short.
    pub(crate) fn masked<T>(&self, work: impl FnOnce() -> T) -> T {
        self.masked.store(true, Ordering::Relaxed);
        let result = work();
        self.masked.store(false, Ordering::Relaxed);
        result
    }
}

/// The error that unwinds a script whose run is over.
pub(crate) fn ended() -> mlua::Error {
    mlua::Error::external(Ended)
}
