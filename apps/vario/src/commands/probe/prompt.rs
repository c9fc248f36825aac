//! What a prompt is given: it stands still until it has its answer, and Starship kills after half
//! a second (`command_timeout`) what has none. So it gets what is stored, however old, and what is
//! too old is asked for by a process that nobody waits for.

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::Duration;

use vario_bootstrap::Vario;
use vario_model::Snapshot;
use vario_runtime::Found;
use vario_store::RunLock;

/// The stored results of these plugins, the newest of each.
pub(super) fn stored(vario: &Vario, plugins: &[Found]) -> anyhow::Result<Vec<Snapshot>> {
    let store = vario.store()?;
    let latest = |found: &Found| store.latest(&found.plugin.id).transpose();
    Ok(plugins.iter().filter_map(latest).collect::<Result<_, _>>()?)
}

/// Has those that are older than `max_age` run, unless somebody does that now.
pub(super) fn refresh(vario: &Vario, plugins: &[Found], max_age: Duration) -> anyhow::Result<()> {
    let (store, now_ms) = (vario.store()?, vario.clock().now().as_millisecond());
    let max_age_ms = i64::try_from(max_age.as_millis()).unwrap_or(i64::MAX);
    let is_due = |found: &Found| {
        let id = &found.plugin.id;
        let is_fresh = matches!(store.fresh(id, max_age_ms, now_ms), Ok(Some(_)));
        // Given back at once. Somebody may have it, and where none can be had, nothing can be stored
        // either: nobody would hear of the answer, and the next prompt would ask again.
        !is_fresh && matches!(RunLock::try_acquire(vario.paths(), id), Ok(Some(_)))
    };
    if plugins.iter().any(is_due) { start() } else { Ok(()) }
}

/// This very command in a process of its own, which runs what is due and tells nobody.
fn start() -> anyhow::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(with_refresh(std::env::args_os().skip(1).collect()));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
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

/// Leaves the terminal and whoever started us, so that closing the one or killing the other's
/// children does not end what nobody waits for.
pub(super) fn detach() {
    // Who leads a group already stays; then it was not started by `start`.
    #[cfg(unix)]
    let _stays = rustix::process::setsid();
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
