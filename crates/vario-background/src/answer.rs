use vario_value::Value;

/// Why a plugin gave no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// There is no plugin of that id that runs.
    #[error("plugin `{0}` is not running")]
    NotRunning(String),
    /// It takes no such call.
    #[error("{0}")]
    NoHandler(String),
    /// It took too long.
    #[error("plugin `{0}` did not answer in time")]
    Late(String),
    /// It was unloaded meanwhile.
    #[error("PluginUnloaded: plugin `{0}` was unloaded before it answered")]
    Unloaded(String),
    /// It does not listen: what it was sent before is still unread.
    #[error("plugin `{0}` does not listen")]
    Busy(String),
    /// Its code threw.
    #[error("{message}")]
    Thrown {
        /// The error's message.
        message: String,
        /// A status it asks for, when it answers a request of HTTP.
        status: Option<u16>,
        /// Where it was thrown.
        stack: Option<String>,
    },
}

/// What a plugin answers.
pub type Answer = Result<Value, CallError>;

/// Takes the one answer; called on a thread of the supervisor's and must not block.
pub type Done = Box<dyn FnOnce(Answer) + Send>;

impl CallError {
    /// What a script gave to `host.fail`.
    pub(crate) fn thrown(error: &Value) -> Self {
        let text = |key| error.get(key).and_then(Value::as_str).map(str::to_owned);
        let status = error.get("status").and_then(Value::as_f64);
        let message = text("message")
            .or_else(|| error.as_str().map(str::to_owned))
            .unwrap_or_else(|| "it failed without a word".to_owned());
        Self::Thrown { message, status: status.and_then(status_code), stack: text("stack") }
    }
}

/// A number as a status code of HTTP, if it is one.
pub(crate) fn status_code(number: f64) -> Option<u16> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    (number.fract() == 0.0 && (100.0..=599.0).contains(&number)).then_some(number as u16)
}
