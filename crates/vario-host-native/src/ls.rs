//! `ctx.host.ls.discover` (contract section 4.9): finds a running language server by its command
//! line, and the ports it listens on.
//!
//! Which process is meant is decided in `matching`, from text alone. The texts come from `/proc`
//! on Linux and from `ps` and `lsof` on other Unix systems; elsewhere nothing is ever found.

mod flags;
mod matching;
#[cfg(target_os = "linux")]
mod proc;
#[cfg(any(test, all(unix, not(target_os = "linux"))))]
mod programs;

use vario_host::{DiscoverOptions, Scope};
use vario_value::{Map, Value};

use self::matching::Candidate;

#[cfg(target_os = "linux")]
use self::proc as platform;
#[cfg(all(unix, not(target_os = "linux")))]
use self::programs as platform;

#[cfg(test)]
mod tests;

/// One running process.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Process {
    pid: u32,
    /// The program and its arguments, joined by spaces.
    command: String,
}

/// What a plugin gets: the server, or null.
pub(crate) fn discover(options: &DiscoverOptions, scope: &Scope) -> Value {
    #[cfg(unix)]
    {
        let Some(processes) = platform::processes(scope) else { return Value::Null };
        let mut ports = platform::Ports::new(scope);
        find(options, &processes, |pid| ports.of(pid))
    }
    #[cfg(not(unix))]
    {
        let _nothing_is_found = (options, scope);
        Value::Null
    }
}

/// The first candidate with everything that was asked for.
fn find(
    options: &DiscoverOptions,
    processes: &[Process],
    mut ports: impl FnMut(u32) -> Vec<u16>,
) -> Value {
    let complete = |candidate: Candidate| {
        let ports = ports(candidate.pid);
        let is_reachable = !ports.is_empty() || candidate.extension_port.is_some();
        is_reachable.then(|| answer(candidate, ports))
    };
    matching::candidates(options, processes).into_iter().find_map(complete).unwrap_or(Value::Null)
}

fn answer(found: Candidate, ports: Vec<u16>) -> Value {
    let ports = ports.into_iter().map(|port| Value::Int(i64::from(port))).collect();
    let extra = found.extra.into_iter().map(|(name, value)| (name, Value::Str(value)));
    Value::from([
        ("pid", Value::Int(i64::from(found.pid))),
        ("csrf", Value::Str(found.csrf)),
        ("ports", Value::List(ports)),
        ("extra", Value::Map(extra.collect::<Map>())),
        ("extensionPort", found.extension_port.map_or(Value::Null, Value::Int)),
    ])
}
