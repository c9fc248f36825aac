//! Tokens of an advising model, which the entry of the main model carries along.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::Deserialize;

use super::Usage;

static MARKER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(br#""advisor_message""#));

/// What an advising model took.
pub(super) struct Advice {
    pub(super) model: String,
    pub(super) usage: Usage,
    pub(super) fast: Option<bool>,
}

/// Every advice in a line. None at all if one of the iterations is not as it should be.
pub(super) fn usages(line: &[u8]) -> Vec<Advice> {
    if MARKER.find(line).is_none() {
        return Vec::new();
    }
    let entry: Entry = serde_json::from_slice(line).unwrap_or_default();
    let iterations = entry.message.usage.iterations.into_iter();
    iterations.filter(|iteration| iteration.kind == "advisor_message").filter_map(advice).collect()
}

fn advice(iteration: Iteration) -> Option<Advice> {
    let model = iteration.model.filter(|model| !model.is_empty())?;
    let split = iteration.cache_creation;
    let flat = iteration.cache_creation_input_tokens;
    let usage = Usage {
        input: iteration.input_tokens,
        output: iteration.output_tokens,
        cache_write: split.as_ref().map_or(flat, |split| split.ephemeral_5m_input_tokens),
        cache_write_1h: split.map_or(0, |split| split.ephemeral_1h_input_tokens),
        cache_read: iteration.cache_read_input_tokens,
    };
    Some(Advice { model, usage, fast: iteration.speed.map(|speed| speed == Speed::Fast) })
}

#[derive(Default, Deserialize)]
struct Entry {
    message: Message,
}

#[derive(Default, Deserialize)]
struct Message {
    usage: Iterations,
}

#[derive(Default, Deserialize)]
struct Iterations {
    #[serde(default)]
    iterations: Vec<Iteration>,
}

#[derive(Deserialize)]
struct Iteration {
    #[serde(rename = "type")]
    kind: String,
    model: Option<String>,
    input_tokens: u64,
    output_tokens: u64,
    #[serde(default)]
    cache_creation_input_tokens: u64,
    #[serde(default)]
    cache_read_input_tokens: u64,
    speed: Option<Speed>,
    cache_creation: Option<Split>,
}

#[derive(Deserialize)]
struct Split {
    #[serde(default)]
    ephemeral_5m_input_tokens: u64,
    #[serde(default)]
    ephemeral_1h_input_tokens: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Speed {
    Standard,
    Fast,
}
