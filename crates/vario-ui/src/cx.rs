//! What every widget of a frame shares.

use vario_output::present::LocalTime;

use crate::command::Command;
use crate::model::{Model, Now};
use crate::state::State;
use crate::theme::Palette;

/// A frame in the making.
pub(crate) struct Cx<'a> {
    pub(crate) model: &'a Model,
    pub(crate) state: &'a mut State,
    pub(crate) now_ms: i64,
    pub(crate) local: LocalTime,
    pub(crate) colors: &'static Palette,
    pub(crate) commands: Vec<Command>,
    /// How soon, in milliseconds, what is shown is no longer true.
    pub(crate) repaint_ms: Option<u64>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(
        model: &'a Model,
        state: &'a mut State,
        now: &Now,
        colors: &'static Palette,
    ) -> Self {
        Self {
            model,
            state,
            now_ms: now.unix_ms,
            local: model.settings.local(now),
            colors,
            commands: Vec::new(),
            repaint_ms: None,
        }
    }

    pub(crate) fn send(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// What is shown changes in so many milliseconds.
    pub(crate) fn changes_in(&mut self, ms: u64) {
        self.repaint_ms = Some(self.repaint_ms.map_or(ms, |own| own.min(ms)));
    }
}
