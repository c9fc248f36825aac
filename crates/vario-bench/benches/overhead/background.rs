//! Background plugins, hosted by the command itself: what they cost while they do nothing, and what
//! bad ones cost the others.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::process::Bench;
use crate::report::Report;

/// Plugins that only wait.
const IDLE: usize = 200;

/// How long they are watched.
const WATCHED: Duration = Duration::from_mins(1);

/// What they may use of one core, in percent.
const ALLOWED: f64 = 0.5;

/// Plugins that answer.
const SERVING: usize = 10;

/// Requests to each of them.
const REQUESTS: usize = 200;

/// Longer than all of them need to start.
const PATIENCE: Duration = Duration::from_mins(5);

const PERMISSIONS: &str = r#""permissions": { "routes": true, "bus": ["*"] }"#;

/// Measures both. False if the idle ones use more than is allowed.
pub(crate) fn run<W: Write>(out: &mut Report<W>) -> Result<bool> {
    if !cfg!(target_os = "linux") {
        out.line("background plugins: skipped, what they use is known on Linux only")?;
        return Ok(true);
    }
    let Some(vario) = crate::process::build(out)? else { return Ok(true) };
    let kept = idle(out, &vario)?;
    serving(out, &vario)?;
    Ok(kept)
}

fn idle<W: Write>(out: &mut Report<W>, vario: &Path) -> Result<bool> {
    let home = tempfile::tempdir()?;
    let bench = Bench { vario: vario.to_owned(), home: home.path().to_owned() };
    for number in 0..IDLE {
        write_plugin(home.path(), &format!("idle-{number:03}"), number % 2 == 1, WAITS)?;
    }
    let started = Instant::now();
    let host = Host::start(&bench)?;
    Host::until_active(&bench, IDLE)?;
    let start = started.elapsed();
    let children = children(host.pid())?;
    ensure!(children.len() >= IDLE, "{} processes for {IDLE} plugins", children.len());
    let all: Vec<u32> = children.iter().copied().chain([host.pid()]).collect();
    let before = processor_time(&all)?;
    std::thread::sleep(WATCHED);
    let used = (processor_time(&all)? - before) / WATCHED.as_secs_f64() * 100.0;
    let mut resident: Vec<u64> = children.iter().filter_map(|pid| status(*pid, "VmRSS:")).collect();
    resident.sort_unstable();
    let mut own: Vec<u64> = children.iter().filter_map(|pid| status(*pid, "RssAnon:")).collect();
    own.sort_unstable();
    let middle = |sorted: &[u64]| mb(sorted.get(sorted.len() / 2).copied().unwrap_or_default());
    out.line(&format!("{IDLE} idle background plugins, half of them in Lua"))?;
    out.line(&format!("  all active after                {:>8.1} s", start.as_secs_f64()))?;
    out.line(&format!(
        "  of one core in {} s             {used:>8.2} % (allowed {ALLOWED})",
        WATCHED.as_secs()
    ))?;
    out.line(&format!(
        "  memory of each, its own         {:>8.1} MB (resident {:.1})",
        middle(&own),
        middle(&resident)
    ))?;
    let host_memory = status(host.pid(), "VmRSS:").unwrap_or_default();
    out.line(&format!("  memory of the host              {:>8.1} MB", mb(host_memory)))?;
    Ok(used <= ALLOWED)
}

fn serving<W: Write>(out: &mut Report<W>, vario: &Path) -> Result<()> {
    let quiet = answer_times(vario, &[])?;
    let bad: Vec<(&str, &str)> = BAD.to_vec();
    let busy = answer_times(vario, &bad)?;
    out.line(&format!("{SERVING} plugins answer {REQUESTS} requests each, one after the other"))?;
    for (name, times) in [("alone", &quiet), ("beside five bad ones", &busy)] {
        let at = |share: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a place in a list"
            )]
            let place = ((times.len() - 1) as f64 * share) as usize;
            times[place].as_secs_f64() * 1e3
        };
        out.line(&format!("  {name:24} median {:>7.2} ms   p99 {:>7.2} ms", at(0.5), at(0.99)))?;
    }
    let p99 = |times: &[Duration]| times[(times.len() - 1) * 99 / 100].as_secs_f64();
    Ok(out.line(&format!(
        "  p99 beside the bad ones is {:.1} times the quiet one",
        p99(&busy) / p99(&quiet)
    ))?)
}

/// How long each answer takes, sorted.
fn answer_times(vario: &Path, bad: &[(&str, &str)]) -> Result<Vec<Duration>> {
    let home = tempfile::tempdir()?;
    let bench = Bench { vario: vario.to_owned(), home: home.path().to_owned() };
    let mut ids = Vec::new();
    for number in 0..SERVING {
        let id = format!("serving-{number}");
        write_plugin(home.path(), &id, false, SERVES)?;
        grant(&bench, &id)?;
        ids.push(id);
    }
    for (id, code) in bad {
        write_plugin(home.path(), id, false, code)?;
        grant(&bench, id)?;
    }
    let host = Host::start(&bench)?;
    Host::until_active(&bench, SERVING)?;
    let mut times = Vec::new();
    for _ in 0..REQUESTS {
        for id in &ids {
            let started = Instant::now();
            let answer = host.get(&format!("/api/{id}/value"))?;
            times.push(started.elapsed());
            ensure!(answer.contains("\"value\":42"), "{id} answered: {answer}");
        }
    }
    times.sort_unstable();
    Ok(times)
}

const WAITS: &str = "export default { start() {} };";

const SERVES: &str =
    "export default { start() {}, routes: { get: { value: () => ({ value: 42 }) } } };";

/// Plugins that nobody should notice.
const BAD: [(&str, &str); 5] = [
    ("bad-loop", "export default { start(ctx) { ctx.timers.after(1, () => { for (;;) {} }); } };"),
    ("bad-crash", "throw new Error('at once');"),
    (
        "bad-leak",
        "const all = []; export default { start(ctx) { ctx.timers.every(1, () => { all.push(new Array(20000).fill(Math.random())); }); } };",
    ),
    (
        "bad-flood",
        "export default { start(ctx) { ctx.timers.every(1, () => { for (let i = 0; i < 50; i += 1) ctx.bus.publish('flood', 'x'.repeat(500)); }); } };",
    ),
    (
        "bad-silent",
        "export default { start() {}, routes: { get: { value: () => new Promise(() => {}) } } };",
    ),
];

fn write_plugin(home: &Path, id: &str, lua: bool, code: &str) -> Result<()> {
    let folder = home.join("data/vario/plugins").join(id);
    fs::create_dir_all(&folder)?;
    let (entry, code) =
        if lua { ("main.lua", "return { start = function() end }") } else { ("main.mjs", code) };
    let manifest = format!(
        r#"{{ "schemaVersion": 1, "dialect": "vario", "id": "{id}", "name": "{id}", "version": "1.0.0", "background": "{entry}", {PERMISSIONS} }}"#
    );
    fs::write(folder.join("plugin.json"), manifest)?;
    fs::write(folder.join(entry), code)?;
    Ok(())
}

fn grant(bench: &Bench, id: &str) -> Result<()> {
    let granted = bench.command().args(["grant", id, "routes", "bus:*"]).output()?;
    let words = String::from_utf8_lossy(&granted.stderr);
    ensure!(granted.status.success(), "{id} cannot be granted anything: {words}");
    Ok(())
}

/// `vario serve`, until this is dropped.
struct Host {
    child: Child,
    port: u16,
}

impl Host {
    fn start(bench: &Bench) -> Result<Self> {
        let mut command: Command = bench.command();
        command.args(["serve", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().context("its output is a pipe")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.split_whitespace().next().unwrap_or_default();
        let port = address.rsplit(':').next().and_then(|port| port.parse().ok());
        Ok(Self { child, port: port.with_context(|| format!("no address: {line}"))? })
    }

    fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until so many plugins are active.
    fn until_active(bench: &Bench, count: usize) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        loop {
            let listed = bench.command().args(["background", "list", "--json"]).output()?;
            let active = String::from_utf8_lossy(&listed.stdout).matches("\"active\"").count();
            if active >= count {
                return Ok(());
            }
            ensure!(Instant::now() < end, "{active} of {count} plugins are active");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn get(&self, target: &str) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut request = String::new();
        write!(request, "GET {target} HTTP/1.1\r\nHost: localhost:{}\r\n", self.port)?;
        request.push_str("Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The processes that a process started.
fn children(parent: u32) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        if status(pid, "PPid:") == Some(u64::from(parent)) {
            found.push(pid);
        }
    }
    Ok(found)
}

/// A number of a process's status.
fn status(pid: u32, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// What processes have used of a processor, in seconds.
fn processor_time(pids: &[u32]) -> Result<f64> {
    /// Of the numbers there, by every Linux in use.
    const TICKS_PER_SECOND: f64 = 100.0;
    let mut ticks = 0;
    for pid in pids {
        let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The name may hold anything, and ends with the last bracket.
        let rest = text.rsplit_once(')').context("a process has a name")?.1;
        let numbers: Vec<&str> = rest.split_whitespace().collect();
        for place in [11, 12] {
            ticks += numbers.get(place).and_then(|number| number.parse::<u32>().ok()).unwrap_or(0);
        }
    }
    Ok(f64::from(ticks) / TICKS_PER_SECOND)
}

#[expect(clippy::cast_precision_loss, reason = "for display")]
fn mb(kib: u64) -> f64 {
    kib as f64 * 1024.0 / 1e6
}
