use serde::Serialize;
use vario_permissions::{Permission, PermissionSet, meant};

use crate::json::Node;
use crate::read::Unknown;
use crate::report::{Problem, Report};

/// What a plugin asks for, as it was written. [`Permissions::to_set`] says what that means.
///
/// Asking grants nothing: the effective right is what was asked for **and** granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own")]
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
    /// Addresses under which other programs reach the plugin.
    pub routes: bool,
    /// The tokens of who is signed in.
    pub account: bool,
}

impl Permissions {
    pub(crate) fn read<'a>(report: &'a Report<'a>, node: &'a Node) -> Option<Self> {
        let fields = report.fields(node)?;
        let flag = |key| fields.boolean(key).unwrap_or(false);
        let rights = |key| {
            let texts = fields.items(key).iter().filter_map(|node| {
                let text = report.string(node)?;
                if let Err(error) = right(key, text) {
                    report.add(node.span, no_right(key, text, &error));
                }
                Some(text.to_owned())
            });
            texts.collect::<Vec<String>>()
        };
        let permissions = Self {
            net: rights("net"),
            read: rights("read"),
            write: rights("write"),
            env: rights("env"),
            keychain: rights("keychain"),
            run: rights("run"),
            bus: rights("bus"),
            insecure_tls: rights("insecureTls"),
            ccusage: flag("ccusage"),
            processes: flag("processes"),
            system: flag("system"),
            routes: flag("routes"),
            account: flag("account"),
        };
        fields.finish(Unknown::Warn);
        Some(permissions)
    }

    /// The rights that are meant; a text that is no right stands for none.
    pub fn to_set(&self) -> PermissionSet {
        let lists: [(&str, &[String]); 8] = [
            ("net", &self.net),
            ("read", &self.read),
            ("write", &self.write),
            ("env", &self.env),
            ("keychain", &self.keychain),
            ("run", &self.run),
            ("bus", &self.bus),
            ("insecureTls", &self.insecure_tls),
        ];
        let flags = [
            (self.ccusage, Permission::Ccusage),
            (self.processes, Permission::Processes),
            (self.system, Permission::System),
            (self.routes, Permission::Routes),
            (self.account, Permission::Account),
        ];
        lists
            .into_iter()
            .flat_map(|(kind, texts)| texts.iter().filter_map(|text| right(kind, text).ok()))
            .chain(flags.into_iter().filter(|(asked, _)| *asked).map(|(_, right)| right))
            .collect()
    }
}

fn right(kind: &str, text: &str) -> Result<Permission, vario_permissions::Error> {
    format!("{kind}:{text}").parse()
}

/// A text that can never be granted would only make the plugin fail later.
fn no_right(kind: &str, text: &str, error: &vario_permissions::Error) -> Problem {
    let expected = match kind {
        "net" | "insecureTls" => "expected a host",
        "read" | "write" => "expected a path",
        _ => "expected a name",
    };
    let meant = meant(&format!("{kind}:{text}")).map(|right| right.object());
    Problem::error(error.to_string()).label(expected).did_you_mean(meant.as_deref())
}
