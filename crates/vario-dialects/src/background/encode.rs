//! Text and bytes: what engines lack.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use vario_value::Value;

use super::natives::{bytes, text};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// `(text)`: its bytes; lone surrogates are U+FFFD.
pub(super) fn utf8_encode(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Bytes(text(args, 0)?.as_bytes().to_vec()))
}

/// `(bytes, encoding, fatal)` where encoding is `utf-8`, `utf-16le`, `utf-16be` or `latin1`.
pub(super) fn decode_text(args: &[Value]) -> Result<Value, String> {
    let bytes = bytes(args, 0)?;
    let fatal = args.get(2).is_some_and(Value::is_truthy);
    let decoded = match text(args, 1)? {
        "utf-8" if fatal => str::from_utf8(bytes).map(str::to_owned).ok(),
        "utf-8" => Some(String::from_utf8_lossy(bytes).into_owned()),
        "latin1" => Some(bytes.iter().copied().map(char::from).collect()),
        "utf-16le" => utf16(bytes, u16::from_le_bytes, fatal),
        "utf-16be" => utf16(bytes, u16::from_be_bytes, fatal),
        other => return Err(format!("the encoding {other} is not known")),
    };
    decoded.map(Value::Str).ok_or_else(|| "The encoded data was not valid".to_owned())
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16, fatal: bool) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| read(*pair)).collect();
    if fatal {
        return String::from_utf16(&units).ok().filter(|_| rest.is_empty());
    }
    Some(String::from_utf16_lossy(&units))
}

/// `(text)`: the bytes that base64 of either alphabet stands for. Anything else in it is skipped,
/// and it ends at the first `=`.
pub(super) fn from_base64(args: &[Value]) -> Result<Value, String> {
    let text = text(args, 0)?.split('=').next().unwrap_or_default();
    let mut known: Vec<u8> = text
        .bytes()
        .filter_map(|byte| match byte {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' => Some(byte),
            byte => byte.is_ascii_alphanumeric().then_some(byte),
        })
        .collect();
    // One character alone stands for no byte.
    if known.len() % 4 == 1 {
        known.pop();
    }
    let engine = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    engine.decode(known).map(Value::Bytes).map_err(|error| error.to_string())
}

/// `(bytes, urlSafe)`: base64; the URL-safe one has no padding.
pub(super) fn to_base64(args: &[Value]) -> Result<Value, String> {
    let engine = if args.get(1).is_some_and(Value::is_truthy) {
        base64::engine::general_purpose::URL_SAFE_NO_PAD
    } else {
        base64::engine::general_purpose::STANDARD
    };
    Ok(Value::Str(engine.encode(bytes(args, 0)?)))
}
