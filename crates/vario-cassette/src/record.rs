use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;
use vario_host::{Call, Host, HostError, Scope};
use vario_value::Value;

use crate::format::RecordedCall;

/// A host that writes down what another host is asked and answers.
pub struct RecordHost {
    inner: Arc<dyn Host>,
    calls: Mutex<Vec<RecordedCall>>,
}

impl RecordHost {
    /// Records what `inner` answers.
    pub fn new(inner: Arc<dyn Host>) -> Self {
        Self { inner, calls: Mutex::new(Vec::new()) }
    }

    /// Takes what was recorded so far.
    pub fn take(&self) -> Vec<RecordedCall> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Host for RecordHost {
    fn call(&self, call: &Call, scope: &Scope) -> Result<Value, HostError> {
        let answer = self.inner.call(call, scope);
        let (ok, err) = match &answer {
            Ok(Value::Absent) => (None, None),
            Ok(value) => (Some(value.to_json()), None),
            Err(HostError::Halted(_)) => return answer,
            Err(error) => (None, Some(error.to_string())),
        };
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(RecordedCall {
            function: call.name.to_string(),
            args: call_args(call),
            ok,
            err,
        });
        answer
    }

    fn expects(&self, call: &Call) -> bool {
        self.inner.expects(call)
    }

    fn end_run(&self, scope: &Scope) {
        self.inner.end_run(scope);
    }
}

/// The arguments of a call as a cassette has them.
pub(crate) fn call_args(call: &Call) -> Vec<Json> {
    call.args.iter().map(Value::to_json).collect()
}
