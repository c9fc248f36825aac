use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vario_sandbox::{
    LogLevel, NativeError, NativeFunction, NativeGroup, Natives, StopReason, StopSignal,
};
use vario_value::{MAX_DEPTH, Value};

/// What the suite's programs may call. It records every call and every log line.
///
/// | function | what it does |
/// |---|---|
/// | `echo.value(v)` | gives its first argument back |
/// | `echo.fail(text)` | fails with an ordinary error |
/// | `echo.type_fail(text)` | fails with a type error |
/// | `echo.stop()` | ends the run: [`StopReason::Halted`] with the text `halted` |
/// | `echo.panic()` | panics, as a broken host function would |
/// | `echo.deep()` | gives a list that is nested too deep |
/// | `echo.big(n)` | gives text of `n` bytes |
/// | `misc.nothing()` | gives absent |
pub struct TestNatives {
    groups: Vec<NativeGroup>,
    stop: Arc<StopSignal>,
    modules: BTreeMap<String, String>,
    log_room: usize,
    calls: Mutex<Vec<(String, Vec<Value>)>>,
    lines: Mutex<Vec<(LogLevel, String)>>,
}

const FUNCTIONS: [(&str, &[&str]); 2] = [
    ("echo", &["value", "fail", "type_fail", "stop", "panic", "deep", "big"]),
    ("misc", &["nothing"]),
];

impl TestNatives {
    /// Natives whose `echo.stop` ends the run of this signal.
    pub fn new(stop: Arc<StopSignal>) -> Self {
        let mut id = 0;
        let groups = FUNCTIONS
            .iter()
            .map(|(group, names)| NativeGroup {
                name: Cow::Borrowed(group),
                functions: names
                    .iter()
                    .map(|name| {
                        id += 1;
                        NativeFunction { name: Cow::Borrowed(name), id }
                    })
                    .collect(),
            })
            .collect();
        Self {
            groups,
            stop,
            modules: BTreeMap::new(),
            log_room: usize::MAX,
            calls: Mutex::default(),
            lines: Mutex::default(),
        }
    }

    /// Adds a module file.
    #[must_use]
    pub fn with_module(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.modules.insert(path.into(), text.into());
        self
    }

    /// Ends the run with [`StopReason::Log`] when more than this many lines are logged.
    #[must_use]
    pub fn with_log_room(mut self, lines: usize) -> Self {
        self.log_room = lines;
        self
    }

    /// The calls so far, as `group.function` with the arguments.
    pub fn calls(&self) -> Vec<(String, Vec<Value>)> {
        guard(&self.calls).clone()
    }

    /// The log lines so far.
    pub fn log_lines(&self) -> Vec<(LogLevel, String)> {
        guard(&self.lines).clone()
    }

    fn name_of(&self, id: u32) -> Option<String> {
        self.groups.iter().find_map(|group| {
            let function = group.functions.iter().find(|function| function.id == id)?;
            Some(format!("{}.{}", group.name, function.name))
        })
    }
}

impl Natives for TestNatives {
    fn groups(&self) -> &[NativeGroup] {
        &self.groups
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        let Some(name) = self.name_of(function) else {
            return Err(NativeError::Error(format!("no function has the id {function}")));
        };
        let first = args.first().cloned().unwrap_or_default();
        guard(&self.calls).push((name.clone(), args));
        let words = || first.as_str().unwrap_or("no words").to_owned();
        match name.as_str() {
            "echo.value" => Ok(first),
            "echo.fail" => Err(NativeError::Error(words())),
            "echo.type_fail" => Err(NativeError::TypeError(words())),
            "echo.stop" => {
                self.stop.stop(StopReason::Halted("halted".into()));
                Err(NativeError::Stop)
            }
            // Unwinds like a panic, but without the message on the test's output.
            "echo.panic" => std::panic::resume_unwind(Box::new("a native function panicked")),
            "echo.deep" => Ok(nested_list(MAX_DEPTH * 2)),
            "echo.big" => Ok(Value::Str("x".repeat(size(&first)))),
            _ => Ok(Value::Absent),
        }
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        let mut lines = guard(&self.lines);
        if lines.len() >= self.log_room {
            self.stop.stop(StopReason::Log);
            return Err(NativeError::Stop);
        }
        lines.push((level, message.to_owned()));
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        self.modules.get(path).cloned().ok_or_else(|| format!("module `{path}` does not exist"))
    }
}

/// `levels` lists, one in the other; the innermost is empty.
pub(crate) fn nested_list(levels: usize) -> Value {
    (1..levels).fold(Value::List(Vec::new()), |inner, _| Value::List(vec![inner]))
}

fn size(value: &Value) -> usize {
    if let Value::Int(number) = value { usize::try_from(*number).unwrap_or(0) } else { 0 }
}

/// A panicking native never holds a lock, so a poisoned one is as good as any.
fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
