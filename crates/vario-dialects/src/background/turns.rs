use std::sync::Arc;
use std::time::Duration;

use vario_sandbox::{
    Engine, ErrorKind, Handle, Inbound, Inbox, Instance, InstanceSpec, Kind, LogLevel, Natives,
    ScriptError, StopReason, StopSignal,
};
use vario_value::Shape;

use super::clock::{Clock, MonotonicClock};
use super::job::BackgroundJob;
use super::natives::{BackgroundNatives, tell_end};
use super::scripts::prelude;

/// How the life of a background plugin ended.
#[derive(Debug, Clone, PartialEq)]
pub enum BackgroundEnd {
    /// The host closed the line.
    Closed,
    /// The plugin could not be loaded, and the host was told why.
    NotLoaded,
    /// It was ended from outside, or ran out of memory.
    Stopped(StopReason),
    /// The world around it could not be built.
    Failed(Box<ScriptError>),
}

/// Loads a background plugin and serves it until the host is gone or asks for an end.
///
/// Call it on a thread with at least 8 MiB of stack.
pub fn run_background(
    engine: &dyn Engine,
    job: &BackgroundJob,
    host: Arc<dyn Natives>,
    inbox: &dyn Inbox,
    stop: &Arc<StopSignal>,
) -> BackgroundEnd {
    run_background_by(engine, job, host, inbox, stop, Arc::new(MonotonicClock::start()))
}

/// As [`run_background`], with timers that go by a clock of the caller's.
pub fn run_background_by(
    engine: &dyn Engine,
    job: &BackgroundJob,
    host: Arc<dyn Natives>,
    inbox: &dyn Inbox,
    stop: &Arc<StopSignal>,
    clock: Arc<dyn Clock>,
) -> BackgroundEnd {
    let natives: Arc<dyn Natives> = Arc::new(BackgroundNatives::new(host, clock, Arc::clone(stop)));
    let spec = InstanceSpec {
        limits: job.limits.clone(),
        stop: Arc::clone(stop),
        natives: Arc::clone(&natives),
        frozen_unix_ms: None,
    };
    let end = engine.open_background(spec).map_err(Break::from).and_then(|mut instance| {
        let mut life = Life::begin(instance.as_mut(), job, natives.as_ref(), stop)?;
        life.load()?;
        life.serve(inbox)
    });
    let Break(error) = match end {
        Ok(end) => return end,
        Err(error) => error,
    };
    if let ErrorKind::Stopped(reason) = error.kind {
        tell_end(natives.as_ref(), &reason.text(&job.limits));
        return BackgroundEnd::Stopped(reason);
    }
    tell_end(natives.as_ref(), &error.message);
    BackgroundEnd::Failed(Box::new(error))
}

/// An error after which nothing goes on.
struct Break(ScriptError);

impl From<ScriptError> for Break {
    fn from(error: ScriptError) -> Self {
        Self(error)
    }
}

/// What `due()` says.
enum Due {
    /// A timer ran.
    Ran,
    /// The next one is due after this time.
    In(Duration),
    /// There is none.
    Never,
    /// The plugin could not be loaded.
    Over,
}

/// A world with its prelude in place.
struct Life<'a> {
    instance: &'a mut dyn Instance,
    host: &'a dyn Natives,
    stop: &'a StopSignal,
    /// The bound of one turn.
    limit: Duration,
    load: Handle,
    deliver: Handle,
    due: Handle,
    mark: u32,
}

impl<'a> Life<'a> {
    fn begin(
        instance: &'a mut dyn Instance,
        job: &BackgroundJob,
        host: &'a dyn Natives,
        stop: &'a StopSignal,
    ) -> Result<Self, Break> {
        let natives = instance.natives()?;
        let build = instance.eval(prelude(job.language))?;
        let info = instance.make(&job.info())?;
        let world = instance.call(build, &[natives, info])?;
        let mut part = |name| {
            let part = instance.get(world, name)?;
            if instance.kind(part) == Kind::Function {
                return Ok(part);
            }
            let words = format!("the prelude gives no {name}()");
            Err(Break(ScriptError::new(ErrorKind::Internal, words)))
        };
        let (load, deliver, due) = (part("load")?, part("deliver")?, part("due")?);
        let mark = instance.mark();
        let limit = job.turn;
        Ok(Self { instance, host, stop, limit, load, deliver, due, mark })
    }

    /// Not bounded here: large bundles take their time, and the host bounds the whole start.
    fn load(&mut self) -> Result<(), Break> {
        self.turn_at_leisure(|life| life.instance.call(life.load, &[]).map(drop))
    }

    /// One message or timer after the other. A timer never keeps messages waiting: after each one
    /// the inbox is looked at.
    fn serve(&mut self, inbox: &dyn Inbox) -> Result<BackgroundEnd, Break> {
        loop {
            let wait = match self.due()? {
                Due::Ran => Some(Duration::ZERO),
                Due::In(wait) => Some(wait),
                Due::Never => None,
                Due::Over => return Ok(BackgroundEnd::NotLoaded),
            };
            match inbox.next(wait) {
                Inbound::Message(message) => self.turn(|life| {
                    let message = life.instance.make(&message)?;
                    life.instance.call(life.deliver, &[message]).map(drop)
                })?,
                Inbound::Idle => {}
                Inbound::Closed => return Ok(BackgroundEnd::Closed),
            }
        }
    }

    fn due(&mut self) -> Result<Due, Break> {
        let mut said = None;
        self.turn(|life| {
            let due = life.instance.call(life.due, &[])?;
            said = life.instance.read(due, &Shape::Scalar)?.as_f64();
            Ok(())
        })?;
        Ok(match said {
            // A timer that brought an error through all the way has run, too.
            Some(-2.0) | None => Due::Ran,
            Some(-3.0) => Due::Over,
            Some(ms) if ms >= 0.0 => Due::In(wait_of(ms)),
            Some(_) => Due::Never,
        })
    }

    /// One step of the script and all that follows from it at once, within the limit.
    fn turn(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<(), ScriptError>,
    ) -> Result<(), Break> {
        self.stop.begin_turn(self.limit);
        let done = self.turn_at_leisure(step);
        self.stop.end_turn();
        done
    }

    fn turn_at_leisure(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<(), ScriptError>,
    ) -> Result<(), Break> {
        let done = step(self);
        self.survive(done)?;
        let drained = self.instance.drain();
        self.instance.release(self.mark);
        self.survive(drained)
    }

    /// Logs what the prelude let through; only an end of the world ends the loop.
    fn survive(&self, done: Result<(), ScriptError>) -> Result<(), Break> {
        let Err(error) = done else { return Ok(()) };
        match error.kind {
            // The stack is whole again.
            ErrorKind::Stopped(StopReason::Stack) => {}
            ErrorKind::Stopped(_) => return Err(Break(error)),
            _ => {}
        }
        let stack = error.stack.as_deref().unwrap_or_default();
        // A log that takes no more says so when it is needed next.
        let _full = self.host.log(LogLevel::Error, &format!("{}\n{stack}", error.message));
        Ok(())
    }
}

/// Whole milliseconds, rounded up, so that a timer is due when the wait is over.
fn wait_of(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms.ceil() / 1000.0).unwrap_or(Duration::from_hours(1))
}
