use vario_sandbox::{ErrorKind, LogLevel, ScriptError, StopReason};
use vario_value::Value;

use crate::same::{brief, same};

/// What a program's run came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) result: Result<Got, ScriptError>,
    pub(crate) log: Vec<(LogLevel, String)>,
    pub(crate) calls: Vec<(String, Vec<Value>)>,
}

/// What a program gave.
#[derive(Debug)]
pub(crate) enum Got {
    Plain(Value),
    Fulfilled(Value),
    Pending,
    Unusable,
}

/// What a program should come to.
#[derive(Debug, Clone)]
pub(crate) enum Expect {
    /// This value, directly or through a promise or a coroutine.
    Value(Value),
    /// This value, and no promise or coroutine.
    Plain(Value),
    /// A promise or a coroutine that ended with this value.
    Fulfilled(Value),
    Pending,
    Unusable,
    /// A string thrown on purpose; blanks around it do not count.
    Text(&'static str),
    /// Any other failure of the script, whose message contains these words.
    Thrown(&'static str),
    Syntax,
    ValueError,
    Stopped(StopReason),
    OneOf(Vec<Expect>),
    /// That it comes back at all: no panic, no hang, no crash.
    Anything,
    /// Whatever this function asserts.
    Check(fn(&Outcome)),
}

impl Expect {
    /// The run's deadline.
    pub(crate) const DEADLINE: Self = Self::Stopped(StopReason::Deadline);

    /// Panics with both sides when the outcome is another.
    pub(crate) fn assert(&self, outcome: &Outcome) {
        if let Self::Check(check) = self {
            check(outcome);
        } else {
            assert!(
                self.matches(outcome),
                "expected {}\n     got {}",
                brief(self),
                brief(&outcome.result)
            );
        }
    }

    fn matches(&self, outcome: &Outcome) -> bool {
        match (self, &outcome.result) {
            (Self::Anything, _)
            | (Self::Pending, Ok(Got::Pending))
            | (Self::Unusable, Ok(Got::Unusable)) => true,
            (Self::Value(want), Ok(Got::Plain(got) | Got::Fulfilled(got)))
            | (Self::Plain(want), Ok(Got::Plain(got)))
            | (Self::Fulfilled(want), Ok(Got::Fulfilled(got))) => same(want, got),
            (Self::OneOf(choices), _) => choices.iter().any(|choice| choice.matches(outcome)),
            (_, Err(error)) => self.matches_error(error),
            _ => false,
        }
    }

    fn matches_error(&self, error: &ScriptError) -> bool {
        match (self, &error.kind) {
            (Self::Text(want), ErrorKind::ThrownText(got)) => want.trim() == got.trim(),
            (Self::Thrown(words), ErrorKind::Thrown) => error.message.contains(words),
            (Self::Stopped(want), ErrorKind::Stopped(got)) => want == got,
            (Self::Syntax, ErrorKind::Syntax) | (Self::ValueError, ErrorKind::Value) => true,
            _ => false,
        }
    }
}

impl Outcome {
    /// The value, directly or through a promise or a coroutine.
    #[track_caller]
    pub(crate) fn value(&self) -> &Value {
        match &self.result {
            Ok(Got::Plain(value) | Got::Fulfilled(value)) => value,
            other => panic!("expected a value, got {}", brief(other)),
        }
    }

    /// The failure.
    #[track_caller]
    pub(crate) fn error(&self) -> &ScriptError {
        match &self.result {
            Err(error) => error,
            other => panic!("expected a failure, got {}", brief(other)),
        }
    }

    /// That the run was ended for this reason, and no native was called after `echo.stop`.
    #[track_caller]
    pub(crate) fn assert_stopped(&self, reason: &StopReason) {
        let error = self.error();
        assert_eq!(error.kind, ErrorKind::Stopped(reason.clone()), "{}", brief(error));
        let mut after = self.calls.iter().skip_while(|(name, _)| name != "echo.stop").skip(1);
        assert_eq!(after.next(), None, "a call to the host after the stop");
    }
}
