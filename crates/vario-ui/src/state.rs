//! What the window itself remembers.

use std::collections::{BTreeMap, BTreeSet};

use egui::Id;
use serde::{Deserialize, Serialize};
use vario_value::LogLevel;

use crate::command::Secret;
use crate::icons::Icons;

/// The pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Page {
    /// A card of each enabled plugin.
    #[default]
    Home,
    /// One plugin, by id.
    Plugin(String),
    /// What plugins may do.
    Permissions,
    /// The settings.
    Settings,
    /// The settings of one plugin, by id.
    PluginSettings(String),
    /// The event log.
    Log,
}

/// How far back a history chart goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Span {
    /// A day.
    Day,
    /// Seven days.
    #[default]
    Week,
    /// Thirty days.
    Month,
}

/// What the window keeps between two frames. What is remembered for the next start is serialised.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct State {
    /// The page.
    pub page: Page,
    /// How far back history charts go.
    pub span: Span,
    #[serde(skip)]
    pub(crate) palette: Option<PaletteState>,
    #[serde(skip)]
    pub(crate) shortcuts_shown: bool,
    #[serde(skip)]
    pub(crate) log: LogFilter,
    #[serde(skip)]
    pub(crate) drafts: BTreeMap<(String, String), String>,
    /// Secrets as far as they are typed. They are forgotten as soon as the page is left.
    #[serde(skip)]
    pub(crate) secret_drafts: BTreeMap<(String, String), Secret>,
    /// Which rights are shown.
    #[serde(skip)]
    pub(crate) rights_filter: String,
    /// What the keyboard acted on when the last frame ended.
    #[serde(skip)]
    pub(crate) focus: Option<Id>,
    /// What it acted on before the overview of shortcuts was opened.
    #[serde(skip)]
    pub(crate) focus_before: Option<Id>,
    /// Plugins whose refused rights are shown.
    #[serde(skip)]
    pub(crate) unfolded: BTreeSet<String>,
    #[serde(skip)]
    pub(crate) shortcut_draft: Option<String>,
    #[serde(skip)]
    pub(crate) drag: Option<Drag>,
    /// The same among the settings, where disabled plugins are shown, too.
    #[serde(skip)]
    pub(crate) settings_drag: Option<Drag>,
    #[serde(skip)]
    pub(crate) icons: Icons,
}

impl State {
    /// The state of a window that begins with a page.
    pub fn new(page: Page, span: Span) -> Self {
        Self { page, span, ..Self::default() }
    }

    /// Opens the command palette.
    pub fn open_palette(&mut self) {
        self.palette = Some(PaletteState::default());
    }
}

/// The command palette while it is open.
#[derive(Debug, Default)]
pub(crate) struct PaletteState {
    pub(crate) text: String,
    pub(crate) chosen: usize,
    pub(crate) shown_before: bool,
    /// What the keyboard acted on before.
    pub(crate) focus_before: Option<Id>,
}

/// Which lines of the log are shown.
#[derive(Debug, Default)]
pub(crate) struct LogFilter {
    pub(crate) plugin: Option<String>,
    pub(crate) level: Option<LogLevel>,
    pub(crate) text: String,
}

/// A plugin that is being dragged to another place.
#[derive(Debug)]
pub(crate) struct Drag {
    pub(crate) id: String,
    /// Before which of the shown ones it would be put.
    pub(crate) to: usize,
}
