//! Programs that must not outlive the task: they are ended when their guard is dropped.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::home::Home;
use super::poll;
use crate::setup;

/// How long a program may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);

/// A running program and the file that holds what it writes to stderr.
pub(crate) struct Running {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Running {
    /// Starts a program whose stderr goes to a file.
    pub(crate) fn start(home: &Home, name: &str, mut command: Command) -> Result<Self> {
        let log = home.path().join(format!("{name}.log"));
        let file = std::fs::File::create(&log).context("cannot make a log file")?;
        let child = command.stdin(Stdio::null()).stderr(file).spawn();
        let child =
            child.with_context(|| format!("cannot start {name}; run `cargo xtask setup`"))?;
        Ok(Self { child, name: String::from(name), log })
    }

    /// A server's command; the system ends it together with the task, however that ends.
    /// `privileges` are arguments of `setpriv` for one that refuses to run with all of ours.
    pub(crate) fn server(
        home: &Home,
        name: &str,
        privileges: &[&str],
        arguments: &[&str],
    ) -> Result<Command> {
        if !setup::is_program(name) {
            bail!("{name} is not installed; run `cargo xtask setup`");
        }
        let mut command = home.command("setpriv");
        command.args(["--pdeathsig", "TERM"]).args(privileges).args(["--", name]).args(arguments);
        Ok(command)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// What it wrote to stderr so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read(&self.log).map_or_else(
            |error| format!("(its log cannot be read: {error})"),
            |bytes| String::from_utf8_lossy(&bytes).into_owned(),
        )
    }

    /// An error if it has ended although it should run.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended early: {status}{}", self.name, self.said()),
            None => Ok(()),
        }
    }

    /// Its last words, for an error.
    pub(crate) fn said(&self) -> String {
        const LINES: usize = 40;
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(LINES)..].join("\n    ");
        match last.trim() {
            "" => String::from("; it said nothing on stderr"),
            text => format!("; on stderr it said:\n    {text}"),
        }
    }

    /// Waits until it has ended by itself.
    pub(crate) fn wait(&mut self, limit: Duration) -> Result<Option<ExitStatus>> {
        poll(limit, Duration::from_millis(20), || Ok(self.child.try_wait()?))
    }
}

impl Drop for Running {
    /// Asks first: a server that is killed leaves its lock and its socket behind.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        if let Some(id) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(id, Signal::TERM);
        }
        if !matches!(self.wait(GRACE), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Home, Running};

    #[test]
    fn a_program_ends_with_its_guard_and_its_words_are_kept() {
        let home = Home::new().unwrap();
        let mut command = home.command("sh");
        command.args(["-c", "echo words >&2; exec sleep 600"]);
        let mut running = Running::start(&home, "sh", command).unwrap();
        let id = running.id();
        running.check().unwrap();
        let words = super::poll(super::GRACE, std::time::Duration::from_millis(5), || {
            Ok(running.said().contains("words").then_some(()))
        });
        assert!(words.unwrap().is_some());
        drop(running);
        assert!(!std::path::Path::new(&format!("/proc/{id}")).exists());
    }

    #[test]
    fn one_that_ended_early_says_why() {
        let home = Home::new().unwrap();
        let mut command = home.command("sh");
        command.args(["-c", "echo no display >&2; exit 3"]);
        let mut running = Running::start(&home, "sh", command).unwrap();
        running.wait(super::GRACE).unwrap();
        let error = running.check().expect_err("it ended").to_string();
        assert!(error.contains("exit status: 3") && error.ends_with("no display"), "{error}");
    }
}
