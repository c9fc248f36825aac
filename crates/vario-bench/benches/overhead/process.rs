//! Start-up times and memory of the command itself.

mod memory;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use vario_bench::measure::{Pair, median, time};
use vario_bench::probes;

use crate::report::Report;

/// How often each command is started.
const SPAWNS: usize = 30;
/// How many plugins `list` has to find.
const LISTED: usize = 18;
/// How many plugins `probe` runs at once, for its memory.
const PROBED: usize = 100;

/// Builds the command and measures it from outside.
pub(crate) fn run<W: Write>(out: &mut Report<W>) -> Result<()> {
    let Some(vario) = build(out)? else { return Ok(()) };
    let home = tempfile::tempdir()?;
    let bench = Bench { vario, home: home.path().to_owned() };
    let few = home.path().join("few");
    probes::write_plugins(&few, LISTED)?;
    let many = home.path().join("many");
    probes::write_plugins(&many, PROBED)?;

    out.line(&format!("whole processes, medians of {SPAWNS}"))?;
    start(out, "the smallest program there is", &mut Command::new("true"))?;
    start(out, "vario --version", bench.command().arg("--version"))?;
    let name = format!("vario list, {LISTED} plugins");
    start(out, &name, bench.command().arg("list").arg("--plugins").arg(&few))?;
    let name = format!("vario probe, {PROBED} plugins");
    let mut probe = bench.command();
    probe.args(["probe", "--json", "--plugins"]).arg(&many);
    start(out, &name, &mut probe)?;
    memory::report(out, &name, &mut probe)?;
    isolation(out, &bench, &few)
}

/// What a process for each run costs a whole call of the command; both ways in turns.
fn isolation<W: Write>(out: &mut Report<W>, bench: &Bench, few: &Path) -> Result<()> {
    let run = |place: &str| {
        let mut probe = bench.command();
        probe.args(["probe", "--json", "--isolation", place, "--plugins"]).arg(few);
        let output = probe.output()?;
        let results: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let results = results.as_array().context("no list of results")?;
        let failed = results.iter().find(|result| !result["cause"].is_null());
        ensure!(results.len() == LISTED && failed.is_none(), "a probe failed: {failed:?}");
        Ok(())
    };
    let pair = Pair::measure(SPAWNS, || run("in-process"), || run("process"))?;
    let (inside, apart) = (median(pair.floor), median(pair.ours));
    let more = (apart.as_secs_f64() - inside.as_secs_f64()) * 1e3;
    Ok(out.line(&format!(
        "  vario probe, {LISTED} plugins: {:.1} ms in-process, {:.1} ms in a process each: {more:.1} ms more",
        inside.as_secs_f64() * 1e3,
        apart.as_secs_f64() * 1e3,
    ))?)
}

/// Compiles the command in release mode and gives its path.
///
/// It is built where this benchmark was: `cargo bench` has put that in `deps`, beside it.
pub(crate) fn build<W: Write>(out: &mut Report<W>) -> Result<Option<PathBuf>> {
    let this = std::env::current_exe()?;
    let release = this.parent().and_then(Path::parent).context("benchmarks live in `deps`")?;
    let target = release.parent().context("a profile's folder is in the target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--package=vario", "--target-dir"])
        .arg(target)
        .stdin(Stdio::null())
        .status();
    let vario = release.join(format!("vario{}", std::env::consts::EXE_SUFFIX));
    match built {
        Ok(status) if status.success() && vario.is_file() => Ok(Some(vario)),
        _ => {
            out.line("whole processes: skipped, for `vario` does not build here")?;
            Ok(None)
        }
    }
}

pub(crate) struct Bench {
    pub(crate) vario: PathBuf,
    pub(crate) home: PathBuf,
}

impl Bench {
    /// The command, with a home of its own and nothing else of ours.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.vario);
        for (name, folder) in [
            ("HOME", ""),
            ("USERPROFILE", ""),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
        ] {
            command.env(name, self.home.join(folder));
        }
        command.stdin(Stdio::null());
        command
    }
}

/// Prints how long a command takes from its start to its end.
fn start<W: Write>(out: &mut Report<W>, name: &str, command: &mut Command) -> Result<()> {
    let first = match command.output() {
        Ok(first) => first,
        Err(error) => return Ok(out.line(&format!("  {name:32} skipped: {error}"))?),
    };
    if !worked(&first) {
        let words = String::from_utf8_lossy(&first.stderr);
        let words = words.lines().next().unwrap_or("no reason given");
        return Ok(out.line(&format!("  {name:32} skipped: {words}"))?);
    }
    let times = (0..SPAWNS).map(|_| time(|| command.output())).collect();
    Ok(out.line(&format!("  {name:32}{:>8.2} ms", median(times).as_secs_f64() * 1e3))?)
}

/// Whether a command did what it was asked to. Probes that are wrong on purpose give 1.
fn worked(output: &Output) -> bool {
    matches!(output.status.code(), Some(0 | 1)) && !output.stdout.is_empty()
        || output.status.success()
}
