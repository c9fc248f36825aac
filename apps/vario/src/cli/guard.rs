//! The arguments of `vario guard`.

use std::time::Duration;

use clap::Args;
use vario_output::{Amount, Threshold};

use super::parse_duration;

#[derive(Debug, Args)]
#[command(after_help = "\
Exits with 0 if enough is left, with 1 if not or if that cannot be found out,
with 3 if a right is missing, and with 4 if there is no such plugin or quota.
One line on standard error says which.

With --json: plugin, metric, used, limit, left, leftPercent, resetsAt, ok,
age (in seconds), and error, which says why there is no quota.

  vario guard claude --metric Session --left 20% && start-the-long-job")]
pub(crate) struct GuardArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The quota; the one that stands for the plugin if not given
    #[arg(long, value_name = "LABEL")]
    pub(crate) metric: Option<String>,
    /// At least this must be left: a share (`20%`) or a number in the quota's unit (`5`);
    /// without --left and --used, anything
    #[arg(long, value_name = "AMOUNT", conflicts_with = "used")]
    pub(crate) left: Option<Amount>,
    /// At most this may be used
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) used: Option<Amount>,
    /// Take a stored result if it is not older than this, else run the probe
    #[arg(long, value_name = "AGE", value_parser = parse_duration, default_value = "5m")]
    pub(crate) max_age: Duration,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl GuardArgs {
    /// What is wanted of the quota.
    pub(crate) fn threshold(&self) -> Threshold {
        match (self.left, self.used) {
            (Some(amount), _) => Threshold::Left(amount),
            (None, Some(amount)) => Threshold::Used(amount),
            (None, None) => Threshold::AnyLeft,
        }
    }
}
