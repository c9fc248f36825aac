//! Which lines of Claude Code's logs ccusage 20 counts.

#![expect(
    clippy::option_option,
    reason = "the outer one is whether this is JSON, the inner one whether the field is there"
)]

use std::borrow::Cow;

use super::{ClaudeLog, Fields, Flags, MARKER, Usage, advisor};
use crate::days;
use crate::json::{Kind, Text, Walker};
use crate::notes::{Notes, Reason};

/// Members that must not be null, wherever in the line they stand.
const NOT_NULL: &[&[u8]] = &[
    b"model",
    b"id",
    b"cwd",
    b"speed",
    b"costUSD",
    b"version",
    b"sessionId",
    b"requestId",
    b"isApiErrorMessage",
    b"cache_read_input_tokens",
    b"cache_creation_input_tokens",
];

/// A field of a line: not there, well formed, or what makes the line count for nothing.
#[derive(Clone, Copy, Debug, Default)]
enum Field<T> {
    #[default]
    Missing,
    Null,
    Good(T),
    /// Of a wrong kind, or there twice.
    Bad,
}

impl<T> Field<T> {
    fn set(&mut self, value: Self) {
        *self = if matches!(self, Self::Missing) { value } else { Self::Bad };
    }

    fn required(self) -> Result<T, Reason> {
        match self {
            Self::Good(value) => Ok(value),
            _ => Err(Reason::WrongShape),
        }
    }

    fn optional(self) -> Result<Option<T>, Reason> {
        match self {
            Self::Good(value) => Ok(Some(value)),
            Self::Missing | Self::Null => Ok(None),
            Self::Bad => Err(Reason::WrongShape),
        }
    }
}

/// An entry, or the message of a subagent's progress inside one.
#[derive(Default)]
struct Entry<'a> {
    time: Field<Text<'a>>,
    version: Field<Text<'a>>,
    session: Field<Text<'a>>,
    request: Field<Text<'a>>,
    cost: Field<f64>,
    sidechain: Field<bool>,
    error: Field<bool>,
    message: Field<Message<'a>>,
    /// The message of a subagent inside.
    progress: Option<Box<Entry<'a>>>,
}

#[derive(Clone, Copy, Default)]
struct Message<'a> {
    id: Field<Text<'a>>,
    model: Field<Text<'a>>,
    usage: Field<RawUsage>,
}

#[derive(Clone, Copy, Default)]
struct RawUsage {
    input: Field<u64>,
    output: Field<u64>,
    cache_write: Field<u64>,
    cache_read: Field<u64>,
    fast: Field<bool>,
    split: Field<Split>,
}

#[derive(Clone, Copy, Default)]
struct Split {
    short: Field<u64>,
    hour: Field<u64>,
}

/// Takes in one line.
pub(super) fn line(log: &mut ClaudeLog, line: &[u8], notes: &Notes) -> Result<(), Reason> {
    let marked = MARKER.find(line).is_some();
    let mut walker = Walker::watching(line, NOT_NULL);
    let entry = entry(&mut walker, true).filter(|_| walker.end().is_some());
    let Some(entry) = entry else {
        // Other kinds of values are JSON, too, and so are empty lines nothing.
        return Err(if is_json(line) { Reason::NoUsage } else { Reason::Malformed });
    };
    if !marked {
        return Err(Reason::NoUsage);
    }
    if walker.seen.watched_null {
        return Err(Reason::NullField);
    }
    // Days are counted from lines that are text throughout; sessions only from the fields' texts.
    let text =
        !walker.seen.lone_surrogate && (!walker.seen.non_ascii || str::from_utf8(line).is_ok());
    let fields = fields(entry, text)?;
    log.push(&fields, notes);
    for (index, advice) in advisor::usages(line).into_iter().enumerate() {
        let message = fields.message.as_ref().map(|id| Cow::from(format!("{id}:advisor:{index}")));
        let speed = fields.flags_without_speed();
        log.push(
            &Fields {
                message,
                model: Some(Cow::from(advice.model)),
                usage: advice.usage,
                cost: None,
                flags: speed
                    .with(Flags::SPEED, advice.fast.is_some())
                    .with(Flags::FAST, advice.fast == Some(true)),
                ..fields.clone()
            },
            notes,
        );
    }
    Ok(())
}

impl Fields<'_> {
    fn flags_without_speed(&self) -> Flags {
        [Flags::SIDECHAIN, Flags::DAILY, Flags::SESSION]
            .into_iter()
            .fold(Flags::default(), |flags, flag| flags.with(flag, self.flags.has(flag)))
    }
}

fn is_json(line: &[u8]) -> bool {
    let mut walker = Walker::new(line);
    line.trim_ascii().is_empty() || (walker.skip().is_some() && walker.end().is_some())
}

/// The entry itself where it has the form of one, else the subagent's message in it.
fn fields(mut entry: Entry<'_>, text: bool) -> Result<Fields<'_>, Reason> {
    let progress = entry.progress.take();
    let session = entry.session;
    let strict = !matches!(entry.error, Field::Bad);
    match direct(&entry, text, text, strict) {
        Err(Reason::WrongShape) => {}
        done => return done,
    }
    let Some(mut progress) = progress.filter(|_| text) else {
        return Err(if text { Reason::WrongShape } else { Reason::NotText });
    };
    progress.session = session;
    progress.version = Field::Missing;
    direct(&progress, true, true, false)
}

/// `daily` and `session` say in which rows the message counts.
fn direct<'a>(
    entry: &Entry<'a>,
    text: bool,
    daily: bool,
    session: bool,
) -> Result<Fields<'a>, Reason> {
    let message = entry.message.required()?;
    let time = entry.time.required()?;
    let usage = message.usage.required()?;
    let fast = usage.fast.optional()?;
    let version = decoded(entry.version)?;
    let sidechain = entry.sidechain.optional()? == Some(true);
    let fields = Fields {
        message: decoded(message.id)?,
        request: decoded(entry.request)?,
        session: decoded(entry.session)?,
        model: decoded(message.model)?,
        moment: 0,
        usage: usage.counted()?,
        cost: entry.cost.optional()?,
        flags: Flags::default()
            .with(Flags::SIDECHAIN, sidechain)
            .with(Flags::SPEED, fast.is_some())
            .with(Flags::FAST, fast == Some(true))
            .with(Flags::DAILY, daily)
            .with(Flags::SESSION, session),
    };
    if !daily && !session {
        return Err(if text { Reason::WrongShape } else { Reason::NotText });
    }
    let moment =
        time.decode().and_then(|time| days::parse(time.as_bytes())).ok_or(Reason::NoTime)?;
    let empty = [&fields.message, &fields.request, &fields.session, &fields.model]
        .into_iter()
        .flatten()
        .any(|text| text.is_empty());
    if empty || version.is_some_and(|version| !is_version(&version)) {
        return Err(Reason::InvalidField);
    }
    Ok(Fields { moment, ..fields })
}

fn decoded(field: Field<Text<'_>>) -> Result<Option<Cow<'_, str>>, Reason> {
    field.optional()?.map(|text| text.decode().ok_or(Reason::NotText)).transpose()
}

/// Whether it begins like `1.2.3`.
pub(super) fn is_version(version: &str) -> bool {
    let mut parts = version.splitn(3, '.');
    let mut number = || parts.next().filter(|part| !part.is_empty());
    let whole = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    number().is_some_and(whole)
        && number().is_some_and(whole)
        && number().is_some_and(|part| part.starts_with(|first: char| first.is_ascii_digit()))
}

impl RawUsage {
    fn counted(self) -> Result<Usage, Reason> {
        let number = |field: Field<u64>| match field {
            Field::Missing => Ok(0),
            other => other.required(),
        };
        let flat = number(self.cache_write)?;
        let (cache_write, cache_write_1h) = match self.split.optional()? {
            Some(split) => (number(split.short)?, number(split.hour)?),
            None => (flat, 0),
        };
        Ok(Usage {
            input: self.input.required()?,
            output: self.output.required()?,
            cache_write,
            cache_write_1h,
            cache_read: number(self.cache_read)?,
        })
    }
}

/// Walks an entry; `outer` when it may hold another one.
fn entry<'a>(walker: &mut Walker<'a>, outer: bool) -> Option<Entry<'a>> {
    let mut entry = Entry::default();
    walker.object(|walker, name| {
        if name.is("timestamp") {
            entry.time.set(text(walker)?);
        } else if name.is("message") {
            entry.message.set(message(walker)?);
        } else if name.is("requestId") {
            entry.request.set(text(walker)?);
        } else if name.is("costUSD") {
            entry.cost.set(float(walker)?);
        } else if name.is("isSidechain") {
            entry.sidechain.set(boolean(walker)?);
        } else if outer && name.is("version") {
            entry.version.set(text(walker)?);
        } else if outer && name.is("sessionId") {
            entry.session.set(text(walker)?);
        } else if outer && name.is("isApiErrorMessage") {
            entry.error.set(boolean(walker)?);
        } else if outer && name.is("data") && walker.kind()? == Kind::Object {
            entry.progress = progress(walker)?;
        } else {
            walker.skip()?;
        }
        Some(())
    })?;
    Some(entry)
}

fn progress<'a>(walker: &mut Walker<'a>) -> Option<Option<Box<Entry<'a>>>> {
    let mut found = None;
    walker.object(|walker, name| {
        if name.is("message") && walker.kind()? == Kind::Object {
            found = Some(Box::new(entry(walker, false)?));
            return Some(());
        }
        walker.skip()
    })?;
    Some(found)
}

fn message<'a>(walker: &mut Walker<'a>) -> Option<Field<Message<'a>>> {
    object(walker, |walker, name, message: &mut Message<'a>| {
        if name.is("id") {
            message.id.set(text(walker)?);
        } else if name.is("model") {
            message.model.set(text(walker)?);
        } else if name.is("usage") {
            message.usage.set(usage(walker)?);
        } else {
            walker.skip()?;
        }
        Some(())
    })
}

fn usage(walker: &mut Walker<'_>) -> Option<Field<RawUsage>> {
    object(walker, |walker, name, usage: &mut RawUsage| {
        if name.is("input_tokens") {
            usage.input.set(whole(walker)?);
        } else if name.is("output_tokens") {
            usage.output.set(whole(walker)?);
        } else if name.is("cache_creation_input_tokens") {
            usage.cache_write.set(whole(walker)?);
        } else if name.is("cache_read_input_tokens") {
            usage.cache_read.set(whole(walker)?);
        } else if name.is("speed") {
            usage.fast.set(speed(walker)?);
        } else if name.is("cache_creation") {
            usage.split.set(split(walker)?);
        } else if name.is("iterations") {
            // An iteration of the main model has no model of its own.
            walker.watching_for(&NOT_NULL[1..], Walker::skip)?;
        } else {
            walker.skip()?;
        }
        Some(())
    })
}

fn split(walker: &mut Walker<'_>) -> Option<Field<Split>> {
    object(walker, |walker, name, split: &mut Split| {
        if name.is("ephemeral_5m_input_tokens") {
            split.short.set(whole(walker)?);
        } else if name.is("ephemeral_1h_input_tokens") {
            split.hour.set(whole(walker)?);
        } else {
            walker.skip()?;
        }
        Some(())
    })
}

fn object<'a, T: Default>(
    walker: &mut Walker<'a>,
    mut member: impl FnMut(&mut Walker<'a>, Text<'a>, &mut T) -> Option<()>,
) -> Option<Field<T>> {
    of_kind(walker, Kind::Object, |walker| {
        let mut value = T::default();
        walker.object(|walker, name| member(walker, name, &mut value))?;
        Some(Field::Good(value))
    })
}

fn text<'a>(walker: &mut Walker<'a>) -> Option<Field<Text<'a>>> {
    of_kind(walker, Kind::String, |walker| walker.string().map(Field::Good))
}

fn boolean(walker: &mut Walker<'_>) -> Option<Field<bool>> {
    of_kind(walker, Kind::Bool, |walker| walker.bool().map(Field::Good))
}

fn float(walker: &mut Walker<'_>) -> Option<Field<f64>> {
    of_kind(walker, Kind::Number, |walker| {
        let number = walker.number()?.parse().ok().filter(|number: &f64| number.is_finite());
        Some(number.map_or(Field::Bad, Field::Good))
    })
}

fn whole(walker: &mut Walker<'_>) -> Option<Field<u64>> {
    of_kind(walker, Kind::Number, |walker| {
        Some(walker.number()?.parse().map_or(Field::Bad, Field::Good))
    })
}

fn speed(walker: &mut Walker<'_>) -> Option<Field<bool>> {
    of_kind(walker, Kind::String, |walker| {
        let speed = walker.string()?;
        Some(match (speed.is("fast"), speed.is("standard")) {
            (false, false) => Field::Bad,
            (fast, _) => Field::Good(fast),
        })
    })
}

fn of_kind<'a, T>(
    walker: &mut Walker<'a>,
    kind: Kind,
    take: impl FnOnce(&mut Walker<'a>) -> Option<Field<T>>,
) -> Option<Field<T>> {
    match walker.kind()? {
        found if found == kind => take(walker),
        found => {
            walker.skip()?;
            Some(if found == Kind::Null { Field::Null } else { Field::Bad })
        }
    }
}
