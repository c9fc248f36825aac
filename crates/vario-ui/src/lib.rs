//! The window's pages and widgets: state in, commands out.
//!
//! [`setup`] gives a context the fonts and the two looks; [`show`] draws one frame of a [`Model`]
//! and gives the [`Command`]s that the user caused. What the window itself remembers is its
//! [`State`]. Start at [`Model`].
//!
//! The crate knows no runtime, no store, no file and no clock: an app builds the model from them
//! and carries the commands out. How results are to be read (pace, texts, groups) is in
//! `vario-output`.

#![warn(clippy::disallowed_methods, reason = "a frame is drawn from what it is handed")]

mod action;
mod bidi;
mod card;
mod command;
mod cx;
pub mod fonts;
mod footer;
mod icons;
mod keys;
mod model;
mod order;
mod pages;
mod palette;
mod shell;
mod sidebar;
mod state;
mod text;
pub mod theme;
mod widgets;

pub use crate::command::{Command, NewAirline, Secret};
pub use crate::fonts::FontFile;
pub use crate::icons::IconSource;
pub use crate::model::{
    AccountKind, AccountView, AccountsView, Answered, BackgroundView, IconPair, InstallPlan,
    InstallView, Isolation, LastRun, Lifecycle, LogEntry, Model, Notice, Now, Platform, PluginLog,
    PluginView, Replaced, RightsView, Secrets, Series, Settings, ThemeMode, TrayStyle, Tried,
};
pub use crate::shell::{Shown, setup, show};
pub use crate::state::{Page, Span, State, Watched};
