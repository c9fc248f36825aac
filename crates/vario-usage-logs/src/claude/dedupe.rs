//! Which of several lines that say the same counts.

use std::collections::HashMap;

use super::{Flags, Record};
use crate::hash::{Hashed, fold};
use crate::{Grouping, RuleSet};

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It counts.
    Counts,
    /// The record of that number counts in its place.
    CopyOf(u32),
    /// It is not for rows of this kind.
    NotHere,
}

/// What became of each record, and the numbers of those that count in the order in which the release
/// adds them up.
pub(crate) struct Survivors {
    pub(crate) order: Vec<u32>,
    pub(crate) verdicts: Vec<Verdict>,
}

/// Tells copies apart. `cost` is asked for two copies with the same tokens only.
pub(crate) fn survivors(
    records: &[&Record],
    rules: RuleSet,
    grouping: Grouping,
    explain: bool,
    cost: impl Fn(u32) -> f64,
) -> Survivors {
    match rules {
        RuleSet::Ccusage20 => Newer::new(records, grouping, cost).run(explain),
        RuleSet::Ccusage18 => first_counts(records),
    }
}

/// The first record of a message and request counts; one without both always does.
fn first_counts(records: &[&Record]) -> Survivors {
    let mut known: Table = Table::default();
    let mut order = Vec::with_capacity(records.len());
    let verdicts = (0..).zip(records).map(|(number, record)| {
        if record.request != 0
            && let Some(first) = known.insert_new(record.request, number)
        {
            return Verdict::CopyOf(first);
        }
        order.push(number);
        Verdict::Counts
    });
    let verdicts = verdicts.collect();
    Survivors { order, verdicts }
}

/// A map whose keys are hashes already.
#[derive(Default)]
struct Table(HashMap<u64, u32, Hashed>);

impl Table {
    /// The number that is there already, or nothing after it has been put there.
    fn insert_new(&mut self, key: u128, number: u32) -> Option<u32> {
        match self.0.entry(fold(key)) {
            std::collections::hash_map::Entry::Occupied(found) => Some(*found.get()),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(number);
                None
            }
        }
    }
}

/// The rules of the newer release: the fullest copy counts, and side chains give way.
///
/// A place is what counts once; the record in it may be replaced by a better copy. Places are found
/// by the message and request of the record in them (`exact`), or, when a side chain is involved, by
/// message and session (`route`), under every session that had a copy.
struct Newer<'a, F> {
    records: &'a [&'a Record],
    grouping: Grouping,
    cost: F,
    exact: Lists,
    route: Lists,
    /// The number of the record that counts, for each place.
    places: Vec<u32>,
    /// The place of each record, while explaining.
    place_of: Vec<u32>,
}

impl<'a, F: Fn(u32) -> f64> Newer<'a, F> {
    fn new(records: &'a [&'a Record], grouping: Grouping, cost: F) -> Self {
        Self {
            records,
            grouping,
            cost,
            exact: Lists::with_capacity(records.len()),
            route: Lists::default(),
            places: Vec::with_capacity(records.len()),
            place_of: Vec::new(),
        }
    }

    fn run(mut self, explain: bool) -> Survivors {
        let wanted = match self.grouping {
            Grouping::Daily => Flags::DAILY,
            Grouping::Session => Flags::SESSION,
        };
        for (number, record) in (0..).zip(self.records) {
            let place = if record.flags.has(wanted) { self.take(number) } else { u32::MAX };
            if explain {
                self.place_of.push(place);
            }
        }
        let verdict = |(number, place): (u32, &u32)| match self.places.get(*place as usize) {
            None => Verdict::NotHere,
            Some(counts) if *counts == number => Verdict::Counts,
            Some(counts) => Verdict::CopyOf(*counts),
        };
        let verdicts = (0..).zip(&self.place_of).map(verdict).collect();
        Survivors { order: self.places, verdicts }
    }

    /// Puts a record in its place, and returns which that is.
    fn take(&mut self, number: u32) -> u32 {
        let record = self.records[number as usize];
        if record.message == 0 {
            return self.open(number);
        }
        let Some(place) = self.find_exact(record).or_else(|| self.find_route(record)) else {
            let place = self.open(number);
            self.exact.push(self.exact_key(record), place, false);
            self.route.push(fold(record.message), place, false);
            return place;
        };
        let existing = self.existing(place);
        if existing.message != record.message {
            // A copy in another session: side chains of either one find this place.
            for message in [record.message, existing.message] {
                self.route.push(fold(message), place, true);
            }
        }
        if self.better(number, self.places[place as usize]) {
            self.places[place as usize] = number;
            self.exact.push(self.exact_key(record), place, false);
            self.route.push(fold(record.message), place, false);
        }
        place
    }

    fn open(&mut self, number: u32) -> u32 {
        self.places.push(number);
        u32::try_from(self.places.len() - 1).expect("there are no more places than records")
    }

    fn existing(&self, place: u32) -> &'a Record {
        self.records[self.places[place as usize] as usize]
    }

    /// Where the same message and request are; without a request, the same message of the session,
    /// and for days of the same moment.
    fn find_exact(&self, record: &Record) -> Option<u32> {
        self.exact.find(self.exact_key(record), |place, _| {
            let existing = self.existing(place);
            existing.request == record.request
                && (record.request != 0
                    || (existing.message == record.message
                        && (self.grouping == Grouping::Session
                            || existing.moment == record.moment)))
        })
    }

    /// Where the same message of the session is, if it or this one is of a side chain.
    fn find_route(&self, record: &Record) -> Option<u32> {
        let side = record.flags.has(Flags::SIDECHAIN);
        self.route.find(fold(record.message), |place, alias| {
            let existing = self.existing(place);
            (alias || existing.message == record.message)
                && (side || existing.flags.has(Flags::SIDECHAIN))
                && (self.grouping == Grouping::Daily || existing.moment == record.moment)
        })
    }

    fn exact_key(&self, record: &Record) -> u64 {
        match (record.request, self.grouping) {
            (0, Grouping::Daily) => fold(record.message) ^ record.moment.cast_unsigned(),
            (0, Grouping::Session) => fold(record.message),
            (request, _) => fold(request),
        }
    }

    fn better(&self, candidate: u32, existing: u32) -> bool {
        let [new, old] = [candidate, existing].map(|number| self.records[number as usize]);
        let side = |record: &Record| record.flags.has(Flags::SIDECHAIN);
        if side(new) != side(old) {
            return side(old);
        }
        let (more, less) = (new.usage.total(), old.usage.total());
        if more != less {
            return more > less;
        }
        if self.grouping == Grouping::Daily {
            let (more, less) = ((self.cost)(candidate), (self.cost)(existing));
            if more.total_cmp(&less).is_ne() {
                return more > less;
            }
        }
        new.flags.has(Flags::SPEED) && !old.flags.has(Flags::SPEED)
    }
}

/// Short lists of places by key, in the order in which they were put there. Nearly all hold one.
#[derive(Default)]
struct Lists {
    heads: HashMap<u64, u32, Hashed>,
    links: Vec<Link>,
}

#[derive(Clone, Copy)]
struct Link {
    place: u32,
    alias: bool,
    next: u32,
}

impl Lists {
    const END: u32 = u32::MAX;

    fn with_capacity(count: usize) -> Self {
        let heads = HashMap::with_capacity_and_hasher(count, Hashed::default());
        Self { heads, links: Vec::with_capacity(count) }
    }

    fn push(&mut self, key: u64, place: u32, alias: bool) {
        let new = u32::try_from(self.links.len()).expect("links are few per record");
        let mut at = *self.heads.entry(key).or_insert(new);
        if at != new {
            loop {
                let link = self.links[at as usize];
                if link.place == place && link.alias == alias {
                    return;
                }
                if link.next == Self::END {
                    break;
                }
                at = link.next;
            }
            self.links[at as usize].next = new;
        }
        self.links.push(Link { place, alias, next: Self::END });
    }

    fn find(&self, key: u64, fits: impl Fn(u32, bool) -> bool) -> Option<u32> {
        let mut at = *self.heads.get(&key)?;
        while let Some(link) = self.links.get(at as usize) {
            if fits(link.place, link.alias) {
                return Some(link.place);
            }
            at = link.next;
        }
        None
    }
}
