//! Processes that are killed while they write: what they had reported as done is there, and
//! everything is whole.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::json;
use vario_model::{AuditEntry, RunTrigger, Snapshot};
use vario_output::{Format, Line, Output, ProgressLine};
use vario_sqlite::{Database, OpenOptions};
use vario_test_support::TempHome;

use crate::{Config, Grants, Paths, RunLock, Store, StoreMode};

/// Where the home folder of a child is, which lane it writes in, and from which number.
const FOLDER: &str = "VARIO_TEST_KILLED_FOLDER";
const LANE: &str = "VARIO_TEST_KILLED_LANE";
const START: &str = "VARIO_TEST_KILLED_START";

const NAME: &str = "tests::a_killed_process_loses_nothing_that_it_reported";

/// How many entries one operation adds to the audit log.
const CALLS: usize = 3;

/// What an operation changes; it follows from its number.
#[derive(Debug, PartialEq)]
enum Change {
    /// A grant that all lanes write into.
    Shared,
    /// Grants of this lane's plugin.
    Own,
    Setting,
    Snapshot,
    Audit,
    Value,
}

fn change(number: u64) -> Change {
    match scrambled(number) % 6 {
        0 => Change::Shared,
        1 => Change::Own,
        2 => Change::Setting,
        3 => Change::Snapshot,
        4 => Change::Audit,
        _ => Change::Value,
    }
}

/// The same number for the same seed, without a pattern.
fn scrambled(seed: u64) -> u64 {
    let mixed = (seed ^ (seed >> 31)).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 24
}

fn at_ms(number: u64) -> i64 {
    i64::try_from(number).unwrap()
}

fn variable(lane: &str, number: u64) -> String {
    format!("env:{lane}_{number}")
}

/// What a child does until it is killed, or nobody listens any more.
fn work(paths: &Paths, lane: &str, start: u64) {
    let mut config = Config::load(paths);
    let mut grants = Grants::load(paths);
    let store = Store::open(paths).unwrap();
    assert_eq!(store.mode(), StoreMode::Lasting, "{:?}", store.take_warnings());
    for number in start.. {
        let right = || variable(lane, number).parse().unwrap();
        match change(number) {
            Change::Shared => {
                grants.update("shared", |entry| entry.allow.extend([right()])).unwrap();
            }
            Change::Own => {
                let write = |entry: &mut crate::PluginGrants| {
                    entry.hash = Some(number.to_string());
                    entry.deny.insert(right());
                };
                grants.update(lane, write).unwrap();
            }
            Change::Setting => {
                config.set_setting(lane, &format!("k{number}"), &json!(number)).unwrap();
            }
            Change::Snapshot => {
                let time = at_ms(number);
                store.save(&snapshot(lane, number), RunTrigger::Manual, time).unwrap();
            }
            Change::Audit => store.append_audit(&vec![call(lane, number); CALLS]).unwrap(),
            Change::Value => {
                store.set_plugin_value(lane, &format!("k{number}"), &json!(number)).unwrap();
            }
        }
        if writeln!(std::io::stdout(), "\ndone {number}").is_err() {
            return;
        }
    }
}

fn snapshot(lane: &str, number: u64) -> Snapshot {
    let quota = Line::Progress(ProgressLine {
        label: "Q".into(),
        used: 1.0,
        limit: 2.0,
        format: Format::Dollars,
        resets_at: None,
        period_duration_ms: None,
        color: None,
    });
    // Every other one is a failure.
    let lines = if number.is_multiple_of(2) { vec![quota] } else { vec![quota, Line::error("x")] };
    Snapshot::new(lane, lane, Output { plan: None, lines }, at_ms(number), number)
}

fn call(lane: &str, number: u64) -> AuditEntry {
    AuditEntry {
        at_ms: at_ms(number),
        plugin_id: lane.into(),
        run: at_ms(number),
        function: "fs.exists".into(),
        target: "x".repeat(500),
        allowed: true,
        need: None,
        ok: true,
        bytes: 0,
        duration_us: 0,
    }
}

/// A child, and how much of its work is known to be done.
struct Worker {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    next: u64,
}

impl Worker {
    fn start(home: &TempHome, lane: &str, start: u64) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", NAME, "--nocapture"]).env(FOLDER, home.path());
        command.env(LANE, lane).env(START, start.to_string()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines, next: start }
    }

    /// Reads the next report; nothing at the end.
    fn report(&mut self) -> Option<()> {
        let mut lines = self.lines.by_ref().map(Result::unwrap);
        let number = lines.find_map(|line| line.strip_prefix("done ")?.parse::<u64>().ok())?;
        assert_eq!(number, self.next, "each is reported in its turn");
        self.next = number + 1;
        Some(())
    }

    /// Kills the child somewhere in the work after `reports` more reports. Gives the number that it
    /// may not have done.
    fn kill_after(mut self, reports: u64, delay: u64) -> u64 {
        for _ in 0..reports {
            self.report().expect("it works until it is killed");
        }
        for _ in 0..delay {
            std::hint::spin_loop();
        }
        self.child.kill().unwrap();
        // What it could still report counts too.
        while self.report().is_some() {}
        self.child.wait().unwrap();
        self.next
    }
}

/// All that a lane reported is there: the operations before `end`, and at most that one more.
#[track_caller]
fn check(paths: &Paths, lane: &str, end: u64) {
    let config = Config::load(paths);
    assert!(config.broken().is_none() && config.problems().is_empty(), "{:?}", config.broken());
    let grants = Grants::load(paths);
    assert!(grants.broken().is_none() && grants.problems().is_empty(), "{:?}", grants.broken());
    let store = Store::open(paths).unwrap();
    assert_eq!(store.take_warnings(), Vec::<String>::new());
    assert_eq!(store.mode(), StoreMode::Lasting);

    let shared = grants.get("shared").cloned().unwrap_or_default();
    let own = grants.get(lane).cloned().unwrap_or_default();
    let samples = store.history(lane, 0, i64::MAX).unwrap();
    let calls = store.audit(Some(lane), usize::MAX).unwrap();
    let values = store.plugin_values(lane).unwrap();
    for number in 0..end {
        let right = variable(lane, number).parse().unwrap();
        let there = match change(number) {
            Change::Shared => shared.allow.contains(&right),
            Change::Own => own.deny.contains(&right),
            Change::Setting => config.setting(lane, &format!("k{number}")) == Some(&json!(number)),
            Change::Snapshot => samples.iter().any(|sample| sample.at_ms == at_ms(number)),
            Change::Audit => calls.iter().any(|call| call.run == at_ms(number)),
            Change::Value => values.get(&format!("k{number}")) == Some(&json!(number)),
        };
        assert!(there, "{lane} {number}: {:?}", change(number));
    }
    let last = |what| (0..end).rev().find(|number| change(*number) == what);
    if let Some(number) = last(Change::Own) {
        let hash = own.hash.unwrap().parse::<u64>().unwrap();
        assert!(hash == number || hash == end, "{hash}");
    }
    if let Some(number) = last(Change::Snapshot) {
        let latest = store.latest(lane).unwrap().unwrap();
        assert!([number, end].map(|number| snapshot(lane, number)).contains(&latest));
    }
    // One more try may have added some twice, but never a part of an operation.
    for call in &calls {
        let same = calls.iter().filter(|other| other.run == call.run).count();
        assert!(same.is_multiple_of(CALLS) && call.run <= at_ms(end), "{} of {}", same, call.run);
    }
}

#[test]
fn a_killed_process_loses_nothing_that_it_reported() {
    if let (Some(folder), Ok(lane), Ok(start)) =
        (std::env::var_os(FOLDER), std::env::var(LANE), std::env::var(START))
    {
        return work(&Paths::below(folder.as_ref()), &lane, start.parse().unwrap());
    }
    // Killed while everything is being made.
    for round in 100..110 {
        let home = TempHome::new();
        let worker = Worker::start(&home, "A", 0);
        let end = worker.kill_after(0, scrambled(round) % 200_000);
        check(&Paths::below(home.path()), "A", end);
    }
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    let mut ends = [("A", 0), ("B", 0)];
    for round in 0..10_u64 {
        let workers = ends.map(|(lane, start)| Worker::start(&home, lane, start));
        // The second one goes on while the first is dead: it waits for nobody's lock.
        for (index, worker) in workers.into_iter().enumerate() {
            let seed = scrambled(round * 2 + index as u64);
            ends[index].1 = worker.kill_after(1 + seed % 30, scrambled(seed) % 100_000);
        }
        for (lane, end) in ends {
            check(&paths, lane, end);
        }
    }
    let database = Database::open(&paths.database(), &OpenOptions::default()).unwrap();
    database.quick_check().unwrap();
    drop(database);
    assert!(ends.iter().all(|(_, end)| *end > 50), "{ends:?}");
    // No lock is left over, and the next change sweeps up what was half done.
    assert!(RunLock::try_acquire(&paths, "A").unwrap().is_some());
    assert!(Config::load(&paths).disable("x").unwrap());
    assert!(Grants::load(&paths).remove("shared").unwrap());
    let names = [".config.toml.lock", ".grants.toml.lock", "config.toml", "grants.toml"];
    assert_eq!(home.names("config"), names);
    assert_eq!(home.names("state"), ["locks", "state.db"]);
}
