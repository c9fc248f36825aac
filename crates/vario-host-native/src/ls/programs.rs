//! Processes and their ports from `ps` and `lsof`, where there is no `/proc`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use vario_host::Scope;

use super::Process;
use crate::process;

const LSOF: [&str; 2] = ["/usr/sbin/lsof", "/usr/bin/lsof"];

/// All processes in the order of `ps`; `None` when it fails.
pub(super) fn processes(scope: &Scope) -> Option<Vec<Process>> {
    let mut command = Command::new("/bin/ps");
    command.args(["-ax", "-o", "pid=,command="]);
    let finished = process::run(command, scope.deadline, scope)?;
    let output = String::from_utf8_lossy(&finished.stdout).into_owned();
    finished.status.success().then(|| read_processes(&output))
}

pub(super) fn read_processes(output: &str) -> Vec<Process> {
    let row = |line: &str| {
        let (pid, command) = line.trim().split_once(char::is_whitespace)?;
        Some(Process { pid: pid.parse().ok()?, command: command.trim().to_owned() })
    };
    output.lines().filter_map(row).collect()
}

/// Which process listens where.
pub(super) struct Ports<'a> {
    scope: &'a Scope,
}

impl<'a> Ports<'a> {
    pub(super) fn new(scope: &'a Scope) -> Self {
        Self { scope }
    }

    /// Sorted; empty when there are none or `lsof` fails.
    pub(super) fn of(&mut self, pid: u32) -> Vec<u16> {
        self.ask(pid).unwrap_or_default()
    }

    fn ask(&self, pid: u32) -> Option<Vec<u16>> {
        let program = LSOF.iter().find(|program| Path::new(program).exists())?;
        let mut command = Command::new(program);
        command.args(["-nP", "-iTCP", "-sTCP:LISTEN", "-a", "-p", &pid.to_string()]);
        let finished = process::run(command, self.scope.deadline, self.scope)?;
        let output = String::from_utf8_lossy(&finished.stdout).into_owned();
        finished.status.success().then(|| read_ports(&output))
    }
}

/// On each line that says `LISTEN`, the last token that ends in a port.
pub(super) fn read_ports(output: &str) -> Vec<u16> {
    let port = |token: &str| {
        let (_, port) = token.rsplit_once(':')?;
        port.parse().ok().filter(|port: &u16| *port > 0)
    };
    let ports: BTreeSet<u16> = output
        .lines()
        .filter(|line| line.contains("LISTEN"))
        .filter_map(|line| line.split_whitespace().rev().find_map(port))
        .collect();
    ports.into_iter().collect()
}
