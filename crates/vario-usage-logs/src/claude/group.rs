//! Sums of messages by day or by session.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{ClaudeLog, Flags, Place, Record, Verdict, survivors};
use crate::aliases::FAST;
use crate::days::Days;
use crate::explain::{Explanation, Found};
use crate::folders::LogFile;
use crate::log::Counted;
use crate::prices::{Prices, claude_cost};
use crate::question::Question;
use crate::{CostMode, Grouping, ModelRow, Reason, Row, RuleSet, Source, Tokens};

/// What is counted nowhere: messages that Claude Code made up itself.
const SYNTHETIC: &str = "<synthetic>";

/// A model as the logs name it.
struct Model {
    name: String,
    prices: Option<Prices>,
    /// What a row calls it, in ordinary and in fast mode; `None` where it does not name it.
    shown: [Option<u32>; 2],
}

/// Every record of every file, in the order in which they count.
struct All<'a> {
    files: Vec<(&'a LogFile, &'a Counted<ClaudeLog>)>,
    records: Vec<&'a Record>,
    /// The number of each file's first record.
    starts: Vec<u32>,
    models: Vec<Model>,
    /// What rows call models.
    names: Names,
    /// For each file, which model each of its own is.
    own: Vec<Vec<u32>>,
}

/// A row while it is summed up.
#[derive(Default)]
struct Sum {
    tokens: Tokens,
    cost: f64,
    /// By what a row calls the model, in the order in which they came.
    models: Vec<(u32, Tokens, f64, bool)>,
    first: Option<i64>,
    last: Option<i64>,
}

/// The rows that answer the question.
pub(crate) fn rows(
    question: &Question<'_>,
    files: &[(LogFile, Counted<ClaudeLog>)],
    explanation: Option<&mut Explanation>,
) -> Vec<Row> {
    let all = All::new(question, files);
    let cost = |number| all.cost(question, number);
    let explain = explanation.is_some();
    let kept = survivors(&all.records, question.rules, question.grouping, explain, cost);
    let mut days = Days::new(question.zone.clone());
    let mut sums: HashMap<Key, Sum> = HashMap::new();
    let places = Places::new(question, &all);
    let mut out_of_range = Vec::new();
    for &number in &kept.order {
        let record = all.records[number as usize];
        let day = days.day(record.moment);
        if !question.covers(day) && !question.ranges_by_row() {
            out_of_range.push(number);
            continue;
        }
        let key = match question.grouping {
            Grouping::Daily => Key::Day(day),
            Grouping::Session => Key::Session(places.of[all.file(number)]),
        };
        sums.entry(key).or_default().add(&all, number, cost(number));
    }
    if let Some(explanation) = explanation {
        out_of_range.sort_unstable();
        explain_all(question, &all, &kept.verdicts, &out_of_range, explanation);
    }
    let mut rows: Vec<_> = sums
        .into_iter()
        .filter(|(_, sum)| question.grouping == Grouping::Daily || sum.tokens.total > 0)
        .filter(|(_, sum)| {
            !question.ranges_by_row()
                || sum.last.is_some_and(|last| question.covers(days.day(last)))
        })
        .map(|(key, sum)| sum.row(key, &places, &all.names))
        .collect();
    rows.sort_by(|a, b| (a.last, &a.name, &a.project).cmp(&(b.last, &b.name, &b.project)));
    rows
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Day(Date),
    Session(u32),
}

/// The sessions that files belong to.
struct Places {
    all: Vec<Place>,
    of: Vec<u32>,
}

impl Places {
    fn new(question: &Question<'_>, all: &All<'_>) -> Self {
        let mut places = Self { all: Vec::new(), of: Vec::new() };
        if question.grouping == Grouping::Daily {
            return places;
        }
        let mut known = HashMap::new();
        for (file, _) in &all.files {
            let place = match question.rules {
                RuleSet::Ccusage20 => Place::of(&file.path),
                RuleSet::Ccusage18 => Place::older(file),
            };
            let key = (place.project.clone(), place.session.clone());
            let next = u32::try_from(places.all.len()).unwrap_or(u32::MAX);
            let number = *known.entry(key).or_insert(next);
            if number == next {
                places.all.push(place);
            }
            places.of.push(number);
        }
        places
    }
}

/// What rows call models, by number.
struct Names {
    all: Vec<String>,
    /// What a message without a model is called.
    missing: Option<u32>,
}

impl Names {
    fn new(rules: RuleSet) -> Self {
        match rules {
            RuleSet::Ccusage20 => Self { all: Vec::new(), missing: None },
            RuleSet::Ccusage18 => Self { all: vec!["unknown".to_owned()], missing: Some(0) },
        }
    }

    fn number(&mut self, name: &str) -> u32 {
        let place = self.all.iter().position(|known| known == name).unwrap_or_else(|| {
            self.all.push(name.to_owned());
            self.all.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

impl Model {
    fn new(question: &Question<'_>, name: &str, names: &mut Names) -> Self {
        let aliases = question.aliases;
        let fast = format!("{name}{FAST}");
        let mut shown =
            [name, fast.as_str()].map(|name| Some(names.number(&aliases.resolve(name))));
        if name == SYNTHETIC {
            shown[0] = None;
            if question.rules == RuleSet::Ccusage20 {
                shown[1] = None;
            }
        }
        let prices = question.prices.prices(Source::Claude, name, &aliases.resolve(name));
        Self { name: name.to_owned(), prices, shown }
    }
}

impl<'a> All<'a> {
    fn new(question: &Question<'_>, files: &'a [(LogFile, Counted<ClaudeLog>)]) -> Self {
        let mut files: Vec<_> = files.iter().map(|(file, counted)| (file, counted)).collect();
        if question.rules == RuleSet::Ccusage18 {
            // The first copy counts, so the oldest file comes first; one without a time comes last.
            files.sort_by_key(|(_, counted)| {
                let earliest = counted.log.earliest;
                (earliest.is_none(), earliest)
            });
        }
        let count = files.iter().map(|(_, counted)| counted.log.records.len()).sum();
        let mut all = Self {
            files: Vec::new(),
            records: Vec::with_capacity(count),
            starts: Vec::new(),
            models: Vec::new(),
            names: Names::new(question.rules),
            own: Vec::new(),
        };
        let mut known = HashMap::new();
        for (_, counted) in &files {
            all.starts.push(u32::try_from(all.records.len()).unwrap_or(u32::MAX));
            all.records.extend(&counted.log.records);
            let own = counted.log.models.iter().map(|name| {
                *known.entry(name.as_str()).or_insert_with(|| {
                    all.models.push(Model::new(question, name, &mut all.names));
                    u32::try_from(all.models.len() - 1).unwrap_or(u32::MAX)
                })
            });
            let own = own.collect();
            all.own.push(own);
        }
        all.files = files;
        all
    }

    fn file(&self, number: u32) -> usize {
        self.starts.partition_point(|start| *start <= number).saturating_sub(1)
    }

    fn model(&self, number: u32) -> Option<u32> {
        let local = self.records[number as usize].model;
        self.own[self.file(number)].get(local as usize).copied()
    }

    fn prices(&self, number: u32) -> Option<&Prices> {
        self.models[self.model(number)? as usize].prices.as_ref()
    }

    /// What a row calls the model of a record.
    fn shown(&self, number: u32) -> Option<u32> {
        let fast = self.records[number as usize].flags.has(Flags::FAST);
        let named = |model| self.models[model as usize].shown[usize::from(fast)];
        self.model(number).map_or(self.names.missing, named)
    }

    fn cost(&self, question: &Question<'_>, number: u32) -> f64 {
        let record = self.records[number as usize];
        let logged = record.flags.has(Flags::COST).then_some(record.cost);
        let computed = || {
            let fast = record.flags.has(Flags::FAST);
            let cost = |prices: &Prices| {
                claude_cost(prices.at(record.moment), record.usage, fast, question.rules)
            };
            self.prices(number).map_or(0.0, cost)
        };
        match question.mode {
            CostMode::Auto => logged.unwrap_or_else(computed),
            CostMode::Calculate => computed(),
            CostMode::Display => logged.unwrap_or(0.0),
        }
    }

    /// Whether the tokens of a record are charged without anybody knowing the price.
    fn unpriced(&self, number: u32) -> bool {
        let record = self.records[number as usize];
        !record.flags.has(Flags::COST) && record.usage.total() > 0 && self.prices(number).is_none()
    }

    fn tokens(&self, number: u32) -> Tokens {
        let usage = self.records[number as usize].usage;
        Tokens {
            input: usage.input,
            output: usage.output,
            cache_write: usage.cache_writes(),
            cache_read: usage.cache_read,
            reasoning: 0,
            total: usage.total(),
        }
    }
}

impl Sum {
    fn add(&mut self, all: &All<'_>, number: u32, cost: f64) {
        let record = all.records[number as usize];
        let tokens = all.tokens(number);
        self.tokens.add(tokens);
        self.cost += cost;
        self.first = Some(self.first.map_or(record.moment, |first| first.min(record.moment)));
        self.last = Some(self.last.map_or(record.moment, |last| last.max(record.moment)));
        let Some(shown) = all.shown(number) else { return };
        let known = self.models.iter().position(|entry| entry.0 == shown);
        let place = known.unwrap_or_else(|| {
            self.models.push((shown, Tokens::default(), 0.0, false));
            self.models.len() - 1
        });
        let (_, sum, costs, unpriced) = &mut self.models[place];
        sum.add(tokens);
        *costs += cost;
        *unpriced |= all.unpriced(number);
    }

    fn row(self, key: Key, places: &Places, names: &Names) -> Row {
        let models = self.models.into_iter().map(|(shown, tokens, cost, unpriced)| ModelRow {
            model: names.all[shown as usize].clone(),
            tokens,
            cost,
            assumed: false,
            unpriced,
        });
        let mut models: Vec<_> = models.collect();
        models.sort_by(|a, b| b.cost.total_cmp(&a.cost));
        let (name, place) = match key {
            Key::Day(day) => (day.to_string(), None),
            Key::Session(number) => {
                let place = &places.all[number as usize];
                (place.session.clone(), Some(place.project.clone()))
            }
        };
        let session = place.is_some();
        Row {
            name,
            project: place,
            first: self.first.filter(|_| session),
            last: self.last.filter(|_| session),
            tokens: self.tokens,
            cost: self.cost,
            models,
        }
    }
}

fn explain_all(
    question: &Question<'_>,
    all: &All<'_>,
    verdicts: &[Verdict],
    out_of_range: &[u32],
    explanation: &mut Explanation,
) {
    let line = |number: u32| {
        let file = all.file(number);
        let place = (number - all.starts[file]) as usize;
        let (log, counted) = all.files[file];
        (log, counted.log.lines.get(place).copied().unwrap_or(0))
    };
    for (number, verdict) in (0..).zip(verdicts) {
        let (file, at) = line(number);
        let reason = match verdict {
            Verdict::Counts if out_of_range.binary_search(&number).is_ok() => {
                Some(Reason::OutOfRange)
            }
            Verdict::Counts => None,
            Verdict::CopyOf(_) => Some(Reason::Copy),
            Verdict::NotHere => Some(Reason::WrongShape),
        };
        let copy_of = match verdict {
            Verdict::CopyOf(other) => Some(line(*other)),
            _ => None,
        };
        let moment = all.records[number as usize].moment;
        explanation.record(Found {
            file,
            line: at,
            reason,
            copy_of,
            moment,
            model: all.model(number).map(|model| all.models[model as usize].name.clone()),
            tokens: all.tokens(number),
            cost: all.cost(question, number),
            price: all.prices(number).map(|prices| *prices.at(moment)),
            tariff: all.prices(number).and_then(|prices| prices.tariff(moment)),
        });
    }
}
