use vario_value::Value;

use super::fetch::milliseconds;
use crate::call::HostError;

/// More than any system takes.
const MAX_ARGUMENTS: usize = 10_000;

/// What `process.run` asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProgramRequest {
    /// A name to be found on the path, or an absolute path. Never a shell's line.
    pub program: String,
    /// Each is one argument, whatever is in it.
    pub args: Vec<String>,
    /// The folder that it runs in; none leaves it to the host.
    pub cwd: Option<String>,
    /// Variables beside those that the host gives.
    pub env: Vec<(String, String)>,
    /// Its input; none means that there is nothing to read.
    pub input: Option<Vec<u8>>,
    /// When it is ended, in milliseconds; none leaves it to the host.
    pub timeout_ms: Option<u64>,
}

impl ProgramRequest {
    /// Reads the options object a plugin gave: `{program, args, cwd, env, input, timeoutMs}`. A
    /// part that is absent or null counts as not given; numbers among the arguments and variables
    /// become texts.
    ///
    /// # Errors
    /// `invalid program: …` when a part is missing or of the wrong type, or holds a null
    /// character, which no system can hand over.
    pub fn from_value(options: &Value) -> Result<Self, HostError> {
        let part = |name: &str| options.get(name).filter(|value| !value.is_nullish());
        let text = |name: &str| match part(name) {
            None => Ok(None),
            Some(Value::Str(text)) if !text.contains('\0') => Ok(Some(text.clone())),
            Some(_) => Err(wrong(&format!("`{name}` must be text"))),
        };
        let program = text("program")?.filter(|program| !program.is_empty());
        let input = match part("input") {
            None => None,
            Some(Value::Str(text)) => Some(text.as_bytes().to_vec()),
            Some(Value::Bytes(bytes)) => Some(bytes.clone()),
            Some(_) => return Err(wrong("`input` must be text or bytes")),
        };
        Ok(Self {
            program: program.ok_or_else(|| wrong("`program` must be text"))?,
            args: part("args").map_or_else(|| Ok(Vec::new()), arguments)?,
            cwd: text("cwd")?,
            env: part("env").map_or_else(|| Ok(Vec::new()), variables)?,
            input,
            timeout_ms: part("timeoutMs").map(|value| milliseconds(value, wrong)).transpose()?,
        })
    }
}

fn wrong(what: &str) -> HostError {
    HostError::Failed(format!("invalid program: {what}"))
}

fn arguments(value: &Value) -> Result<Vec<String>, HostError> {
    let words = "`args` must be a list of texts";
    match value {
        Value::List(items) if items.len() <= MAX_ARGUMENTS => {
            items.iter().map(|item| plain(item).ok_or_else(|| wrong(words))).collect()
        }
        // Lua has one empty table.
        Value::Map(map) if map.is_empty() => Ok(Vec::new()),
        _ => Err(wrong(words)),
    }
}

fn variables(value: &Value) -> Result<Vec<(String, String)>, HostError> {
    let words = "`env` must be an object of texts";
    let pair = |(name, value): (&String, &Value)| {
        let is_name = !name.is_empty() && !name.contains(['=', '\0']);
        let value = plain(value).filter(|_| is_name).ok_or_else(|| wrong(words))?;
        Ok((name.clone(), value))
    };
    match value {
        Value::Map(map) => map.iter().filter(|(_, value)| !value.is_nullish()).map(pair).collect(),
        Value::List(items) if items.is_empty() => Ok(Vec::new()),
        _ => Err(wrong(words)),
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => (!text.contains('\0')).then(|| text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}
