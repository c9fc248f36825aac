#![expect(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};
use std::cell::Cell;
use std::ptr;
use std::rc::Rc;

use rquickjs::allocator::Allocator;

/// Room in front of each block for its size; keeps blocks aligned for any C type.
const HEADER: usize = 16;
/// Requests up to this size may use the reserve.
const SMALL: usize = 8 * 1024;
/// What small requests may use beyond the limit, until the interrupt ends the script.
///
/// The engine aborts the process when it cannot allocate the few bytes that rejecting a promise
/// takes. The reserve is there so that large requests fail first, and the script ends at the
/// next interrupt check instead.
const RESERVE: usize = 1024 * 1024;

/// How full a script's heap is, seen from outside the engine.
///
/// The engine has a limit of its own, but does not tell when it was reached: out of memory
/// often arrives as a thrown `null`. So the limit is kept here.
#[derive(Debug)]
pub(crate) struct Heap {
    limit: Cell<usize>,
    used: Cell<usize>,
    reached: Cell<bool>,
}

impl Heap {
    /// A heap without limit, for setting up.
    pub(crate) fn unlimited() -> Rc<Self> {
        Rc::new(Self {
            limit: Cell::new(usize::MAX - RESERVE),
            used: Cell::new(0),
            reached: Cell::new(false),
        })
    }

    /// Sets the limit in bytes, all that is in use already included.
    pub(crate) fn limit(&self, bytes: usize) {
        self.limit.set(bytes.min(usize::MAX - RESERVE));
    }

    /// The limit in bytes.
    pub(crate) fn size(&self) -> usize {
        self.limit.get()
    }

    /// Bytes in use.
    #[cfg(test)]
    pub(crate) fn used(&self) -> usize {
        self.used.get()
    }

    /// Whether the limit was reached at any time.
    pub(crate) fn was_reached(&self) -> bool {
        self.reached.get()
    }

    /// Whether the script lives on the reserve right now.
    pub(crate) fn is_over(&self) -> bool {
        self.used.get() > self.limit.get()
    }

    /// Counts `more` bytes in and `less` bytes out, or refuses.
    fn admit(&self, more: usize, less: usize) -> bool {
        let Some(wanted) = (self.used.get() - less).checked_add(more) else { return false };
        if wanted > self.limit.get() && more > less {
            self.reached.set(true);
            if more > SMALL || wanted > self.limit.get() + RESERVE {
                return false;
            }
        }
        self.used.set(wanted);
        true
    }
}

/// Hands out memory of Rust's global allocator within the limit of a [`Heap`].
pub(crate) struct LimitedAllocator(pub(crate) Rc<Heap>);

/// The layout of a block with its header; `None` when no such block can exist.
fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEADER)?, HEADER).ok()
}

/// The place of a block's size.
fn header(block: *mut u8) -> *mut usize {
    block.cast()
}

/// Writes the size into a block's header.
///
/// # Safety
/// The block is one of the global allocator's with a [`layout`].
unsafe fn note_size(block: *mut u8, size: usize) {
    // SAFETY: such a block starts with room for the size, aligned to HEADER.
    unsafe { header(block).write(size) };
}

impl LimitedAllocator {
    fn take(&mut self, size: usize, zeroed: bool) -> *mut u8 {
        let Some(layout) = layout(size) else { return ptr::null_mut() };
        if !self.0.admit(layout.size(), 0) {
            return ptr::null_mut();
        }
        // SAFETY: the layout's size is at least HEADER, so it is not zero.
        let block = unsafe { if zeroed { alloc_zeroed(layout) } else { alloc(layout) } };
        if block.is_null() {
            self.0.admit(0, layout.size());
            return block;
        }
        // SAFETY: the block is HEADER bytes larger than asked for and aligned to HEADER.
        unsafe {
            note_size(block, size);
            block.add(HEADER)
        }
    }
}

// SAFETY: blocks are HEADER (16) aligned, at least `size` bytes large, and their size is kept in
// front of them, where only this allocator writes.
unsafe impl Allocator for LimitedAllocator {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        self.take(size, false)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        count.checked_mul(size).map_or(ptr::null_mut(), |size| self.take(size, true))
    }

    unsafe fn dealloc(&mut self, ptr: *mut u8) {
        // SAFETY: the caller hands back a block of this allocator.
        let size = unsafe { Self::usable_size(ptr) };
        let layout = layout(size).expect("the block was allocated with this layout");
        self.0.admit(0, layout.size());
        // SAFETY: the block starts HEADER bytes before what the engine sees.
        unsafe { dealloc(ptr.sub(HEADER), layout) };
    }

    unsafe fn realloc(&mut self, ptr: *mut u8, new_size: usize) -> *mut u8 {
        if ptr.is_null() {
            return self.take(new_size, false);
        }
        // SAFETY: the caller hands in a block of this allocator.
        let size = unsafe { Self::usable_size(ptr) };
        let old = layout(size).expect("the block was allocated with this layout");
        let Some(new) = layout(new_size) else { return ptr::null_mut() };
        if !self.0.admit(new.size(), old.size()) {
            return ptr::null_mut();
        }
        // SAFETY: the block was allocated with `old`, and the new size is not zero.
        let block = unsafe { realloc(ptr.sub(HEADER), old, new.size()) };
        if block.is_null() {
            self.0.admit(old.size(), new.size());
            return block;
        }
        // SAFETY: as in `take`.
        unsafe {
            note_size(block, new_size);
            block.add(HEADER)
        }
    }

    unsafe fn usable_size(ptr: *mut u8) -> usize {
        // SAFETY: every block of this allocator has its size in the header.
        unsafe { header(ptr.sub(HEADER)).read() }
    }
}
