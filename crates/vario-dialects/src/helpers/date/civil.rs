//! The proleptic Gregorian calendar, and ECMAScript's date time string format.

use super::Parsed;

const MS_PER_DAY: i64 = 86_400_000;

/// The farthest moment a JavaScript date can be, either way.
const MAX_MS: f64 = 8.64e15;

/// Days since the epoch of a date; month from 1, day may lie outside its month.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Milliseconds since the epoch, as if in UTC.
pub(super) fn ms(date: [i64; 3], time: [i64; 4]) -> Option<f64> {
    let [year, month, day] = date;
    let [hour, minute, second, milli] = time;
    let of_day = ((hour * 60 + minute) * 60 + second) * 1000 + milli;
    let total = days(year, month, day).checked_mul(MS_PER_DAY)?.checked_add(of_day)?;
    clip(to_f64(total))
}

#[expect(clippy::cast_precision_loss, reason = "JavaScript dates are doubles")]
fn to_f64(number: i64) -> f64 {
    number as f64
}

fn clip(ms: f64) -> Option<f64> {
    (ms.abs() <= MAX_MS).then(|| ms.trunc())
}

/// `Date.prototype.toISOString`; none outside the range of dates.
#[expect(clippy::cast_possible_truncation, reason = "clipped to the range of dates")]
pub(in crate::helpers) fn format_iso(ms: f64) -> Option<String> {
    let ms = clip(ms)? as i64;
    let (day, of_day) = (ms.div_euclid(MS_PER_DAY), ms.rem_euclid(MS_PER_DAY));
    let shifted = day + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let year = match year {
        0..=9999 => format!("{year:04}"),
        year if year < 0 => format!("-{:06}", -year),
        year => format!("+{year:06}"),
    };
    let (seconds, milli) = (of_day / 1000, of_day % 1000);
    Some(format!(
        "{year}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{milli:03}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    ))
}

/// Whether the text starts with a date and a time to the second, with this byte between.
pub(super) fn starts_with_date_and_time(text: &str, between: u8) -> bool {
    let pattern = b"dddd-dd-dd dd:dd:dd";
    text.len() >= pattern.len()
        && text.bytes().zip(pattern).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            b' ' => byte == between,
            wanted => byte == *wanted,
        })
}

/// Nothing, or a point and digits.
pub(super) fn only_fraction(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix('.')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// ECMAScript's date time string format, with any number of fraction digits as the engine takes
/// them.
pub(super) fn parse_iso(text: &str) -> Option<Parsed> {
    let mut rest = Reader(text.as_bytes());
    let year = match rest.sign() {
        Some(sign) => sign * rest.digits(6)?,
        None => rest.digits(4)?,
    };
    let mut date = [year, 1, 1];
    for part in &mut date[1..] {
        if !rest.take(b"-") {
            break;
        }
        *part = rest.digits(2)?;
    }
    let mut time = [0; 4];
    let has_time = rest.take(b"T");
    if has_time {
        time = rest.time()?;
    }
    let offset = rest.zone()?;
    let in_range = (1..=12).contains(&date[1])
        // A day beyond its month's end runs on into the next one, as in the engine.
        && (1..=31).contains(&date[2])
        && (time[0] <= 23 || time == [24, 0, 0, 0])
        && time[1] <= 59
        && time[2] <= 59;
    if !rest.0.is_empty() || !in_range {
        return None;
    }
    time[1] -= offset.unwrap_or(0);
    Some(Parsed { ms: ms(date, time)?, is_local: has_time && offset.is_none() })
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, any_of: &[u8]) -> bool {
        let found = self.0.first().is_some_and(|byte| any_of.contains(byte));
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn sign(&mut self) -> Option<i64> {
        if self.take(b"+") { Some(1) } else { self.take(b"-").then_some(-1) }
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = std::str::from_utf8(digits).ok()?;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        number.parse().ok()
    }

    /// Hours, minutes, and then seconds and a fraction if they are there.
    fn time(&mut self) -> Option<[i64; 4]> {
        let hour = self.digits(2)?;
        self.take(b":").then_some(())?;
        let minute = self.digits(2)?;
        let second = if self.take(b":") { self.digits(2)? } else { 0 };
        let mut milli = 0;
        if self.take(b".,") {
            let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            for place in 0..3 {
                let digit = if place < count { i64::from(self.0[place] - b'0') } else { 0 };
                milli = milli * 10 + digit;
            }
            self.0 = self.0.get(count..).filter(|_| count > 0)?;
        }
        Some([hour, minute, second, milli])
    }

    /// The offset in minutes; inner none when there is no zone, outer when it is not well-formed.
    #[expect(clippy::option_option, reason = "no zone and a bad zone are two things")]
    fn zone(&mut self) -> Option<Option<i64>> {
        if self.take(b"Z") {
            return Some(Some(0));
        }
        let Some(sign) = self.sign() else { return Some(None) };
        let hours = self.digits(2)?;
        self.take(b":");
        let minutes = self.digits(2)?;
        (hours <= 23 && minutes <= 59).then_some(Some(sign * (hours * 60 + minutes)))
    }
}
