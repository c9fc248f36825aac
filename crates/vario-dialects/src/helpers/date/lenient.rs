//! What `Date.parse` takes beyond the standard format: RFC 1123, `toString`, `M/D/YYYY`, lone
//! month numbers. The rules are those of the contract's engine, found by trying it.

use super::{Parsed, civil};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Names of zones with their offset in minutes; a longer name stands before its beginning.
const ZONES: [(&str, i64); 18] = [
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("z", 0),
    ("edt", -240),
    ("est", -300),
    ("cdt", -300),
    ("cst", -360),
    ("mdt", -360),
    ("mst", -420),
    ("pdt", -420),
    ("pst", -480),
    ("west", 60),
    ("wet", 0),
    ("cest", 120),
    ("cet", 60),
    ("eest", 180),
    ("eet", 120),
];

/// The year of a date that names none.
const DEFAULT_YEAR: i64 = 2001;

/// More digits than any part of a date has.
const MAX_DIGITS: usize = 9;

#[derive(Default)]
struct Found {
    numbers: Vec<i64>,
    year: Option<i64>,
    month: Option<i64>,
    time: Option<[i64; 4]>,
    offset: Option<i64>,
}

pub(super) fn parse(text: &str) -> Option<Parsed> {
    let lower = text.to_ascii_lowercase();
    let mut found = Found::default();
    let mut rest = lower.as_str();
    loop {
        rest = rest.trim_start_matches(' ');
        let Some(first) = rest.chars().next() else { break };
        rest = match first {
            '+' | '-' => skip_separators(found.take_signed(rest)?),
            '0'..='9' => skip_separators(found.take_number(rest)?),
            '(' => skip_separators(after_parentheses(rest)?),
            ')' => return None,
            _ => found.take_word(rest)?,
        };
    }
    found.moment()
}

fn skip_separators(text: &str) -> &str {
    text.trim_start_matches(['-', '/', '.', ','])
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

fn number(digits: &str) -> Option<i64> {
    if digits.len() > MAX_DIGITS { None } else { digits.parse().ok() }
}

fn after_parentheses(text: &str) -> Option<&str> {
    let mut level = 0;
    for (index, character) in text.char_indices() {
        match character {
            '(' => level += 1,
            ')' => level -= 1,
            _ => {}
        }
        if level == 0 {
            return text.get(index + 1..);
        }
    }
    None
}

impl Found {
    fn is_empty(&self) -> bool {
        self.numbers.is_empty()
            && self.year.is_none()
            && self.month.is_none()
            && self.time.is_none()
    }

    /// An offset after the time; before it, or where it is no good offset, a signed year.
    fn take_signed<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let sign = if text.starts_with('-') { -1 } else { 1 };
        let (digits, rest) = split_digits(&text[1..]);
        if self.time.is_some()
            && let Some((minutes, rest)) = offset(digits, rest)
        {
            self.offset = Some(sign * minutes);
            return Some(rest);
        }
        if digits.is_empty() {
            return Some(rest);
        }
        let year = number(digits)?;
        if sign < 0 && year == 0 {
            return None;
        }
        self.year = Some(sign * year);
        Some(rest)
    }

    fn take_number<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let (digits, rest) = split_digits(text);
        let value = number(digits)?;
        if let Some(rest) = rest.strip_prefix(':') {
            return self.take_time(value, rest);
        }
        if digits.len() > 2 {
            self.year = Some(value);
        } else if (1..=31).contains(&value) {
            self.numbers.push(value);
        } else {
            self.year = Some(full_year(value));
        }
        (self.numbers.len() <= 3).then_some(rest)
    }

    fn take_time<'a>(&mut self, hour: i64, text: &'a str) -> Option<&'a str> {
        let (minute, mut rest) = one_or_two_digits(text)?;
        let mut time = [hour, minute, 0, 0];
        if let Some(after) = rest.strip_prefix(':') {
            (time[2], rest) = one_or_two_digits(after)?;
            if let Some(after) = rest.strip_prefix(['.', ','])
                && after.starts_with(|c: char| c.is_ascii_digit())
            {
                let (fraction, after) = split_digits(after);
                time[3] = number(&format!("{fraction:0<3}")[..3])?;
                rest = after;
            }
        } else if !rest.is_empty() && !rest.starts_with(' ') {
            return None;
        }
        self.time = Some(time);
        Some(rest)
    }

    /// Separators are skipped after a word, but not after a half of the day or a zone.
    fn take_word<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        if let Some(month) = MONTHS.iter().position(|month| text.starts_with(month)) {
            self.month = i64::try_from(month + 1).ok();
            let is_end = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '/' | '(');
            let end = text.find(is_end).unwrap_or(text.len());
            return Some(skip_separators(&text[end..]));
        }
        if let Some(time) = &mut self.time {
            if let Some(rest) = text.strip_prefix("pm") {
                // Later hours than 12 are then out of range.
                time[0] += if time[0] == 12 { 0 } else { 12 };
                return Some(rest);
            }
            if let Some(rest) = text.strip_prefix("am") {
                if time[0] > 12 {
                    return None;
                }
                time[0] %= 12;
                return Some(rest);
            }
        }
        for (name, minutes) in ZONES {
            if let Some(rest) = text.strip_prefix(name) {
                self.offset = Some(minutes);
                return Some(rest);
            }
        }
        if !self.is_empty() {
            return None;
        }
        let end = text.find([' ', '-', '/', '(']).unwrap_or(text.len());
        Some(skip_separators(&text[end..]))
    }

    fn moment(self) -> Option<Parsed> {
        let named = usize::from(self.year.is_some()) + usize::from(self.month.is_some());
        if self.numbers.len() + named > 3 {
            return None;
        }
        let mut date = [self.year.unwrap_or(DEFAULT_YEAR), self.month.unwrap_or(1), 1];
        match *self.numbers.as_slice() {
            [] => {
                self.year?;
            }
            [day] if self.month.is_some() => date[2] = day,
            [month] => date[1] = month,
            [day, year] if self.month.is_some() && self.year.is_none() => {
                date[0] = full_year(year);
                date[2] = day;
            }
            [month, day] => {
                date[1] = month;
                date[2] = day;
            }
            [month, day, year] => date = [full_year(year), month, day],
            _ => return None,
        }
        let mut time = self.time.unwrap_or_default();
        let in_range = (1..=12).contains(&date[1])
            && (1..=31).contains(&date[2])
            && (time[0] <= 23 || time == [24, 0, 0, 0])
            && time[1] <= 59
            && time[2] <= 59;
        if !in_range {
            return None;
        }
        time[1] -= self.offset.unwrap_or(0);
        Some(Parsed { ms: civil::ms(date, time)?, is_local: self.offset.is_none() })
    }
}

fn one_or_two_digits(text: &str) -> Option<(i64, &str)> {
    let (digits, rest) = split_digits(text);
    if digits.len() > 2 {
        return None;
    }
    Some((number(digits)?, rest))
}

/// `+1`, `+01`, `+0130`, `+01:30`: minutes without the sign.
fn offset<'a>(digits: &str, rest: &'a str) -> Option<(i64, &'a str)> {
    let value = number(digits)?;
    let (hours, minutes, rest) = if digits.len() > 2 {
        (value / 100, value % 100, rest)
    } else if let Some(after) = rest.strip_prefix(':') {
        let (minutes, rest) = split_digits(after);
        (value, number(minutes).filter(|_| minutes.len() == 2)?, rest)
    } else {
        (value, 0, rest)
    };
    (hours <= 23 && minutes <= 59).then_some((hours * 60 + minutes, rest))
}

/// Two-digit years are of the century around the epoch.
fn full_year(year: i64) -> i64 {
    match year {
        0..=49 => year + 2000,
        50..=99 => year + 1900,
        year => year,
    }
}
