use std::collections::{HashMap, VecDeque};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rquickjs::{Ctx, Result};
use vario_sandbox::{Source, SourceKind};

use crate::raw::bytecode::{Bytecode, Compiled, Strictness};

/// How many bytes of source and bytecode are kept.
const CAPACITY: usize = 16 * 1024 * 1024;
/// How much of each end of a text goes into its hash.
const HASHED: usize = 256;

/// Compiled scripts by content, in memory. The oldest go when there are too many.
#[derive(Default)]
pub(crate) struct Cache {
    entries: Mutex<Entries>,
    preludes_only: bool,
}

#[derive(Default)]
struct Entries {
    compiled: HashMap<Key, Arc<Bytecode>>,
    order: VecDeque<Key>,
    bytes: usize,
}

/// What a script is found by. Two keys are equal only when the whole text is: the hash, which
/// covers just the ends of it, decides nothing.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    prelude: bool,
    name: Arc<str>,
    text: Arc<str>,
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let text = self.text.as_bytes();
        hasher.write_usize(text.len());
        hasher.write(&text[..text.len().min(HASHED)]);
        hasher.write(&text[text.len().saturating_sub(HASHED)..]);
        hasher.write(self.name.as_bytes());
    }
}

impl Cache {
    /// One that keeps no plugin's scripts: each is met once.
    pub(crate) fn of_preludes() -> Self {
        Self { preludes_only: true, ..Self::default() }
    }

    /// The script, compiled now or earlier, inside this context.
    ///
    /// # Errors
    /// The pending exception, a `SyntaxError` mostly.
    pub(crate) fn load<'js>(&self, ctx: &Ctx<'js>, source: &Source) -> Result<Compiled<'js>> {
        let prelude = source.kind == SourceKind::Prelude;
        let key = Key { prelude, name: Arc::clone(&source.name), text: Arc::clone(&source.text) };
        let known = self.entries().compiled.get(&key).cloned();
        if let Some(bytecode) = known {
            return bytecode.attach(ctx);
        }
        let compiled = Compiled::compile(ctx, &source.name, &source.text, Strictness::Strict)?;
        if self.preludes_only && !prelude {
            return Ok(compiled);
        }
        let Some(bytecode) = compiled.detach(prelude) else { return Ok(compiled) };
        let bytecode = self.entries().keep(key, bytecode);
        // A prelude runs without its positions from the first time on.
        if prelude { bytecode.attach(ctx) } else { Ok(compiled) }
    }

    /// How many scripts are kept.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.entries().compiled.len()
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // A panic between two steps of `keep` can only have left the count of bytes too high.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn keep(&mut self, key: Key, bytecode: Bytecode) -> Arc<Bytecode> {
        let bytecode = Arc::new(bytecode);
        let size = key.text.len() + bytecode.len();
        if size > CAPACITY {
            return bytecode;
        }
        while self.bytes + size > CAPACITY {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(gone) = self.compiled.remove(&oldest) {
                self.bytes -= oldest.text.len() + gone.len();
            }
        }
        if self.compiled.insert(key.clone(), Arc::clone(&bytecode)).is_none() {
            self.order.push_back(key);
            self.bytes += size;
        }
        bytecode
    }
}
