//! The keys that open the window from anywhere.

use vario_desktop::Shortcuts;

/// What is chosen, and whether it works.
pub(super) struct Opener {
    /// Whether keys are taken here. Else the process that opened this window has them.
    is_ours: bool,
    shortcuts: Option<Shortcuts>,
    chosen: Option<String>,
    failure: Option<String>,
}

impl Opener {
    pub(super) fn new(is_ours: bool) -> Self {
        Self { is_ours, shortcuts: None, chosen: None, failure: None }
    }

    /// Keys can be heard from now on.
    pub(super) fn found(&mut self, shortcuts: Shortcuts) {
        self.shortcuts = Some(shortcuts);
        self.chosen = None;
    }

    /// Whether people can choose keys.
    pub(super) fn is_there(&self) -> bool {
        self.shortcuts.is_some()
    }

    /// Listens to these keys, if they are others than before. Gives what is wrong with them.
    pub(super) fn choose(&mut self, keys: Option<&str>) -> Option<String> {
        let keys = keys.filter(|keys| !keys.is_empty());
        let shortcuts = self.shortcuts.as_ref().filter(|_| self.is_ours)?;
        if self.chosen.as_deref() == keys {
            return None;
        }
        self.chosen = keys.map(ToOwned::to_owned);
        self.failure = None;
        shortcuts.set(keys).err().map(|error| self.fail(&error))
    }

    /// The keys do not work. Gives what people are told.
    pub(super) fn fail(&mut self, error: &vario_desktop::Error) -> String {
        let text = format!("The global shortcut does not work: {error}.");
        self.failure.insert(text).clone()
    }

    /// The keys were pressed, so they work. Gives whether that is news.
    pub(super) fn heard(&mut self) -> bool {
        self.failure.take().is_some()
    }

    /// What is wrong with the keys that are chosen.
    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}
