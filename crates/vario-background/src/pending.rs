use std::collections::HashMap;

use parking_lot::Mutex;
use vario_value::Value;

use crate::answer::{Answer, Done};

/// What a plugin was asked and has not answered yet.
#[derive(Default)]
pub(crate) struct Pending(Mutex<Asked>);

#[derive(Default)]
struct Asked {
    last: u64,
    open: HashMap<u64, Done>,
    is_closed: bool,
}

impl Pending {
    /// A number for a question, or the taker back when nothing can be asked any more.
    pub(crate) fn open(&self, done: Done) -> Result<u64, Done> {
        let mut asked = self.0.lock();
        if asked.is_closed {
            return Err(done);
        }
        asked.last += 1;
        let id = asked.last;
        asked.open.insert(id, done);
        Ok(id)
    }

    /// Gives an answer to whoever waits for it. Answers nobody waits for are dropped: it was given
    /// before, came too late, or was never asked for.
    pub(crate) fn close(&self, id: u64, answer: Answer) -> bool {
        // Outside the lock: whoever gets the answer may ask the next question.
        let done = self.0.lock().open.remove(&id);
        done.map(|done| done(answer)).is_some()
    }

    /// The taker of a question that could not be asked.
    pub(crate) fn take_back(&self, id: u64) -> Option<Done> {
        self.0.lock().open.remove(&id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.lock().open.is_empty()
    }

    /// The plugin is gone: everybody gets this answer, and nothing is asked any more.
    pub(crate) fn end(&self, answer: impl Fn() -> Answer) {
        let mut asked = self.0.lock();
        asked.is_closed = true;
        let mut open: Vec<(u64, Done)> = asked.open.drain().collect();
        drop(asked);
        open.sort_by_key(|(id, _)| *id);
        for (_, done) in open {
            done(answer());
        }
    }
}

/// The number of a question as a script has it.
pub(crate) fn id_of(value: &Value) -> Option<u64> {
    let number = value.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "numbers that are none were given out by nobody"
    )]
    (number >= 0.0).then_some(number as u64)
}
