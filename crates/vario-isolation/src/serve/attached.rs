use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use vario_sandbox::{Inbound, Inbox, LogLevel, NativeError, NativeGroup, Natives};
use vario_value::Value;

use super::leave;
use super::line::Line;
use crate::message::{self, FromHost, Told};
use crate::wire::Unfit;

/// Both ways between a job without an end and its host: what it calls, and what it hears. When the
/// host is gone, or makes no sense, there is nobody left to work for and the process ends.
pub(super) struct Attached {
    state: Mutex<State>,
    /// Whether a function's answer comes as a message, or never.
    is_posted: fn(u32) -> bool,
}

struct State {
    line: Line,
    calls: u64,
    posts: u64,
    /// What arrived while an answer was waited for.
    waiting: VecDeque<Value>,
}

impl Attached {
    pub(super) fn new(line: Line, is_posted: fn(u32) -> bool) -> Arc<Self> {
        let state = State { line, calls: 0, posts: 0, waiting: VecDeque::new() };
        Arc::new(Self { state: Mutex::new(state), is_posted })
    }
}

impl State {
    fn send(&mut self, frame: &[u8]) {
        if self.line.send(frame).is_err() {
            leave();
        }
    }

    /// Asks one question and puts aside what else is said meanwhile.
    fn ask(
        &mut self,
        question: impl FnOnce(u64) -> Result<Vec<u8>, Unfit>,
    ) -> Result<FromHost, Unfit> {
        let frame = question(self.calls + 1)?;
        self.calls += 1;
        self.send(&frame);
        loop {
            match self.line.receive().unwrap_or_else(|_gone| leave()) {
                FromHost::Message(value) => self.waiting.push_back(value),
                answer => return Ok(answer),
            }
        }
    }
}

impl Natives for Attached {
    /// None: which functions a script sees is decided where it runs.
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    /// A posted call gives its number at once.
    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        let unfit = |unfit: Unfit| NativeError::Error(format!("the call cannot be sent: {unfit}"));
        let mut state = self.state.lock();
        if (self.is_posted)(function) {
            let seq = state.posts + 1;
            let frame = message::post(seq, function, &args).map_err(unfit)?;
            state.posts = seq;
            state.send(&frame);
            return Ok(Value::Int(i64::try_from(seq).unwrap_or(i64::MAX)));
        }
        let answer = state.ask(|seq| message::call(seq, function, &args)).map_err(unfit)?;
        let told = match answer {
            FromHost::Reply { seq, told } if seq == state.calls => told,
            _ => leave(),
        };
        match told {
            Told::Value(value) => Ok(value),
            Told::Error(words) => Err(NativeError::Error(words)),
            Told::TypeError(words) => Err(NativeError::TypeError(words)),
            Told::Stop(_) => leave(),
        }
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        let frame = message::log(level, message)
            .map_err(|unfit| NativeError::Error(format!("the line cannot be logged: {unfit}")))?;
        self.state.lock().send(&frame);
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        let mut state = self.state.lock();
        let answer = state
            .ask(|seq| message::module(seq, path))
            .map_err(|unfit| format!("module `{path}` cannot be asked for: {unfit}"))?;
        match answer {
            FromHost::ModuleReply { seq, text } if seq == state.calls => text,
            _ => leave(),
        }
    }
}

impl Inbox for Attached {
    fn next(&self, wait: Option<Duration>) -> Inbound {
        let mut state = self.state.lock();
        if let Some(value) = state.waiting.pop_front() {
            return Inbound::Message(value);
        }
        match state.line.receive_within(wait) {
            Ok(Some(FromHost::Message(value))) => Inbound::Message(value),
            Ok(None) => Inbound::Idle,
            Ok(Some(_)) | Err(_) => leave(),
        }
    }
}
