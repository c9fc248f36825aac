use std::sync::Arc;

use parking_lot::Mutex;
use vario_sandbox::{LogLevel, NativeError, NativeGroup, Natives, StopSignal};
use vario_value::Value;

use super::leave;
use super::line::Line;
use crate::message::{self, FromHost, Told};
use crate::wire::Unfit;

/// Natives that the host answers. When the host is gone, or makes no sense, there is nobody left to
/// work for and the process ends.
pub(super) struct Remote {
    state: Mutex<State>,
    stop: Arc<StopSignal>,
}

struct State {
    line: Line,
    calls: u64,
}

impl Remote {
    pub(super) fn new(line: Line, stop: Arc<StopSignal>) -> Self {
        Self { state: Mutex::new(State { line, calls: 0 }), stop }
    }

    /// Sends the result, or why it cannot be sent.
    pub(super) fn finish(&self, result: &Value, max_bytes: usize) {
        let frame = message::result(result, max_bytes)
            .or_else(|unfit| message::failed(&unfit.to_string()))
            .expect("a few words fit into a frame");
        self.state.lock().send(&frame);
    }
}

impl State {
    fn send(&mut self, frame: &[u8]) {
        if self.line.send(frame).is_err() {
            leave();
        }
    }

    /// Asks one question. The lock is held until the answer is there: there is one at a time.
    fn ask(
        &mut self,
        question: impl FnOnce(u64) -> Result<Vec<u8>, Unfit>,
    ) -> Result<FromHost, Unfit> {
        let frame = question(self.calls + 1)?;
        self.calls += 1;
        self.send(&frame);
        Ok(self.line.receive().unwrap_or_else(|_gone| leave()))
    }
}

impl Natives for Remote {
    /// None: which functions a script sees is decided where it runs.
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        if self.stop.poll().is_some() {
            return Err(NativeError::Stop);
        }
        let mut state = self.state.lock();
        let answer = state
            .ask(|seq| message::call(seq, function, &args))
            .map_err(|unfit| NativeError::Error(format!("the call cannot be sent: {unfit}")))?;
        let told = match answer {
            FromHost::Reply { seq, told } if seq == state.calls => told,
            _ => leave(),
        };
        match told {
            Told::Value(value) => Ok(value),
            Told::Error(words) => Err(NativeError::Error(words)),
            Told::TypeError(words) => Err(NativeError::TypeError(words)),
            Told::Stop(reason) => {
                self.stop.stop(reason);
                Err(NativeError::Stop)
            }
        }
    }

    /// Nobody waits for the log; when it is full the host ends this process.
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
