use mlua::{LuaString, Table, Thread, Value as LuaValue};
use vario_sandbox::{ErrorKind, Location, ScriptError, StopReason};

use crate::setup::World;

/// Frames a stack shows at most.
const MAX_FRAMES: usize = 20;

/// Added to the heap limit while an error is described, so that running out of memory can be.
const SPARE_BYTES: usize = 256 * 1024;

/// The longest message that is kept, in bytes.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// What Luau throws when the heap limit is reached.
const NO_MEMORY: &str = "not enough memory";

struct Frame {
    file: String,
    line: u32,
    function: String,
}

/// Where a coroutine stopped, and what was thrown on purpose.
#[derive(Default)]
struct Description {
    words: Option<String>,
    frames: Vec<Frame>,
}

impl World {
    /// Whether the run may go on; the error says where it was ended.
    pub(crate) fn go_on(&self, thread: Option<&Thread>) -> Result<(), ScriptError> {
        match self.control.reason() {
            None => Ok(()),
            Some(reason) => {
                let mut error = ScriptError::stopped(reason.clone());
                if let Some(thread) = thread {
                    place(&mut error, &self.describe(thread, &LuaValue::Nil), None);
                }
                Err(error)
            }
        }
    }

    /// The error for something a coroutine threw.
    pub(crate) fn thrown(&self, thread: &Thread, failure: &LuaValue) -> ScriptError {
        let description = self.describe(thread, failure);
        let mut error = match failure {
            LuaValue::String(text) => return self.thrown_text(text, &description),
            LuaValue::Error(error) => self.lua_error(error),
            LuaValue::Table(table) => ScriptError::new(ErrorKind::Thrown, self.message_of(table)),
            other => ScriptError::new(ErrorKind::Thrown, plain_text(other)),
        };
        place(&mut error, &description, None);
        error
    }

    /// The error for a failure inside a call of ours, where no script value is at hand.
    pub(crate) fn lua_error(&self, error: &mlua::Error) -> ScriptError {
        if let Some(reason) = self.control.reason() {
            return ScriptError::stopped(reason.clone());
        }
        match error {
            mlua::Error::MemoryError(_) => ScriptError::stopped(StopReason::Memory),
            mlua::Error::CallbackError { cause, .. } => self.lua_error(cause),
            mlua::Error::RuntimeError(text) if text.contains(NO_MEMORY) => {
                ScriptError::stopped(StopReason::Memory)
            }
            mlua::Error::RuntimeError(text) if text.contains("stack overflow") => {
                ScriptError::stopped(StopReason::Stack)
            }
            other => ScriptError::new(ErrorKind::Internal, other.to_string()),
        }
    }

    fn thrown_text(&self, text: &LuaString, description: &Description) -> ScriptError {
        let text = cut(text.to_string_lossy());
        let (location, rest) = self.split_place(&text, &description.frames);
        let mut error = if let Some(words) = &description.words {
            ScriptError::new(ErrorKind::ThrownText(words.clone()), words)
        } else if rest == NO_MEMORY {
            ScriptError::stopped(StopReason::Memory)
        } else if rest.starts_with("stack overflow") || rest.starts_with("C stack overflow") {
            ScriptError::stopped(StopReason::Stack)
        } else {
            ScriptError::new(ErrorKind::Thrown, rest)
        };
        place(&mut error, description, location);
        error
    }

    /// Splits `file:line: ` off a message, where the file is one of this instance's.
    fn split_place<'a>(&self, text: &'a str, frames: &[Frame]) -> (Option<Location>, &'a str) {
        for (colon, _) in text.match_indices(':').take(64) {
            let (file, rest) = (&text[..colon], &text[colon + 1..]);
            let Some((line, rest)) = rest.split_once(": ") else { break };
            let Ok(line) = line.parse() else { continue };
            let is_ours = frames.iter().any(|frame| frame.file == file)
                || self.sources.raw_get::<LuaValue>(file).is_ok_and(|kind| !kind.is_nil());
            if is_ours {
                // Programs of ours have no lines: the plugin's own frame is the better place.
                let place = Location { file: file.to_owned(), line, column: None };
                return ((line > 0).then_some(place), rest);
            }
        }
        (None, text)
    }

    /// The message of an error object: its `message`, else what its own `tostring` makes of it. A
    /// plain table's is its place in memory, which is another one in every run.
    fn message_of(&self, table: &Table) -> String {
        if let Ok(LuaValue::String(message)) = table.raw_get("message") {
            return cut(message.to_string_lossy());
        }
        // What it throws when it is asked is not asked in turn: that would have no end.
        if table.metatable().is_none() || self.asking.replace(true) {
            return "a table".to_owned();
        }
        let answer = self.run(self.tostring.clone(), [LuaValue::Table(table.clone())]);
        self.asking.set(false);
        match answer.map(|outcome| outcome.value) {
            Ok(LuaValue::String(text)) => cut(text.to_string_lossy()),
            _ => "a table".to_owned(),
        }
    }

    /// Runs code of ours that is short, although the run may be over or the heap full.
    fn describe(&self, thread: &Thread, failure: &LuaValue) -> Description {
        self.control.masked(|| {
            let limit = self.heap_bytes.saturating_add(SPARE_BYTES);
            let _described_or_not = self.lua.set_memory_limit(limit);
            let described = self
                .describe
                .call::<(Option<LuaString>, Vec<LuaValue>)>((thread, failure))
                .map(|(words, frames)| Description {
                    words: words.map(|words| cut(words.to_string_lossy())),
                    frames: frames.chunks_exact(3).filter_map(frame).take(MAX_FRAMES).collect(),
                })
                .unwrap_or_default();
            let _described_or_not = self.lua.set_memory_limit(self.heap_bytes);
            described
        })
    }
}

fn frame(parts: &[LuaValue]) -> Option<Frame> {
    let [LuaValue::String(file), LuaValue::Integer(line), LuaValue::String(function)] = parts
    else {
        return None;
    };
    Some(Frame {
        file: file.to_string_lossy(),
        line: u32::try_from(*line).ok()?,
        function: function.to_string_lossy(),
    })
}

fn place(error: &mut ScriptError, description: &Description, location: Option<Location>) {
    error.location = location.or_else(|| {
        let frame = description.frames.first()?;
        Some(Location { file: frame.file.clone(), line: frame.line, column: None })
    });
    if !description.frames.is_empty() {
        let lines: Vec<String> = description.frames.iter().map(frame_text).collect();
        error.stack = Some(lines.join("\n"));
    }
}

fn frame_text(frame: &Frame) -> String {
    if frame.function.is_empty() {
        format!("{}:{}", frame.file, frame.line)
    } else {
        format!("{}:{} in {}", frame.file, frame.line, frame.function)
    }
}

fn plain_text(value: &LuaValue) -> String {
    match value {
        LuaValue::Nil => "nil".to_owned(),
        LuaValue::Boolean(flag) => flag.to_string(),
        LuaValue::Integer(number) => number.to_string(),
        LuaValue::Number(number) => number.to_string(),
        value if value.is_null() => "null".to_owned(),
        other => format!("a {}", other.type_name()),
    }
}

fn cut(mut text: String) -> String {
    if text.len() > MAX_MESSAGE_BYTES {
        text.truncate(text.floor_char_boundary(MAX_MESSAGE_BYTES));
        text.push('…');
    }
    text
}
