//! Two programs in turns, so that what the machine does meanwhile hits both alike.

use std::time::{Duration, Instant};

use anyhow::Result;

/// The middle of some durations; zero of none.
pub fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied().unwrap_or_default()
}

/// What this part of some durations, 0 to 1, does not exceed: 0.99 for all but the slowest
/// hundredth, 1 for the longest. Zero of none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a place among some thousands"
)]
pub fn part(durations: &[Duration], part: f64) -> Duration {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len() as f64 * part.clamp(0.0, 1.0)).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

/// How long one call takes.
pub fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = work();
    let spent = start.elapsed();
    drop(std::hint::black_box(result));
    spent
}

fn try_time<T>(work: impl FnOnce() -> Result<T>) -> Result<Duration> {
    let start = Instant::now();
    let result = work();
    let spent = start.elapsed();
    drop(std::hint::black_box(result?));
    Ok(spent)
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
    ///
    /// # Errors
    /// The first failure: what a program that fails takes says nothing.
    pub fn measure<A, B>(
        rounds: usize,
        floor: impl FnMut() -> Result<A>,
        ours: impl FnMut() -> Result<B>,
    ) -> Result<Self> {
        Self::measure_after(rounds, || Ok(()), floor, ours)
    }

    /// As [`Pair::measure`], with something to be done before each of our turns that is not
    /// counted.
    ///
    /// # Errors
    /// As [`Pair::measure`].
    pub fn measure_after<A, B>(
        rounds: usize,
        mut before: impl FnMut() -> Result<()>,
        mut floor: impl FnMut() -> Result<A>,
        mut ours: impl FnMut() -> Result<B>,
    ) -> Result<Self> {
        let mut floor = || try_time(&mut floor);
        let mut ours = || {
            before()?;
            try_time(&mut ours)
        };
        for _ in 0..rounds.div_ceil(10) {
            floor()?;
            ours()?;
        }
        let mut pair = Self::default();
        for round in 0..rounds {
            if round % 2 == 0 {
                pair.floor.push(floor()?);
                pair.ours.push(ours()?);
            } else {
                pair.ours.push(ours()?);
                pair.floor.push(floor()?);
            }
        }
        Ok(pair)
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
