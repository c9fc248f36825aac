use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value as Json;
use vario_host::{Call, FUNCTIONS, Host, HostError, Scope, find_function};
use vario_value::Value;

use crate::compare::{Difference, differences};
use crate::format::{Cassette, RecordedCall};
use crate::record::call_args;

/// Which recorded call answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The next one, which must be the same call.
    #[default]
    Strict,
    /// The first unused same call; after the last of several same calls was used, that one again.
    Keyed,
}

/// A call as a report shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallText {
    /// `group.name`.
    #[serde(rename = "fn")]
    pub function: String,
    /// Arguments.
    pub args: Vec<Json>,
}

/// A call that found no answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mismatch {
    /// How many calls were answered before.
    pub index: usize,
    /// The call made.
    pub call: CallText,
    /// The call the cassette has at this place, or the nearest unused one; none when all are used.
    pub expected: Option<CallText>,
    /// Where the two differ.
    pub diff: Vec<Difference>,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "host call {} is {}", self.index + 1, self.call.function)?;
        match &self.expected {
            None => write!(formatter, ", but the cassette has no call left"),
            Some(expected) if expected.function != self.call.function => {
                write!(formatter, ", but the cassette has {} here", expected.function)
            }
            Some(_) => {
                write!(formatter, " with other arguments than recorded")?;
                self.diff.iter().take(3).try_for_each(|part| write!(formatter, "; {part}"))
            }
        }
    }
}

/// A host that answers from a cassette and touches nothing.
pub struct ReplayHost {
    calls: Vec<RecordedCall>,
    order: Order,
    state: Mutex<State>,
}

struct State {
    used: Vec<bool>,
    answered: usize,
    mismatch: Option<Mismatch>,
}

impl ReplayHost {
    /// A replay from the beginning.
    pub fn new(cassette: &Cassette, order: Order) -> Self {
        let state = State { used: vec![false; cassette.calls.len()], answered: 0, mismatch: None };
        Self { calls: cassette.calls.clone(), order, state: Mutex::new(state) }
    }

    /// The call that ended the run, if one did.
    pub fn mismatch(&self) -> Option<Mismatch> {
        self.lock().mismatch.clone()
    }

    /// The recorded calls that were not made.
    pub fn unused(&self) -> Vec<CallText> {
        let state = self.lock();
        let left = self.calls.iter().zip(&state.used).filter(|(_, used)| !**used);
        left.map(|(call, _)| call_text(call)).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, state: &State, call: &CallText) -> Option<usize> {
        let is_same = |recorded: &RecordedCall| {
            recorded.function == call.function && arg_differences(recorded, call).is_empty()
        };
        match self.order {
            Order::Strict => {
                self.calls.get(state.answered).filter(|call| is_same(call))?;
                Some(state.answered)
            }
            Order::Keyed => {
                let same = || (0..self.calls.len()).filter(|index| is_same(&self.calls[*index]));
                same().find(|index| !state.used[*index]).or_else(|| same().next_back())
            }
        }
    }

    fn mismatch_of(&self, state: &State, call: CallText) -> Mismatch {
        let unused = |index: &usize| !state.used[*index];
        let nearest = match self.order {
            Order::Strict => Some(state.answered).filter(|index| *index < self.calls.len()),
            Order::Keyed => (0..self.calls.len())
                .filter(unused)
                .find(|index| self.calls[*index].function == call.function)
                .or_else(|| (0..self.calls.len()).find(unused)),
        };
        let nearest = nearest.map(|index| &self.calls[index]);
        let diff = nearest
            .filter(|recorded| recorded.function == call.function)
            .map_or_else(Vec::new, |recorded| arg_differences(recorded, &call));
        Mismatch { index: state.answered, expected: nearest.map(call_text), call, diff }
    }
}

impl Host for ReplayHost {
    fn call(&self, call: &Call, _scope: &Scope) -> Result<Value, HostError> {
        let asked = CallText { function: call.name.to_string(), args: call_args(call) };
        let mut state = self.lock();
        let Some(index) = self.find(&state, &asked) else {
            let mismatch = self.mismatch_of(&state, asked);
            let words = format!("replay mismatch: {mismatch}");
            state.mismatch.get_or_insert(mismatch);
            return Err(HostError::Halted(words));
        };
        state.used[index] = true;
        state.answered += 1;
        let recorded = &self.calls[index];
        match (&recorded.err, &recorded.ok) {
            (Some(message), _) => Err(HostError::Failed(message.clone())),
            (None, Some(answer)) => Ok(Value::from_json(answer)),
            (None, None) => Ok(Value::Absent),
        }
    }

    fn expects(&self, call: &Call) -> bool {
        let asked = CallText { function: call.name.to_string(), args: call_args(call) };
        self.find(&self.lock(), &asked).is_some()
    }
}

fn call_text(call: &RecordedCall) -> CallText {
    CallText { function: call.function.clone(), args: call.args.clone() }
}

/// Where the arguments differ; those beyond what the function takes are of no account.
fn arg_differences(recorded: &RecordedCall, call: &CallText) -> Vec<Difference> {
    let taken =
        find_function(&call.function).map_or(usize::MAX, |index| FUNCTIONS[index].params.len());
    let part = |args: &[Json]| Json::Array(args.iter().take(taken).cloned().collect());
    differences("args", &part(&recorded.args), &part(&call.args))
}
