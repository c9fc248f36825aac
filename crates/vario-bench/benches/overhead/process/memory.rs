//! The peak of a process's memory.

use std::fs;
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::report::Report;

/// Prints the most memory that a command ever had resident.
///
/// Linux tells that of a living process only, so it is asked again and again. (What it tells of
/// one that has ended includes whoever started it.) The peak lasts to the end, and a probe run
/// keeps its results until it has printed them, so the last answer is the peak.
pub(crate) fn report<W: Write>(
    out: &mut Report<W>,
    name: &str,
    command: &mut Command,
) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(out.line(&format!("  {name:32} memory: skipped, known on Linux only"))?);
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let peak = peak_kib(&mut child)?;
    match peak {
        Some(kib) => out.line(&format!("  {name:32}{:>8.1} MB at most", mb(kib)))?,
        None => out.line(&format!("  {name:32} memory: skipped, it ended too soon"))?,
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "for display")]
fn mb(kib: u64) -> f64 {
    kib as f64 * 1024.0 / 1e6
}

fn peak_kib(child: &mut Child) -> io::Result<Option<u64>> {
    let output = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut sink = Vec::new();
        output.map(|mut output| output.read_to_end(&mut sink))
    });
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait()?.is_none() {
        peak = fs::read_to_string(&status).ok().and_then(|text| high_water(&text)).max(peak);
        thread::sleep(Duration::from_micros(200));
    }
    // What it printed is of no interest; the thread only keeps the pipe from filling.
    let _read = reader.join();
    Ok(peak)
}

/// The `VmHWM` of a status text, in KiB.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
