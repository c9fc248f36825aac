use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::snapshot::Snapshot;

/// What happens while plugins run, in order. Each plugin of a batch has one `started`
/// and one `finished`; the batch ends with one `completed`, also when it was empty. Log lines go
/// another way, as they come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum RunEvent {
    /// A plugin starts to run.
    Started {
        /// The plugin's id.
        provider_id: String,
        /// Why it runs.
        trigger: RunTrigger,
    },
    /// A plugin has run, well or not.
    Finished {
        /// How it ended. Boxed, as it is far larger than the other events.
        snapshot: Box<Snapshot>,
    },
    /// Every plugin of the batch has finished.
    Completed,
}

/// Why a plugin runs (contract section 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RunTrigger {
    /// The app started.
    Start,
    /// The plugin was enabled.
    Enabled,
    /// Its time had come.
    Auto,
    /// Someone asked for it.
    Manual,
}
