//! What a scan is asked, in the form its parts need.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::{CodexSpeed, CostMode, Grouping, ModelAliases, PriceTable, RuleSet, Source};

pub(crate) struct Question<'a> {
    pub(crate) source: Source,
    pub(crate) rules: RuleSet,
    pub(crate) grouping: Grouping,
    pub(crate) mode: CostMode,
    pub(crate) speed: CodexSpeed,
    /// What the user's settings say of Codex's speed.
    pub(crate) configured_fast: bool,
    pub(crate) prices: &'a PriceTable,
    pub(crate) aliases: &'a ModelAliases,
    pub(crate) since: Option<Date>,
    pub(crate) until: Option<Date>,
    pub(crate) zone: TimeZone,
}

impl Question<'_> {
    /// Whether a day is asked for.
    pub(crate) fn covers(&self, day: Date) -> bool {
        self.since.is_none_or(|since| day >= since) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether a session is in or out as a whole, by its last day, and not message by message.
    pub(crate) fn ranges_by_row(&self) -> bool {
        let older_claude = (self.rules, self.source) == (RuleSet::Ccusage18, Source::Claude);
        older_claude && self.grouping == Grouping::Session
    }
}
