use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use vario_host::UsageProvider;

/// Which providers are being asked about: one query at a time for each.
///
/// Runners download the package when they do not have it; two of them at once would do so twice
/// into one cache.
#[derive(Debug, Default)]
pub struct UsageTurns {
    claude: AtomicBool,
    codex: AtomicBool,
}

static OF_PROCESS: LazyLock<Arc<UsageTurns>> = LazyLock::new(Arc::default);

impl UsageTurns {
    /// Those that all hosts of this process share.
    pub fn of_process() -> Arc<Self> {
        Arc::clone(&OF_PROCESS)
    }

    /// Begins a query, unless there is one already.
    pub(super) fn take(self: &Arc<Self>, provider: UsageProvider) -> Option<Turn> {
        let is_free = !self.of(provider).swap(true, Ordering::AcqRel);
        is_free.then(|| Turn { turns: Arc::clone(self), provider })
    }

    fn of(&self, provider: UsageProvider) -> &AtomicBool {
        match provider {
            UsageProvider::Claude => &self.claude,
            UsageProvider::Codex => &self.codex,
        }
    }
}

/// A query under way; over when dropped, also by a panic.
pub(super) struct Turn {
    turns: Arc<UsageTurns>,
    provider: UsageProvider,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.of(self.provider).store(false, Ordering::Release);
    }
}
