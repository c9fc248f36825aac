use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use vario_sandbox::{LogLevel, NativeError};
use vario_value::Value;

use crate::conversation::Broken;
use crate::ended::{Ended, status_words};
use crate::frames::Frames;
use crate::message::{self, BadFrame, FromWorker, MAX_FROM_WORKER, Told};
use crate::pipe::{Incoming, Moved, Outgoing};
use crate::process::{Killer, Process};

/// What may wait to be written to one worker, in bytes.
const MAX_PENDING: usize = 32 << 20;

/// As good as for ever.
const FAR: Duration = Duration::from_hours(24 * 365);

/// What a worker without an end says.
#[derive(Debug, Clone, PartialEq)]
pub enum FromPlugin {
    /// A call that waits for [`Link::reply`]; it makes no other meanwhile.
    Call {
        /// Names the call.
        seq: u64,
        /// Which function.
        function: u32,
        /// With what.
        args: Vec<Value>,
    },
    /// A call whose answer, if there is one, is a message of the host's own making.
    Post {
        /// Names the call; these count for themselves.
        seq: u64,
        /// Which function.
        function: u32,
        /// With what.
        args: Vec<Value>,
    },
    /// A line for the log.
    Log {
        /// How important.
        level: LogLevel,
        /// What.
        text: String,
    },
    /// A request for the text of a file of the plugin; it waits for [`Link::module`].
    Module {
        /// Names the request; counted with the calls.
        seq: u64,
        /// Which file.
        path: String,
    },
}

/// Why something could not be said to a worker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// It has ended.
    #[error("the plugin's process has ended")]
    Gone,
    /// It does not take what was sent before.
    #[error("the plugin does not listen")]
    Full,
    /// It is too large or nested too deeply.
    #[error("{0}")]
    Unfit(String),
}

/// Speaks to a worker from any thread. Never blocks.
#[derive(Debug, Clone)]
pub struct Link {
    queue: Sender<Vec<u8>>,
    pending: Arc<AtomicUsize>,
}

impl Link {
    fn push(&self, frame: Vec<u8>) -> Result<(), LinkError> {
        let length = frame.len();
        let before = self.pending.fetch_add(length, Ordering::Relaxed);
        if before > 0 && before.saturating_add(length) > MAX_PENDING {
            self.pending.fetch_sub(length, Ordering::Relaxed);
            return Err(LinkError::Full);
        }
        self.queue.send(frame).map_err(|_closed| LinkError::Gone)
    }

    /// Sends a message.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub fn send(&self, value: &Value) -> Result<(), LinkError> {
        let frame = message::message(value).map_err(|unfit| LinkError::Unfit(unfit.to_string()))?;
        self.push(frame)
    }

    /// Answers a [`FromPlugin::Call`]. An answer that cannot be sent becomes an error that says so.
    ///
    /// # Errors
    /// [`LinkError::Gone`] and [`LinkError::Full`].
    pub fn reply(&self, seq: u64, answer: Result<Value, NativeError>) -> Result<(), LinkError> {
        let told = match answer {
            Ok(value) => Told::Value(value),
            Err(NativeError::Error(words)) => Told::Error(words),
            Err(NativeError::TypeError(words)) => Told::TypeError(words),
            Err(NativeError::Stop) => Told::Error("the plugin is being stopped".to_owned()),
        };
        let frame = message::reply(seq, &told).or_else(|unfit| {
            message::reply(seq, &Told::Error(format!("the host's answer cannot be sent: {unfit}")))
        });
        self.push(frame.map_err(|unfit| LinkError::Unfit(unfit.to_string()))?)
    }

    /// Answers a [`FromPlugin::Module`].
    ///
    /// # Errors
    /// As [`Link::reply`].
    pub fn module(&self, seq: u64, text: &Result<String, String>) -> Result<(), LinkError> {
        let frame = message::module_reply(seq, text)
            .or_else(|unfit| message::module_reply(seq, &Err(unfit.to_string())));
        self.push(frame.map_err(|unfit| LinkError::Unfit(unfit.to_string()))?)
    }
}

/// Hears a worker without an end. The process is killed with its whole group when this is dropped,
/// and reaped; on Linux it also ends with the thread that started it.
pub struct Feed {
    process: Process,
    incoming: Incoming,
    frames: Frames,
    calls: u64,
    posts: u64,
}

impl Feed {
    pub(crate) fn new(process: Process, incoming: Incoming, frames: Frames) -> Self {
        Self { process, incoming, frames, calls: 0, posts: 0 }
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// What ends the worker from another thread.
    pub fn killer(&self) -> Killer {
        self.process.killer()
    }

    /// Waits for what it says next.
    ///
    /// # Errors
    /// [`Ended::Died`] and [`Ended::Protocol`]; the process is dead then.
    pub fn hear(&mut self) -> Result<FromPlugin, Ended> {
        self.listen().map_err(|broken| {
            let status = self.process.end();
            match broken {
                Broken::Nonsense(words) => Ended::Protocol(words),
                _ => Ended::Died(status.map_or_else(
                    || "nothing is known about how its process ended".to_owned(),
                    status_words,
                )),
            }
        })
    }

    fn listen(&mut self) -> Result<FromPlugin, Broken> {
        loop {
            let max_bytes = |kind| FromWorker::max_bytes(kind, 0).min(MAX_FROM_WORKER);
            if let Some((kind, payload)) = self.frames.next(max_bytes)? {
                let said = FromWorker::parse(kind, payload)?;
                return self.check(said);
            }
            if self.incoming.read(&mut self.frames, Instant::now() + FAR) == Moved::Gone {
                return Err(Broken::Gone);
            }
        }
    }

    fn check(&mut self, said: FromWorker) -> Result<FromPlugin, Broken> {
        match said {
            FromWorker::Call { seq, function, args } => {
                count(&mut self.calls, seq)?;
                Ok(FromPlugin::Call { seq, function, args })
            }
            FromWorker::Module { seq, path } => {
                count(&mut self.calls, seq)?;
                Ok(FromPlugin::Module { seq, path })
            }
            FromWorker::Post { seq, function, args } => {
                count(&mut self.posts, seq)?;
                Ok(FromPlugin::Post { seq, function, args })
            }
            FromWorker::Log { level, text } => Ok(FromPlugin::Log { level, text }),
            FromWorker::Hello(_) | FromWorker::Result(_) | FromWorker::Failed(_) => {
                Err(Broken::Nonsense("it speaks when it must not".to_owned()))
            }
        }
    }
}

fn count(known: &mut u64, seq: u64) -> Result<(), BadFrame> {
    *known += 1;
    if seq == *known { Ok(()) } else { Err(BadFrame::Number) }
}

/// Starts the thread that writes to a worker; it ends when every link is gone or the worker is.
pub(crate) fn link(outgoing: Outgoing) -> std::io::Result<Link> {
    let (queue, frames) = channel();
    let pending = Arc::new(AtomicUsize::new(0));
    let written = Arc::clone(&pending);
    std::thread::Builder::new()
        .name("plugin-writer".to_owned())
        .stack_size(128 << 10)
        .spawn(move || write_all(outgoing, &frames, &written))?;
    Ok(Link { queue, pending })
}

fn write_all(mut outgoing: Outgoing, frames: &Receiver<Vec<u8>>, written: &AtomicUsize) {
    while let Ok(frame) = frames.recv() {
        let mut rest = frame.as_slice();
        while !rest.is_empty() {
            match outgoing.write(rest, Instant::now() + FAR) {
                Moved::Bytes(count) => rest = &rest[count..],
                Moved::Late => {}
                Moved::Gone => return,
            }
        }
        written.fetch_sub(frame.len(), Ordering::Relaxed);
    }
}
