use std::sync::Arc;

use vario_sandbox::{Engine, Instance, InstanceSpec, Language, ScriptError, Source};

use crate::cache::Programs;
use crate::instance::LuaInstance;

/// The Luau engine. Cheap to clone; clones share their compiled programs.
#[derive(Clone)]
pub struct LuaEngine {
    programs: Arc<Programs>,
}

impl LuaEngine {
    /// An engine that has compiled nothing yet.
    pub fn new() -> Self {
        Self { programs: Arc::new(Programs::new()) }
    }
}

impl Default for LuaEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for LuaEngine {
    fn language(&self) -> Language {
        Language::Lua
    }

    fn check(&self, source: &Source) -> Result<(), ScriptError> {
        self.programs.get(source).map(drop)
    }

    fn open(&self, spec: InstanceSpec) -> Result<Box<dyn Instance>, ScriptError> {
        Ok(Box::new(LuaInstance::new(&spec, Arc::clone(&self.programs), false)?))
    }

    fn open_background(&self, spec: InstanceSpec) -> Result<Box<dyn Instance>, ScriptError> {
        Ok(Box::new(LuaInstance::new(&spec, Arc::clone(&self.programs), true)?))
    }
}
