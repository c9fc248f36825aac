use vario_output::{NON_OBJECT_TEXT, Output};
use vario_sandbox::{ErrorKind, Limits, ScriptError};

/// What a card shows for anything thrown that is no text (contract section 2.4).
pub const GENERIC_FAILURE: &str = "The plugin failed, try again or contact plugin author.";

/// What a card shows when the process that ran the plugin is gone without an answer, or said what
/// makes no sense. The cause says which.
pub const DIED_TEXT: &str = "the plugin's process ended unexpectedly";

/// Why a probe gave no result: the card's short text, and the cause behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The contract's text.
    pub text: String,
    /// The script error behind it, when there is one.
    pub cause: Option<Box<ScriptError>>,
}

impl Failure {
    /// A failure with no cause beyond its text.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), cause: None }
    }

    /// The step failed: its own text, unless the run was stopped from outside.
    pub(crate) fn at_step(text: &str, cause: ScriptError, limits: &Limits) -> Self {
        let text = match &cause.kind {
            ErrorKind::Stopped(reason) => reason.text(limits),
            _ => text.to_owned(),
        };
        Self { text, cause: Some(Box::new(cause)) }
    }

    /// The probe threw or rejected.
    pub(crate) fn thrown(cause: ScriptError, limits: &Limits) -> Self {
        let text = match &cause.kind {
            ErrorKind::Stopped(reason) => reason.text(limits),
            ErrorKind::ThrownText(text) if !text.trim().is_empty() => text.trim().to_owned(),
            _ => GENERIC_FAILURE.to_owned(),
        };
        Self { text, cause: Some(Box::new(cause)) }
    }

    pub(crate) fn not_an_object() -> Self {
        Self::plain(NON_OBJECT_TEXT)
    }

    /// The output that stands for this failure: one error line, no plan.
    pub(crate) fn output(&self) -> Output {
        Output::error(self.text.clone())
    }
}
