//! The only place with `unsafe`: what the safe layer of rquickjs does not offer.
//!
//! Each file is one idea and has a safe face; the rest of the crate builds on those faces.

pub(crate) mod buffer;
pub(crate) mod bytecode;
pub(crate) mod callback;
pub(crate) mod control;
pub(crate) mod heap;
pub(crate) mod lazy;
pub(crate) mod shared;
pub(crate) mod text;
pub(crate) mod world;

/// The engine's idea of a size in memory as ours.
fn size_of_memory(size: rquickjs::qjs::size_t) -> usize {
    usize::try_from(size).expect("what is in memory has a size that fits a pointer")
}
