use vario_host::DiscoverOptions;

use super::{Process, flags};

/// A process name of this many bytes is long enough to be looked for anywhere in a command.
const DISTINCTIVE_BYTES: usize = 8;

/// Flags by which an editor says which of its instances a server belongs to.
const INSTANCE_FLAGS: [&str; 2] = ["--ide_name", "--app_data_dir"];

/// A process that is the wanted one as far as its command line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) pid: u32,
    pub(super) csrf: String,
    pub(super) extension_port: Option<i64>,
    /// By flag, without its dashes, in the order asked for.
    pub(super) extra: Vec<(String, String)>,
}

/// The candidates, best first: those that name a marker as their instance before those that merely
/// mention it in a path. Equal ones stay in the given order.
pub(super) fn candidates(options: &DiscoverOptions, processes: &[Process]) -> Vec<Candidate> {
    let name = options.process_name.to_lowercase();
    let markers: Vec<String> = options
        .markers
        .iter()
        .map(|marker| marker.trim().to_lowercase())
        .filter(|marker| !marker.is_empty())
        .collect();
    let mut ranked: Vec<(u8, &Process)> = processes
        .iter()
        .filter_map(|process| {
            let command = process.command.to_lowercase();
            let is_named = is_named(&name, &command);
            is_named.then(|| rank(&markers, &command)).flatten().map(|rank| (rank, process))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().filter_map(|(_, process)| read(options, process)).collect()
}

/// Whether a command is that of a program of this name. Both are in lower case.
fn is_named(name: &str, command: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let program = base_name(program(command));
    if program == name {
        return true;
    }
    if name.len() >= DISTINCTIVE_BYTES {
        let with_suffix = program.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'));
        return with_suffix || command.contains(name);
    }
    let as_path = format!("/{name}");
    command.ends_with(&as_path)
        || command.contains(&format!("{as_path} "))
        || command.contains(&format!("{as_path}\t"))
}

/// The program of a command line: a quoted text, or everything up to whitespace.
fn program(command: &str) -> &str {
    let command = command.trim_start();
    for quote in ['"', '\''] {
        let quoted = command.strip_prefix(quote).and_then(|rest| rest.split_once(quote));
        if let Some((program, _)) = quoted {
            return program;
        }
    }
    command.split_whitespace().next().unwrap_or_default()
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// 0 for the very instance, 1 for a mention, nothing for a stranger. All is in lower case.
fn rank(markers: &[String], command: &str) -> Option<u8> {
    if markers.is_empty() {
        return Some(0);
    }
    let instance: Vec<&str> =
        INSTANCE_FLAGS.iter().filter_map(|flag| flags::value(command, flag)).collect();
    if instance.is_empty() {
        let is_mentioned = |marker: &String| command.contains(&format!("/{marker}/"));
        return markers.iter().any(is_mentioned).then_some(1);
    }
    markers.iter().any(|marker| instance.contains(&marker.as_str())).then_some(0)
}

/// What a command line says, if it has the token that was asked for.
fn read(options: &DiscoverOptions, process: &Process) -> Option<Candidate> {
    let value = |flag: &str| match flag.trim() {
        "" => None,
        flag => flags::value(&process.command, flag),
    };
    let csrf = if options.csrf_flag.trim().is_empty() { "" } else { value(&options.csrf_flag)? };
    let port = options.port_flag.as_deref().and_then(value);
    let extra = options.extra_flags.iter().flatten().filter_map(|flag| {
        Some((flag.trim().trim_start_matches('-').to_owned(), value(flag)?.to_owned()))
    });
    Some(Candidate {
        pid: process.pid,
        csrf: csrf.to_owned(),
        extension_port: port.and_then(|port| port.parse().ok()),
        extra: extra.collect(),
    })
}
