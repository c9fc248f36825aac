//! Whether anybody still wants the answer.

use std::fmt;

/// Asked now and then; `true` ends a scan.
#[derive(Clone, Copy, Default)]
pub(crate) struct Stop<'a>(pub(crate) Option<&'a (dyn Fn() -> bool + Sync)>);

impl Stop<'_> {
    pub(crate) fn is_set(self) -> bool {
        self.0.is_some_and(|stop| stop())
    }
}

impl fmt::Debug for Stop<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.0.is_some()).finish()
    }
}
