#![expect(
    unsafe_code,
    reason = "closing descriptors by range and clearing the environment have no safe form"
)]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use rustix::process::{
    DumpableBehavior, Resource, Signal, getppid, set_dumpable_behavior,
    set_parent_process_death_signal,
};

use super::unix::{leave_folder, limit, move_pipes, set_limit};
use super::{landlock, seccomp};
use crate::lockdown::Lockdown;
use crate::message::Setup;

/// The one variable that stays.
const TIMEZONE: &str = "TZ";

/// Gives the ends of the pipe, and closes every other descriptor.
pub(crate) fn take_pipes(lockdown: &mut Lockdown) -> io::Result<(File, File)> {
    let (from, to) = move_pipes()?;
    lockdown.note("descriptors", close_others(&from, &to).map_err(|error| error.to_string()));
    Ok((from, to))
}

/// What concerns the process as a whole, while it has one thread.
pub(crate) fn early(setup: &Setup, lockdown: &mut Lockdown) {
    lockdown.note("environment", clear_environment());
    lockdown.note("time zone", load_timezone());
    lockdown.note("ends with its host", end_with_host(setup.host));
    leave_folder();
    let hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    lockdown.note("closed to debuggers", words(hidden));
}

/// What must wait until everything is loaded and every thread is there. `other` is how
/// [`super::restrict_thread`] fared on the other thread.
pub(crate) fn late(setup: &Setup, other: Result<String, String>, lockdown: &mut Lockdown) {
    // This reads a file, so it comes before there are none.
    lockdown.note("memory", limit_memory(setup.memory_bytes));
    lockdown.note("landlock", landlock::restrict_thread().and(other));
    let limits = [
        (Resource::Core, "core files", 0),
        (Resource::Fsize, "file size", 0),
        (Resource::Memlock, "locked memory", 0),
        (Resource::Msgqueue, "message queues", 0),
        // One: `poll` takes no more entries than this. The first number is in use, so none is free.
        (Resource::Nofile, "descriptors", 1),
    ];
    limit(lockdown, "limits", &limits);
    let outcome = words(set_limit(Resource::Nproc, 0));
    let is_root = rustix::process::geteuid().is_root();
    let useless = || Err("it does not hold for root, only the system call filter does".to_owned());
    lockdown.note("limit on processes", if is_root { useless() } else { outcome });
    lockdown.note("system call filter", seccomp::filter_all_threads());
}

fn words(outcome: rustix::io::Result<()>) -> Result<String, String> {
    outcome.map(|()| String::new()).map_err(|error| error.to_string())
}

/// Everything but the standard streams, which lead nowhere, and the pipe.
fn close_others(from: &File, to: &File) -> io::Result<String> {
    let mut kept = [2, from.as_raw_fd(), to.as_raw_fd()];
    kept.sort_unstable();
    let gaps = kept.windows(2).map(|pair| (pair[0] + 1, pair[1] - 1));
    for (first, last) in gaps.chain([(kept[2] + 1, i32::MAX)]).filter(|(a, b)| a <= b) {
        let (first, last) = (first.cast_unsigned(), last.cast_unsigned());
        // SAFETY: `serve` is documented to be the first thing in `main`. Nothing in this process
        // owns a descriptor beyond the standard streams yet, but for the two that are kept; what is
        // closed here was inherited.
        if unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(String::new())
}

/// Programs that this process starts from now on inherit its standard streams and nothing else that
/// it has inherited itself.
pub fn inherit_nothing() -> io::Result<()> {
    let (first, last, flags) = (3_u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC);
    // SAFETY: no descriptor is closed, and no memory is touched. Whatever has one goes on with it.
    if unsafe { libc::syscall(libc::SYS_close_range, first, last, flags) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn clear_environment() -> Result<String, String> {
    let names: Vec<_> = std::env::vars_os().map(|(name, _)| name).collect();
    let mut doomed = names.iter().filter(|name| *name != TIMEZONE).peekable();
    if doomed.peek().is_some() && threads() != Some(1) {
        return Err("other threads may be reading it".to_owned());
    }
    for name in doomed {
        // SAFETY: this is the process's only thread, as was just made sure of, so nobody reads the
        // environment meanwhile.
        unsafe { std::env::remove_var(name) };
    }
    Ok(String::new())
}

fn threads() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/task").ok()?.count())
}

/// Has the C library read the zone's file now: it does so when it first needs the local time, and
/// then there are no files, and every local time would silently be UTC. Once read it is kept as
/// long as the variable stays the same; without the variable the file would be looked at each time.
fn load_timezone() -> Result<String, String> {
    let zone = std::env::var_os(TIMEZONE).ok_or("the variable TZ is not set")?;
    let now: libc::time_t = 0;
    let mut parts = std::mem::MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: both pointers are to values of this function that outlive the call, and of the types
    // it wants.
    unsafe { libc::localtime_r(&raw const now, parts.as_mut_ptr()) };
    Ok(zone.to_string_lossy().into_owned())
}

/// The host may have ended before this could be asked for. Then the pipe is broken, too, and the
/// first thing that is said on it ends this process.
fn end_with_host(host: u32) -> Result<String, String> {
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|error| error.to_string())?;
    let parent = getppid().map(|parent| parent.as_raw_nonzero().get().cast_unsigned());
    if parent == Some(host) {
        Ok(String::new())
    } else {
        Err("its host is not its parent".to_owned())
    }
}

/// Bounds what is mapped to be written to. Not address space: allocators and engines reserve
/// gigabytes of that and use little. What is mapped already counts, used or not, so an allocator
/// that took a lot beforehand has escaped the limit.
fn limit_memory(bytes: u64) -> Result<String, String> {
    set_limit(Resource::Data, bytes).map_err(|error| error.to_string())?;
    let mapped = mapped_bytes().ok_or("how much there is already is unknown")?;
    if mapped >= bytes {
        return Err(format!("{} MiB are taken already", mapped >> 20));
    }
    Ok(format!("{} MiB, {} MiB of it taken", bytes >> 20, mapped >> 20))
}

/// The sixth number there is what is mapped for data and stacks, in pages.
fn mapped_bytes() -> Option<u64> {
    let numbers = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = numbers.split_ascii_whitespace().nth(5)?.parse().ok()?;
    Some(pages * u64::try_from(rustix::param::page_size()).ok()?)
}
