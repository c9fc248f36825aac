//! On which day a moment falls, in the time zone of the report.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Days with their first and last moments, so that the time zone is asked once a day.
pub(crate) struct Days {
    zone: TimeZone,
    /// Sorted: the first moment of a day, the first one after it, and the day.
    known: Vec<(i64, i64, Date)>,
}

impl Days {
    pub(crate) fn new(zone: TimeZone) -> Self {
        Self { zone, known: Vec::new() }
    }

    /// The day of a moment in milliseconds since the epoch. Moments beyond what a calendar can say
    /// fall on its first or last day.
    pub(crate) fn day(&mut self, moment: i64) -> Date {
        let place = self.known.partition_point(|(_, end, _)| *end <= moment);
        if let Some((start, _, day)) = self.known.get(place)
            && *start <= moment
        {
            return *day;
        }
        let beyond = if moment < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let time = Timestamp::from_millisecond(moment).unwrap_or(beyond);
        let day = self.zone.to_datetime(time).date();
        if let Some((start, end)) = self.bounds(day) {
            self.known.insert(place, (start, end, day));
        }
        day
    }

    fn bounds(&self, day: Date) -> Option<(i64, i64)> {
        let start = |day: Date| self.zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible().ok();
        let first = start(day)?.timestamp().as_millisecond();
        let next = start(day.tomorrow().ok()?)?.timestamp().as_millisecond();
        // Where clocks jump over midnight the two readings of a day may differ; ask each time then.
        let agrees = |moment| {
            Timestamp::from_millisecond(moment)
                .is_ok_and(|t| self.zone.to_datetime(t).date() == day)
        };
        (first < next && agrees(first) && agrees(next - 1)).then_some((first, next))
    }
}

/// A moment as logs write it, in milliseconds since the epoch: `2026-01-31T12:00:00Z`, with or
/// without three digits of fraction, with `Z` or an offset such as `+02:00`.
pub(crate) fn parse(text: &[u8]) -> Option<i64> {
    let (fraction, zone) = match (text.len(), text.get(19)?) {
        (20 | 25, b'Z' | b'+' | b'-') => (0, &text[19..]),
        (24 | 29, b'.') => (digits(&text[20..23])?, &text[23..]),
        _ => return None,
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    marks.iter().all(|(at, mark)| text[*at] == *mark).then_some(())?;
    let [year, month, day] = [digits(&text[..4])?, digits(&text[5..7])?, digits(&text[8..10])?];
    let [hour, minute, second] =
        [digits(&text[11..13])?, digits(&text[14..16])?, digits(&text[17..19])?];
    (hour <= 23 && minute <= 59 && second <= 59).then_some(())?;
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    (day >= 1 && day <= length(year, month)?).then_some(())?;
    let seconds = days_since_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(seconds * 1_000 + fraction - offset(zone)? * 60_000)
}

/// How far ahead of UTC, in minutes.
fn offset(zone: &[u8]) -> Option<i64> {
    match zone {
        b"Z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            (hours <= 23 && minutes <= 59).then_some(())?;
            let ahead = hours * 60 + minutes;
            Some(if *sign == b'+' { ahead } else { -ahead })
        }
        _ => None,
    }
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |value, digit| {
        digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0'))
    })
}

fn length(year: i64, month: u8) -> Option<u8> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Days between 1970-01-01 and a day of the Gregorian calendar.
fn days_since_epoch(year: i64, month: u8, day: u8) -> i64 {
    // Years begin in March here, so that the leap day is the last day of a year.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (i64::from(month) + 9) % 12;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // The lengths of months from March on, as a straight line rounded down.
    year * 365 + leaps + (month * 153 + 2) / 5 + i64::from(day) - 719_469
}

#[cfg(test)]
mod tests;
