//! A terminal that can be typed into and looked at: tmux, on a server of its own.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::consumer;
use crate::rig::Rig;

/// What a busy machine may need until something is shown.
const PATIENCE: Duration = Duration::from_mins(1);

/// One session with one pane; it ends with this value.
pub(crate) struct Tmux<'r>(&'r Rig);

impl<'r> Tmux<'r> {
    /// A pane of so many columns and rows in which a shell runs a command.
    pub(crate) fn new(rig: &'r Rig, (width, height): (u16, u16), run: &str) -> Self {
        let tmux = Self(rig);
        let (width, height) = (width.to_string(), height.to_string());
        tmux.ask(&["-f", "/dev/null", "new-session", "-d", "-x", &width, "-y", &height, run]);
        tmux
    }

    /// A command for this session's server.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = consumer(self.0, "tmux", &["-L", "outer"]);
        command.args(args).env("TMUX_TMPDIR", self.0.home.path()).env("TERM", "screen");
        command
    }

    fn ask(&self, args: &[&str]) -> String {
        let output = self.command(args).output();
        let output = output.expect("`cargo xtask consumers` gets it first");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Types, as `send-keys` of tmux(1) writes it.
    pub(crate) fn types(&self, keys: &[&str]) {
        self.ask(&[&["send-keys"], keys].concat());
    }

    /// What the pane shows once it shows these words. The test fails if it never does.
    #[track_caller]
    pub(crate) fn shows(&self, words: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let shown = self.ask(&["capture-pane", "-p"]);
            if shown.contains(words) {
                return shown;
            }
            assert!(Instant::now() < end, "there is no `{words}` in\n{shown}");
        }
    }

    /// What it shows, and the sequences that colour it.
    pub(crate) fn colours(&self) -> String {
        self.ask(&["capture-pane", "-p", "-e"])
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        let _already_dead = self.command(&["kill-server"]).output();
    }
}
