//! What a prompt is given: it stands still until it has its answer, and Starship kills after half
//! a second (`command_timeout`) what has none. So it gets what is stored, however old, and what is
//! too old is asked for by a process that nobody waits for.
//!
//! What spares providers whose answers cannot be kept holds for bars, too ([`Prompt::spared`]).

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use vario_bootstrap::Vario;
use vario_model::Snapshot;
use vario_runtime::Found;
use vario_store::{RunLock, Sole, SoleLock, StoreMode};

/// How long nobody is asked again whose last answer could not be kept, on a full disk for one:
/// prompts and bars ask every few seconds.
const RETRY: Duration = Duration::from_mins(1);

/// One that shows results of at most this age, as far as that can be had.
pub(super) struct Prompt<'a> {
    pub(super) vario: &'a Vario,
    pub(super) max_age: Duration,
}

impl Prompt<'_> {
    /// The stored results of these plugins, the newest of each.
    pub(super) fn stored(&self, plugins: &[Found]) -> anyhow::Result<Vec<Snapshot>> {
        let store = self.vario.store()?;
        let latest = |found: &Found| store.latest(&found.plugin.id).transpose();
        Ok(plugins.iter().filter_map(latest).collect::<Result<_, _>>()?)
    }

    /// The stored results of those that are not to be asked again yet, and the others.
    pub(super) fn spared(&self, plugins: &[Found]) -> anyhow::Result<(Vec<Snapshot>, Vec<Found>)> {
        let (mut known, mut due) = (Vec::new(), Vec::new());
        for found in plugins {
            let stored = if self.was_asked_in_vain(found)? {
                self.vario.store()?.latest(&found.plugin.id)?
            } else {
                None
            };
            match stored {
                Some(snapshot) => known.push(snapshot),
                None => due.push(found.clone()),
            }
        }
        Ok((known, due))
    }

    /// Has those that are too old run, unless somebody does that now or nobody would hear of it.
    pub(super) fn refresh(&self, plugins: &[Found]) -> anyhow::Result<()> {
        for found in plugins {
            if self.is_due(found)? {
                // Given back at once: it only tells whether somebody has it.
                return if self.lock().is_some() { start() } else { Ok(()) };
            }
        }
        Ok(())
    }

    /// The right to run what prompts did not wait for, if nobody has it and there is one.
    pub(super) fn lock(&self) -> Option<SoleLock> {
        SoleLock::try_acquire(self.vario.paths(), Sole::Prompt).ok().flatten()
    }

    fn is_due(&self, found: &Found) -> anyhow::Result<bool> {
        let is_kept = self.vario.store()?.mode() == StoreMode::Lasting;
        let can_run = is_kept && !self.is_fresh(found)? && !self.is_running(found);
        Ok(can_run && !self.was_asked_in_vain(found)?)
    }

    fn is_fresh(&self, found: &Found) -> anyhow::Result<bool> {
        let max_age_ms = i64::try_from(self.max_age.as_millis()).unwrap_or(i64::MAX);
        let now_ms = self.vario.clock().now().as_millisecond();
        Ok(self.vario.store()?.fresh(&found.plugin.id, max_age_ms, now_ms)?.is_some())
    }

    fn is_running(&self, found: &Found) -> bool {
        let (paths, id) = (self.vario.paths(), &found.plugin.id);
        // Looking makes the file, and a file without a run would look like one in vain.
        RunLock::last_use(paths, id).is_some()
            && matches!(RunLock::try_acquire(paths, id), Ok(None))
    }

    /// Whether a run began less than a moment ago whose result is not there.
    fn was_asked_in_vain(&self, found: &Found) -> anyhow::Result<bool> {
        let now: SystemTime = self.vario.clock().now().into();
        let last = RunLock::last_use(self.vario.paths(), &found.plugin.id);
        let is_recent = last.and_then(|last| now.duration_since(last).ok());
        Ok(is_recent.is_some_and(|ago| ago < RETRY.min(self.max_age))
            && !self.is_fresh(found)?
            && !self.is_running(found))
    }
}

/// This very command in a process of its own, which runs what is due and tells nobody.
fn start() -> anyhow::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(with_refresh(std::env::args_os().skip(1).collect()));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    vario_bootstrap::inherit_nothing();
    // Closing the terminal, or killing whoever waited for us, does not end what nobody waits for.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    #[cfg(windows)]
    {
        /// `DETACHED_PROCESS` of `CreateProcess`: it has no console.
        const DETACHED_PROCESS: u32 = 0x8;
        std::os::windows::process::CommandExt::creation_flags(&mut command, DETACHED_PROCESS);
    }
    // It ends by itself, long after us.
    let _child = command.spawn()?;
    Ok(())
}

/// The arguments with the option that makes the other process of it; behind `--` are no options.
fn with_refresh(mut args: Vec<OsString>) -> Vec<OsString> {
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    args.insert(end, "--refresh".into());
    args
}

#[cfg(test)]
mod tests {
    use super::with_refresh;

    #[test]
    fn the_option_comes_before_what_is_no_option() {
        for (args, expected) in [
            ("probe --format starship", "probe --format starship --refresh"),
            ("probe --format starship -- a b", "probe --format starship --refresh -- a b"),
        ] {
            let args = args.split(' ').map(Into::into).collect();
            assert_eq!(with_refresh(args).join(" ".as_ref()), expected);
        }
    }
}
