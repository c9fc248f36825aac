//! Sums of events by day or by session.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::civil::Date;

use super::{CodexLog, Event, Raw, Tier, replay};
use crate::days::Days;
use crate::explain::{Explanation, Found};
use crate::folders::LogFile;
use crate::hash::{Hashed, Hasher, fold};
use crate::log::Counted;
use crate::prices::{CodexUsage, Prices, codex_cost};
use crate::question::Question;
use crate::{Grouping, ModelRow, Reason, Row, RuleSet, Source, Tokens};

/// An event with what is known of it across files. There are many, so numbers are small.
struct Seen {
    file: u32,
    /// The first file of the same session.
    session: u32,
    /// The number of the event in the file.
    place: u32,
    model: u32,
    /// The event that counts in place of this copy.
    copy_of: u32,
    tier: Option<Tier>,
    /// `None` while it counts.
    dropped: Option<Reason>,
}

/// The logs of all files.
struct Logs<'a>(Vec<&'a CodexLog>);

impl<'a> Logs<'a> {
    fn event(&self, seen: &Seen) -> &'a Event {
        &self.0[seen.file as usize].events[seen.place as usize]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Day(Date),
    Session(u32),
}

/// What a model did in a row.
#[derive(Default)]
struct Sum {
    tokens: Raw,
    /// By the number of the price that counted then; of nearly every model there is one.
    usage: Vec<(usize, CodexUsage)>,
    assumed: bool,
}

/// The rows that answer the question.
pub(crate) fn rows(
    question: &Question<'_>,
    files: &[(LogFile, Counted<CodexLog>)],
    explanation: Option<&mut Explanation>,
) -> Vec<Row> {
    let mut names = Names::default();
    let logs = Logs(files.iter().map(|(_, counted)| &counted.log).collect());
    let mut seen = all(question, files, &logs, &mut names);
    if question.rules == RuleSet::Ccusage20 {
        drop_copies(question, &logs, &mut seen);
    }
    let mut days = Days::new(question.zone.clone());
    let mut sums: BTreeMap<Key, BTreeMap<u32, Sum>> = BTreeMap::new();
    let mut spans: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for entry in seen.iter_mut().filter(|entry| entry.dropped.is_none()) {
        let moment = logs.event(entry).moment;
        let day = days.day(moment);
        if !question.covers(day) {
            entry.dropped = Some(Reason::OutOfRange);
            continue;
        }
        let key = match question.grouping {
            Grouping::Daily => Key::Day(day),
            Grouping::Session => Key::Session(entry.session),
        };
        let span = spans.entry(key).or_insert((moment, moment));
        *span = (span.0.min(moment), span.1.max(moment));
        let sum = sums.entry(key).or_default().entry(entry.model).or_default();
        sum.add(logs.event(entry), entry.tier, question, &names.all[entry.model as usize]);
    }
    if let Some(explanation) = explanation {
        explain(question, files, &logs, &seen, &names, explanation);
    }
    let mut rows: Vec<_> = sums
        .into_iter()
        .map(|(key, models)| row(question, files, &names, key, models, spans[&key]))
        .collect();
    rows.sort_by(|a, b| (a.last, &a.name).cmp(&(b.last, &b.name)));
    rows
}

/// A model by the name it is meant to have.
struct Model {
    name: String,
    /// Above how many tokens a request is a long one.
    split: u64,
    prices: Option<Prices>,
}

impl Model {
    fn new(question: &Question<'_>, name: &str) -> Self {
        let split = question.prices.split(name);
        // The release asks for the price as if the log had named this model.
        let meant = question.aliases.resolve(name);
        let prices = question.prices.prices(Source::Codex, name, &meant);
        Self { name: name.to_owned(), split, prices }
    }

    fn cost(&self, usage: &[(usize, CodexUsage)], question: &Question<'_>) -> f64 {
        let Some(prices) = &self.prices else { return 0.0 };
        let cost = |(number, usage): &(usize, CodexUsage)| {
            codex_cost(prices.numbered(*number), usage, question)
        };
        usage.iter().map(cost).sum()
    }
}

/// Every model by number, sorted by nothing but first use.
#[derive(Default)]
struct Names {
    all: Vec<Model>,
    by_name: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, question: &Question<'_>, name: &str) -> u32 {
        let meant = question.aliases.resolve(name);
        if let Some(known) = self.by_name.get(meant.as_ref()) {
            return *known;
        }
        let number = small(self.all.len());
        self.all.push(Model::new(question, &meant));
        self.by_name.insert(meant.into_owned(), number);
        number
    }
}

fn all(
    question: &Question<'_>,
    files: &[(LogFile, Counted<CodexLog>)],
    Logs(logs): &Logs<'_>,
    names: &mut Names,
) -> Vec<Seen> {
    let replayed = match question.rules {
        RuleSet::Ccusage20 => replay::replayed(logs),
        RuleSet::Ccusage18 => vec![Vec::new(); logs.len()],
    };
    let mut sessions = HashMap::new();
    let mut seen = Vec::with_capacity(logs.iter().map(|log| log.events.len()).sum());
    for (file, log) in logs.iter().enumerate() {
        let own: Vec<_> = log.models.iter().map(|name| names.number(question, name)).collect();
        let (path, base) = (&files[file].0.path, &files[file].0.base);
        let file_number = small(file);
        let first = *sessions.entry(session(path, base)).or_insert(file_number);
        for (place, event) in log.events.iter().enumerate() {
            let again = replayed[file].get(place).copied().unwrap_or(false);
            seen.push(Seen {
                file: file_number,
                session: first,
                place: small(place),
                model: own[event.model as usize],
                copy_of: 0,
                tier: event.tier,
                dropped: again.then_some(Reason::Replayed),
            });
        }
    }
    seen
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("there are fewer events and files than that")
}

/// The same event in several files counts once, when rows are sessions once in each.
fn drop_copies(question: &Question<'_>, logs: &Logs<'_>, seen: &mut [Seen]) {
    let mut known: HashMap<u64, u32, Hashed> =
        HashMap::with_capacity_and_hasher(seen.len(), Hashed::default());
    for number in 0..seen.len() {
        let entry = &seen[number];
        if entry.dropped.is_some() {
            continue;
        }
        let event = logs.event(entry);
        let key = key(question, event, entry);
        let first = *known.entry(fold(key)).or_insert(small(number)) as usize;
        if first == number {
            continue;
        }
        // The map holds half of each key, so the other half is asked here.
        let other = &seen[first];
        if self::key(question, logs.event(other), other) == key {
            seen[first].tier = Tier::of_both(other.tier, entry.tier);
            seen[number].dropped = Some(Reason::Copy);
            seen[number].copy_of = small(first);
        }
    }
}

/// Stands for everything in which copies agree.
fn key(question: &Question<'_>, event: &Event, entry: &Seen) -> u128 {
    let Raw { input, cached, cache_write, output, reasoning, total } = event.used;
    let scope = match question.grouping {
        Grouping::Daily => -1,
        Grouping::Session => i64::from(entry.session),
    };
    let counts = [input, cached, cache_write, output, reasoning, total];
    let key = Hasher::new().number(scope).number(event.moment).number(entry.model.into());
    counts.iter().fold(key, |key, count| key.number(count.cast_signed())).finish()
}

impl Sum {
    fn add(&mut self, event: &Event, tier: Option<Tier>, question: &Question<'_>, model: &Model) {
        let used = event.used;
        let sum = &mut self.tokens;
        for (sum, more) in [
            (&mut sum.input, used.input),
            (&mut sum.cached, used.cached),
            (&mut sum.cache_write, used.cache_write),
            (&mut sum.output, used.output),
            (&mut sum.reasoning, used.reasoning),
            (&mut sum.total, used.total),
        ] {
            *sum = sum.saturating_add(more);
        }
        let long = question.rules == RuleSet::Ccusage20 && used.input > model.split;
        let usage =
            self.usage(model.prices.as_ref().map_or(0, |prices| prices.number(event.moment)));
        usage.total.add(used.bucket(), long);
        match tier {
            Some(Tier::Standard) => usage.standard.add(used.bucket(), long),
            Some(Tier::Fast) => usage.fast.add(used.bucket(), long),
            None => {}
        }
        self.assumed |= event.assumed;
    }

    /// What was used at the price of this number.
    fn usage(&mut self, number: usize) -> &mut CodexUsage {
        let known = self.usage.iter().position(|(known, _)| *known == number);
        let place = known.unwrap_or_else(|| {
            self.usage.push((number, CodexUsage::default()));
            self.usage.len() - 1
        });
        &mut self.usage[place].1
    }
}

fn row(
    question: &Question<'_>,
    files: &[(LogFile, Counted<CodexLog>)],
    names: &Names,
    key: Key,
    models: BTreeMap<u32, Sum>,
    (first, last): (i64, i64),
) -> Row {
    let mut models: Vec<_> = models
        .into_iter()
        .map(|(model, sum)| {
            let model = &names.all[model as usize];
            ModelRow {
                model: model.name.clone(),
                tokens: tokens(sum.tokens, question.rules),
                cost: model.cost(&sum.usage, question),
                assumed: sum.assumed,
                unpriced: model.prices.is_none(),
            }
        })
        .collect();
    models.sort_by(|a, b| a.model.cmp(&b.model));
    let mut sum = Tokens::default();
    for model in &models {
        sum.add(model.tokens);
    }
    let (name, session) = match key {
        Key::Day(day) => (day.to_string(), false),
        Key::Session(file) => {
            let file = &files[file as usize].0;
            (session(&file.path, &file.base), true)
        }
    };
    Row {
        name,
        project: None,
        first: session.then_some(first),
        last: session.then_some(last),
        tokens: sum,
        cost: models.iter().map(|model| model.cost).sum(),
        models,
    }
}

fn tokens(raw: Raw, rules: RuleSet) -> Tokens {
    let from_cache = match rules {
        RuleSet::Ccusage20 => raw.cached.saturating_add(raw.cache_write),
        RuleSet::Ccusage18 => 0,
    };
    Tokens {
        input: raw.input.saturating_sub(from_cache),
        output: raw.output,
        cache_write: raw.cache_write,
        cache_read: raw.cached,
        reasoning: raw.reasoning,
        total: raw.total,
    }
}

/// The name of a session: its file's within the folder of sessions, without the ending.
fn session(path: &Path, base: &Path) -> String {
    let name = path.strip_prefix(base).unwrap_or(path).with_extension("");
    let parts: Vec<_> = name.iter().filter_map(|part| part.to_str()).collect();
    if parts.is_empty() { "unknown".to_owned() } else { parts.join("/") }
}

fn explain(
    question: &Question<'_>,
    files: &[(LogFile, Counted<CodexLog>)],
    logs: &Logs<'_>,
    seen: &[Seen],
    names: &Names,
    explanation: &mut Explanation,
) {
    let line = |entry: &Seen| {
        let (file, counted) = &files[entry.file as usize];
        (file, counted.log.lines.get(entry.place as usize).copied().unwrap_or(0))
    };
    for entry in seen {
        let event = logs.event(entry);
        let model = &names.all[entry.model as usize];
        let mut alone = Sum::default();
        alone.add(event, entry.tier, question, model);
        let (file, at) = line(entry);
        let is_copy = entry.dropped == Some(Reason::Copy);
        explanation.record(Found {
            file,
            line: at,
            reason: entry.dropped,
            copy_of: is_copy.then(|| line(&seen[entry.copy_of as usize])),
            moment: event.moment,
            model: Some(model.name.clone()),
            tokens: tokens(event.used, question.rules),
            cost: model.cost(&alone.usage, question),
            price: model.prices.as_ref().map(|prices| *prices.at(event.moment)),
            tariff: model.prices.as_ref().and_then(|prices| prices.tariff(event.moment)),
        });
    }
}
