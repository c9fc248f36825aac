//! The contract's base64 (section 4.12): it accepts the URL-safe alphabet and missing padding,
//! validates nothing, and turns garbage into garbage, always the same.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// One byte per character, from UTF-16 units as a script string has them.
pub(super) fn decode(units: &[u16]) -> Vec<u8> {
    let padding = units.iter().rev().take_while(|unit| **unit == u16::from(b'=')).count();
    let units = &units[..units.len() - padding];
    let mut bytes = Vec::with_capacity(units.len() / 4 * 3 + 3);
    for chunk in units.chunks(4) {
        // A missing second character counts as 0, like the missing third and fourth.
        let bits = (0..4).fold(0_i32, |bits, place| {
            let six = chunk.get(place).map_or(0, |unit| sextet(*unit));
            bits | (six << (18 - 6 * place))
        });
        let keep = chunk.len().saturating_sub(1).max(1);
        let [_, first, second, third] = bits.to_be_bytes();
        bytes.extend([first, second, third].into_iter().take(keep));
    }
    bytes
}

/// The value of one character; -1 for one outside the alphabet, whose bits then all stand.
fn sextet(unit: u16) -> i32 {
    let unit = match unit {
        0x2D => u16::from(b'+'),
        0x5F => u16::from(b'/'),
        unit => unit,
    };
    let place = ALPHABET.iter().position(|letter| u16::from(*letter) == unit);
    place.and_then(|place| i32::try_from(place).ok()).unwrap_or(-1)
}

/// Takes each unit as a byte without checking its range, so it is right only up to 255.
pub(super) fn encode(units: &[u16]) -> String {
    let mut text = String::with_capacity(units.len().div_ceil(3) * 4);
    for chunk in units.chunks(3) {
        let unit = |place: usize| chunk.get(place).map_or(0, |unit| u32::from(*unit));
        let bits = (unit(0) << 16) | (unit(1) << 8) | unit(2);
        for place in 0..4 {
            let six = (bits >> (18 - 6 * place)) & 63;
            let padding = place > chunk.len();
            text.push(if padding { '=' } else { char::from(ALPHABET[six as usize]) });
        }
    }
    text
}
