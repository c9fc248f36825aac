//! Processes that are killed while they install: afterwards the plugin is the old version or the
//! new one, whole, and the next start leaves nothing else behind.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use vario_store::Paths;

use super::rig::{Rig, plugin_zip};
use crate::Installer;
use crate::installer::without_exchange;
use crate::steps::for_tests::at_each;

const HOME: &str = "VARIO_TEST_KILLED_HOME";
const WORK: &str = "VARIO_TEST_KILLED_WORK";
const EXCHANGES: &str = "VARIO_TEST_KILLED_EXCHANGES";

const NAME: &str = "tests::killed::a_process_killed_at_any_step_leaves_a_whole_plugin";

/// The child: tells of each step, and goes on when it is told to.
fn work(home: &str, work: &str) {
    let home = PathBuf::from(home);
    let paths = Paths::below(&home);
    if std::env::var(EXCHANGES).is_ok_and(|value| value == "no") {
        without_exchange();
    }
    let installer = Installer::new(paths.clone(), paths.plugins_dir());
    at_each(|step| {
        println!("\nstep {step:?}");
        let _it_is_told = std::io::stdin().lock().read_line(&mut String::new());
    });
    match work {
        "rollback" => drop(installer.rollback("demo").unwrap()),
        "remove" => drop(installer.remove("demo").unwrap()),
        archive => {
            let mut candidate = installer.inspect(&home.join(archive)).unwrap();
            installer.install(&mut candidate).unwrap();
        }
    }
    println!("\nstep Done");
}

fn start(rig: &Rig, work: &str, exchanges: bool) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(HOME, rig.home.path())
        .env(WORK, work)
        .env(EXCHANGES, if exchanges { "yes" } else { "no" })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets the child go as far as step `number` and kills it there; the name of that step.
fn kill_at(rig: &Rig, work: &str, exchanges: bool, number: usize) -> String {
    let mut child = start(rig, work, exchanges);
    let mut told = child.stdin.take().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut steps = lines.filter_map(|line| Some(line.strip_prefix("step ")?.to_owned()));
    let mut step = steps.next().expect("it has steps");
    for _ in 0..number {
        if step == "Done" {
            break;
        }
        told.write_all(b"on\n").unwrap();
        step = steps.next().expect("it is done at the end");
    }
    // On Unix this is kill -9.
    child.kill().unwrap();
    child.wait().unwrap();
    step
}

/// What may be there after the kill and what is kept then.
struct Case {
    work: &'static str,
    /// The version that is there, and the one that is kept, at the start.
    before: (Option<&'static str>, Option<&'static str>),
    after: (Option<&'static str>, Option<&'static str>),
}

const CASES: &[Case] = &[
    Case { work: "new.zip", before: (None, None), after: (Some("3.0.0"), None) },
    Case { work: "new.zip", before: (Some("1.0.0"), None), after: (Some("3.0.0"), Some("1.0.0")) },
    Case {
        work: "new.zip",
        before: (Some("2.0.0"), Some("1.0.0")),
        after: (Some("3.0.0"), Some("2.0.0")),
    },
    Case {
        work: "rollback",
        before: (Some("2.0.0"), Some("1.0.0")),
        after: (Some("1.0.0"), Some("2.0.0")),
    },
    Case { work: "remove", before: (Some("2.0.0"), Some("1.0.0")), after: (None, None) },
];

fn prepared(case: &Case) -> Rig {
    let rig = Rig::new();
    rig.home.write("new.zip", plugin_zip("3.0.0"));
    for (version, folder) in [(case.before.0, "demo"), (case.before.1, ".previous/demo")] {
        if let Some(version) = version {
            rig.put(version, folder);
        }
    }
    rig
}

#[test]
fn a_process_killed_at_any_step_leaves_a_whole_plugin() {
    if let (Ok(home), Ok(what)) = (std::env::var(HOME), std::env::var(WORK)) {
        return work(&home, &what);
    }
    for case in CASES {
        for exchanges in [true, false] {
            for number in 0.. {
                let rig = prepared(case);
                let step = kill_at(&rig, case.work, exchanges, number);
                check(&rig, case, exchanges, &step);
                if step == "Done" {
                    break;
                }
            }
        }
    }
}

fn check(rig: &Rig, case: &Case, exchanges: bool, step: &str) {
    let name = format!("{} from {:?}, exchange {exchanges}, at {step}", case.work, case.before);
    if exchanges && case.after.0.is_some() && case.before.0.is_some() && cfg!(target_os = "linux") {
        assert!(rig.version().is_some(), "{name}: nobody sees it missing");
    }
    rig.installer().recover();
    let [version, kept] = [rig.version(), rig.kept()];
    let found = (version.as_deref(), kept.as_deref());
    let version_is_new = found.0 == case.after.0;
    // A removal takes both away one after the other.
    let half_removed = case.work == "remove" && found == (None, case.before.1);
    assert!(found == case.before || found == case.after || half_removed, "{name}: {found:?}");
    if step == "Done" || step == "Settled" || step == "Swapped" {
        assert!(version_is_new, "{name}: {found:?}");
    }
    let rest: Vec<String> =
        rig.tree().into_iter().filter(|path| path.starts_with(".installing")).collect();
    assert_eq!(rest, Vec::<String>::new(), "{name}");
    if step != "Done" && step != "Swapped" {
        return;
    }
    // And it can be done again.
    let mut candidate = rig.inspect(&plugin_zip("4.0.0")).unwrap();
    rig.installer().install(&mut candidate).unwrap();
    assert_eq!(rig.version().as_deref(), Some("4.0.0"), "{name}");
}

#[test]
fn a_process_killed_at_any_moment_leaves_a_whole_plugin() {
    let rig = Rig::new();
    rig.install("1.0.0");
    rig.home.write("new.zip", plugin_zip("3.0.0"));
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..25_u64 {
        let mut child = start(&rig, "new.zip", round % 2 == 0);
        // At the end of its input it goes on by itself.
        drop(child.stdin.take());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let first = lines.find(|line| line.starts_with("step "));
        assert!(first.is_some(), "round {round}");
        for _ in 0..round.wrapping_mul(0x9e37_79b9) % 400_000 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        rig.installer().recover();
        seen.insert(rig.version().expect("it is never gone"));
        let kept = rig.kept();
        assert!(kept.is_none() || kept != rig.version(), "round {round}: {kept:?}");
        if rig.version().as_deref() == Some("3.0.0") {
            rig.install("1.0.0");
        }
    }
    assert!(seen.contains("1.0.0") || seen.contains("3.0.0"), "{seen:?}");
}
