//! `vario probe --watch`: run again whenever a result is due.

use std::time::Duration;

use vario_bootstrap::Vario;
use vario_model::{RunEvent, RunTrigger};
use vario_runtime::{Found, RefreshOptions, RunContext};

use super::output::Output;
use crate::exit::Exit;

/// Runs until it is cancelled. The first round runs everything that is not fresh enough; later
/// ones run what is due, whoever ran it last.
pub(super) fn run(
    vario: &Vario,
    context: &RunContext,
    plugins: &[Found],
    mut options: RefreshOptions,
    output: &Output<'_>,
) -> anyhow::Result<Exit> {
    let (wake, woken) = crossbeam_channel::bounded::<()>(1);
    let _guard = options.cancel.on_cancel(move || {
        let _already_awake = wake.try_send(());
    });
    let refresher = vario.refresher()?;
    options.trigger = RunTrigger::Auto;
    let mut due: Vec<Found> = plugins.to_vec();
    loop {
        let mut failed = None;
        refresher.run(context, &due, &options, &mut |event| {
            if let RunEvent::Finished { snapshot } = event
                && failed.is_none()
            {
                super::say_notices(&snapshot);
                failed = output.one(&snapshot).err();
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if options.cancel.is_cancelled() {
            return Ok(Exit::Ok);
        }
        // What another process has just run is taken from the store, never asked for again.
        options.max_age = Some(vario.interval());
        loop {
            let wait = refresher.next_due(plugins, vario.interval());
            let pause = Duration::from_millis(u64::try_from(wait.left_ms).unwrap_or(0));
            if pause.is_zero() {
                due = wait.plugins;
                break;
            }
            if woken.recv_timeout(pause).is_ok() || options.cancel.is_cancelled() {
                return Ok(Exit::Ok);
            }
        }
    }
}
