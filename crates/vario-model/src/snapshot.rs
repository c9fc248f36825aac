use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vario_output::{Output, parse_rfc3339_ms, rfc3339_utc};

use crate::rights::Need;

/// How one run of a plugin ended: the contract's snapshot (section 6) with what we add.
///
/// `vario probe --json` prints an array of these. The keys of [`Output`] stand among the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The plugin's id, from its manifest.
    pub provider_id: String,
    /// The plugin's name, from its manifest.
    pub display_name: String,
    /// `plan` and `lines`.
    #[serde(flatten)]
    pub output: Output,
    /// When the run ended, RFC 3339 in UTC.
    pub fetched_at: String,
    /// Whether no badge is labelled `Error` (section 5.2).
    pub ok: bool,
    /// The text of the first badge labelled `Error`.
    pub error: Option<String>,
    /// What is behind a short error text, where the engine knows.
    pub cause: Option<Cause>,
    /// How long the run took, in milliseconds.
    pub duration_ms: u64,
    /// The rights that the run lacked, each once; empty in what older versions stored.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// What the user must know although it is no result: a rescued credential for one.
    #[serde(default)]
    pub notices: Vec<String>,
}

/// Where a failure comes from. The card keeps the contract's short text; this is for the plugin's
/// author.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// What the script or the engine said.
    pub message: String,
    /// The file inside the plugin's folder.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The column, from 1.
    pub column: Option<u32>,
    /// The stack as the engine writes it.
    pub stack: Option<String>,
    /// What ended the run from outside, if that is what happened: `deadline`, `memory`, `stack`,
    /// `hostCalls`, `log`, `cancelled` or `halted`.
    #[serde(default)]
    pub stopped: Option<String>,
}

impl Snapshot {
    /// The snapshot of a run that ended at `fetched_at_ms`. `ok` and `error` follow from the output.
    pub fn new(
        provider_id: impl Into<String>,
        display_name: impl Into<String>,
        output: Output,
        fetched_at_ms: i64,
        duration_ms: u64,
    ) -> Self {
        Self {
            provider_id: provider_id.into(),
            display_name: display_name.into(),
            ok: output.is_ok(),
            error: output.first_error().map(str::to_owned),
            output,
            fetched_at: rfc3339_utc(fetched_at_ms),
            cause: None,
            duration_ms,
            needs: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// The same with the cause of its failure.
    #[must_use]
    pub fn with_cause(self, cause: Option<Cause>) -> Self {
        Self { cause, ..self }
    }

    /// The same with what the run lacked, and what the user must know.
    #[must_use]
    pub fn with_needs(self, needs: Vec<Need>, notices: Vec<String>) -> Self {
        Self { needs, notices, ..self }
    }

    /// `fetchedAt` as an instant; nothing if someone wrote another text there.
    pub fn fetched_at_ms(&self) -> Option<i64> {
        parse_rfc3339_ms(&self.fetched_at)
    }
}

/// The JSON schema of a snapshot.
pub fn snapshot_schema() -> serde_json::Value {
    schemars::schema_for!(Snapshot).to_value()
}
