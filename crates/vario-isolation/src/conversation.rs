use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use vario_sandbox::{NativeError, Natives, StopReason, StopSignal};
use vario_value::Value;

use crate::frames::Frames;
use crate::message::{self, BadFrame, FromWorker, MAX_FROM_WORKER, MAX_GREETING, Told};
use crate::pipe::{Moved, Pipe};

/// How long after its deadline a worker is killed, and how long after it was told to stop: the
/// time a script's engine has to end it in good order, with its stack.
pub const HARD_GRACE: Duration = Duration::from_millis(250);

/// Why a conversation is over without a result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The worker closed its end, which it does by dying.
    Gone,
    /// The last moment has passed.
    Late,
    /// The stop signal has a reason other than the deadline.
    Stopped,
    /// The worker said something it must not; in words.
    Nonsense(String),
}

impl From<BadFrame> for Broken {
    fn from(bad: BadFrame) -> Self {
        Self::Nonsense(bad.to_string())
    }
}

/// The host's side of the protocol.
pub(crate) struct Conversation {
    pipe: Pipe,
    frames: Frames,
    /// What is written before the worker is listened to.
    greeting: Vec<u8>,
    /// The calls so far. The worker counts along.
    calls: u64,
}

impl Conversation {
    /// How long nobody looks at the stop signal.
    pub(crate) const SLICE: Duration = Duration::from_millis(100);

    pub(crate) fn new(pipe: Pipe) -> Self {
        Self { pipe, frames: Frames::default(), greeting: Vec::new(), calls: 0 }
    }

    /// Writes the greeting as far as there is room, which an empty pipe has.
    pub(crate) fn greet(&mut self, greeting: Vec<u8>) {
        self.greeting = greeting;
        let _more_with_the_hello = self.send_greeting(Instant::now());
    }

    /// Sends what is the last of this conversation, and takes it apart.
    pub(crate) fn leave(mut self, last: &[u8], until: Instant) -> Result<(Pipe, Frames), Broken> {
        let mut rest = last;
        while !rest.is_empty() {
            match self.pipe.write(rest, until) {
                Moved::Bytes(count) => rest = &rest[count..],
                Moved::Late => return Err(Broken::Late),
                Moved::Gone => return Err(Broken::Gone),
            }
        }
        Ok((self.pipe, self.frames))
    }

    fn send_greeting(&mut self, until: Instant) -> Result<(), Broken> {
        while !self.greeting.is_empty() {
            match self.pipe.write(&self.greeting, until) {
                Moved::Bytes(count) => drop(self.greeting.drain(..count)),
                Moved::Late => return Err(Broken::Late),
                // Its own words, if there are any, say more.
                Moved::Gone => self.greeting.clear(),
            }
        }
        Ok(())
    }

    /// The worker's first message.
    pub(crate) fn hello(&mut self, until: Instant) -> Result<FromWorker, Broken> {
        self.send_greeting(until)?;
        loop {
            let other = |bad| match bad {
                BadFrame::Version { .. } => Broken::from(bad),
                // Some other program, which may print anything.
                _ => Broken::from(BadFrame::Magic),
            };
            if let Some((kind, payload)) = self.frames.next(|_| MAX_GREETING).map_err(other)? {
                let hello = FromWorker::parse(kind, payload).map_err(other)?;
                return if self.frames.is_empty() { Ok(hello) } else { Err(unasked()) };
            }
            match self.pipe.read(&mut self.frames, until) {
                Moved::Bytes(_) => {}
                Moved::Late => return Err(Broken::Late),
                Moved::Gone => return Err(Broken::Gone),
            }
        }
    }

    /// Sends the job and answers until there is a result.
    pub(crate) fn run(
        &mut self,
        job: &[u8],
        result_bytes: usize,
        hard: Instant,
        stop: &StopSignal,
        natives: &dyn Natives,
    ) -> Result<Value, Broken> {
        let mut watch = Watch { hard, stop, told_to_stop: false };
        self.write(job, &mut watch)?;
        loop {
            match self.next(result_bytes, &mut watch)? {
                FromWorker::Result(value) => {
                    return if self.frames.is_empty() { Ok(value) } else { Err(unasked()) };
                }
                FromWorker::Failed(words) => {
                    let words: String = words.chars().take(200).collect();
                    return Err(Broken::Nonsense(format!("its result cannot be sent: {words}")));
                }
                FromWorker::Hello(_) => {
                    return Err(Broken::Nonsense("it says hello a second time".to_owned()));
                }
                FromWorker::Post { .. } => return Err(unasked()),
                FromWorker::Log { level, text } => {
                    let logged = guarded(|| natives.log(level, &text));
                    if logged == Err(NativeError::Stop) {
                        reason(stop);
                        return Err(Broken::Stopped);
                    }
                }
                FromWorker::Call { seq, function, args } => {
                    self.expect(seq)?;
                    let told = match guarded(|| natives.call(function, args)) {
                        Ok(value) => Told::Value(value),
                        Err(NativeError::Error(words)) => Told::Error(words),
                        Err(NativeError::TypeError(words)) => Told::TypeError(words),
                        Err(NativeError::Stop) => {
                            watch.tell();
                            Told::Stop(reason(stop))
                        }
                    };
                    self.reply(seq, &told, &mut watch)?;
                }
                FromWorker::Module { seq, path } => {
                    self.expect(seq)?;
                    let text = catch_unwind(AssertUnwindSafe(|| natives.module(&path)))
                        .unwrap_or_else(|_panic| Err(PANICKED.to_owned()));
                    let reply = message::module_reply(seq, &text)
                        .or_else(|unfit| message::module_reply(seq, &Err(unfit.to_string())));
                    self.write(&reply.expect("a few words fit into a frame"), &mut watch)?;
                }
            }
        }
    }

    /// A worker that waits for an answer has nothing more to say, and counts its questions.
    fn expect(&mut self, seq: u64) -> Result<(), Broken> {
        self.calls += 1;
        if seq != self.calls {
            return Err(Broken::Nonsense("a call has the wrong number".to_owned()));
        }
        if self.frames.is_empty() { Ok(()) } else { Err(unasked()) }
    }

    fn reply(&mut self, seq: u64, told: &Told, watch: &mut Watch<'_>) -> Result<(), Broken> {
        let reply = message::reply(seq, told).or_else(|unfit| {
            let words = format!("the host's answer cannot be sent: {unfit}");
            message::reply(seq, &Told::Error(words))
        });
        self.write(&reply.expect("a few words fit into a frame"), watch)
    }

    fn write(&mut self, mut bytes: &[u8], watch: &mut Watch<'_>) -> Result<(), Broken> {
        while !bytes.is_empty() {
            match self.pipe.write(bytes, watch.slice()?) {
                Moved::Bytes(count) => bytes = &bytes[count..],
                Moved::Late => {}
                Moved::Gone => return Err(Broken::Gone),
            }
        }
        Ok(())
    }

    fn next(&mut self, result_bytes: usize, watch: &mut Watch<'_>) -> Result<FromWorker, Broken> {
        loop {
            // Asked for every message, so that a flood that never lets us wait ends, too.
            let until = watch.slice()?;
            let max_bytes = |kind| FromWorker::max_bytes(kind, result_bytes).min(MAX_FROM_WORKER);
            if let Some((kind, payload)) = self.frames.next(max_bytes)? {
                return Ok(FromWorker::parse(kind, payload)?);
            }
            if self.pipe.read(&mut self.frames, until) == Moved::Gone {
                return Err(Broken::Gone);
            }
        }
    }
}

fn unasked() -> Broken {
    Broken::Nonsense("it speaks when it must not".to_owned())
}

const PANICKED: &str = "the host failed inside this call; this is a bug in Vario";

/// A panic in a host function is an error for the script, and nothing for anybody else.
fn guarded<T>(call: impl FnOnce() -> Result<T, NativeError>) -> Result<T, NativeError> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_panic| Err(NativeError::Error(PANICKED.to_owned())))
}

/// The reason in the signal; there is one when a native said stop, or there is one now.
fn reason(stop: &StopSignal) -> StopReason {
    if stop.poll().is_none() {
        stop.stop(StopReason::Halted("the host ended the run".to_owned()));
    }
    stop.poll().cloned().unwrap_or(StopReason::Cancelled)
}

/// Knows when a run is over from outside.
struct Watch<'a> {
    hard: Instant,
    stop: &'a StopSignal,
    told_to_stop: bool,
}

impl Watch<'_> {
    /// The worker is being told to stop: it has a little time to do so.
    fn tell(&mut self) {
        self.told_to_stop = true;
        self.hard = self.hard.min(Instant::now() + HARD_GRACE);
    }

    /// Until when to wait before asking again.
    fn slice(&self) -> Result<Instant, Broken> {
        let now = Instant::now();
        let reason = self.stop.poll();
        if now >= self.hard {
            return Err(Broken::Late);
        }
        match reason {
            None | Some(StopReason::Deadline) => {}
            Some(_) if self.told_to_stop => {}
            Some(_) => return Err(Broken::Stopped),
        }
        Ok(self.hard.min(now + Conversation::SLICE))
    }
}
