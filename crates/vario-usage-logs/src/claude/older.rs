//! Which lines of Claude Code's logs ccusage 18 counts.

#![expect(
    clippy::option_option,
    reason = "the outer one is whether this is JSON, the inner one whether the field is there"
)]

use std::borrow::Cow;

use jiff::Timestamp;

use super::newer::is_version;
use super::{ClaudeLog, Fields, Flags, Usage};
use crate::days;
use crate::json::{Kind, Text, Walker};
use crate::notes::{Notes, Reason};

/// What a line says; `None` of `problem` while every field is as it should be.
#[derive(Default)]
struct Entry<'a> {
    time: Option<Text<'a>>,
    version: Option<Text<'a>>,
    session: Option<Text<'a>>,
    request: Option<Text<'a>>,
    cost: Option<f64>,
    message: Option<Message<'a>>,
    wrong: bool,
}

#[derive(Clone, Copy, Default)]
struct Message<'a> {
    id: Option<Text<'a>>,
    model: Option<Text<'a>>,
    usage: Option<RawUsage>,
}

#[derive(Clone, Copy, Default)]
struct RawUsage {
    input: Option<u64>,
    output: Option<u64>,
    cache_write: u64,
    cache_read: u64,
    fast: Option<bool>,
}

/// Takes in one line.
pub(super) fn line(log: &mut ClaudeLog, line: &[u8], notes: &Notes) -> Result<(), Reason> {
    if line.trim_ascii().is_empty() {
        return Err(Reason::NoUsage);
    }
    let mut walker = Walker::new(line);
    if walker.kind() != Some(Kind::Object) {
        let json = walker.skip().is_some() && walker.end().is_some();
        return Err(if json { Reason::NoUsage } else { Reason::Malformed });
    }
    let entry = entry(&mut walker).filter(|_| walker.end().is_some()).ok_or(Reason::Malformed)?;
    if let Some(moment) = entry.time.and_then(begins) {
        log.earliest = Some(log.earliest.map_or(moment, |earliest| earliest.min(moment)));
    }
    let fields = fields(&entry)?;
    log.push(&fields, notes);
    Ok(())
}

fn fields<'a>(entry: &Entry<'a>) -> Result<Fields<'a>, Reason> {
    let message = entry.message.ok_or(Reason::NoUsage)?;
    let usage = message.usage.ok_or(Reason::NoUsage)?;
    let time = entry.time.ok_or(Reason::NoTime)?.raw();
    let (Some(input), Some(output), false) = (usage.input, usage.output, entry.wrong) else {
        return Err(Reason::WrongShape);
    };
    let utc = time.last() == Some(&b'Z');
    let moment = days::parse(time).filter(|_| utc).ok_or(Reason::NoTime)?;
    let lossy = |text: Option<Text<'a>>| text.map(Text::decode_lossy);
    let [id, model] = [lossy(message.id), lossy(message.model)];
    let [session, request] = [lossy(entry.session), lossy(entry.request)];
    let empty = [&id, &model, &session, &request].into_iter().flatten().any(|text| text.is_empty());
    let version = lossy(entry.version);
    if empty || version.is_some_and(|version| !is_version(&version)) {
        return Err(Reason::InvalidField);
    }
    Ok(Fields {
        message: id,
        request,
        // The session is no part of what makes two messages the same.
        session: Some(Cow::Borrowed("")),
        model,
        moment,
        usage: Usage {
            input,
            output,
            cache_write: usage.cache_write,
            cache_write_1h: 0,
            cache_read: usage.cache_read,
        },
        cost: entry.cost,
        flags: Flags::default()
            .with(Flags::SPEED, usage.fast.is_some())
            .with(Flags::FAST, usage.fast == Some(true))
            .with(Flags::DAILY, true)
            .with(Flags::SESSION, true),
    })
}

/// A moment that JavaScript's `Date` understands, for the order of files.
fn begins(time: Text<'_>) -> Option<i64> {
    let time = time.decode()?;
    let exact = days::parse(time.as_bytes());
    exact.or_else(|| Some(time.parse::<Timestamp>().ok()?.as_millisecond()))
}

fn entry<'a>(walker: &mut Walker<'a>) -> Option<Entry<'a>> {
    let mut entry = Entry::default();
    walker.object(|walker, name| {
        let wrong = &mut entry.wrong;
        if name.is("timestamp") {
            // One that is no text counts for nothing, but the line is still JSON.
            entry.time = text(walker, wrong)?;
        } else if name.is("version") {
            entry.version = text(walker, wrong)?;
        } else if name.is("sessionId") {
            entry.session = text(walker, wrong)?;
        } else if name.is("requestId") {
            entry.request = text(walker, wrong)?;
        } else if name.is("cwd") {
            text(walker, wrong)?;
        } else if name.is("costUSD") {
            entry.cost = number(walker, wrong, |number| number.parse().ok())?;
        } else if name.is("isApiErrorMessage") {
            of_kind(walker, Kind::Bool, wrong, Walker::bool)?;
        } else if name.is("message") {
            entry.message = message(walker, wrong)?;
        } else {
            walker.skip()?;
        }
        Some(())
    })?;
    Some(entry)
}

fn message<'a>(walker: &mut Walker<'a>, wrong: &mut bool) -> Option<Option<Message<'a>>> {
    if walker.kind()? != Kind::Object {
        walker.skip()?;
        *wrong = true;
        return Some(None);
    }
    let mut message = Message::default();
    walker.object(|walker, name| {
        if name.is("id") {
            message.id = text(walker, wrong)?;
        } else if name.is("model") {
            message.model = text(walker, wrong)?;
        } else if name.is("usage") {
            message.usage = usage(walker, wrong)?;
        } else if name.is("content") {
            content(walker, wrong)?;
        } else {
            walker.skip()?;
        }
        Some(())
    })?;
    Some(Some(message))
}

fn usage(walker: &mut Walker<'_>, wrong: &mut bool) -> Option<Option<RawUsage>> {
    if walker.kind()? != Kind::Object {
        walker.skip()?;
        *wrong = true;
        return Some(None);
    }
    let mut usage = RawUsage::default();
    walker.object(|walker, name| {
        if name.is("input_tokens") {
            usage.input = number(walker, wrong, whole)?;
        } else if name.is("output_tokens") {
            usage.output = number(walker, wrong, whole)?;
        } else if name.is("cache_creation_input_tokens") {
            usage.cache_write = number(walker, wrong, whole)?.unwrap_or(0);
        } else if name.is("cache_read_input_tokens") {
            usage.cache_read = number(walker, wrong, whole)?.unwrap_or(0);
        } else if name.is("speed") {
            let speed = text(walker, wrong)?;
            let fast = speed.is_some_and(|speed| speed.is("fast"));
            *wrong |= !fast && !speed.is_some_and(|speed| speed.is("standard"));
            usage.fast = Some(fast);
        } else {
            walker.skip()?;
        }
        Some(())
    })?;
    Some(Some(usage))
}

/// The content must be a list of objects, whose `text` is a string if there is one.
fn content(walker: &mut Walker<'_>, wrong: &mut bool) -> Option<()> {
    if walker.kind()? != Kind::Array {
        *wrong = true;
        return walker.skip();
    }
    walker.array(|walker| match walker.kind()? {
        Kind::Object => walker.object(|walker, name| {
            if name.is("text") {
                return text(walker, wrong).map(drop);
            }
            walker.skip()
        }),
        kind => {
            *wrong |= kind != Kind::Array;
            walker.skip()
        }
    })
}

fn text<'a>(walker: &mut Walker<'a>, wrong: &mut bool) -> Option<Option<Text<'a>>> {
    of_kind(walker, Kind::String, wrong, Walker::string)
}

fn number<T>(
    walker: &mut Walker<'_>,
    wrong: &mut bool,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<Option<T>> {
    let number = of_kind(walker, Kind::Number, wrong, Walker::number)?;
    let value = number.and_then(parse);
    *wrong |= value.is_none();
    Some(value)
}

/// A count of tokens. JavaScript has one kind of numbers, so `1.0` is one too.
fn whole(number: &str) -> Option<u64> {
    number.parse().ok().or_else(|| crate::json::whole(number))
}

fn of_kind<'a, T>(
    walker: &mut Walker<'a>,
    kind: Kind,
    wrong: &mut bool,
    take: impl FnOnce(&mut Walker<'a>) -> Option<T>,
) -> Option<Option<T>> {
    if walker.kind()? == kind {
        return take(walker).map(Some);
    }
    *wrong = true;
    walker.skip()?;
    Some(None)
}
