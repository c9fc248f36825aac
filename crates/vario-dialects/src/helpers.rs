//! Pure helper functions that preludes call: what is cheaper, or only possible, in Rust.

#![expect(
    clippy::unnecessary_wraps,
    reason = "helpers share one signature, so that a table holds them"
)]

mod base64;
mod date;

use vario_value::Value;

/// The native group the preludes find them in; plugins do not see it.
pub(crate) const GROUP: &str = "_helpers";

pub(crate) struct Helper {
    pub(crate) name: &'static str,
    run: fn(&[Value]) -> Result<Value, String>,
}

pub(crate) const HELPERS: &[Helper] = &[
    Helper { name: "base64Decode", run: base64_decode },
    Helper { name: "base64DecodeBytes", run: base64_decode_bytes },
    Helper { name: "base64Encode", run: base64_encode },
    Helper { name: "base64EncodeBytes", run: base64_encode_bytes },
    Helper { name: "parseJson", run: parse_json },
    Helper { name: "stringifyJson", run: stringify_json },
    Helper { name: "toNumber", run: to_number },
    Helper { name: "parseDate", run: parse_date },
    Helper { name: "parseIso", run: parse_iso },
    Helper { name: "formatIso", run: format_iso },
];

pub(crate) fn call(index: usize, args: &[Value]) -> Result<Value, String> {
    HELPERS.get(index).map_or_else(|| Err("no such helper".to_owned()), |helper| (helper.run)(args))
}

fn first(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::Absent)
}

fn first_text(args: &[Value]) -> Result<&str, String> {
    first(args).as_str().ok_or_else(|| "expected a string".to_owned())
}

fn first_bytes(args: &[Value]) -> Result<&[u8], String> {
    match first(args) {
        Value::Str(text) => Ok(text.as_bytes()),
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err("expected a string".to_owned()),
    }
}

/// JavaScript: a string with one character per byte.
fn base64_decode(args: &[Value]) -> Result<Value, String> {
    let units: Vec<u16> = first_text(args)?.encode_utf16().collect();
    Ok(Value::Str(base64::decode(&units).into_iter().map(char::from).collect()))
}

/// Lua, whose strings are bytes.
fn base64_decode_bytes(args: &[Value]) -> Result<Value, String> {
    let units: Vec<u16> = first_bytes(args)?.iter().copied().map(u16::from).collect();
    Ok(bytes_value(base64::decode(&units)))
}

fn base64_encode(args: &[Value]) -> Result<Value, String> {
    let units: Vec<u16> = first_text(args)?.encode_utf16().collect();
    Ok(Value::Str(base64::encode(&units)))
}

fn base64_encode_bytes(args: &[Value]) -> Result<Value, String> {
    let units: Vec<u16> = first_bytes(args)?.iter().copied().map(u16::from).collect();
    Ok(Value::Str(base64::encode(&units)))
}

fn bytes_value(bytes: Vec<u8>) -> Value {
    String::from_utf8(bytes).map_or_else(|error| Value::Bytes(error.into_bytes()), Value::Str)
}

/// Gives a list with the value, or absent where the text is not JSON.
fn parse_json(args: &[Value]) -> Result<Value, String> {
    let Ok(text) = std::str::from_utf8(first_bytes(args)?) else { return Ok(Value::Absent) };
    Ok(Value::parse_json(text).map_or(Value::Absent, |value| Value::List(vec![value])))
}

fn stringify_json(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Str(first(args).to_json().to_string()))
}

/// JavaScript's `Number(x)`.
fn to_number(args: &[Value]) -> Result<Value, String> {
    Ok(Value::number(number_of(first(args))))
}

fn number_of(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::Str(text) => date::js_number(text),
        other => other.as_f64().unwrap_or(f64::NAN),
    }
}

/// Gives `[ms, isLocal]`, or absent where the text is no date. A text that is a number is that
/// many milliseconds.
fn parse_date(args: &[Value]) -> Result<Value, String> {
    let text = first_text(args)?;
    let number = || {
        let ms = date::js_number(text);
        ms.is_finite().then_some(date::Parsed { ms, is_local: false })
    };
    Ok(moment(date::parse(text).or_else(number)))
}

/// The same by the rules of `toIso`.
fn parse_iso(args: &[Value]) -> Result<Value, String> {
    Ok(moment(match first(args) {
        Value::Str(text) => date::parse_for_iso(text),
        other => other
            .as_f64()
            .and_then(date::seconds_or_ms)
            .map(|ms| date::Parsed { ms, is_local: false }),
    }))
}

fn moment(parsed: Option<date::Parsed>) -> Value {
    parsed.map_or(Value::Absent, |parsed| {
        Value::List(vec![Value::number(parsed.ms), Value::Bool(parsed.is_local)])
    })
}

/// `Date.prototype.toISOString` of milliseconds; absent outside the range of dates.
fn format_iso(args: &[Value]) -> Result<Value, String> {
    Ok(first(args).as_f64().and_then(date::format_iso).into())
}
