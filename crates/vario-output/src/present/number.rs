/// A number of things: grouped, up to two decimals (contract section 7.4). Not finite is `0`.
pub fn count_text(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let (whole, fraction) = rounded(value);
    let fraction = fraction.trim_end_matches('0');
    joined(value, &whole, fraction)
}

/// A number of dollars without its sign: grouped, no decimals where it is whole, else exactly two
/// (contract section 7.4). Not finite is `0`.
pub fn dollar_text(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let (whole, fraction) = rounded(value);
    let fraction = if value.fract() == 0.0 { "" } else { fraction.as_str() };
    joined(value, &whole, fraction)
}

/// A number rounded to hundredths, for sums that are shown and compared with 0.
pub(super) fn to_hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The digits before and the two after the point, ties away from zero.
///
/// Rounds the shortest decimal form rather than the binary value, as number formatting in the
/// originals does: 1.005 is 1.01.
fn rounded(value: f64) -> (String, String) {
    let text = format!("{}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes().chain(*b"00").take(2)).collect();
    if fraction.as_bytes().get(2).is_some_and(|digit| *digit >= b'5') {
        increment(&mut digits);
    }
    let text: String = digits.iter().map(|digit| char::from(*digit)).collect();
    let (whole, fraction) = text.split_at(text.len() - 2);
    (whole.to_owned(), fraction.to_owned())
}

/// Adds one to a number in decimal digits.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

fn joined(value: f64, whole: &str, fraction: &str) -> String {
    let mut text = String::new();
    let is_zero = whole.bytes().chain(fraction.bytes()).all(|digit| digit == b'0');
    if value < 0.0 && !is_zero {
        text.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}
