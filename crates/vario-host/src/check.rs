use vario_value::{TypeName, Value};

use crate::call::HostError;
use crate::functions::{FunctionSpec, Param, ParamType};

/// How messages name a language and its types (contract section 4.0).
#[derive(Debug, Clone, Copy)]
pub struct ScriptWords {
    /// `js` or `lua`.
    pub language: &'static str,
    /// The language's own name for a type.
    pub type_label: fn(TypeName) -> &'static str,
}

/// Checks the arguments of one call; extra ones are ignored.
///
/// # Errors
/// [`HostError::Type`], in the words that the script's language has for its types.
pub fn check_args(
    function: &FunctionSpec,
    args: &[Value],
    words: ScriptWords,
) -> Result<(), HostError> {
    let required = function.params.iter().filter(|param| param.required).count();
    if args.len() < required {
        return Err(HostError::Type(format!(
            "Error calling function with {} argument(s) while {required} where expected",
            args.len()
        )));
    }
    function.params.iter().zip(args).try_for_each(|(param, arg)| check_arg(param, arg, words))
}

fn check_arg(param: &Param, arg: &Value, words: ScriptWords) -> Result<(), HostError> {
    if !param.required && matches!(arg, Value::Absent | Value::Null) {
        return Ok(());
    }
    let expected = match (param.ty, arg) {
        (ParamType::Text | ParamType::OptionalText, Value::Bytes(_)) => {
            return Err(HostError::Type(format!(
                "Error converting from {} 'string' into type 'string': the text is not valid UTF-8",
                words.language
            )));
        }
        // Anything that has properties can be asked for them; what is missing, the function says.
        (ParamType::Options, Value::Absent | Value::Null) => "object",
        (ParamType::Any | ParamType::Options, _)
        | (ParamType::Text | ParamType::OptionalText | ParamType::Data, Value::Str(_))
        | (ParamType::OptionalText | ParamType::Flag, Value::Absent | Value::Null)
        | (ParamType::Data, Value::Bytes(_))
        | (ParamType::Number, Value::Int(_) | Value::Float(_))
        | (ParamType::Flag, Value::Bool(_))
        | (ParamType::List, Value::List(_)) => return Ok(()),
        // Lua has one empty table; without entries it can only mean the list asked for.
        (ParamType::List, Value::Map(map)) if map.is_empty() => return Ok(()),
        (ParamType::Text | ParamType::OptionalText, _) => "string",
        (ParamType::Data, _) => "string or bytes",
        (ParamType::Number, _) => "number",
        (ParamType::Flag, _) => "boolean",
        (ParamType::List, _) => "list",
    };
    Err(HostError::Type(format!(
        "Error converting from {} '{}' into type '{expected}'",
        words.language,
        (words.type_label)(arg.type_name())
    )))
}
