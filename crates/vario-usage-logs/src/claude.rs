//! The logs of Claude Code: one line an entry, those of the assistant with the tokens they took.

mod advisor;
mod dedupe;
mod group;
mod newer;
mod older;
mod record;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::LazyLock;

use memchr::memmem::Finder;

pub(crate) use self::dedupe::{Verdict, survivors};
pub(crate) use self::group::rows;
pub(crate) use self::record::{Fields, Flags, Record, Usage};
use crate::RuleSet;
use crate::cache::{Reader, Writer};
use crate::folders::{LogFile, PROJECTS};
use crate::hash::Hasher;
use crate::log::Log;
use crate::notes::{Notes, Reason};

/// What ccusage 20 looks for before it parses a line: so nobody counts with a space here.
static MARKER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(br#""usage":{"#));

/// The messages of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClaudeLog {
    pub(crate) records: Vec<Record>,
    /// The number of each record's line, while explaining.
    pub(crate) lines: Vec<u64>,
    pub(crate) models: Vec<String>,
    /// When the file begins, which decides the order of files in the older rules.
    pub(crate) earliest: Option<i64>,
    session: String,
}

impl ClaudeLog {
    /// Takes in one message.
    fn push(&mut self, fields: &Fields<'_>, notes: &Notes) {
        let session = fields.session.as_deref().unwrap_or(&self.session);
        let message = fields.message.as_deref().map(|message| {
            Hasher::new().bytes(message.as_bytes()).bytes(session.as_bytes()).finish()
        });
        let request = fields.message.as_deref().zip(fields.request.as_deref());
        let request = request.map(|(message, request)| {
            Hasher::new().bytes(message.as_bytes()).bytes(request.as_bytes()).finish()
        });
        let record = Record {
            request: request.unwrap_or(0),
            message: message.unwrap_or(0),
            moment: fields.moment,
            usage: fields.usage,
            cost: fields.cost.unwrap_or(0.0),
            model: fields.model.as_deref().map_or(Record::NO_MODEL, |model| self.model(model)),
            flags: fields.flags.with(Flags::COST, fields.cost.is_some()),
        };
        self.records.push(record);
        if notes.explains() {
            self.lines.push(notes.line);
        }
    }

    fn model(&mut self, name: &str) -> u32 {
        // A file has a handful of models, and mostly the same as in the line before.
        let known = self.models.iter().rposition(|model| model == name);
        let place = known.unwrap_or_else(|| {
            self.models.push(name.to_owned());
            self.models.len() - 1
        });
        u32::try_from(place).unwrap_or(Record::NO_MODEL)
    }

    fn line(&mut self, line: &[u8], rules: RuleSet, notes: &mut Notes) {
        let result = match rules {
            RuleSet::Ccusage20 => newer::line(self, line, notes),
            RuleSet::Ccusage18 => older::line(self, line, notes),
        };
        if let Err(reason) = result {
            // A damaged line is a problem only where tokens may be lost with it.
            let matters = rules == RuleSet::Ccusage18 || MARKER.find(line).is_some();
            notes.drop_line(reason, matters);
        }
    }

    /// Only lines with the marker, without looking at the others.
    fn marked(&mut self, lines: &[u8], notes: &mut Notes) {
        let mut at = 0;
        while let Some(hit) = MARKER.find(&lines[at..]) {
            let hit = at + hit;
            let start = memchr::memrchr(b'\n', &lines[at..hit]).map_or(at, |end| at + end + 1);
            let end = memchr::memchr(b'\n', &lines[hit..]).map_or(lines.len(), |end| hit + end);
            self.line(&lines[start..end], RuleSet::Ccusage20, notes);
            at = (end + 1).min(lines.len());
        }
    }
}

impl Log for ClaudeLog {
    fn new(file: &LogFile) -> Self {
        Self { session: Place::of(&file.path).session, ..Self::default() }
    }

    fn lines(&mut self, lines: &[u8], rules: RuleSet, notes: &mut Notes) {
        if rules == RuleSet::Ccusage20 && !notes.explains() {
            return self.marked(lines, notes);
        }
        notes.each_line(lines, |notes, line| self.line(line, rules, notes));
    }

    fn tail(&mut self, line: &[u8], rules: RuleSet, notes: &mut Notes) -> bool {
        let before = self.records.len();
        let mut own = Notes::new(notes.explains());
        own.line = notes.line + 1;
        self.line(line, rules, &mut own);
        let sound = self.records.len() > before;
        notes.line = own.line;
        if own.malformed > 0 {
            notes.drop_line(Reason::Unfinished, true);
        } else {
            notes.reasons.append(&mut own.reasons);
        }
        sound
    }

    fn continues(&self) -> bool {
        true
    }

    fn shrink(&mut self) {
        self.records.shrink_to_fit();
    }

    fn write(&self, out: &mut Writer) {
        out.texts(&self.models);
        out.option(self.earliest);
        out.number(self.records.len() as u64);
        for record in &self.records {
            record.write(out);
        }
    }

    fn read(file: &LogFile, input: &mut Reader<'_>) -> Option<Self> {
        let models = input.texts()?;
        let earliest = input.option()?;
        let count = input.count(Record::SMALLEST)?;
        let mut records = Vec::with_capacity(count);
        for _ in 0..count {
            records.push(Record::read(input, models.len())?);
        }
        Some(Self { records, models, earliest, ..Self::new(file) })
    }
}

/// Which project and session a file belongs to by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) project: String,
    pub(crate) session: String,
}

/// What a session is called whose path says no project.
const NO_PROJECT: &str = "Unknown Project";

impl Place {
    /// By the newer rules: the file's name, or the folder's for what lies deeper.
    pub(crate) fn of(path: &Path) -> Self {
        let parts: Vec<_> = path.iter().filter_map(|part| part.to_str()).collect();
        let root = parts.iter().position(|part| *part == PROJECTS);
        let parts = &parts[root.map_or(0, |root| root + 1)..];
        let (project, session) = match parts {
            [project, file] if file.strip_suffix(".jsonl").is_some_and(|name| !name.is_empty()) => {
                (&parts[..1], file.strip_suffix(".jsonl").unwrap_or(project))
            }
            [project @ .., session, "subagents", _] if !project.is_empty() => (project, *session),
            [project @ .., session, _] => (project, *session),
            _ => (&parts[..0], parts.first().copied().unwrap_or("unknown")),
        };
        Self::new(project, session)
    }

    /// By the older rules: the folder the file is in, and those around it.
    pub(crate) fn older(file: &LogFile) -> Self {
        let relative = file.path.strip_prefix(&file.base).unwrap_or(&file.path);
        let parts: Vec<_> = relative.iter().filter_map(|part| part.to_str()).collect();
        match parts.as_slice() {
            [project @ .., session, _] => Self::new(project, session),
            _ => Self::new(&[], "unknown"),
        }
    }

    fn new(project: &[&str], session: &str) -> Self {
        let project = match project {
            [] => NO_PROJECT.to_owned(),
            parts => parts.join(std::path::MAIN_SEPARATOR_STR),
        };
        Self { project, session: session.to_owned() }
    }
}
