//! Lines and folders for tests.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{Cache, Environment, Grouping, Report, RuleSet, Scan, Source};

/// A folder of logs with these files in it.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text.as_bytes());
    }
    folder
}

pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

pub(crate) fn scan(source: Source, folder: &Path, rules: RuleSet) -> Scan<'static> {
    let environment = Environment {
        claude_config_dir: Some(folder.display().to_string()),
        codex_home: Some(folder.display().to_string()),
        ..Environment::default()
    };
    Scan::new(source, environment.folders(source, rules).unwrap()).rules(rules)
}

pub(crate) fn report(source: Source, files: &[(&str, &str)], by: Grouping) -> Report {
    let folder = folder(files);
    scan(source, folder.path(), RuleSet::Ccusage20).by(by).run(&Cache::none())
}

/// One message of Claude with so many tokens of output.
pub(crate) fn claude(message: &str, request: &str, output: u64) -> String {
    claude_at("2026-05-01T10:00:00.000Z", "s1", message, request, output, "")
}

/// As [`claude`], with a time, a session and more members of the entry.
pub(crate) fn claude_at(
    time: &str,
    session: &str,
    message: &str,
    request: &str,
    output: u64,
    more: &str,
) -> String {
    let member = |name: &str, value: &str| match value {
        "" => String::new(),
        value => format!(r#""{name}":"{value}","#),
    };
    let [id, request, session] =
        [member("id", message), member("requestId", request), member("sessionId", session)];
    format!(
        concat!(
            r#"{{"timestamp":"{}",{}{}"message":{{{}"model":"claude-opus-4-5","usage":"#,
            r#"{{"input_tokens":0,"output_tokens":{}}}}}{}}}"#,
            "\n"
        ),
        time, session, request, id, output, more
    )
}

/// One count of Codex: so many tokens of output in the last turn, and in total.
pub(crate) fn codex(time: &str, last: Option<u64>, total: Option<u64>) -> String {
    let usage = |name: &str, output: Option<u64>| {
        output.map(|output| format!(r#""{name}":{{"input_tokens":0,"output_tokens":{output}}}"#))
    };
    let info = [usage("last_token_usage", last), usage("total_token_usage", total)];
    let info: Vec<_> = info.into_iter().flatten().collect();
    format!(
        "{{\"timestamp\":\"{time}\",\"type\":\"event_msg\",\"payload\":{{\"type\":\"token_count\",\
         \"info\":{{{}}}}}}}\n",
        info.join(",")
    )
}
