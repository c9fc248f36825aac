//! What the window itself remembers.

use std::collections::{BTreeMap, BTreeSet};

use egui::Id;
use serde::{Deserialize, Serialize};
use vario_value::LogLevel;

use crate::command::Secret;
use crate::icons::Icons;
use crate::model::{AccountKind, Model};

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
    /// Plugins that stay.
    Background,
    /// One of them, by id.
    BackgroundOf(String),
    /// Who is signed in.
    Accounts,
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
    /// What is done with the background plugin whose page is shown.
    #[serde(skip)]
    pub(crate) hosted: Hosted,
    #[serde(skip)]
    pub(crate) accounts: AccountDraft,
    /// Whether it is asked what to install.
    #[serde(skip)]
    pub(crate) install_shown: bool,
    #[serde(skip)]
    pub(crate) icons: Icons,
}

impl State {
    /// The state of a window that begins with a page.
    pub fn new(page: Page, span: Span) -> Self {
        Self { page, span, ..Self::default() }
    }

    /// What is to be kept up to date for what is shown.
    pub fn watched(&self) -> Watched {
        match &self.page {
            Page::Background => Watched::Background,
            Page::BackgroundOf(id) => {
                Watched::BackgroundOf { id: id.clone(), follow: !self.hosted.still }
            }
            Page::Accounts => Watched::Accounts,
            _ => Watched::Nothing,
        }
    }

    /// Whether something lies over the window and has the keyboard for itself.
    pub(crate) fn is_covered(&self, model: &Model) -> bool {
        let installs = self.install_shown || model.install.is_some();
        self.palette.is_some() || self.shortcuts_shown || installs
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

/// What somebody looks at that changes without being asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Watched {
    /// None of it.
    #[default]
    Nothing,
    /// The background plugins.
    Background,
    /// One of them and its log.
    BackgroundOf {
        /// Its id.
        id: String,
        /// Whether new lines of the log are wanted.
        follow: bool,
    },
    /// The accounts.
    Accounts,
}

/// What is done with one background plugin.
#[derive(Debug, Default)]
pub(crate) struct Hosted {
    /// Of which plugin this is.
    pub(crate) id: String,
    /// The route that is tried.
    pub(crate) trying: Option<Trying>,
    pub(crate) log: LogFilter,
    /// Whether the log stands still.
    pub(crate) still: bool,
}

/// A request as it is typed.
#[derive(Debug, Clone)]
pub(crate) struct Trying {
    /// The route it began with.
    pub(crate) route: (String, String),
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) body: String,
}

/// An account as it is typed.
#[derive(Debug, Default)]
pub(crate) struct AccountDraft {
    pub(crate) adding: Option<AccountKind>,
    pub(crate) name: String,
    pub(crate) base_url: String,
    pub(crate) refresh_url: String,
    pub(crate) token: Secret,
    pub(crate) refresh_token: Secret,
    /// The account that is about to be removed.
    pub(crate) removing: Option<String>,
    /// How many changes there were when it was sent.
    pub(crate) sent: Option<u64>,
}
