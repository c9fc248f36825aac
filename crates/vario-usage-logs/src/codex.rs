//! The logs of Codex: events, among which `token_count` says what the last turn took, and in total.

mod event;
mod group;
mod headless;
mod line;
mod replay;
#[cfg(test)]
mod tests;

pub(crate) use self::event::{Event, Raw, Tier};
pub(crate) use self::group::rows;
use self::line::{Line, Models, Payload, Shape};
use crate::cache::{Reader, Writer};
use crate::folders::LogFile;
use crate::log::Log;
use crate::notes::{Notes, Reason};
use crate::{RuleSet, days};

/// What is assumed where a log names no model.
const ASSUMED: &str = "gpt-5";

/// The name under which reviews run, whichever model does them.
const AUTO_REVIEW: &str = "codex-auto-review";

/// Since when which model does the reviews, newest first.
const REVIEWERS: &[(&str, &str)] = &[
    ("2026-07-30", "gpt-5.6-luna"),
    ("2026-03-05", "gpt-5.4"),
    ("2026-02-05", "gpt-5.3-codex"),
    ("2025-12-11", "gpt-5.2-codex"),
    ("2025-11-13", "gpt-5.1-codex"),
    ("2025-09-15", "gpt-5-codex"),
];

/// The events of one file, and what the next line builds on.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodexLog {
    pub(crate) events: Vec<Event>,
    /// The number of each event's line, while explaining.
    pub(crate) lines: Vec<u64>,
    pub(crate) models: Vec<String>,
    pub(crate) origin: Origin,
    /// The moments of the first two counts, which tell whether the file begins with a replay.
    pub(crate) first: Option<i64>,
    pub(crate) second: Option<i64>,
    state: State,
    /// A time was taken from the file's own, which the next write changes.
    dated_by_file: bool,
    modified: i64,
}

/// What the first line says of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) id: Option<String>,
    /// The session that this one was forked from.
    pub(crate) parent: Option<String>,
    /// When this one began.
    pub(crate) begun: Option<i64>,
}

/// What holds until a later line says otherwise.
#[derive(Clone, Debug, Default)]
struct State {
    begun: bool,
    totals: Option<Raw>,
    model: Option<String>,
    /// The model is [`ASSUMED`].
    assumed: bool,
    tier: Option<Tier>,
}

impl CodexLog {
    fn line(&mut self, text: &[u8], rules: RuleSet, notes: &mut Notes) {
        let first = !std::mem::replace(&mut self.state.begun, true);
        if first && rules == RuleSet::Ccusage20 {
            self.origin = line::origin(text).unwrap_or_default();
        }
        let result = match line::read(text, rules) {
            Err(reason) => Err(reason),
            Ok(line) => match line.shape {
                Shape::TurnContext => {
                    if let Some(model) = line.payload.models.pick(rules, true) {
                        self.state.model = Some(model);
                        self.state.assumed = false;
                    }
                    Err(Reason::NoUsage)
                }
                Shape::Settings => {
                    if let Some(tier) = &line.payload.tier {
                        self.state.tier = Tier::named(tier);
                    }
                    Err(Reason::NoUsage)
                }
                Shape::TokenCount => self.count(&line, rules, notes),
                Shape::Headless => self.headless(text, notes),
                Shape::Other => Err(Reason::NoUsage),
            },
        };
        if let Err(reason) = result {
            notes.drop_line(reason, true);
        }
    }

    fn count(&mut self, line: &Line<'_>, rules: RuleSet, notes: &Notes) -> Result<(), Reason> {
        let Payload { last, total, models, .. } = &line.payload;
        let time = line.time.as_deref().ok_or(Reason::NoTime)?;
        let moment = days::parse(time.as_bytes());
        if last.is_some() || total.is_some() {
            self.note_start(moment);
        }
        let advanced = total.is_none() || *total != self.state.totals;
        let newest = last.filter(|_| advanced || rules == RuleSet::Ccusage18);
        let used = newest.or_else(|| total.map(|total| total.since(self.state.totals)));
        if total.is_some() {
            self.state.totals = *total;
        }
        let used = used.ok_or(Reason::NoUsage)?.normal();
        if used.counts_nothing() {
            return Err(Reason::NoTokens);
        }
        let (model, assumed) = self.resolve(models.pick(rules, false).as_deref(), time, rules);
        // The release gives up on the whole report here; we only on the event.
        let moment = moment.or_else(|| lenient(time, rules)).ok_or(Reason::NoTime)?;
        let tier = self.state.tier.filter(|_| rules == RuleSet::Ccusage20);
        self.push(Event { moment, model, used, tier, assumed }, notes);
        Ok(())
    }

    fn headless(&mut self, text: &[u8], notes: &Notes) -> Result<(), Reason> {
        let result = headless::read(text)?;
        let (time, by_file) = match result.time {
            Some(moment) => (moment, false),
            None => (self.modified, true),
        };
        self.dated_by_file |= by_file;
        let date = jiff::Timestamp::from_millisecond(time).map(|time| time.to_string());
        let date = result.date.or_else(|| date.ok()).unwrap_or_default();
        let (model, assumed) = self.resolve(result.model.as_deref(), &date, RuleSet::Ccusage20);
        let used = result.used.normal();
        self.push(Event { moment: time, model, used, tier: None, assumed }, notes);
        Ok(())
    }

    /// The first two counts of a file, whatever they count.
    fn note_start(&mut self, moment: Option<i64>) {
        if self.first.is_none() {
            self.first = moment;
        } else if self.second.is_none() {
            self.second = moment;
        }
    }

    fn resolve(&mut self, named: Option<&str>, time: &str, rules: RuleSet) -> (u32, bool) {
        if let Some(model) = named {
            self.state.model = Some(model.to_owned());
            self.state.assumed = false;
        }
        if self.state.model.is_none() {
            self.state.model = Some(ASSUMED.to_owned());
            self.state.assumed = true;
        }
        let name = self.state.model.clone().unwrap_or_default();
        let assumed = self.state.assumed;
        if name == AUTO_REVIEW && rules == RuleSet::Ccusage20 {
            return (self.model(reviewer(time)), true);
        }
        (self.model(&name), assumed)
    }

    fn model(&mut self, name: &str) -> u32 {
        let known = self.models.iter().rposition(|model| model == name);
        let place = known.unwrap_or_else(|| {
            self.models.push(name.to_owned());
            self.models.len() - 1
        });
        u32::try_from(place).expect("a file names few models")
    }

    fn push(&mut self, event: Event, notes: &Notes) {
        self.events.push(event);
        if notes.explains() {
            self.lines.push(notes.line);
        }
    }
}

/// The model that did reviews on a day.
fn reviewer(time: &str) -> &'static str {
    let day = time.get(..10).filter(|day| day.parse::<jiff::civil::Date>().is_ok());
    let since = |day| REVIEWERS.iter().find(|(since, _)| day >= *since);
    day.and_then(since).map_or(ASSUMED, |(_, model)| model)
}

/// A moment in one of the forms that only the older release reads.
fn lenient(time: &str, rules: RuleSet) -> Option<i64> {
    let older = rules == RuleSet::Ccusage18;
    older.then(|| Some(time.parse::<jiff::Timestamp>().ok()?.as_millisecond())).flatten()
}

impl Log for CodexLog {
    fn new(file: &LogFile) -> Self {
        Self { modified: file.stamp.modified_ms(), ..Self::default() }
    }

    fn lines(&mut self, lines: &[u8], rules: RuleSet, notes: &mut Notes) {
        notes.each_line(lines, |notes, line| self.line(line, rules, notes));
    }

    fn tail(&mut self, line: &[u8], rules: RuleSet, notes: &mut Notes) -> bool {
        let before = self.clone_state();
        let count = self.events.len();
        let mut own = Notes::new(notes.explains());
        own.line = notes.line + 1;
        self.line(line, rules, &mut own);
        notes.line = own.line;
        if own.malformed > 0 {
            notes.drop_line(Reason::Unfinished, true);
        } else {
            notes.reasons.append(&mut own.reasons);
        }
        let sound = self.events.len() > count;
        if !sound {
            // The line is read again when it has its end.
            (self.state, self.origin, self.first, self.second) = before;
        }
        sound
    }

    fn continues(&self) -> bool {
        !self.dated_by_file
    }

    fn shrink(&mut self) {
        self.events.shrink_to_fit();
    }

    fn write(&self, out: &mut Writer) {
        out.texts(&self.models);
        for text in [&self.origin.id, &self.origin.parent, &self.state.model] {
            out.optional_text(text.as_deref());
        }
        for moment in [self.origin.begun, self.first, self.second] {
            out.option(moment);
        }
        out.byte(u8::from(self.state.begun));
        out.byte(u8::from(self.state.assumed));
        out.byte(u8::from(self.dated_by_file));
        Tier::write(self.state.tier, out);
        out.byte(u8::from(self.state.totals.is_some()));
        self.state.totals.unwrap_or_default().write(out);
        out.number(self.events.len() as u64);
        for event in &self.events {
            event.write(out);
        }
    }

    fn read(file: &LogFile, input: &mut Reader<'_>) -> Option<Self> {
        let models = input.texts()?;
        let [id, parent, model] =
            [input.optional_text()?, input.optional_text()?, input.optional_text()?];
        let [begun, first, second] = [input.option()?, input.option()?, input.option()?];
        let [any, assumed, dated_by_file] = [input.byte()?, input.byte()?, input.byte()?];
        let tier = Tier::read(input)?;
        let totals = input.byte()?;
        let totals = Raw::read(input).map(|raw| (totals != 0).then_some(raw))?;
        let count = input.count(Event::SMALLEST)?;
        let mut events = Vec::with_capacity(count);
        for _ in 0..count {
            events.push(Event::read(input, models.len())?);
        }
        Some(Self {
            events,
            models,
            origin: Origin { id, parent, begun },
            first,
            second,
            state: State { begun: any != 0, totals, model, assumed: assumed != 0, tier },
            dated_by_file: dated_by_file != 0,
            ..Self::new(file)
        })
    }
}

impl CodexLog {
    fn clone_state(&self) -> (State, Origin, Option<i64>, Option<i64>) {
        (self.state.clone(), self.origin.clone(), self.first, self.second)
    }
}

impl Models<'_> {
    /// The model that a payload names. The releases look at its places in different orders.
    fn pick(&self, rules: RuleSet, context: bool) -> Option<String> {
        let [model, name, metadata] = &self.own;
        let own = [model, name, metadata];
        let info = self.info.each_ref();
        let mut order = Vec::new();
        match rules {
            RuleSet::Ccusage20 => {
                order.extend(own);
                order.extend(info.into_iter().filter(|_| !context));
            }
            RuleSet::Ccusage18 => {
                order.extend(info);
                order.extend([model, metadata]);
            }
        }
        let trimmed = order.into_iter().flatten().map(|name| name.trim());
        trimmed.filter(|name| !name.is_empty()).map(str::to_owned).next()
    }
}
