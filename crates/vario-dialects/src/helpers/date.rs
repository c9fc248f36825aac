//! Dates for Lua, which has no `Date`: JavaScript's numbers, its lenient `Date.parse` as the
//! engine of the contract has it, and the contract's `toIso` (section 4.12).

mod civil;
mod lenient;

pub(super) use self::civil::format_iso;

/// A moment as text gave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parsed {
    /// Milliseconds since the epoch, as if the text were in UTC.
    pub(super) ms: f64,
    /// The text names no zone, so the local one is meant.
    pub(super) is_local: bool,
}

/// JavaScript's `Number(text)`.
pub(super) fn js_number(text: &str) -> f64 {
    let text = text.trim();
    let radix = |prefix_lower: &str, prefix_upper: &str, radix| {
        text.strip_prefix(prefix_lower)
            .or_else(|| text.strip_prefix(prefix_upper))
            .map(|digits| u64::from_str_radix(digits, radix).map_or(f64::NAN, to_f64))
    };
    if text.is_empty() {
        return 0.0;
    }
    if let Some(number) =
        radix("0x", "0X", 16).or_else(|| radix("0o", "0O", 8)).or_else(|| radix("0b", "0B", 2))
    {
        return number;
    }
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        // Rust reads words such as `inf` that JavaScript does not.
        text if text.contains(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E')) => {
            f64::NAN
        }
        text => text.parse().unwrap_or(f64::NAN),
    }
}

#[expect(clippy::cast_precision_loss, reason = "JavaScript numbers are doubles")]
fn to_f64(number: u64) -> f64 {
    number as f64
}

/// `Date.parse`.
pub(super) fn parse(text: &str) -> Option<Parsed> {
    civil::parse_iso(text.trim()).or_else(|| lenient::parse(text))
}

/// The moment a text means to `toIso`, steps (a) to (g).
pub(super) fn parse_for_iso(text: &str) -> Option<Parsed> {
    let mut text = text.trim().to_owned();
    if text.is_empty() {
        return None;
    }
    if civil::starts_with_date_and_time(&text, b' ') {
        text.replace_range(10..11, "T");
    }
    if let Some(head) = text.strip_suffix(" UTC") {
        text = format!("{head}Z");
    }
    if is_plain_number(&text) {
        let ms = seconds_or_ms(js_number(&text))?;
        return Some(Parsed { ms, is_local: false });
    }
    if ends_with_bare_offset(&text) {
        text.insert(text.len() - 2, ':');
    }
    let parsed = parse(&text)?;
    // A full date and time without zone is taken as UTC; other shapes are `Date.parse`'s.
    let is_full =
        civil::starts_with_date_and_time(&text, b'T') && civil::only_fraction(&text[19..]);
    Some(Parsed { is_local: parsed.is_local && !is_full, ..parsed })
}

/// A number to `toIso`: below 1e10 it is seconds.
pub(super) fn seconds_or_ms(number: f64) -> Option<f64> {
    number.is_finite().then(|| if number.abs() < 1e10 { number * 1000.0 } else { number })
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

fn ends_with_bare_offset(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 5
        && matches!(bytes[bytes.len() - 5], b'+' | b'-')
        && bytes[bytes.len() - 4..].iter().all(u8::is_ascii_digit)
}
