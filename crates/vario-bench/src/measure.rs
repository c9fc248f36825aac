//! Two programs in turns, so that what the machine does meanwhile hits both alike.

use std::time::{Duration, Instant};

/// The middle of some durations; zero of none.
pub fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied().unwrap_or_default()
}

/// How long one call takes.
pub fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = work();
    let spent = start.elapsed();
    drop(std::hint::black_box(result));
    spent
}

/// What two programs took, turn by turn.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// The one others are measured by.
    pub floor: Vec<Duration>,
    /// The one that is measured.
    pub ours: Vec<Duration>,
}

impl Pair {
    /// Runs both `rounds` times in turns, after a tenth as many that do not count. Who goes first
    /// changes with each round.
    pub fn measure<A, B>(
        rounds: usize,
        mut floor: impl FnMut() -> A,
        mut ours: impl FnMut() -> B,
    ) -> Self {
        for _ in 0..rounds.div_ceil(10) {
            drop(floor());
            drop(ours());
        }
        let mut pair = Self::default();
        for round in 0..rounds {
            if round % 2 == 0 {
                pair.floor.push(time(&mut floor));
                pair.ours.push(time(&mut ours));
            } else {
                pair.ours.push(time(&mut ours));
                pair.floor.push(time(&mut floor));
            }
        }
        pair
    }

    /// Our median by the floor's.
    pub fn ratio(&self) -> f64 {
        median(self.ours.clone()).as_secs_f64() / median(self.floor.clone()).as_secs_f64()
    }

    /// The quarter and three-quarter points of the ratios of single rounds: how far to trust
    /// [`Pair::ratio`].
    pub fn spread(&self) -> (f64, f64) {
        let mut ratios: Vec<f64> = self
            .ours
            .iter()
            .zip(&self.floor)
            .map(|(ours, floor)| ours.as_secs_f64() / floor.as_secs_f64())
            .collect();
        ratios.sort_by(f64::total_cmp);
        let at = |part: usize| ratios.get(ratios.len() * part / 4).copied().unwrap_or(f64::NAN);
        (at(1), at(3))
    }
}
