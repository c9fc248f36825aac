use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use vario_value::{LogLevel, Value};

use crate::call::{Call, Host, HostError, LogEntry, LogOrigin, Scope};
use crate::check::{ScriptWords, check_args};
use crate::functions::FUNCTIONS;
use crate::redact;

/// How much one run may ask of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Host calls, log lines not counted.
    pub host_calls: u32,
    /// Bytes of log text.
    pub log_bytes: usize,
}

/// How a call through a session fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The plugin may catch it.
    #[error(transparent)]
    Host(#[from] HostError),
    /// One call too many; the run is over.
    #[error("too many host calls")]
    CallLimit,
    /// One log line too many; the run is over.
    #[error("too much log output")]
    LogLimit,
}

/// One run of one plugin, as its host sees it.
pub struct Session {
    host: Arc<dyn Host>,
    scope: Scope,
    words: ScriptWords,
    limits: SessionLimits,
    next_id: AtomicU64,
    calls: AtomicU32,
    logged: AtomicUsize,
}

impl Session {
    /// A session that has made no call yet.
    pub fn new(
        host: Arc<dyn Host>,
        scope: Scope,
        words: ScriptWords,
        limits: SessionLimits,
    ) -> Self {
        Self {
            host,
            scope,
            words,
            limits,
            next_id: AtomicU64::new(1),
            calls: AtomicU32::new(0),
            logged: AtomicUsize::new(0),
        }
    }

    /// How many calls were made, log lines not counted.
    pub fn calls_made(&self) -> u32 {
        self.calls.load(Ordering::Relaxed).min(self.limits.host_calls)
    }

    /// Calls the function at `index` of [`FUNCTIONS`].
    ///
    /// # Errors
    /// See [`SessionError`].
    pub fn call(&self, index: usize, args: Vec<Value>) -> Result<Value, SessionError> {
        self.call_in(index, args, &self.scope)
    }

    /// As [`Session::call`], with a deadline for this call alone: for whoever lives long.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub fn call_until(
        &self,
        index: usize,
        args: Vec<Value>,
        deadline: Instant,
    ) -> Result<Value, SessionError> {
        self.call_in(index, args, &Scope { deadline, ..self.scope.clone() })
    }

    fn call_in(
        &self,
        index: usize,
        mut args: Vec<Value>,
        scope: &Scope,
    ) -> Result<Value, SessionError> {
        let Some(function) = FUNCTIONS.get(index) else {
            return Err(HostError::failed("no such host function").into());
        };
        let checked = check_args(function, &args, self.words);
        if let Some(level) = log_level(function.name) {
            checked?;
            self.log(level, args.first().and_then(Value::as_str).unwrap_or_default())?;
            return Ok(Value::Absent);
        }
        if self.calls.fetch_add(1, Ordering::Relaxed) >= self.limits.host_calls {
            return Err(SessionError::CallLimit);
        }
        if let Some(public) = function.raw_of {
            checked?;
            let json = args.first().and_then(Value::as_str).unwrap_or_default();
            let answer = self.ask(Cow::Borrowed(public), vec![parse_raw(public, json)?], scope)?;
            return Ok(Value::Str(answer.to_json().to_string()));
        }
        drop_absent(&mut args);
        let call = self.make_call(Cow::Borrowed(function.name), args);
        if checked.is_err() && !self.host.expects(&call) {
            checked?;
        }
        Ok(self.host.call(&call, scope)?)
    }

    /// Calls a function that is not in the list, which only a cassette from elsewhere answers.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub fn call_unlisted(&self, name: &str, mut args: Vec<Value>) -> Result<Value, SessionError> {
        if self.calls.fetch_add(1, Ordering::Relaxed) >= self.limits.host_calls {
            return Err(SessionError::CallLimit);
        }
        drop_absent(&mut args);
        self.ask(Cow::Owned(name.to_owned()), args, &self.scope)
    }

    /// Writes a line to the plugin's log (contract sections 4.2 and 4.13).
    ///
    /// # Errors
    /// When the log is full.
    pub fn log(&self, level: LogLevel, message: &str) -> Result<(), SessionError> {
        let before = self.logged.fetch_add(message.len(), Ordering::Relaxed);
        if before.saturating_add(message.len()) > self.limits.log_bytes {
            return Err(SessionError::LogLimit);
        }
        if self.scope.log.wants(level) {
            self.scope.log.write(LogEntry {
                plugin_id: self.scope.plugin_id.clone(),
                level,
                origin: LogOrigin::Plugin,
                message: redact::log_text(message).into_owned(),
            });
        }
        Ok(())
    }

    fn ask(
        &self,
        name: Cow<'static, str>,
        args: Vec<Value>,
        scope: &Scope,
    ) -> Result<Value, SessionError> {
        let call = self.make_call(name, args);
        Ok(self.host.call(&call, scope)?)
    }

    fn make_call(&self, name: Cow<'static, str>, args: Vec<Value>) -> Call {
        Call { id: self.next_id.fetch_add(1, Ordering::Relaxed), name, args }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.host.end_run(&self.scope);
    }
}

/// Absent trailing arguments are as good as none.
fn drop_absent(args: &mut Vec<Value>) {
    while args.last() == Some(&Value::Absent) {
        args.pop();
    }
}

fn log_level(name: &str) -> Option<LogLevel> {
    match name {
        "log.info" => Some(LogLevel::Info),
        "log.warn" => Some(LogLevel::Warn),
        "log.error" => Some(LogLevel::Error),
        _ => None,
    }
}

fn parse_raw(public: &str, json: &str) -> Result<Value, HostError> {
    match Value::parse_json(json) {
        Ok(value) => Ok(value),
        // Ill-formed options of a usage query mean all defaults (contract section 4.10).
        Err(_) if public == "ccusage.query" => Ok(Value::Absent),
        Err(error) => {
            let what = if public == "http.request" { "request" } else { "discover opts" };
            Err(HostError::Failed(format!("invalid {what}: {error}")))
        }
    }
}
