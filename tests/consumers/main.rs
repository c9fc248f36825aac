//! The programs that read what Vario prints: real ones, set up with what the README shows, as
//! pasted.
//!
//! Some take minutes to build and all of them want more room than tests should, so only
//! `cargo xtask consumers` builds and runs these, which gets them first. CI calls it.

mod i3status_rust;
mod metrics;
#[path = "../it/rig.rs"]
#[expect(dead_code, reason = "made for more than these need")]
mod rig;
mod shells;
mod starship;
mod status_line;
mod tmux;
mod waybar;
mod xbar;

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::rig::{Rig, vario};

/// What the bars are to show of [`rig`].
const HEADLINE: &str = "The quota 3% · The wrong !";

/// One plugin that is nearly used up and one that failed, where the program finds them by itself.
fn rig() -> Rig {
    let rig = Rig::new();
    rig.uses("quota", 97);
    rig.throws("wrong", "Not #(now) <i> & co.");
    rig.home.write(
        "config/vario/config.toml",
        format!("[plugins]\nfolders = ['{}']\ndisabled = ['system']\n", rig.plugins().display()),
    );
    rig
}

/// A consumer in the surroundings of a rig, for which `vario` is a command as any other.
fn consumer(rig: &Rig, program: &str, args: &[&str]) -> Command {
    let mut command = rig.command_of(program.as_ref(), args);
    command.env("PATH", path());
    command
}

/// Where programs are found: ours, and what this process finds.
fn path() -> OsString {
    let ours = vario().parent().expect("a program is in a folder").to_owned();
    let path = std::env::var_os("PATH").expect("programs are somewhere");
    std::env::join_paths([ours].into_iter().chain(std::env::split_paths(&path)))
        .expect("they came out of such a list")
}

/// The README's block that holds these words: what a reader pastes.
fn pasted(words: &str) -> &'static str {
    let blocks = include_str!("../../README.md").split("\n```");
    // Every second piece is inside of a block; its first line is the language.
    let inside = blocks.skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    let mut found = inside.map(|(_, text)| text).filter(|text| text.contains(words));
    let block = found.next().unwrap_or_else(|| panic!("README.md has no block with `{words}`"));
    assert_eq!(found.next(), None, "README.md has two blocks with `{words}`");
    block
}

/// A program that does not end by itself. It ends with this value, and with it all that it started.
struct Running(Child);

impl Running {
    fn start(mut command: Command) -> Self {
        let child = command.process_group(0).spawn();
        Self(child.expect("`cargo xtask consumers` gets it first"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _already_dead = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _already_reaped = self.0.wait();
    }
}
