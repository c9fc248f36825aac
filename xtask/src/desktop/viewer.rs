//! The viewer as a user has it: built, started in a home of its own, and listened to.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::home::Home;
use super::server::Running;
use crate::{Usage, process};

/// The program and its package.
pub(crate) const NAME: &str = "vario-viewer";

/// With this variable the viewer writes a [`Measure`] as one line of JSON to stderr, at its first
/// frame and then every second.
const MEASURE_VARIABLE: &str = "VARIO_VIEWER_MEASURE";

/// What the viewer says about itself, as `{"frames":12,"firstFrameMs":143}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Measure {
    /// Frames drawn since the start.
    pub(crate) frames: u64,
    /// Milliseconds from the beginning of its `main` to the end of its first frame.
    pub(crate) first_frame_ms: u64,
}

/// Which program is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Program {
    /// What Cargo builds from this workspace, with a profile.
    Built { profile: String },
    /// One that is there already.
    Ready(PathBuf),
}

impl Default for Program {
    /// What users run.
    fn default() -> Self {
        Self::Built { profile: String::from("release") }
    }
}

impl Program {
    /// Reads one of its arguments, `--profile NAME` or `--program PATH`; `false` if it is neither.
    pub(crate) fn takes<'a>(
        &mut self,
        argument: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<bool> {
        *self = match argument {
            "--profile" => Self::Built { profile: value(argument, rest)?.clone() },
            "--program" => Self::Ready(PathBuf::from(value(argument, rest)?)),
            _ => return Ok(false),
        };
        Ok(true)
    }

    /// Builds it if need be.
    pub(crate) fn path(&self, root: &Path) -> Result<PathBuf> {
        match self {
            Self::Built { profile } => process::build(root, NAME, profile),
            Self::Ready(path) => {
                std::path::absolute(root.join(path)).context("cannot tell where the program is")
            }
        }
    }
}

/// What follows an argument that needs a value.
pub(crate) fn value<'a>(
    argument: &str,
    rest: &mut impl Iterator<Item = &'a String>,
) -> Result<&'a String> {
    rest.next().ok_or_else(|| Usage(format!("`{argument}` needs a value")).into())
}

/// A started viewer; it ends when this is dropped.
pub(crate) struct Viewer {
    pub(crate) running: Running,
    pub(crate) started: Instant,
}

impl Viewer {
    /// Starts it. `display` holds the variables that lead to a server of windows.
    pub(crate) fn start(
        home: &Home,
        program: &Path,
        display: &[(&str, String)],
        arguments: &[&str],
        measure: bool,
    ) -> Result<Self> {
        let mut command = home.command(program);
        command.args(arguments).envs(display.iter().map(|(name, value)| (name, value)));
        if measure {
            command.env(MEASURE_VARIABLE, "1");
        }
        let started = Instant::now();
        Ok(Self { running: Running::start(home, NAME, command)?, started })
    }

    /// How many lines it has written.
    pub(crate) fn lines(&self) -> usize {
        self.running.log().matches('\n').count()
    }

    /// The newest line about itself.
    pub(crate) fn measure(&self) -> Option<Measure> {
        newest(&self.running.log())
    }

    /// Resident memory in KiB: of the window's process, and of those it started.
    pub(crate) fn memory(&self) -> Result<Memory> {
        let own = self.running.id();
        let text = status(own).context("the viewer is gone")?;
        let window = resident(&text);
        let files = field(&text, "RssFile:").unwrap_or_default();
        let others = descendants(own);
        let helpers: u64 =
            others.iter().filter_map(|id| status(*id)).map(|text| resident(&text)).sum();
        Ok(Memory { window, files, helpers, helper_count: others.len() })
    }
}

/// Resident memory in KiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) window: u64,
    /// The part of it that is programs and libraries as they are on the disk.
    pub(crate) files: u64,
    /// Of all processes that the window's process started, added up; pages that they share count
    /// for each.
    pub(crate) helpers: u64,
    pub(crate) helper_count: usize,
}

/// The last whole line that is a [`Measure`]; what else the viewer says is passed over.
fn newest(log: &str) -> Option<Measure> {
    let whole = log.rfind('\n').map_or("", |end| &log[..end]);
    whole.lines().rev().find_map(|line| serde_json::from_str(line).ok())
}

fn status(id: u32) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{id}/status")).ok()
}

fn resident(status: &str) -> u64 {
    field(status, "VmRSS:").unwrap_or_default()
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The processes that one process started, and those that they started.
fn descendants(of: u32) -> Vec<u32> {
    let ids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parents: Vec<(u32, u64)> =
        ids.filter_map(|id| Some((id, field(&status(id)?, "PPid:")?))).collect();
    let mut found = vec![of];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied().map(u64::from) {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        next += 1;
    }
    found.split_off(1)
}

#[cfg(test)]
mod tests {
    use super::{Measure, descendants, field, newest};

    #[test]
    fn the_newest_whole_line_counts() {
        let log = "a warning\n{\"frames\":2,\"firstFrameMs\":143,\"rssKb\":1}\n\
                   {\"frames\":3,\"firstFrameMs\":143}\nwords\n{\"frames\":4";
        assert_eq!(newest(log), Some(Measure { frames: 3, first_frame_ms: 143 }));
        assert_eq!(newest("nothing\n"), None);
        assert_eq!(newest("{\"frames\":1,\"firstFrameMs\":1}"), None);
    }

    #[test]
    fn the_system_says_who_started_whom() {
        let status = "Name:\tx\nPPid:\t17\nVmRSS:\t    8412 kB\n";
        assert_eq!((field(status, "PPid:"), field(status, "VmRSS:")), (Some(17), Some(8412)));
        assert_eq!(field(status, "VmSwap:"), None);

        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let found = descendants(std::process::id());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(found.contains(&child.id()));
        assert!(!found.contains(&std::process::id()));
    }
}
