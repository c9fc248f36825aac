use super::progress::clamp01;

/// A quota at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SparkPoint {
    /// When.
    pub at_ms: i64,
    /// How much was used.
    pub used: f64,
    /// Of how much.
    pub limit: f64,
}

/// A quota over time in so many cells: the greatest used share in each, 0 to 1. A cell without a
/// measurement is empty, for what happened there is not known.
///
/// The share is that of the limit, as bars show it: a line at half height is a quota half used.
pub fn spark_cells(
    points: &[SparkPoint],
    from_ms: i64,
    to_ms: i64,
    cells: usize,
) -> Vec<Option<f64>> {
    let mut shares = vec![None; cells];
    for point in points {
        let share = clamp01(point.used / point.limit);
        if let Some(cell) = cell(point.at_ms, from_ms, to_ms, cells)
            && let Some(place) = shares.get_mut(cell)
        {
            *place = Some(place.map_or(share, |other: f64| other.max(share)));
        }
    }
    shares
}

/// The cell of a moment; the end of the time belongs to the last one.
fn cell(at_ms: i64, from_ms: i64, to_ms: i64, cells: usize) -> Option<usize> {
    let whole = i128::from(to_ms) - i128::from(from_ms);
    let part = i128::from(at_ms) - i128::from(from_ms);
    if whole <= 0 || cells == 0 || !(0..=whole).contains(&part) {
        return None;
    }
    let cell = part * i128::try_from(cells).ok()? / whole;
    usize::try_from(cell).ok().map(|cell| cell.min(cells - 1))
}
