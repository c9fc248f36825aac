//! Whole-product tests.

#[cfg(any(feature = "lua", feature = "js"))]
mod check;
#[cfg(any(feature = "lua", feature = "js"))]
mod config;
#[cfg(any(feature = "lua", feature = "js"))]
mod doctor;
#[cfg(all(feature = "lua", feature = "js"))]
mod fixtures;
#[cfg(any(feature = "lua", feature = "js"))]
mod limits;
#[cfg(any(feature = "lua", feature = "js"))]
mod list;
#[cfg(any(feature = "lua", feature = "js"))]
mod probe;
#[cfg(any(feature = "lua", feature = "js"))]
mod record;
#[cfg(any(feature = "lua", feature = "js"))]
mod replay;
#[cfg(any(feature = "lua", feature = "js"))]
mod rig;
#[cfg(any(feature = "lua", feature = "js"))]
mod store;
#[cfg(any(feature = "lua", feature = "js"))]
mod terminal;
