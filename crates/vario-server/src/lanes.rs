//! Bounds how many requests wait for one plugin, so that one that never answers stops only itself.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// How many requests each plugin has.
pub(crate) struct Lanes {
    counts: Mutex<HashMap<String, usize>>,
    limit: usize,
}

/// One request's place, given back when it is dropped.
pub(crate) struct Lane {
    lanes: Arc<Lanes>,
    name: String,
}

impl Lanes {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { counts: Mutex::default(), limit })
    }

    /// A place, unless this plugin has too many.
    pub(crate) fn enter(self: &Arc<Self>, name: &str) -> Option<Lane> {
        let mut counts = self.counts.lock();
        let count = counts.entry(name.to_owned()).or_insert(0);
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Lane { lanes: Arc::clone(self), name: name.to_owned() })
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let mut counts = self.lanes.counts.lock();
        if let Some(count) = counts.get_mut(&self.name) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.name);
            }
        }
    }
}
