//! What `Date.parse` takes beyond the standard format: RFC 1123, `toString`, `M/D/YYYY`, lone
//! numbers. Words it does not know are skipped, as the engine of the contract skips them.

use super::{Parsed, civil};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const ZONES: [(&str, i64); 12] = [
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("z", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// The year a date has that names none.
const DEFAULT_YEAR: i64 = 2001;

#[derive(Default)]
struct Found {
    numbers: Vec<i64>,
    month: Option<i64>,
    time: Option<[i64; 4]>,
    offset: Option<i64>,
    afternoon: Option<bool>,
}

pub(super) fn parse(text: &str) -> Option<Parsed> {
    let mut found = Found::default();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '(' => rest.split_once(')').map_or("", |(_, after)| after),
            '+' | '-' if found.time.is_some() => found.take_offset(rest)?,
            '0'..='9' => found.take_number(rest)?,
            letter if letter.is_alphabetic() => found.take_word(rest),
            other => &rest[other.len_utf8()..],
        };
    }
    found.moment()
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at(end)
}

fn number(digits: &str) -> Option<i64> {
    if digits.len() > 9 { None } else { digits.parse().ok() }
}

impl Found {
    fn take_number<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let (digits, rest) = split_digits(text);
        let value = number(digits)?;
        if self.time.is_none()
            && let Some(rest) = rest.strip_prefix(':')
        {
            return self.take_time(value, rest);
        }
        self.numbers.push(value);
        Some(rest)
    }

    fn take_time<'a>(&mut self, hour: i64, rest: &'a str) -> Option<&'a str> {
        let (minute, mut rest) = split_digits(rest);
        let mut time = [hour, number(minute)?, 0, 0];
        if let Some(after) = rest.strip_prefix(':') {
            let (second, after) = split_digits(after);
            time[2] = number(second)?;
            rest = after;
            if let Some(after) = rest.strip_prefix('.') {
                let (fraction, after) = split_digits(after);
                let padded = format!("{fraction:0<3}");
                time[3] = number(&padded[..3])?;
                rest = after;
            }
        }
        self.time = Some(time);
        Some(rest)
    }

    fn take_offset<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let sign = if text.starts_with('-') { -1 } else { 1 };
        let (hours, rest) = split_digits(&text[1..]);
        let (hours, minutes, rest) = match (hours.len(), rest.strip_prefix(':')) {
            (1 | 2, Some(after)) => {
                let (minutes, rest) = split_digits(after);
                (number(hours)?, number(minutes)?, rest)
            }
            (3 | 4, _) => {
                let split = hours.len() - 2;
                (number(&hours[..split])?, number(&hours[split..])?, rest)
            }
            (1 | 2, None) => (number(hours)?, 0, rest),
            _ => return None,
        };
        self.offset = Some(sign * (hours * 60 + minutes));
        Some(rest)
    }

    fn take_word<'a>(&mut self, text: &'a str) -> &'a str {
        let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        let word = word.to_lowercase();
        let month = MONTHS.iter().position(|month| word.starts_with(month));
        let zone = ZONES.iter().find(|(name, _)| *name == word);
        if let Some((_, hours)) = zone {
            self.offset = Some(hours * 60);
        } else if let Some(month) = month {
            self.month = i64::try_from(month + 1).ok();
        } else if word == "am" || word == "pm" {
            self.afternoon = Some(word == "pm");
        }
        rest
    }

    fn moment(self) -> Option<Parsed> {
        let date = match (self.month, self.numbers.as_slice()) {
            (Some(month), []) => [DEFAULT_YEAR, month, 1],
            (Some(month), [day]) if *day <= 31 => [DEFAULT_YEAR, month, *day],
            (Some(month), [year]) => [*year, month, 1],
            (Some(month), [year, day, ..]) if *year > 31 => [*year, month, *day],
            (Some(month), [day, year, ..]) => [full_year(*year), month, *day],
            (None, [month]) if *month <= 12 => [DEFAULT_YEAR, *month, 1],
            (None, [year]) => [full_year(*year), 1, 1],
            (None, [month, day]) => [DEFAULT_YEAR, *month, *day],
            (None, [year, month, day, ..]) if *year > 31 => [*year, *month, *day],
            (None, [month, day, year, ..]) => [full_year(*year), *month, *day],
            (None, []) => return None,
        };
        let mut time = self.time.unwrap_or_default();
        match self.afternoon {
            Some(_) if !(1..=12).contains(&time[0]) => return None,
            Some(true) if time[0] < 12 => time[0] += 12,
            Some(false) if time[0] == 12 => time[0] = 0,
            _ => {}
        }
        let in_range = (1..=12).contains(&date[1])
            && (1..=31).contains(&date[2])
            && time[0] <= 24
            && time[1] <= 59
            && time[2] <= 59;
        if !in_range {
            return None;
        }
        time[1] -= self.offset.unwrap_or(0);
        Some(Parsed { ms: civil::ms(date, time)?, is_local: self.offset.is_none() })
    }
}

/// Two-digit years are of the century around the epoch.
fn full_year(year: i64) -> i64 {
    match year {
        0..=49 => year + 2000,
        50..=99 => year + 1900,
        year => year,
    }
}
