//! Whole-product tests.

#[cfg(any(feature = "lua", feature = "js"))]
mod account;
#[cfg(any(feature = "lua", feature = "js"))]
mod check;
#[cfg(all(target_os = "linux", feature = "js"))]
mod comeback;
#[cfg(any(feature = "lua", feature = "js"))]
mod config;
#[cfg(all(target_os = "linux", feature = "lua", feature = "js"))]
mod desktop;
#[cfg(any(feature = "lua", feature = "js"))]
mod doctor;
#[cfg(all(feature = "lua", feature = "js"))]
mod fixtures;
mod formats;
#[cfg(any(feature = "lua", feature = "js"))]
mod guard;
#[cfg(any(feature = "lua", feature = "js"))]
mod history;
#[cfg(any(feature = "lua", feature = "js"))]
mod hostile;
#[cfg(any(feature = "lua", feature = "js"))]
mod import;
#[cfg(any(feature = "lua", feature = "js"))]
mod limits;
#[cfg(any(feature = "lua", feature = "js"))]
mod list;
#[cfg(all(target_os = "linux", any(feature = "lua", feature = "js")))]
mod owner;
#[cfg(any(feature = "lua", feature = "js"))]
mod package;
#[cfg(any(feature = "lua", feature = "js"))]
mod pages;
#[cfg(any(feature = "lua", feature = "js"))]
mod permissions;
#[cfg(any(feature = "lua", feature = "js"))]
mod probe;
#[cfg(all(target_os = "linux", any(feature = "lua", feature = "js")))]
mod processes;
#[cfg(any(feature = "lua", feature = "js"))]
mod push;
mod record;
#[cfg(any(feature = "lua", feature = "js"))]
mod replay;
#[cfg(any(feature = "lua", feature = "js"))]
mod rig;
#[cfg(all(unix, feature = "js"))]
mod serve;
#[cfg(any(feature = "lua", feature = "js"))]
mod store;
#[cfg(all(target_os = "linux", any(feature = "lua", feature = "js")))]
mod strace;
#[cfg(all(target_os = "linux", any(feature = "lua", feature = "js")))]
mod takeover;
#[cfg(any(feature = "lua", feature = "js"))]
mod terminal;
mod usage;
#[cfg(all(target_os = "linux", feature = "lua", feature = "js"))]
mod window;
