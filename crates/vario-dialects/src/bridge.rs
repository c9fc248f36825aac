use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use vario_host::{FUNCTIONS, HostError, Session, SessionError};
use vario_sandbox::{
    LogLevel, NativeError, NativeFunction, NativeGroup, Natives, StopReason, StopSignal,
};
use vario_value::Value;

use crate::helpers;

/// Helper functions are numbered from here on; host functions by their place in the list.
const FIRST_HELPER: u32 = 10_000;

/// Hands out the text of a plugin's module files.
pub trait ModuleSource: Send + Sync {
    /// The text of the file at `path`, relative to the plugin's folder.
    ///
    /// # Errors
    /// Words that name the path and say why it cannot be had.
    fn module(&self, path: &str) -> Result<String, String>;
}

/// Makes a session and the helpers callable from a script.
pub(crate) struct Bridge {
    pub(crate) session: Session,
    pub(crate) stop: Arc<StopSignal>,
    pub(crate) modules: Option<Arc<dyn ModuleSource>>,
}

static GROUPS: LazyLock<Vec<NativeGroup>> = LazyLock::new(groups);

fn groups() -> Vec<NativeGroup> {
    let mut groups: Vec<NativeGroup> = Vec::new();
    let mut add = |group: &'static str, name: &'static str, id: usize| {
        let id = u32::try_from(id).expect("there are few functions");
        let function = NativeFunction { name: Cow::Borrowed(name), id };
        if let Some(known) = groups.iter_mut().find(|known| known.name == group) {
            known.functions.push(function);
        } else {
            groups.push(NativeGroup { name: Cow::Borrowed(group), functions: vec![function] });
        }
    };
    for (index, function) in FUNCTIONS.iter().enumerate() {
        add(function.group(), function.member(), index);
    }
    for (index, helper) in helpers::HELPERS.iter().enumerate() {
        add(helpers::GROUP, helper.name, FIRST_HELPER as usize + index);
    }
    groups
}

impl Bridge {
    fn stopped(&self, reason: StopReason) -> NativeError {
        self.stop.stop(reason);
        NativeError::Stop
    }

    fn failed(&self, error: SessionError) -> NativeError {
        match error {
            SessionError::Host(HostError::Type(message)) => NativeError::TypeError(message),
            SessionError::Host(HostError::Halted(words)) => self.stopped(StopReason::Halted(words)),
            SessionError::CallLimit => self.stopped(StopReason::HostCalls),
            SessionError::LogLimit => self.stopped(StopReason::Log),
            other => NativeError::Error(other.to_string()),
        }
    }
}

impl Natives for Bridge {
    fn groups(&self) -> &[NativeGroup] {
        &GROUPS
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        match function.checked_sub(FIRST_HELPER) {
            Some(helper) => helpers::call(helper as usize, &args).map_err(NativeError::TypeError),
            None => self.session.call(function as usize, args).map_err(|error| self.failed(error)),
        }
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        self.session.log(level, message).map_err(|error| self.failed(error))
    }

    fn module(&self, path: &str) -> Result<String, String> {
        match &self.modules {
            Some(modules) => modules.module(path),
            None => Err(format!("module `{path}` cannot be loaded here")),
        }
    }
}
