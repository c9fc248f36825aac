//! One question and its answer.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::blocks::{self, Block, Blocks};
use crate::cache::Cache;
use crate::claude::{self, ClaudeLog};
use crate::codex::{self, CodexLog, Tier};
use crate::explain::Explanation;
use crate::folders::{self, Listing, LogFile};
use crate::hash::Hasher;
use crate::log::{Counted, Log};
use crate::notes::{Notes, Reason};
use crate::question::Question;
use crate::small;
use crate::stop::Stop;
use crate::{
    CodexSpeed, CostMode, Error, ExplainedLine, Grouping, ModelAliases, PriceTable, Problem,
    Report, Row, RuleSet, Source, Tokens,
};

/// What is to be counted. Start with [`Scan::new`], end with [`Scan::run`] or [`Scan::explain`].
#[derive(Clone, Debug)]
pub struct Scan<'a> {
    source: Source,
    folders: Vec<PathBuf>,
    rules: RuleSet,
    grouping: Grouping,
    mode: CostMode,
    speed: CodexSpeed,
    prices: Option<&'a PriceTable>,
    aliases: ModelAliases,
    since: Option<Date>,
    until: Option<Date>,
    zone: TimeZone,
    threads: Option<usize>,
    stop: Stop<'a>,
}

impl<'a> Scan<'a> {
    /// The logs of one tool in these folders, as [`Environment::folders`](crate::Environment::folders)
    /// finds them. Days are counted, by the newest rules, at bundled prices, in UTC.
    pub fn new(source: Source, folders: Vec<PathBuf>) -> Self {
        Self {
            source,
            folders,
            rules: RuleSet::default(),
            grouping: Grouping::default(),
            mode: CostMode::default(),
            speed: CodexSpeed::default(),
            prices: None,
            aliases: ModelAliases::default(),
            since: None,
            until: None,
            zone: TimeZone::UTC,
            threads: None,
            stop: Stop::default(),
        }
    }

    /// The same question about other folders.
    #[must_use]
    pub fn in_folders(mut self, folders: Vec<PathBuf>) -> Self {
        self.folders = folders;
        self
    }

    /// The release to count like.
    #[must_use]
    pub fn rules(mut self, rules: RuleSet) -> Self {
        self.rules = rules;
        self
    }

    /// What a row is.
    #[must_use]
    pub fn by(mut self, grouping: Grouping) -> Self {
        self.grouping = grouping;
        self
    }

    /// Other prices than the bundled ones. They should be of the same rules.
    #[must_use]
    pub fn prices(mut self, prices: &'a PriceTable) -> Self {
        self.prices = Some(prices);
        self
    }

    /// What models of these names are meant to be.
    #[must_use]
    pub fn aliases(mut self, aliases: ModelAliases) -> Self {
        self.aliases = aliases;
        self
    }

    /// Where the cost of Claude's messages comes from.
    #[must_use]
    pub fn cost_mode(mut self, mode: CostMode) -> Self {
        self.mode = mode;
        self
    }

    /// Which of Codex's tokens are charged as fast ones.
    #[must_use]
    pub fn codex_speed(mut self, speed: CodexSpeed) -> Self {
        self.speed = speed;
        self
    }

    /// The first day that counts.
    #[must_use]
    pub fn since(mut self, day: Option<Date>) -> Self {
        self.since = day;
        self
    }

    /// The last day that counts.
    #[must_use]
    pub fn until(mut self, day: Option<Date>) -> Self {
        self.until = day;
        self
    }

    /// The time zone that days begin and end in.
    #[must_use]
    pub fn timezone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// How many threads read files; as many as there are processors if this is not called.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads.max(1));
        self
    }

    /// Ends the scan early once this says so; it is asked at every folder, and at every part of a file.
    #[must_use]
    pub fn stop_when(mut self, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        self.stop = Stop(Some(stop));
        self
    }

    /// As [`Scan::run`]; nothing if the scan was stopped.
    pub fn run_unless_stopped(&self, cache: &Cache) -> Option<Report> {
        let report = self.run(cache);
        (!self.stop.is_set()).then_some(report)
    }

    /// Counts what is new since the last scan that used this cache, and reports everything. One that
    /// is stopped reports what it has counted so far, and keeps none of it.
    pub fn run(&self, cache: &Cache) -> Report {
        self.with_question(|question| {
            let Listing { files, unreadable } = self.list();
            let fingerprint = fingerprint(question, &files);
            if let Some(report) = cache.report(question, fingerprint) {
                return report;
            }
            let mut report = match self.source {
                Source::Claude => self.count::<ClaudeLog>(question, files, cache, claude::rows),
                Source::Codex => self.count::<CodexLog>(question, files, cache, codex::rows),
            };
            report.problems.extend(unreadable);
            // A file that becomes readable does not look as if it had changed.
            let is_whole = report.problems.iter().all(|problem| problem.unreadable.is_none());
            if is_whole && !self.stop.is_set() {
                cache.store_report(&report, fingerprint);
            }
            report
        })
    }

    /// Counts everything anew, and says of every line what became of it.
    pub fn explain(&self) -> (Report, Vec<ExplainedLine>) {
        self.with_question(|question| {
            let Listing { files, unreadable } = self.list();
            let (mut report, lines) = match self.source {
                Source::Claude => self.explained::<ClaudeLog>(question, files, claude::rows),
                Source::Codex => self.explained::<CodexLog>(question, files, codex::rows),
            };
            report.problems.extend(unreadable);
            (report, lines)
        })
    }

    fn list(&self) -> Listing {
        folders::list(self.source, self.rules, &self.folders, self.stop)
    }

    fn with_question<T>(&self, answer: impl FnOnce(&Question<'_>) -> T) -> T {
        let bundled;
        let prices = if let Some(prices) = self.prices {
            prices
        } else {
            bundled = PriceTable::bundled(self.source, self.rules);
            &bundled
        };
        answer(&Question {
            source: self.source,
            rules: self.rules,
            grouping: self.grouping,
            mode: self.mode,
            speed: self.speed,
            configured_fast: self.source == Source::Codex
                && self.folders.iter().any(|home| is_configured_fast(home)),
            prices,
            aliases: &self.aliases,
            since: self.since,
            until: self.until,
            zone: self.zone.clone(),
        })
    }

    fn count<T: Log>(
        &self,
        question: &Question<'_>,
        files: Vec<LogFile>,
        cache: &Cache,
        rows: Rows<T>,
    ) -> Report {
        let known = cache.load::<T>(self.source, self.rules, &self.folders, &files);
        let (counted, problems) = self.read(files, known, false);
        if cache.keeps() && !self.stop.is_set() {
            cache.store(self.source, self.rules, &self.folders, &counted);
        }
        let rows = rows(question, &counted, None);
        self.report(&counted, rows, problems)
    }

    fn explained<T: Log>(
        &self,
        question: &Question<'_>,
        files: Vec<LogFile>,
        rows: Rows<T>,
    ) -> (Report, Vec<ExplainedLine>) {
        let known = files.iter().map(|_| None).collect();
        let (counted, problems) = self.read::<T>(files, known, true);
        let mut explanation = Explanation::default();
        let rows = rows(question, &counted, Some(&mut explanation));
        for (file, counted) in &counted {
            explanation.notes(file, &counted.notes);
        }
        (self.report(&counted, rows, problems), explanation.sorted())
    }

    fn report<T>(
        &self,
        counted: &[(LogFile, Counted<T>)],
        rows: Vec<Row>,
        problems: Vec<Problem>,
    ) -> Report {
        let mut report = Report {
            source: self.source,
            rules: self.rules,
            grouping: self.grouping,
            rows,
            tokens: Tokens::default(),
            cost: 0.0,
            files: counted.len() as u64,
            problems,
            unchanged: false,
        };
        report.sum_up();
        report
    }

    /// Reads what is new in each file, the largest files first.
    fn read<T: Log>(
        &self,
        files: Vec<LogFile>,
        known: Vec<Option<Counted<T>>>,
        explain: bool,
    ) -> (Vec<(LogFile, Counted<T>)>, Vec<Problem>) {
        let mut results: Vec<Option<Result<Counted<T>, String>>> = Vec::new();
        results.resize_with(files.len(), || None);
        let mut work = Vec::new();
        for (number, before) in known.into_iter().enumerate() {
            match before {
                Some(before) if before.stamp == files[number].stamp => {
                    results[number] = Some(Ok(before));
                }
                before => work.push((number, Mutex::new(before))),
            }
        }
        work.sort_by_key(|(number, _)| std::cmp::Reverse(files[*number].stamp.size));
        let next = AtomicUsize::new(0);
        let reader = || {
            let mut blocks = Blocks::new(self.stop);
            let mut done = Vec::new();
            while let Some((number, before)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                if self.stop.is_set() {
                    break;
                }
                let before = before.lock().ok().and_then(|mut before| before.take());
                let file = &files[*number];
                let result = read_file(file, before, self.rules, explain, &mut blocks);
                done.push((*number, result.map_err(|error| error.to_string())));
            }
            done
        };
        for (number, result) in on_threads(self.threads_for(work.len()), &reader) {
            results[number] = Some(result);
        }
        let mut counted = Vec::with_capacity(files.len());
        let mut problems = Vec::new();
        for (file, result) in files.into_iter().zip(results) {
            match result {
                Some(Ok(log)) => {
                    problems.extend(problem(&file, &log.notes, None));
                    counted.push((file, log));
                }
                Some(Err(error)) => {
                    problems.extend(problem(&file, &Notes::default(), Some(error)));
                }
                None => {}
            }
        }
        (counted, problems)
    }

    fn threads_for(&self, work: usize) -> usize {
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(processors).min(work).max(1)
    }
}

/// Stands for the question and for every file as it is.
fn fingerprint(question: &Question<'_>, files: &[LogFile]) -> u128 {
    let zone = format!("{:?}", question.zone);
    let asked = format!(
        "{:?} {:?} {:?} {:?} {:?} {} {:?} {:?}",
        question.source,
        question.rules,
        question.grouping,
        question.mode,
        question.speed,
        question.configured_fast,
        question.since,
        question.until,
    );
    let mut hasher = Hasher::new()
        .bytes(env!("CARGO_PKG_VERSION").as_bytes())
        .bytes(asked.as_bytes())
        .bytes(zone.as_bytes())
        .bytes(&question.prices.digest().to_le_bytes())
        .bytes(&question.aliases.digest().to_le_bytes());
    for LogFile { path, base, stamp } in files {
        hasher = hasher
            .bytes(path.as_os_str().as_encoded_bytes())
            .number(i64::try_from(base.as_os_str().len()).unwrap_or(0))
            .number(stamp.size.cast_signed())
            .number(stamp.modified)
            .number(stamp.inode.cast_signed());
    }
    hasher.finish()
}

/// Makes rows of what was counted.
type Rows<T> = fn(&Question<'_>, &[(LogFile, Counted<T>)], Option<&mut Explanation>) -> Vec<Row>;

/// Runs `reader` on so many threads, one of which is this one.
fn on_threads<T: Send>(threads: usize, reader: &(impl Fn() -> Vec<T> + Sync)) -> Vec<T> {
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .filter_map(|number| {
                let name = format!("usage-logs-{number}");
                // Whatever thread cannot be started, the others do its work.
                thread::Builder::new().name(name).spawn_scoped(scope, reader).ok()
            })
            .collect();
        let mut done = reader();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

fn read_file<T: Log>(
    file: &LogFile,
    before: Option<Counted<T>>,
    rules: RuleSet,
    explain: bool,
    blocks: &mut Blocks<'_>,
) -> std::io::Result<Counted<T>> {
    let fits = |before: &Counted<T>| {
        before.stamp.inode == file.stamp.inode
            && before.stamp.size < file.stamp.size
            && before.reached.offset <= file.stamp.size
            && !before.whole
            && before.log.continues()
    };
    let before = before.filter(fits);
    let reached = before.as_ref().map(|before| before.reached).unwrap_or_default();
    let (mut open, same) = blocks::open(&file.path, reached)?;
    let before = before.filter(|_| same);
    let (from, mut log, mut notes) = match before {
        Some(before) => (before.reached.offset, before.log, before.notes),
        None => (0, T::new(file), Notes::new(explain)),
    };
    notes.unfinished = false;
    let mut whole = false;
    let reached = blocks.read(&mut open, from, |block| match block {
        Block::Lines(lines) => log.lines(lines, rules, &mut notes),
        Block::TooLong => {
            notes.line += 1;
            notes.drop_line(Reason::TooLong, true);
        }
        Block::Tail(line) => whole = log.tail(line, rules, &mut notes),
    })?;
    log.shrink();
    Ok(Counted { stamp: file.stamp, reached, whole, notes, log })
}

fn problem(file: &LogFile, notes: &Notes, unreadable: Option<String>) -> Option<Problem> {
    let Notes { malformed, too_long, unfinished, .. } = *notes;
    let any = unreadable.is_some() || malformed > 0 || too_long > 0 || unfinished;
    let path = || file.path.clone();
    any.then(|| Problem { path: path(), unreadable, malformed, too_long, unfinished })
}

/// Whether the settings of Codex in this home ask for its fast tier.
fn is_configured_fast(home: &Path) -> bool {
    let Ok(text) = small::read(&home.join("config.toml")) else { return false };
    // The release looks at lines, so a profile that is not chosen counts, too.
    text.lines().any(|line| {
        let setting = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = setting.split_once('=') else { return false };
        let value = value.trim().trim_matches(['"', '\'']);
        key.trim() == "service_tier" && Tier::named(value) == Some(Tier::Fast)
    })
}

/// A day as plugins and people write it: `20260131` or `2026-01-31`.
///
/// # Errors
/// [`Error::BadDay`].
pub fn parse_day(text: &str) -> Result<Date, Error> {
    let bad = || Error::BadDay { value: text.to_owned() };
    let digits = text.trim().replace('-', "");
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad());
    }
    digits.parse().map_err(|_no_such_day| bad())
}

/// The time zone of that name, such as `Europe/Berlin`.
///
/// # Errors
/// [`Error::UnknownTimeZone`].
pub fn parse_timezone(name: &str) -> Result<TimeZone, Error> {
    TimeZone::get(name).map_err(|_unknown| Error::UnknownTimeZone { name: name.to_owned() })
}

#[cfg(test)]
mod tests;
