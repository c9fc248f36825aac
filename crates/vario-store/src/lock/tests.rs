use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use vario_test_support::TempHome;

use crate::{Paths, RunLock};

/// A deadline that no test meets unless something hangs.
fn far() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

#[test]
fn a_lock_has_one_holder_and_is_given_back() {
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    let held = RunLock::try_acquire(&paths, "a").unwrap();
    assert!(held.is_some());
    assert!(RunLock::try_acquire(&paths, "a").unwrap().is_none());
    assert!(RunLock::acquire(&paths, "a", Instant::now()).unwrap().is_none());
    assert!(RunLock::try_acquire(&paths, "b").unwrap().is_some(), "each plugin has its own");
    drop(held);
    assert!(RunLock::try_acquire(&paths, "a").unwrap().is_some());
    assert_eq!(home.names("state/locks"), ["a.lock", "b.lock"]);
}

#[test]
fn whoever_waits_gets_it_next() {
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    let held = RunLock::try_acquire(&paths, "a").unwrap().unwrap();
    let (waits, is_waiting) = mpsc::channel();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            waits.send(()).unwrap();
            RunLock::acquire(&paths, "a", far()).unwrap().is_some()
        });
        is_waiting.recv().unwrap();
        drop(held);
        assert!(waiting.join().unwrap());
    });
}

#[test]
fn a_state_folder_that_cannot_be_written_is_an_error() {
    let home = TempHome::new();
    home.write("state", "a file where the folder should be");
    let error = RunLock::try_acquire(&Paths::below(home.path()), "a").unwrap_err();
    assert!(error.to_string().starts_with("cannot write "), "{error}");
}

#[test]
fn every_id_has_a_lock_of_its_own_inside_the_folder() {
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    let long = "ü".repeat(64);
    let ids =
        ["", ".", "..", "../x", "a/b", "a\\b", "a b", "a\u{0}b", "C:x", "con", "a%2fb", &long];
    let held: Vec<RunLock> =
        ids.iter().map(|id| RunLock::try_acquire(&paths, id).unwrap().expect(id)).collect();
    for id in ids {
        assert!(RunLock::try_acquire(&paths, id).unwrap().is_none(), "{id:?}");
    }
    assert_eq!(home.names("state/locks").len(), ids.len());
    assert_eq!(home.names("state"), ["locks"]);
    drop(held);
    for id in ids {
        assert!(RunLock::try_acquire(&paths, id).unwrap().is_some(), "{id:?}");
    }
}

/// The same test, run again as another process that takes the lock and is killed, while a third one
/// that it has started lives on.
#[test]
fn the_lock_of_a_dead_process_is_free() {
    const FOLDER: &str = "VARIO_TEST_LOCK_HOLDER";
    const BYSTANDER: &str = "VARIO_TEST_LOCK_BYSTANDER";
    const NAME: &str = "lock::tests::the_lock_of_a_dead_process_is_free";
    let again = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", NAME, "--nocapture"]);
        command
    };
    let say_and_wait = |word: &str| {
        println!("\n{word}");
        std::io::stdout().flush().unwrap();
        // Until it is killed, or its parent is gone.
        let _ = std::io::stdin().read_line(&mut String::new());
    };
    if std::env::var_os(BYSTANDER).is_some() {
        return say_and_wait("bystander");
    }
    if let Some(folder) = std::env::var_os(FOLDER) {
        let paths = Paths::below(folder.as_ref());
        let _held = RunLock::try_acquire(&paths, "a").unwrap().unwrap();
        let mut bystander = again().env(BYSTANDER, "").spawn().unwrap();
        say_and_wait("held");
        bystander.wait().unwrap();
        return;
    }
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    let mut command = again();
    command.env(FOLDER, home.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // As long as this is open, the bystander lives.
    let stdin = child.stdin.take();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let told = lines.filter(|line| line == "held" || line == "bystander").take(2);
    assert_eq!(told.count(), 2);
    assert!(RunLock::try_acquire(&paths, "a").unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(RunLock::acquire(&paths, "a", far()).unwrap().is_some());
    drop(stdin);
}
