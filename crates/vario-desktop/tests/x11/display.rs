//! A display for one test.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Set where a test runs on its own display.
const MARK: &str = "VARIO_TEST_ON_OWN_DISPLAY";

/// Far longer than anything takes; a test that waits for this has failed.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// Runs a test's body with an X server of its own. `name` is the test's full name.
pub(crate) fn on_own_display(name: &str, body: impl FnOnce()) {
    if std::env::var_os(MARK).is_some() {
        return body();
    }
    match Server::start() {
        Ok(server) => again_with_display(name, &server.display, body),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => skip(name),
        Err(error) => panic!("Xvfb: {error}"),
    }
}

/// Runs a test's body where this is the display.
pub(crate) fn again_with_display(name: &str, display: &str, body: impl FnOnce()) {
    if std::env::var_os(MARK).is_some() {
        return body();
    }
    let mut test = Command::new(std::env::current_exe().expect("tests have a path"));
    test.args(["--exact", name, "--nocapture"]);
    test.env(MARK, "1").env("DISPLAY", display).env_remove("WAYLAND_DISPLAY");
    let output = test.output().expect("the test itself can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains("1 passed"), "no test is called {name}\n{said}");
}

#[expect(clippy::print_stderr, reason = "whoever reads the tests' output learns why")]
fn skip(name: &str) {
    eprintln!("{name} is skipped: there is no Xvfb (Debian package xvfb)");
}

struct Server {
    process: Child,
    display: String,
}

impl Server {
    fn start() -> std::io::Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "64x64x24", "-nolisten", "tcp"]);
        command.arg("-noreset").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn()?;
        let mut number = String::new();
        let stdout = process.stdout.take().expect("is piped");
        // It ends the line once it can be used.
        BufReader::new(stdout).read_line(&mut number)?;
        let display = format!(":{}", number.trim());
        Ok(Self { process, display })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, and need not be.
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
    }
}

/// Asks again until it is so, which it has to become.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "it is still not so: {what}");
        std::thread::yield_now();
    }
}
