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

/// The same test, run again as another process that takes the lock and is killed.
#[test]
fn the_lock_of_a_dead_process_is_free() {
    const FOLDER: &str = "VARIO_TEST_LOCK_HOLDER";
    const NAME: &str = "lock::tests::the_lock_of_a_dead_process_is_free";
    if let Some(folder) = std::env::var_os(FOLDER) {
        let _held = RunLock::try_acquire(&Paths::below(folder.as_ref()), "a").unwrap().unwrap();
        println!("\nheld");
        std::io::stdout().flush().unwrap();
        // Until it is killed, or its parent is gone.
        let _ = std::io::stdin().read_line(&mut String::new());
        return;
    }
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME, "--nocapture"]).env(FOLDER, home.path());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "held"));
    assert!(RunLock::try_acquire(&paths, "a").unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(RunLock::acquire(&paths, "a", far()).unwrap().is_some());
}
