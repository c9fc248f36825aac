//! Prometheus: promtool for its text format, its Python client's parser for OpenMetrics.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::rig::{Ran, Rig};
use crate::{consumer, pasted, rig};

/// Reads an exposition and prints its samples; whatever it does not like it raises.
const PARSER: &str = "
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(family.type, family.unit, sample.name, sorted(sample.labels.items()), sample.value)
";

/// What a program says of a text.
fn feed(rig: &Rig, mut command: Command, text: &str) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("`cargo xtask consumers` gets it first");
    let mut input = child.stdin.take().expect("it is a pipe");
    input.write_all(text.as_bytes()).expect("it reads to the end");
    drop(input);
    Ran::of(&child.wait_with_output().expect("it ends"), rig.home.path())
}

#[test]
fn promtool_finds_nothing_wrong() {
    let rig = rig();
    let promtool = || consumer(&rig, "promtool", &["check", "metrics"]);
    let written = rig.home.path().join("vario.prom");
    let script = pasted("--format prometheus")
        .replace("/var/lib/node_exporter/vario.prom", &written.to_string_lossy());
    rig.finish(consumer(&rig, "sh", &["-c", &script])).exits(0);
    let text = std::fs::read_to_string(written).expect("it was written");
    assert!(text.contains("vario_quota_used"), "{text}");
    let said = feed(&rig, promtool(), &text).exits(0);
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""));
    // It would say something.
    assert_ne!(feed(&rig, promtool(), &text.replace("} 97", "} 97x")).code, Some(0));
}

#[test]
fn the_client_reads_openmetrics() {
    let rig = rig();
    let python = || consumer(&rig, "/usr/bin/python3", &["-c", PARSER]);
    let text = rig.run_configured(&["probe", "--format", "openmetrics"]).exits(0).stdout;
    let read = feed(&rig, python(), &text).exits(0);
    let used =
        "gauge  vario_quota_used [('line', 'Used'), ('provider', 'quota'), ('unit', 'percent')] 97";
    assert!(read.stdout.lines().any(|line| line == used), "{read}");
    // An exposition that was cut off has no end.
    assert_eq!(feed(&rig, python(), text.trim_end_matches("# EOF\n")).code, Some(1));
}
