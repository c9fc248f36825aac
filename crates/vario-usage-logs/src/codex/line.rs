//! What one line of a session says.

#![expect(
    clippy::option_option,
    reason = "the outer one is whether this is JSON, the inner one whether the field is there"
)]

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde_json::Value;

use super::{Origin, Raw};
use crate::json::{Kind, Text, Walker};
use crate::notes::Reason;
use crate::{RuleSet, days};

static USAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(br#""usage":"#));

/// What kind of line it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    TurnContext,
    TokenCount,
    Settings,
    /// The result of a run without a session.
    Headless,
    #[default]
    Other,
}

/// A line as far as it matters.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    pub(super) shape: Shape,
    pub(super) time: Option<Cow<'a, str>>,
    pub(super) payload: Payload<'a>,
}

#[derive(Debug, Default)]
pub(super) struct Payload<'a> {
    kind: Option<Cow<'a, str>>,
    pub(super) last: Option<Raw>,
    pub(super) total: Option<Raw>,
    pub(super) models: Models<'a>,
    pub(super) tier: Option<Cow<'a, str>>,
    /// The info is there, and no object.
    no_info: bool,
}

/// The places where a model may be named: `model`, `model_name` and `metadata.model`.
#[derive(Debug, Default)]
pub(super) struct Models<'a> {
    pub(super) own: [Option<Cow<'a, str>>; 3],
    pub(super) info: [Option<Cow<'a, str>>; 3],
}

/// Reads one line.
pub(super) fn read(text: &[u8], rules: RuleSet) -> Result<Line<'_>, Reason> {
    if text.trim_ascii().is_empty() {
        return Err(Reason::NoUsage);
    }
    let mut reading = Reading { rules, wrong: false };
    let mut walker = Walker::new(text);
    if walker.kind() != Some(Kind::Object) {
        let json = walker.skip().is_some() && walker.end().is_some();
        return Err(if json { Reason::NoUsage } else { Reason::Malformed });
    }
    let outer = reading.outer(&mut walker).filter(|_| walker.end().is_some());
    let Outer { kind, time, mut payload, result } = outer.ok_or(Reason::Malformed)?;
    let event = payload.kind.take();
    let newer = rules == RuleSet::Ccusage20;
    let shape = match (kind.as_deref(), event.as_deref()) {
        (Some("turn_context"), _) => Shape::TurnContext,
        (Some("event_msg"), Some("token_count")) => Shape::TokenCount,
        (Some("event_msg"), Some("thread_settings_applied")) if newer => Shape::Settings,
        _ if newer && result && USAGE.find(text).is_some() => Shape::Headless,
        _ => return Ok(Line::default()),
    };
    if reading.wrong && shape != Shape::Headless {
        return Err(Reason::WrongShape);
    }
    if rules == RuleSet::Ccusage18 && payload.no_info {
        return Ok(Line::default());
    }
    Ok(Line { shape, time, payload })
}

/// What the first line of a file says of the session.
pub(super) fn origin(text: &[u8]) -> Option<Origin> {
    let line: Value = serde_json::from_slice(text).ok()?;
    let begun = line.get("timestamp").and_then(super::headless::moment);
    let payload = line.get("payload").filter(|_| line["type"] == "session_meta");
    let payload = payload.unwrap_or(&Value::Null);
    let spawned = payload.pointer("/source/subagent/thread_spawn/parent_thread_id");
    let parent = payload.get("forked_from_id").and_then(Value::as_str);
    let parent = parent.or_else(|| spawned.and_then(Value::as_str));
    Some(Origin {
        id: payload.get("id").and_then(Value::as_str).map(str::to_owned),
        parent: parent.filter(|parent| !parent.is_empty()).map(str::to_owned),
        begun,
    })
}

#[derive(Default)]
struct Outer<'a> {
    kind: Option<Cow<'a, str>>,
    time: Option<Cow<'a, str>>,
    payload: Payload<'a>,
    /// One of the members is there in which a result carries its tokens.
    result: bool,
}

/// What a walk over one line keeps in mind. `wrong` is set by a field of a kind with which the release
/// gives up on the line.
struct Reading {
    rules: RuleSet,
    wrong: bool,
}

impl Reading {
    fn outer<'a>(&mut self, walker: &mut Walker<'a>) -> Option<Outer<'a>> {
        let mut outer = Outer::default();
        object(walker, |walker, name| {
            if name.is("type") {
                outer.kind = self.text(walker)?;
            } else if name.is("timestamp") {
                outer.time = self.time(walker)?;
            } else if name.is("payload") {
                outer.payload = self.payload(walker)?;
            } else {
                outer.result |= ["usage", "data", "result", "response"].iter().any(|n| name.is(n));
                walker.skip()?;
            }
            Some(())
        })?;
        Some(outer)
    }

    fn payload<'a>(&mut self, walker: &mut Walker<'a>) -> Option<Payload<'a>> {
        let mut payload = Payload::default();
        object(walker, |walker, name| {
            if name.is("type") {
                payload.kind = self.text(walker)?;
            } else if name.is("info") {
                payload.no_info = walker.kind()? != Kind::Object;
                self.info(walker, &mut payload)?;
            } else if name.is("thread_settings") {
                payload.tier = self.member(walker, "service_tier")?;
            } else {
                self.model(walker, name, &mut payload.models.own)?;
            }
            Some(())
        })?;
        Some(payload)
    }

    fn info<'a>(&mut self, walker: &mut Walker<'a>, payload: &mut Payload<'a>) -> Option<()> {
        object(walker, |walker, name| {
            if name.is("last_token_usage") {
                payload.last = self.usage(walker)?;
            } else if name.is("total_token_usage") {
                payload.total = self.usage(walker)?;
            } else {
                self.model(walker, name, &mut payload.models.info)?;
            }
            Some(())
        })
    }

    fn model<'a>(
        &mut self,
        walker: &mut Walker<'a>,
        name: Text<'a>,
        places: &mut [Option<Cow<'a, str>>; 3],
    ) -> Option<()> {
        let [model, other, metadata] = places;
        if name.is("model") {
            *model = self.text(walker)?;
        } else if name.is("model_name") {
            *other = self.text(walker)?;
        } else if name.is("metadata") {
            *metadata = self.member(walker, "model")?;
        } else {
            walker.skip()?;
        }
        Some(())
    }

    /// One text in an object that is passed over otherwise.
    fn member<'a>(
        &mut self,
        walker: &mut Walker<'a>,
        wanted: &str,
    ) -> Option<Option<Cow<'a, str>>> {
        let mut found = None;
        object(walker, |walker, name| {
            if name.is(wanted) {
                found = self.text(walker)?;
                return Some(());
            }
            walker.skip()
        })?;
        Some(found)
    }

    fn usage(&mut self, walker: &mut Walker<'_>) -> Option<Option<Raw>> {
        if walker.kind()? != Kind::Object {
            walker.skip()?;
            return Some(None);
        }
        let mut found = [None; FIELDS.len()];
        object(walker, |walker, name| {
            match FIELDS.iter().position(|field| name.is(field)) {
                Some(place) => found[place] = self.number(walker)?,
                None => walker.skip()?,
            }
            Some(())
        })?;
        Some(Some(raw(found, self.rules)))
    }

    /// A count, which may be written as text.
    fn number(&mut self, walker: &mut Walker<'_>) -> Option<Option<u64>> {
        Some(match walker.kind()? {
            Kind::Number => count(walker.number()?, self.rules),
            Kind::String if self.rules == RuleSet::Ccusage20 => {
                let text = walker.string()?.decode();
                text.and_then(|text| text.trim().parse().ok())
            }
            kind => {
                let container = matches!(kind, Kind::Object | Kind::Array);
                self.wrong |= container && self.rules == RuleSet::Ccusage20;
                walker.skip()?;
                None
            }
        })
    }

    fn time<'a>(&mut self, walker: &mut Walker<'a>) -> Option<Option<Cow<'a, str>>> {
        if walker.kind()? == Kind::Number && self.rules == RuleSet::Ccusage20 {
            let number = walker.number()?.parse().ok();
            self.wrong |= number.is_none();
            return Some(number.and_then(written).map(Cow::Owned));
        }
        let time = self.text(walker)?.map(trimmed);
        Some(time.filter(|time| !time.is_empty()))
    }

    fn text<'a>(&mut self, walker: &mut Walker<'a>) -> Option<Option<Cow<'a, str>>> {
        match walker.kind()? {
            Kind::String => {
                let text = walker.string()?.decode();
                self.wrong |= text.is_none();
                Some(text)
            }
            kind => {
                // The older release asks for a text even where it does not look at it.
                self.wrong |= kind != Kind::Null || self.rules == RuleSet::Ccusage18;
                walker.skip()?;
                Some(None)
            }
        }
    }
}

/// Walks an object; whatever else there is, is passed over.
fn object<'a>(
    walker: &mut Walker<'a>,
    member: impl FnMut(&mut Walker<'a>, Text<'a>) -> Option<()>,
) -> Option<()> {
    if walker.kind()? == Kind::Object { walker.object(member) } else { walker.skip() }
}

/// What tokens are called, in groups of the same meaning; the first one there counts.
const FIELDS: [&str; 13] = [
    "input_tokens",
    "prompt_tokens",
    "input",
    "cached_input_tokens",
    "cache_read_input_tokens",
    "cached_tokens",
    "cache_write_input_tokens",
    "output_tokens",
    "completion_tokens",
    "output",
    "reasoning_output_tokens",
    "reasoning_tokens",
    "total_tokens",
];

fn raw(found: [Option<u64>; FIELDS.len()], rules: RuleSet) -> Raw {
    let first = |places: &[usize]| places.iter().find_map(|place| found[*place]).unwrap_or(0);
    let (input, cached, cache_write, output, reasoning) = match rules {
        RuleSet::Ccusage20 => {
            (first(&[0, 1, 2]), first(&[3, 4, 5]), first(&[6]), first(&[7, 8, 9]), first(&[10, 11]))
        }
        RuleSet::Ccusage18 => (first(&[0]), first(&[3, 4]), 0, first(&[7]), first(&[10])),
    };
    let sum = input.saturating_add(output);
    let total = found[12].filter(|total| *total > 0).unwrap_or(sum);
    let raw = Raw { input, cached, cache_write, output, reasoning, total };
    // The newer release does so before it subtracts one total from the next.
    if rules == RuleSet::Ccusage20 { raw.normal() } else { raw }
}

/// The same from a value that was read as a whole.
pub(super) fn raw_of(value: &Value) -> Option<Raw> {
    let object = value.as_object()?;
    let mut found = [None; FIELDS.len()];
    for (place, field) in found.iter_mut().zip(FIELDS) {
        *place = match object.get(field) {
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(Value::Array(_) | Value::Object(_)) => return None,
            _ => None,
        };
    }
    Some(raw(found, RuleSet::Ccusage20))
}

fn count(number: &str, rules: RuleSet) -> Option<u64> {
    number
        .parse()
        .ok()
        .or_else(|| crate::json::whole(number).filter(|_| rules == RuleSet::Ccusage18))
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// A moment in seconds or milliseconds, as text.
fn written(number: u64) -> Option<String> {
    let time = jiff::Timestamp::from_millisecond(milliseconds(number)?).ok()?;
    let text = format!("{time:.3}");
    days::parse(text.as_bytes()).map(|_| text)
}

/// Numbers this large cannot be seconds.
pub(super) fn milliseconds(number: u64) -> Option<i64> {
    let milliseconds = if number > 10_000_000_000 { number } else { number.checked_mul(1_000)? };
    i64::try_from(milliseconds).ok()
}
