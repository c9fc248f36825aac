//! What the system limits, and how the program outlives it.

/// From now on a file that may not grow (`ulimit -f`) is a write that fails, as a full disk is, and
/// no longer the end of the program. Programs that it starts are ended as ever.
pub fn outlive_file_limit() {
    // A handler does not outlive `exec`, as ignoring the signal would; what it sets is of no use.
    #[cfg(unix)]
    let _as_before_then =
        signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}
