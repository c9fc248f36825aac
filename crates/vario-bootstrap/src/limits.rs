//! What the system limits, and how the program outlives it.

/// From now on a file that may not grow (`ulimit -f`) is a write that fails, as a full disk is, and
/// no longer the end of the program. Programs that it starts are ended as ever.
pub fn outlive_file_limit() {
    // A handler does not outlive `exec`, as ignoring the signal would; what it sets is of no use.
    #[cfg(unix)]
    let _as_before_then =
        signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}

/// Programs that are started from now on inherit the standard streams and nothing else: whoever
/// waits for the end of a pipe that this program was given does not wait for them. Only Linux has
/// descriptors that come unasked and can be told so.
pub fn inherit_nothing() {
    #[cfg(target_os = "linux")]
    let _as_before_then = vario_isolation::inherit_nothing();
}
