//! Moments of an installation, at which tests end the process.

/// A moment after which the disk is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// One file of the new version is written.
    FileWritten,
    /// The new version is whole, and beside the old one.
    Staged,
    /// The old version is out of the way, where both cannot change places at once.
    OldMoved,
    /// The new version is in its place.
    Swapped,
    /// The version before the old one is out of the way.
    PreviousMoved,
    /// The old version is kept.
    Settled,
}

#[cfg(not(test))]
pub(crate) fn reach(_step: Step) {}

#[cfg(test)]
pub(crate) use for_tests::reach;

#[cfg(test)]
pub(crate) mod for_tests {
    use std::cell::RefCell;

    use super::Step;

    type Hook = Box<dyn FnMut(Step)>;

    thread_local! {
        static HOOK: RefCell<Option<Hook>> = const { RefCell::new(None) };
    }

    pub(crate) fn reach(step: Step) {
        HOOK.with_borrow_mut(|hook| {
            if let Some(hook) = hook {
                hook(step);
            }
        });
    }

    /// Is called at each step from now on, in this thread.
    pub(crate) fn at_each(hook: impl FnMut(Step) + 'static) {
        HOOK.set(Some(Box::new(hook)));
    }
}
