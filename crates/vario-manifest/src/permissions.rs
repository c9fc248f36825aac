use serde::Serialize;

use crate::json::Node;
use crate::read::Unknown;
use crate::report::Report;

/// What a plugin asks for, as it was written. Patterns are not interpreted here.
///
/// Asking grants nothing: the effective right is what was asked for **and** granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Permissions {
    /// Hosts, such as `api.example.com` or `*.example.com:8443`.
    pub net: Vec<String>,
    /// Files that are read, such as `~/.tool/**`.
    pub read: Vec<String>,
    /// Files that are written.
    pub write: Vec<String>,
    /// Names of environment variables.
    pub env: Vec<String>,
    /// Services in the keychain.
    pub keychain: Vec<String>,
    /// Programs that are started.
    pub run: Vec<String>,
    /// Topics of the event bus.
    pub bus: Vec<String>,
    /// Hosts whose certificate need not be valid.
    pub insecure_tls: Vec<String>,
    /// The `ccusage` query.
    pub ccusage: bool,
    /// The list of processes and their ports.
    pub processes: bool,
    /// Figures of this machine: load, memory, disks.
    pub system: bool,
}

impl Permissions {
    pub(crate) fn read<'a>(report: &'a Report<'a>, node: &'a Node) -> Option<Self> {
        let fields = report.fields(node)?;
        let flag = |key| fields.boolean(key).unwrap_or(false);
        let permissions = Self {
            net: fields.strings("net"),
            read: fields.strings("read"),
            write: fields.strings("write"),
            env: fields.strings("env"),
            keychain: fields.strings("keychain"),
            run: fields.strings("run"),
            bus: fields.strings("bus"),
            insecure_tls: fields.strings("insecureTls"),
            ccusage: flag("ccusage"),
            processes: flag("processes"),
            system: flag("system"),
        };
        fields.finish(Unknown::Warn);
        Some(permissions)
    }
}
