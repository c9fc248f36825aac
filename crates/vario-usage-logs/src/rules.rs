//! What is asked for: whose logs, by which release's rules, in which rows.

use std::fmt;
use std::str::FromStr;

/// Whose session logs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Claude Code.
    Claude,
    /// Codex.
    Codex,
}

impl Source {
    /// `claude` or `codex`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claude => "claude",
            Self::Codex => "codex",
        }
    }
}

/// The release of ccusage whose way of counting is followed.
///
/// Releases differ in what they take for the same message, in which of two copies counts, and in
/// what a model costs; so totals of one are comparable only with totals of the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RuleSet {
    /// `ccusage@20.0.24`. The fullest copy of a message counts, side chains that repeat a message of
    /// their parent do not, and a forked Codex session does not count its parent's tokens again.
    #[default]
    Ccusage20,
    /// `ccusage@18.0.11` and `@ccusage/codex@18.0.11`. The first copy of a message counts, in the
    /// oldest file; Codex events count as often as they are written.
    Ccusage18,
}

impl RuleSet {
    /// Every rule set, newest first.
    pub const ALL: [Self; 2] = [Self::Ccusage20, Self::Ccusage18];

    /// The name to choose it by: the release it follows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ccusage20 => "ccusage-20.0.24",
            Self::Ccusage18 => "ccusage-18.0.11",
        }
    }
}

impl fmt::Display for RuleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RuleSet {
    type Err = UnknownRuleSet;

    fn from_str(name: &str) -> Result<Self, UnknownRuleSet> {
        Self::ALL
            .into_iter()
            .find(|rules| rules.name() == name)
            .ok_or_else(|| UnknownRuleSet { name: name.to_owned() })
    }
}

/// There is no rule set of that name.
#[derive(Debug, thiserror::Error)]
#[error("there are no rules `{name}`: use `ccusage-20.0.24` or `ccusage-18.0.11`")]
pub struct UnknownRuleSet {
    name: String,
}

/// What a row of the report is.
///
/// It is part of the question, since ccusage 20 tells copies apart in one way for days and in
/// another for sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// One row a day.
    #[default]
    Daily,
    /// One row a session.
    Session,
}

/// Where the cost of a Claude message comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CostMode {
    /// What the log says it cost, else its tokens times the price.
    #[default]
    Auto,
    /// Its tokens times the price, whatever the log says.
    Calculate,
    /// What the log says it cost, else nothing.
    Display,
}

/// Which Codex tokens are charged as fast ones, by the rules of ccusage 20.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CodexSpeed {
    /// Those that were fast by the log; where it does not say, by the user's `config.toml`.
    #[default]
    Auto,
    /// None.
    Standard,
    /// All.
    Fast,
}
