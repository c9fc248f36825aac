//! The arguments of `vario usage`.

use clap::{Args, ValueEnum};
use vario_usage_logs::RuleSet;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(crate) struct UsageArgs {
    /// Whose session logs
    #[arg(value_enum, value_name = "TOOL")]
    pub(crate) source: UsageSource,
    /// A row a day, which is how it is without this
    #[arg(long, conflicts_with = "session")]
    daily: bool,
    /// A row a session
    #[arg(long)]
    pub(crate) session: bool,
    /// The first day that counts, such as `20260131` or `2026-01-31`
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,
    /// The last day that counts
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
    /// The release of ccusage to count like: `ccusage-20.0.24` or `ccusage-18.0.11`
    #[arg(long, value_name = "RELEASE", default_value_t)]
    pub(crate) rules: RuleSet,
    /// Say of each line whether it counts, why not, and at which price
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print JSON, as ccusage does; with --explain an object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Who has written the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UsageSource {
    /// Claude Code
    Claude,
    /// Codex
    Codex,
}
