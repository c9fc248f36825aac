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

/// Answers a script from the host's side: the session for host calls, the plugin's folder for
/// modules. The helpers are not here; they run where the script does.
///
/// What ends the run (too many calls, a full log, a replay that cannot go on) is set in the stop
/// signal, too.
pub struct HostNatives {
    session: Session,
    stop: Arc<StopSignal>,
    modules: Option<Arc<dyn ModuleSource>>,
    unlisted: Vec<String>,
}

impl HostNatives {
    /// `unlisted` are the job's functions beyond the list, as `group.name`.
    pub fn new(
        session: Session,
        stop: Arc<StopSignal>,
        modules: Option<Arc<dyn ModuleSource>>,
        unlisted: &[String],
    ) -> Self {
        Self { session, stop, modules, unlisted: unlisted.to_vec() }
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

impl Natives for HostNatives {
    /// None: which functions a script sees is decided where it runs.
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        let unlisted = function.checked_sub(FIRST_UNLISTED);
        let answer = match unlisted.and_then(|place| self.unlisted.get(place as usize)) {
            Some(name) => self.session.call_unlisted(name, args),
            None => self.session.call(function as usize, args),
        };
        answer.map_err(|error| self.failed(error))
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

/// What a script sees: the host's functions and the helpers.
pub(crate) struct ScriptNatives {
    host: Arc<dyn Natives>,
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

impl ScriptNatives {
    /// `unlisted` are functions beyond the list, as `group.name`.
    pub(crate) fn new(host: Arc<dyn Natives>, unlisted: &[String]) -> Self {
        let mut groups = Cow::Borrowed(GROUPS.as_slice());
        for (id, name) in (FIRST_UNLISTED..).zip(unlisted) {
            if let Some((group, member)) = name.split_once('.') {
                let (group, member) = (group.to_owned(), member.to_owned());
                add(groups.to_mut(), group.into(), member.into(), id);
            }
        }
        Self { host, groups }
    }
}

impl Natives for ScriptNatives {
    fn groups(&self) -> &[NativeGroup] {
        &self.groups
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        match function.checked_sub(FIRST_HELPER) {
            Some(helper) if function < FIRST_UNLISTED => {
                helpers::call(helper as usize, &args).map_err(NativeError::TypeError)
            }
            _ => self.host.call(function, args),
        }
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        self.host.log(level, message)
    }

    fn module(&self, path: &str) -> Result<String, String> {
        self.host.module(path)
    }
}
