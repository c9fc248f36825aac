//! What a worker gives up. Every measure a system knows is tried and noted in the lockdown, in
//! force or not; those a system does not know are noted as missing.

#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod windows;

#[cfg(target_os = "linux")]
pub(crate) use self::landlock::restrict_thread;
#[cfg(target_os = "linux")]
pub use self::linux::inherit_nothing;
#[cfg(target_os = "linux")]
pub(crate) use self::linux::{early, late, take_pipes};
#[cfg(not(target_os = "linux"))]
pub(crate) use self::other::{early, late, restrict_thread, take_pipes};
