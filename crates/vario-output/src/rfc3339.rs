use jiff::Timestamp;

/// The instant of an RFC 3339 text, in milliseconds since the epoch, finer digits cut off.
///
/// Exactly what the contract accepts (section 3.1): `t` and `z` in lower case and a space in place
/// of `T` are fine; a date alone, an offset without its colon, missing seconds, hour 24 and second
/// 60 are not. Libraries differ in these corners (they take leap seconds or bare offsets), so the
/// grammar is spelt out here.
pub fn parse_rfc3339_ms(text: &str) -> Option<i64> {
    let mut rest = Digits(text.as_bytes());
    let year = rest.number(4)?;
    rest.one_of(b"-")?;
    let month = rest.number(2).filter(|month| (1..=12).contains(month))?;
    rest.one_of(b"-")?;
    let day = rest.number(2).filter(|day| (1..=days_in_month(year, month)).contains(day))?;
    rest.one_of(b"Tt ")?;
    let hour = rest.number(2).filter(|hour| *hour <= 23)?;
    rest.one_of(b":")?;
    let minute = rest.number(2).filter(|minute| *minute <= 59)?;
    rest.one_of(b":")?;
    let second = rest.number(2).filter(|second| *second <= 59)?;
    let millisecond = rest.fraction_ms()?;
    let offset_minutes = rest.offset_minutes()?;
    if !rest.0.is_empty() {
        return None;
    }
    let minutes = (days_since_epoch(year, month, day) * 24 + hour) * 60 + minute - offset_minutes;
    Some((minutes * 60 + second) * 1000 + millisecond)
}

/// An instant as RFC 3339 text in UTC with milliseconds, such as a snapshot's `fetchedAt`. Instants
/// outside the years that the format can write become the nearest one inside.
pub fn rfc3339_utc(ms: i64) -> String {
    const FIRST_MS: i64 = -62_167_219_200_000;
    const LAST_MS: i64 = 253_402_207_200_000;
    let instant = Timestamp::from_millisecond(ms.clamp(FIRST_MS, LAST_MS));
    format!("{:.3}", instant.unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The part of the text that was not read yet.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    /// A number of exactly `count` digits.
    fn number(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut number = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number * 10 + i64::from(digit - b'0');
        }
        self.0 = rest;
        Some(number)
    }

    /// One of these bytes.
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !bytes.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    /// A point and at least one digit, or nothing at all.
    fn fraction_ms(&mut self) -> Option<i64> {
        if self.one_of(b".").is_none() {
            return Some(0);
        }
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let digit = |index: usize| digits.get(index).map_or(0, |digit| i64::from(digit - b'0'));
        Some(digit(0) * 100 + digit(1) * 10 + digit(2))
    }

    /// `Z` or `±hh:mm`.
    fn offset_minutes(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.number(2).filter(|hours| *hours <= 23)?;
        self.one_of(b":")?;
        let minutes = self.number(2).filter(|minutes| *minutes <= 59)?;
        Some(sign * (hours * 60 + minutes))
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1 January 1970 to a date of the proleptic Gregorian calendar.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    // Days between 1 March 0000 and 1 January 1970.
    const EPOCH: i64 = 719_468;
    // Counting years from March puts the leap day last, so months need no table.
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - EPOCH
}
