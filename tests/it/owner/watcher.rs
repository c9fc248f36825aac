//! A `probe --watch` that runs beside the test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value as Json;

use crate::rig::Rig;

pub(super) struct Watcher {
    child: Child,
    lines: BufReader<ChildStdout>,
    errors: BufReader<ChildStderr>,
}

impl Watcher {
    pub(super) fn start(rig: &Rig, args: &[&str]) -> Self {
        let mut command = rig.command(&["probe", "--watch", "--json", "--plugins", "plugins"]);
        command.args(args);
        Self::of(command)
    }

    pub(super) fn of(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        let errors = BufReader::new(child.stderr.take().expect("piped"));
        Self { child, lines, errors }
    }

    /// The next result.
    #[track_caller]
    pub(super) fn next(&mut self) -> Json {
        let mut line = String::new();
        let count = self.lines.read_line(&mut line).expect("UTF-8");
        assert_ne!(count, 0, "it ended by itself");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Reads what it says until these words are there.
    pub(super) fn errors_until(&mut self, words: &str) -> String {
        let mut text = String::new();
        while !text.contains(words) {
            let count = self.errors.read_line(&mut text).expect("UTF-8");
            assert_ne!(count, 0, "it ended by itself: {text}");
        }
        text
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as Ctrl-C does, and gives its exit code.
    pub(super) fn interrupt(&mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::INT).expect("it runs");
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _already_dead = self.child.kill();
        let _already_reaped = self.child.wait();
    }
}

/// Ends it as nothing can be prepared for.
pub(super) fn kill(mut watcher: Watcher) {
    kill_process(Pid::from_child(&watcher.child), Signal::KILL).expect("it runs");
    watcher.child.wait().expect("it ends");
}

/// Stops it; what is returned lets it go on.
pub(super) fn stop(watcher: &Watcher) -> impl FnOnce() + use<> {
    let pid = Pid::from_child(&watcher.child);
    kill_process(pid, Signal::STOP).expect("it runs");
    move || kill_process(pid, Signal::CONT).expect("it is stopped")
}

/// How the owner says it is, if there is one.
pub(crate) fn status(rig: &Rig) -> Option<Json> {
    let mut stream = UnixStream::connect(rig.home.path().join("state/vario/owner/socket")).ok()?;
    stream.write_all(b"{\"protocol\":3}\n{\"request\":\"status\"}\n").ok()?;
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let hello = lines.next()?;
    assert!(hello.contains("hello"), "{hello}");
    serde_json::from_str(&lines.next()?).ok()
}

/// Follows the owner; each call gives what comes next.
pub(super) fn follow(rig: &Rig) -> impl FnMut() -> Json + use<> {
    let socket = rig.home.path().join("state/vario/owner/socket");
    let mut stream = UnixStream::connect(socket).expect("an owner listens");
    let asks = b"{\"protocol\":3}\n{\"request\":\"follow\",\"watch\":\"nothing\"}\n";
    stream.write_all(asks).expect("it listens");
    let mut lines = BufReader::new(stream).lines();
    let mut next = move || {
        let line = lines.next().expect("it lives").expect("UTF-8");
        serde_json::from_str::<Json>(&line).expect("JSON")
    };
    assert_eq!(next()["reply"], "hello");
    assert_eq!(next()["reply"], "following");
    next
}
