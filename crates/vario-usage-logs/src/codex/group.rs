//! Sums of events by day or by session.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::civil::Date;

use super::{CodexLog, Event, Raw, Tier, replay};
use crate::days::Days;
use crate::explain::{Explanation, Found};
use crate::folders::LogFile;
use crate::hash::{Hashed, Hasher};
use crate::log::Counted;
use crate::prices::{CodexUsage, codex_cost};
use crate::question::Question;
use crate::{Grouping, ModelRow, Reason, Row, RuleSet, Source, Tokens};

/// An event with what is known of it across files.
struct Seen<'a> {
    event: &'a Event,
    file: usize,
    /// The first file of the same session.
    session: usize,
    place: usize,
    model: u32,
    tier: Option<Tier>,
    /// `None` while it counts.
    dropped: Option<Reason>,
    copy_of: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Day(Date),
    Session(usize),
}

/// What a model did in a row.
#[derive(Default)]
struct Sum {
    tokens: Raw,
    usage: CodexUsage,
    assumed: bool,
}

/// The rows that answer the question.
pub(crate) fn rows(
    question: &Question<'_>,
    files: &[(LogFile, Counted<CodexLog>)],
    explanation: Option<&mut Explanation>,
) -> Vec<Row> {
    let mut names = Names::default();
    let mut seen = all(question, files, &mut names);
    if question.rules == RuleSet::Ccusage20 {
        drop_copies(question, &mut seen, explanation.is_some());
    }
    let mut days = Days::new(question.zone.clone());
    let mut sums: BTreeMap<Key, BTreeMap<u32, Sum>> = BTreeMap::new();
    let mut spans: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for entry in seen.iter_mut().filter(|entry| entry.dropped.is_none()) {
        let moment = entry.event.moment;
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
        sum.add(entry, question, names.splits[entry.model as usize]);
    }
    if let Some(explanation) = explanation {
        explain(question, files, &seen, &names, explanation);
    }
    let mut rows: Vec<_> = sums
        .into_iter()
        .map(|(key, models)| row(question, files, &names, key, models, spans[&key]))
        .collect();
    rows.sort_by(|a, b| (a.last, &a.name).cmp(&(b.last, &b.name)));
    rows
}

/// Every model by number, sorted by nothing but first use.
#[derive(Default)]
struct Names {
    all: Vec<String>,
    splits: Vec<u64>,
}

fn all<'a>(
    question: &Question<'_>,
    files: &'a [(LogFile, Counted<CodexLog>)],
    names: &mut Names,
) -> Vec<Seen<'a>> {
    let logs: Vec<_> = files.iter().map(|(_, counted)| &counted.log).collect();
    let replayed = match question.rules {
        RuleSet::Ccusage20 => replay::replayed(&logs),
        RuleSet::Ccusage18 => vec![Vec::new(); logs.len()],
    };
    let mut known = HashMap::new();
    let mut sessions = HashMap::new();
    let mut seen = Vec::with_capacity(logs.iter().map(|log| log.events.len()).sum());
    for (file, log) in logs.iter().enumerate() {
        let own = log.models.iter().map(|name| {
            *known.entry(name.as_str()).or_insert_with(|| {
                names.all.push(name.clone());
                names.splits.push(question.prices.split(name));
                u32::try_from(names.all.len() - 1).unwrap_or(u32::MAX)
            })
        });
        let own: Vec<_> = own.collect();
        let (path, base) = (&files[file].0.path, &files[file].0.base);
        let first = *sessions.entry(session(path, base)).or_insert(file);
        for (place, event) in log.events.iter().enumerate() {
            let again = replayed[file].get(place).copied().unwrap_or(false);
            seen.push(Seen {
                event,
                file,
                session: first,
                place,
                model: own[event.model as usize],
                tier: event.tier,
                dropped: again.then_some(Reason::Replayed),
                copy_of: None,
            });
        }
    }
    seen
}

/// The same event in several files counts once, when rows are sessions once in each.
fn drop_copies(question: &Question<'_>, seen: &mut [Seen<'_>], explain: bool) {
    let mut known: HashMap<u128, usize, Hashed> =
        HashMap::with_capacity_and_hasher(seen.len(), Hashed::default());
    for number in 0..seen.len() {
        let entry = &seen[number];
        if entry.dropped.is_some() {
            continue;
        }
        let Raw { input, cached, cache_write, output, reasoning, total } = entry.event.used;
        let scope = match question.grouping {
            Grouping::Daily => -1,
            Grouping::Session => i64::try_from(entry.session).unwrap_or(i64::MAX),
        };
        let counts = [input, cached, cache_write, output, reasoning, total];
        let key = Hasher::new().number(scope).number(entry.event.moment).number(entry.model.into());
        let key = counts.iter().fold(key, |key, count| key.number(count.cast_signed())).finish();
        let tier = entry.tier;
        let first = *known.entry(key).or_insert(number);
        if first != number {
            seen[first].tier = Tier::of_both(seen[first].tier, tier);
            seen[number].dropped = Some(Reason::Copy);
            seen[number].copy_of = explain.then_some(first);
        }
    }
}

impl Sum {
    fn add(&mut self, entry: &Seen<'_>, question: &Question<'_>, split: u64) {
        let used = entry.event.used;
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
        let long = question.rules == RuleSet::Ccusage20 && used.input > split;
        self.usage.total.add(used.bucket(), long);
        match entry.tier {
            Some(Tier::Standard) => self.usage.standard.add(used.bucket(), long),
            Some(Tier::Fast) => self.usage.fast.add(used.bucket(), long),
            None => {}
        }
        self.assumed |= entry.event.assumed;
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
                model: model.clone(),
                tokens: tokens(sum.tokens, question.rules),
                cost: cost(question, model, &sum.usage),
                assumed: sum.assumed,
                unpriced: question.prices.find(Source::Codex, model).is_none(),
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
        Key::Session(file) => (session(&files[file].0.path, &files[file].0.base), true),
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

fn cost(question: &Question<'_>, model: &str, usage: &CodexUsage) -> f64 {
    codex_cost(question.prices, model, usage, question.speed, question.configured_fast)
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
    seen: &[Seen<'_>],
    names: &Names,
    explanation: &mut Explanation,
) {
    let line = |entry: &Seen<'_>| {
        let (file, counted) = &files[entry.file];
        (file, counted.log.lines.get(entry.place).copied().unwrap_or(0))
    };
    for entry in seen {
        let model = &names.all[entry.model as usize];
        let mut alone = Sum::default();
        alone.add(entry, question, names.splits[entry.model as usize]);
        let (file, at) = line(entry);
        explanation.record(Found {
            file,
            line: at,
            reason: entry.dropped,
            copy_of: entry.copy_of.map(|other| line(&seen[other])),
            moment: entry.event.moment,
            model: Some(model.clone()),
            tokens: tokens(entry.event.used, question.rules),
            cost: cost(question, model, &alone.usage),
            price: question.prices.find(Source::Codex, model).copied(),
        });
    }
}
