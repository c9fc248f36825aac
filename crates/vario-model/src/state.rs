use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::RunTrigger;
use crate::schedule::cooldown_left_ms;
use crate::snapshot::Snapshot;

/// What is shown for a failure that says nothing.
const NO_TEXT: &str = "Couldn't update data. Try again?";

/// What is shown when a run could not even be started.
const NOT_STARTED: &str = "Failed to start probe";

/// What a front knows of one plugin (contract section 5.3), and whether it is enabled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginState {
    /// Whether the user wants it to run.
    pub enabled: bool,
    /// The last data; kept while it loads and when it fails.
    pub data: Option<Snapshot>,
    /// Whether it runs.
    pub loading: bool,
    /// Why the last run brought no data.
    pub error: Option<String>,
    /// The last successful manual refresh, which starts the cool-down.
    pub last_manual_refresh_at: Option<i64>,
    /// When `data` came.
    pub last_updated_at: Option<i64>,
}

impl Default for PluginState {
    fn default() -> Self {
        Self {
            enabled: true,
            data: None,
            loading: false,
            error: None,
            last_manual_refresh_at: None,
            last_updated_at: None,
        }
    }
}

/// Why a manual refresh is refused (contract section 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It runs already.
    Loading,
    /// It was refreshed by hand less than five minutes ago.
    CoolingDown {
        /// How much longer, in milliseconds.
        left_ms: i64,
    },
}

/// What a plugin's card shows (contract section 7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// The lines of the manifest as grey shapes.
    Skeleton,
    /// An error in place of lines.
    Error,
    /// A small error above old lines.
    StaleData,
    /// The lines.
    Data,
    /// Nothing.
    Empty,
}

impl PluginState {
    /// A run starts: data and times stay, the error goes.
    pub fn start(&mut self) {
        self.loading = true;
        self.error = None;
    }

    /// A run has finished. One that is only an error badge (section 5.2) leaves data and times as
    /// they were; any other is data, error badges included.
    pub fn finish(&mut self, snapshot: Snapshot, trigger: RunTrigger, now_ms: i64) {
        self.loading = false;
        if let Some(text) = snapshot.output.ui_error() {
            let text = if text.trim().is_empty() { NO_TEXT } else { text };
            self.error = Some(text.to_owned());
            return;
        }
        self.error = None;
        self.data = Some(snapshot);
        self.last_updated_at = Some(now_ms);
        if trigger == RunTrigger::Manual {
            self.last_manual_refresh_at = Some(now_ms);
        }
    }

    /// A run could not be started.
    pub fn fail_to_start(&mut self) {
        self.loading = false;
        self.error = Some(NOT_STARTED.to_owned());
    }

    /// Why a manual refresh is refused now, if it is. The runner also refuses one it has queued.
    pub fn refusal(&self, now_ms: i64) -> Option<Refusal> {
        if self.loading {
            return Some(Refusal::Loading);
        }
        let left_ms = cooldown_left_ms(self.last_manual_refresh_at, now_ms);
        (left_ms > 0).then_some(Refusal::CoolingDown { left_ms })
    }

    /// Whether an automatic update takes it along.
    pub fn wants_auto_update(&self) -> bool {
        self.enabled && !self.loading
    }

    /// What its card shows, given whether a line is left after the overview's filter.
    pub fn card(&self, any_line_shown: bool) -> Card {
        let has_data = self.last_updated_at.is_some() || any_line_shown;
        match (has_data, self.error.is_some()) {
            (true, true) => Card::StaleData,
            (true, false) => Card::Data,
            (false, true) => Card::Error,
            (false, false) if self.loading => Card::Skeleton,
            (false, false) => Card::Empty,
        }
    }
}
