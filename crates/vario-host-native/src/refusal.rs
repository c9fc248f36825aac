//! How work on a call fails: as the contract says, or for want of a right.

use vario_host::HostError;
use vario_model::{Need, NeedReason};
use vario_permissions::{Reason, Refusal};
use vario_value::Value;

use crate::access::Refused;
use crate::ccusage;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The plugin lacks a right.
    Refused(Refusal),
    /// Anything else, in the contract's words.
    Host(HostError),
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What the plugin gets instead of an answer.
pub(crate) fn answer(refused: Refused, refusal: &Refusal) -> Result<Value, HostError> {
    match refused {
        Refused::No => Ok(Value::Bool(false)),
        Refused::Absent => Ok(Value::Absent),
        Refused::Null => Ok(Value::Null),
        Refused::NoRunner => Ok(ccusage::no_runner()),
        Refused::Failure => {
            let (reason, permission) = (&refusal.reason, &refusal.permission);
            Err(HostError::Failed(format!("permission denied: {reason} ({permission})")))
        }
    }
}

/// What is written down of it.
pub(crate) fn need(refusal: &Refusal) -> Need {
    let reason = match refusal.reason {
        Reason::NotRequested => NeedReason::NotRequested,
        Reason::NotGranted => NeedReason::NotGranted,
        Reason::Denied => NeedReason::Denied,
    };
    Need { permission: refusal.permission.to_string(), reason }
}
