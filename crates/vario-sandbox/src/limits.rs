use std::time::Duration;

/// What one run may use. The defaults are those of the design; a manifest may lower them, the
/// user may raise them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time of the whole run, host calls included.
    pub wall: Duration,
    /// Memory of the script's heap, in bytes.
    pub heap_bytes: usize,
    /// The script's own call stack, in bytes.
    pub stack_bytes: usize,
    /// Lines of a result; the rest is cut.
    pub lines: usize,
    /// Text of a result, in bytes.
    pub output_bytes: usize,
    /// Calls to the host.
    pub host_calls: u32,
    /// One HTTP body after decoding, in bytes.
    pub http_body_bytes: usize,
    /// What the plugin may log, in bytes.
    pub log_bytes: usize,
}

const MIB: usize = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(30),
            heap_bytes: 64 * MIB,
            stack_bytes: MIB,
            lines: 256,
            output_bytes: MIB,
            host_calls: 1_000,
            http_body_bytes: 8 * MIB,
            log_bytes: MIB,
        }
    }
}
