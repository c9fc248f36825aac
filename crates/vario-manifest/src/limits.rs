use serde::Serialize;

use crate::json::Node;
use crate::read::{Fields, Unknown};
use crate::report::{Problem, Report};

/// Limits that a manifest lowers. None means that the host's limit stays.
///
/// A value above the host's default is dropped with a warning: a manifest cannot raise a limit.
/// Whoever runs the plugin takes the smaller of this and what the user configured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Wall time of one probe in milliseconds; by default 30,000.
    pub timeout_ms: Option<u64>,
    /// Heap of the engine in bytes; by default 64 MiB.
    pub memory_bytes: Option<u64>,
    /// Lines of one result; by default 256.
    pub max_lines: Option<u64>,
    /// Bytes of one result; by default 1 MiB.
    pub max_output_bytes: Option<u64>,
    /// Host calls of one run; by default 1,000.
    pub max_host_calls: Option<u64>,
    /// Bytes of log of one run; by default 1 MiB.
    pub max_log_bytes: Option<u64>,
    /// Bytes of one HTTP body after decoding; by default 8 MiB.
    pub max_http_body_bytes: Option<u64>,
}

const MIB: u64 = 1024 * 1024;

impl Limits {
    pub(crate) fn read<'a>(report: &'a Report<'a>, node: &'a Node) -> Option<Self> {
        let fields = report.fields(node)?;
        let limits = Self {
            timeout_ms: lowered(&fields, "timeoutMs", 30_000),
            memory_bytes: lowered(&fields, "memoryBytes", 64 * MIB),
            max_lines: lowered(&fields, "maxLines", 256),
            max_output_bytes: lowered(&fields, "maxOutputBytes", MIB),
            max_host_calls: lowered(&fields, "maxHostCalls", 1_000),
            max_log_bytes: lowered(&fields, "maxLogBytes", MIB),
            max_http_body_bytes: lowered(&fields, "maxHttpBodyBytes", 8 * MIB),
        };
        fields.finish(Unknown::Warn);
        Some(limits)
    }
}

fn lowered(fields: &Fields<'_>, key: &'static str, default: u64) -> Option<u64> {
    let node = fields.get(key)?;
    let value = fields.report.whole(node, 1, u64::MAX)?;
    if value <= default {
        return Some(value);
    }
    let message = format!("a manifest can only lower a limit: `{key}` is {default} already");
    let problem = Problem::warning(message)
        .label("ignored")
        .help("the user's configuration can raise limits");
    fields.report.add(node.span, problem);
    None
}
