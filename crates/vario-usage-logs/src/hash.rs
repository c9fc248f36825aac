//! Identities of messages and files as 128 bits, so that no text need be kept.

use std::hash::BuildHasherDefault;

/// An odd constant without a pattern: the fraction of the golden ratio.
const SEEDS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93];

/// Takes in bytes and numbers and gives 128 bits that stand for their sequence.
///
/// Written out here because what is kept in the cache must mean the same in the next release of a
/// library. It withstands accidents, not attackers: whoever writes the logs could collide them, and
/// would only miscount their own tokens.
#[derive(Clone, Copy)]
pub(crate) struct Hasher {
    lanes: [u64; 2],
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Self { lanes: SEEDS }
    }

    /// Takes in a text and its length, so that `ab`, `c` differs from `a`, `bc`.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self = self.word(u64::from_le_bytes(chunk.try_into().expect("chunks hold 8 bytes")));
        }
        let mut rest = [0; 8];
        let tail = chunks.remainder();
        rest[..tail.len()].copy_from_slice(tail);
        self.word(u64::from_le_bytes(rest)).word(bytes.len() as u64)
    }

    pub(crate) fn number(self, number: i64) -> Self {
        self.word(number.cast_unsigned())
    }

    /// The result; never 0, which stands for "none".
    pub(crate) fn finish(self) -> u128 {
        let mixed = self.word(0x2545_f491_4f6c_dd1d).word(0);
        let [high, low] = mixed.lanes;
        ((u128::from(high) << 64) | u128::from(low)).max(1)
    }

    fn word(mut self, word: u64) -> Self {
        self.lanes[0] = mix(self.lanes[0] ^ word, SEEDS[0]);
        self.lanes[1] = mix(self.lanes[1].rotate_left(23) ^ word, SEEDS[1]);
        self
    }
}

/// 64 of the bits.
pub(crate) fn fold(key: u128) -> u64 {
    let [high, low] = halves(key);
    high ^ low
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
fn halves(wide: u128) -> [u64; 2] {
    [(wide >> 64) as u64, wide as u64]
}

/// For maps whose keys are hashes already.
pub(crate) type Hashed = BuildHasherDefault<Low>;

/// Takes a number for its own hash.
#[derive(Default)]
pub(crate) struct Low(u64);

impl std::hash::Hasher for Low {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, number: u128) {
        self.0 = fold(number);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// The two halves of a product, laid over each other, added to what went in so that 0 is no trap.
fn mix(value: u64, seed: u64) -> u64 {
    let product = u128::from(value ^ seed.rotate_left(32)) * u128::from(seed);
    let [high, low] = halves(product);
    (low ^ high).wrapping_add(value)
}

#[cfg(test)]
mod tests;
