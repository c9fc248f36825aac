//! Programs that are run for their output, for a limited time.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use process_wrap::std::{ChildWrapper, CommandWrap};
use vario_host::Scope;

/// More output than this is no answer to anything we ask.
const MAX_OUTPUT_BYTES: usize = 16 * 1024 * 1024;

/// How often a child is asked whether it is still there.
const TICK: Duration = Duration::from_millis(10);

/// How long output may lag behind the end of the program. Something it left running in the
/// background, an agent started by a shell's start-up file, may hold the pipe open for ever.
const LAG: Duration = Duration::from_millis(200);

/// What a program said before it ended.
pub(crate) struct Finished {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// Its standard output.
    pub(crate) stdout: Vec<u8>,
}

/// Runs a program without input until it ends. `None` when it cannot be started, says too much, or
/// is not done at `until` or when the run is cancelled; then it is killed with its children.
///
/// It gets a session of its own, without a terminal: an interactive shell would otherwise try to
/// take the terminal from us, and be stopped for it.
pub(crate) fn run(mut command: Command, until: Instant, scope: &Scope) -> Option<Finished> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut wrapped = CommandWrap::from(command);
    #[cfg(unix)]
    wrapped.wrap(process_wrap::std::ProcessSession);
    let mut child = wrapped.spawn().ok()?;
    let finished = child.stdout().take().and_then(|stdout| {
        let (sender, receiver) = bounded(16);
        let wake = sender.clone();
        let _guard = scope.cancel.on_cancel(move || {
            let _busy_means_awake = wake.try_send(Vec::new());
        });
        let pump = move || pump(stdout, &sender);
        crate::wait::start(pump).ok()?;
        watch(child.as_mut(), &receiver, until, scope)
    });
    if finished.is_none() {
        let _already_gone = child.start_kill();
        let _reaped = child.wait();
    }
    finished
}

fn pump(mut stdout: impl Read, sender: &Sender<Vec<u8>>) -> bool {
    let mut buffer = vec![0; 8192];
    loop {
        match stdout.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return false;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    // An empty piece is the end.
    sender.send(Vec::new()).is_ok()
}

fn watch(
    child: &mut dyn ChildWrapper,
    pieces: &Receiver<Vec<u8>>,
    until: Instant,
    scope: &Scope,
) -> Option<Finished> {
    let mut stdout = Vec::new();
    let mut is_complete = false;
    let mut give_up = until;
    let mut status = None;
    loop {
        if scope.cancel.is_cancelled() {
            return None;
        }
        if let (Some(status), true) = (status, is_complete || Instant::now() >= give_up) {
            return Some(Finished { status, stdout });
        }
        if Instant::now() >= until {
            return None;
        }
        match pieces.recv_deadline(until.min(Instant::now() + TICK)) {
            Ok(piece) if piece.is_empty() => is_complete = true,
            Ok(piece) => stdout.extend(piece),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => is_complete = true,
        }
        if stdout.len() > MAX_OUTPUT_BYTES {
            return None;
        }
        if status.is_none() {
            status = child.try_wait().ok()?;
            if status.is_some() {
                give_up = until.min(Instant::now() + LAG);
            }
        }
    }
}
