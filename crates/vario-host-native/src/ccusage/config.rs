use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_host::{Cancel, UsageProvider};
use vario_value::Value;

use super::UsageTurns;

/// Who may know a tool's token usage without a program being started (contract section 4.10).
///
/// Whoever joins the parts puts one into [`UsageConfig::source`]. It is asked first, and only for a
/// plugin with the right `ccusage`. What it says is what the plugin gets, so it must be what the
/// package `ccusage` would have said of the same logs.
///
/// It is called on a thread of its own, and given up at the query's deadline. One that works on
/// beyond that keeps its provider's turn until it returns, so it should look at the deadline and at
/// the cancellation now and then.
pub trait UsageSource: Send + Sync {
    /// The usage: an object whose `daily` is the list of days, newest first, with whatever else
    /// the package says beside it; or only that list.
    ///
    /// `None` when it cannot answer, such as when there are no logs where it looks; then the
    /// runners are tried. An answer that is of no such shape counts as none.
    fn query(&self, query: &UsageQuery) -> Option<Value>;
}

/// What is asked of a [`UsageSource`].
#[derive(Debug, Clone)]
pub struct UsageQuery {
    /// Whose logs are meant.
    pub provider: UsageProvider,
    /// The first day, usually `YYYYMMDD` in local time; trimmed, but not validated.
    pub since: Option<String>,
    /// The last day, likewise.
    pub until: Option<String>,
    /// Where the logs are instead of where the tool keeps them, with `~` expanded: what
    /// `CLAUDE_CONFIG_DIR` or `CODEX_HOME` would say.
    pub home_override: Option<PathBuf>,
    /// When the answer is not waited for any longer.
    pub deadline: Instant,
    /// Fires when nobody wants the answer any more.
    pub cancel: Cancel,
}

/// How `ctx.host.ccusage.query` comes to its answer.
#[derive(Clone)]
pub struct UsageConfig {
    /// Who is asked before any program is started; nobody by default.
    pub source: Option<Arc<dyn UsageSource>>,
    /// Where runners are looked for before the path, and what is put before the path for them.
    pub folders: Vec<PathBuf>,
    /// How long one program may take, within the time of the run.
    pub attempt_limit: Duration,
    /// What time it is, for that limit.
    pub now: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// Which providers are being asked about.
    pub turns: Arc<UsageTurns>,
}

impl Default for UsageConfig {
    /// As the contract says.
    fn default() -> Self {
        let folders: &[&str] =
            if cfg!(windows) { &[] } else { &["/opt/homebrew/bin", "/usr/local/bin"] };
        Self {
            source: None,
            folders: folders.iter().map(PathBuf::from).collect(),
            attempt_limit: Duration::from_secs(15),
            now: Arc::new(Instant::now),
            turns: UsageTurns::of_process(),
        }
    }
}
