//! The child's side.

mod attached;
mod line;
mod remote;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use vario_sandbox::{Inbox, Natives, StopSignal};
use vario_value::Value;

use self::attached::Attached;
use self::line::Line;
use self::remote::Remote;
use crate::harden;
use crate::lockdown::Lockdown;
use crate::message::{self, FromHost, Setup};

/// What the process ends with when the job panicked, as any Rust program does.
pub(crate) const EXIT_PANICKED: i32 = 101;

/// There is no host at the other end, or one of another version.
const EXIT_NO_HOST: u8 = 2;

/// Engines need this much for their own limits on a script's stack to be the ones that are met.
const STACK_BYTES: usize = 8 << 20;

/// What a worker can do.
pub struct Work<Run, Stay> {
    /// Does a job that ends: gets the job, the way to the host, and a signal that fires when the
    /// run must end; its value is the result.
    pub run: Run,
    /// Does a job without an end: gets the job, the way to the host and what hears it, and returns
    /// when it wants to end.
    pub stay: Stay,
    /// Whether a function's answer comes as a message, or never, in a job without an end.
    pub is_posted: fn(u32) -> bool,
}

/// Does one job for the host that started this process, and ends.
///
/// To be called first thing in `main`, before anything opened a file or started a thread: the
/// process loses its environment and every descriptor but the pipe's, and standard input and
/// output lead nowhere. `warm_up` then loads whatever needs the system; after it there are no
/// files, no new threads and no system calls but those for memory, clocks and the pipe. Both run on
/// one thread, with 8 MiB of stack.
///
/// Once the result is sent the process ends, without returning from here and without running
/// destructors. It returns only if something went wrong.
pub fn serve<Run, Stay>(warm_up: impl FnOnce() + Send, work: Work<Run, Stay>) -> ExitCode
where
    Run: FnOnce(Value, Arc<dyn Natives>, Arc<StopSignal>) -> Value + Send,
    Stay: FnOnce(Value, Arc<dyn Natives>, Arc<dyn Inbox>) + Send,
{
    // The host says what happened here; a trace would only want to read files.
    std::panic::set_hook(Box::new(|_quiet| {}));
    let mut lockdown = Lockdown::default();
    let Ok((from, to)) = harden::take_pipes(&mut lockdown) else {
        return ExitCode::from(EXIT_NO_HOST);
    };
    let mut line = Line::new(from, to);
    let Ok(FromHost::Setup(setup)) = line.greeting() else {
        // A host of another version learns from this what is wrong.
        let _whoever_listens = message::hello(&lockdown).map(|hello| line.send(&hello));
        return ExitCode::from(EXIT_NO_HOST);
    };
    harden::early(&setup, &mut lockdown);
    std::thread::scope(|scope| {
        let (warm, is_warm) = channel();
        let (restricted, is_restricted) = channel();
        let run = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(
            scope,
            || -> ExitCode {
                warm_up();
                give_up_rights(&setup, lockdown, (warm, is_restricted), &mut line);
                do_job(line, work)
            },
        );
        // Some measures hold for one thread only, and this one will stay until the end.
        if is_warm.recv().is_ok() {
            let _heard = restricted.send(harden::restrict_thread());
        }
        match run.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(never)) => never,
            // There is no thread, or it panicked in our own code.
            Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
        }
    })
}

/// What the two threads say to each other: that all is loaded, and how the other one fared.
type Between = (Sender<()>, Receiver<Result<String, String>>);

/// The last point at which the process may do anything but compute. Says hello after it.
fn give_up_rights(setup: &Setup, mut lockdown: Lockdown, between: Between, line: &mut Line) {
    let (warm, is_restricted) = between;
    let _heard = warm.send(());
    let other = is_restricted.recv().unwrap_or_else(|_gone| Err("a thread ended".to_owned()));
    harden::late(setup, other, &mut lockdown);
    let hello = message::hello(&lockdown).expect("a few measures fit into a frame");
    if line.send(&hello).is_err() {
        leave();
    }
}

fn do_job<Run, Stay>(mut line: Line, work: Work<Run, Stay>) -> !
where
    Run: FnOnce(Value, Arc<dyn Natives>, Arc<StopSignal>) -> Value,
    Stay: FnOnce(Value, Arc<dyn Natives>, Arc<dyn Inbox>),
{
    let (left, result_bytes, value) = match line.receive() {
        Ok(FromHost::Job { left, result_bytes, value }) => (left, result_bytes, value),
        Ok(FromHost::Stay(value)) => {
            let attached = Attached::new(line, work.is_posted);
            or_end(|| (work.stay)(value, Arc::clone(&attached) as _, attached as _));
            leave()
        }
        _ => leave(),
    };
    let far = Duration::from_hours(24 * 365);
    let stop = Arc::new(StopSignal::new(Instant::now() + left.min(far)));
    let remote = Arc::new(Remote::new(line, Arc::clone(&stop)));
    let natives = Arc::clone(&remote) as Arc<dyn Natives>;
    let result = or_end(|| (work.run)(value, natives, stop));
    remote.finish(&result, result_bytes);
    leave()
}

/// A panic ends the process, before anything is unwound that the host could take for another end.
fn or_end<T>(part: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(part)).unwrap_or_else(|_panic| std::process::exit(EXIT_PANICKED))
}

/// Ends the process at once: what is left in memory is nobody's business any more, and freeing it
/// takes time.
fn leave() -> ! {
    std::process::exit(0)
}
