//! Processes and their ports from `/proc`.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use vario_host::Scope;

use super::Process;
use crate::wait;

/// The most of one file of `/proc` that is read: a command line can be megabytes long.
const MAX_COMMAND_BYTES: u64 = 256 * 1024;
const MAX_TABLE_BYTES: u64 = 32 * 1024 * 1024;

/// The state of a listening socket in the tables of the kernel.
const LISTENING: &str = "0A";

/// All processes by number; kernel threads, which have no command line, are left out.
pub(super) fn processes(scope: &Scope) -> Option<Vec<Process>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").ok()?.filter_map(Result::ok) {
        wait::check(scope).ok()?;
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(line) = read(&entry.path().join("cmdline"), MAX_COMMAND_BYTES) else { continue };
        let command = command(&line);
        if !command.is_empty() {
            found.push(Process { pid, command });
        }
    }
    found.sort_by_key(|process| process.pid);
    Some(found)
}

/// Arguments end in a zero byte each.
fn command(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line).replace('\0', " ");
    text.trim_end().to_owned()
}

/// Which process listens where.
pub(super) struct Ports<'a> {
    scope: &'a Scope,
    /// By the number of the socket; read when first needed.
    listening: Option<HashMap<u64, u16>>,
}

impl<'a> Ports<'a> {
    pub(super) fn new(scope: &'a Scope) -> Self {
        Self { scope, listening: None }
    }

    /// Sorted; empty when there are none or the process is somebody else's.
    pub(super) fn of(&mut self, pid: u32) -> Vec<u16> {
        let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
        let listening = self.listening.get_or_insert_with(listening);
        let ports: BTreeSet<u16> = files
            .filter_map(Result::ok)
            .take_while(|_| wait::check(self.scope).is_ok())
            .filter_map(|file| fs::read_link(file.path()).ok())
            .filter_map(|target| listening.get(&socket(&target)?).copied())
            .collect();
        ports.into_iter().collect()
    }
}

/// The number in `socket:[123]`.
fn socket(target: &Path) -> Option<u64> {
    target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

fn listening() -> HashMap<u64, u16> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| read(Path::new(table), MAX_TABLE_BYTES).ok())
        .flat_map(|table| table_entries(&String::from_utf8_lossy(&table)))
        .collect()
}

/// Sockets and ports of the listening rows of one table.
pub(super) fn table_entries(table: &str) -> Vec<(u64, u16)> {
    let row = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (_, port) = columns.get(1)?.rsplit_once(':')?;
        let port = u16::from_str_radix(port, 16).ok().filter(|port| *port > 0)?;
        let inode = columns.get(9)?.parse().ok()?;
        (columns.get(3) == Some(&LISTENING)).then_some((inode, port))
    };
    table.lines().skip(1).filter_map(row).collect()
}

fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
