use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use parking_lot::Mutex;
use vario_sandbox::{ScriptError, Source, SourceKind};

use crate::compile::{Program, compile};

/// What all kept programs and their texts may weigh together, in bytes.
const CAPACITY: usize = 16 * 1024 * 1024;

/// Compiled programs, kept in memory by content and dropped oldest first.
pub(crate) struct Programs {
    capacity: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    programs: HashMap<Key, Entry>,
    order: VecDeque<Key>,
    weight: usize,
}

/// The length stands in for a hash of the text, which is compared on a hit.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    kind: SourceKind,
    name: Arc<str>,
    length: usize,
}

struct Entry {
    text: Arc<str>,
    program: Arc<Program>,
}

impl Entry {
    fn weight(&self) -> usize {
        self.text.len() + self.program.bytecode.len()
    }
}

impl Programs {
    pub(crate) fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { capacity, kept: Mutex::default() }
    }

    /// The compiled form of a source, from memory where it was compiled before.
    pub(crate) fn get(&self, source: &Source) -> Result<Arc<Program>, ScriptError> {
        let key =
            Key { kind: source.kind, name: Arc::clone(&source.name), length: source.text.len() };
        if let Some(entry) = self.kept.lock().programs.get(&key)
            && (Arc::ptr_eq(&entry.text, &source.text) || entry.text == source.text)
        {
            return Ok(Arc::clone(&entry.program));
        }
        // Compiled outside the lock: others need not wait for it.
        let program = Arc::new(compile(source)?);
        let entry = Entry { text: Arc::clone(&source.text), program: Arc::clone(&program) };
        self.keep(key, entry);
        Ok(program)
    }

    fn keep(&self, key: Key, entry: Entry) {
        let weight = entry.weight();
        if weight > self.capacity {
            return;
        }
        let mut guard = self.kept.lock();
        let kept = &mut *guard;
        kept.weight += weight;
        if let Some(old) = kept.programs.insert(key.clone(), entry) {
            kept.weight -= old.weight();
        } else {
            kept.order.push_back(key);
        }
        while kept.weight > self.capacity
            && let Some(oldest) = kept.order.pop_front()
        {
            if let Some(entry) = kept.programs.remove(&oldest) {
                kept.weight -= entry.weight();
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn weight(&self) -> usize {
        self.kept.lock().weight
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use vario_sandbox::{Source, SourceKind};

    use super::Programs;

    #[test]
    fn a_program_is_kept_by_its_content() {
        let programs = Programs::new();
        let get = |name: &str, text: &str| {
            programs.get(&Source::new(SourceKind::Script, name, text)).expect("it parses")
        };
        let first = get("a.lua", "return 1");
        assert!(Arc::ptr_eq(&first, &get("a.lua", "return 1")));
        assert!(!Arc::ptr_eq(&first, &get("a.lua", "return 2")));
        assert!(!Arc::ptr_eq(&first, &get("b.lua", "return 1")));
    }

    #[test]
    fn the_oldest_goes_when_space_runs_out() {
        let programs = Programs::with_capacity(2_000);
        for number in 0..100 {
            let text = format!("return {number}");
            let name = format!("{number}.lua");
            programs.get(&Source::new(SourceKind::Script, name, text)).expect("it parses");
            assert!(programs.weight() <= 2_000);
        }
        assert!(programs.weight() > 0);
        let huge = format!("return '{}'", "x".repeat(4_000));
        let before = programs.weight();
        programs.get(&Source::new(SourceKind::Script, "huge.lua", huge)).expect("it parses");
        assert_eq!(programs.weight(), before);
    }
}
