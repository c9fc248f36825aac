use std::sync::Arc;

use vario_sandbox::{Engine, Language};

/// The script engines of this build, one per language at most.
#[derive(Clone, Default)]
pub struct Engines {
    list: Vec<Arc<dyn Engine>>,
}

impl Engines {
    /// No engine at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an engine, in place of an earlier one for the same language.
    #[must_use]
    pub fn with(mut self, engine: Arc<dyn Engine>) -> Self {
        self.list.retain(|known| known.language() != engine.language());
        self.list.push(engine);
        self
    }

    /// The engine for a language, if this build has one.
    pub fn get(&self, language: Language) -> Option<&Arc<dyn Engine>> {
        self.list.iter().find(|engine| engine.language() == language)
    }

    /// The languages this build runs.
    pub fn languages(&self) -> Vec<Language> {
        self.list.iter().map(|engine| engine.language()).collect()
    }
}
