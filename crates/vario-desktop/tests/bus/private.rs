//! A session bus for one test.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use zbus::blocking::Connection;

/// Set where a test runs on its own bus.
const MARK: &str = "VARIO_TEST_ON_PRIVATE_BUS";

/// Nothing here opens a window; it just is no X session.
const NO_SCREEN: &str = "of-no-screen";

/// Far longer than anything takes; a test that waits for this has failed.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// Runs a test's body on a bus of its own. `name` is the test's full name.
pub(crate) fn on_private_bus(name: &str, body: impl FnOnce()) {
    if std::env::var_os(MARK).is_some() {
        return body();
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    match run_again(name, folder.path()) {
        Ok(output) => judge(name, &output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => skip(name),
        Err(error) => panic!("dbus-run-session: {error}"),
    }
}

/// Runs a test's body where the session bus has this address.
pub(crate) fn again_with_bus(name: &str, address: &str, body: impl FnOnce()) {
    if std::env::var_os(MARK).is_some() {
        return body();
    }
    let mut test = Command::new(std::env::current_exe().expect("tests have a path"));
    test.args(["--exact", name, "--nocapture"]);
    test.env(MARK, "1").env("DBUS_SESSION_BUS_ADDRESS", address).env("WAYLAND_DISPLAY", NO_SCREEN);
    judge(name, &test.output().expect("the test itself can be started"));
}

fn judge(name: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains("1 passed"), "no test is called {name}\n{said}");
}

fn run_again(name: &str, folder: &Path) -> std::io::Result<Output> {
    let config = folder.join("bus.conf");
    std::fs::write(&config, configuration(folder)).expect("can be written");
    Command::new("dbus-run-session")
        .arg("--config-file")
        .arg(&config)
        .arg("--")
        .arg(std::env::current_exe().expect("tests have a path"))
        .args(["--exact", name, "--nocapture"])
        .env(MARK, "1")
        .env("WAYLAND_DISPLAY", NO_SCREEN)
        .output()
}

#[expect(clippy::print_stderr, reason = "whoever reads the tests' output learns why")]
fn skip(name: &str) {
    eprintln!("{name} is skipped: there is no dbus-run-session (Debian package dbus-daemon)");
}

/// A bus that knows no services to start.
fn configuration(folder: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        folder.display()
    )
}

/// What comes next from another thread, which has to come.
pub(crate) fn next<T>(from: &Receiver<T>) -> T {
    from.recv_timeout(LONG).expect("comes in time")
}

/// Asks again until it is so, which it has to become.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "it is still not so: {what}");
        std::thread::yield_now();
    }
}

/// The test's own connection, through which it plays the desktop.
pub(crate) fn connect() -> Connection {
    zbus::blocking::connection::Builder::session()
        .and_then(|builder| builder.method_timeout(LONG).build())
        .expect("the bus is there")
}
