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

/// And functions that only a cassette answers, from here on.
const FIRST_UNLISTED: u32 = 20_000;

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
    unlisted: Vec<String>,
    groups: Cow<'static, [NativeGroup]>,
}

static GROUPS: LazyLock<Vec<NativeGroup>> = LazyLock::new(groups);

fn groups() -> Vec<NativeGroup> {
    let mut groups = Vec::new();
    for (id, function) in (0..).zip(FUNCTIONS) {
        add(&mut groups, function.group().into(), function.member().into(), id);
    }
    for (id, helper) in (FIRST_HELPER..).zip(helpers::HELPERS) {
        add(&mut groups, helpers::GROUP.into(), helper.name.into(), id);
    }
    groups
}

fn add(groups: &mut Vec<NativeGroup>, group: Cow<'static, str>, name: Cow<'static, str>, id: u32) {
    let function = NativeFunction { name, id };
    if let Some(known) = groups.iter_mut().find(|known| known.name == group) {
        known.functions.push(function);
    } else {
        groups.push(NativeGroup { name: group, functions: vec![function] });
    }
}

impl Bridge {
    /// `unlisted` are functions beyond the list, as `group.name`.
    pub(crate) fn new(
        session: Session,
        stop: Arc<StopSignal>,
        modules: Option<Arc<dyn ModuleSource>>,
        unlisted: &[String],
    ) -> Self {
        let mut groups = Cow::Borrowed(GROUPS.as_slice());
        for (id, name) in (FIRST_UNLISTED..).zip(unlisted) {
            if let Some((group, member)) = name.split_once('.') {
                let (group, member) = (group.to_owned(), member.to_owned());
                add(groups.to_mut(), group.into(), member.into(), id);
            }
        }
        Self { session, stop, modules, unlisted: unlisted.to_vec(), groups }
    }

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
        &self.groups
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        let unlisted = function.checked_sub(FIRST_UNLISTED);
        if let Some(name) = unlisted.and_then(|place| self.unlisted.get(place as usize)) {
            let answer = self.session.call_unlisted(name, args);
            return answer.map_err(|error| self.failed(error));
        }
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
