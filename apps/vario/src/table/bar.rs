//! A quota's bar.

use super::paper::{Paper, Row};
use crate::style::Look;

/// Draws a bar of so many cells, filled by `percent` of 0 to 100, with a mark at `marker` percent.
///
/// A bar that is not empty shows at least its least part, and one that is not full is not drawn
/// full.
pub(super) fn put_bar(
    row: &mut Row<'_>,
    paper: &Paper,
    cells: usize,
    percent: f64,
    marker: Option<f64>,
    look: Look<'_>,
) {
    let glyphs = &paper.glyphs;
    let parts = glyphs.cells.len();
    let filled = share(percent, cells * parts);
    let at = marker.map(|percent| share(percent, cells).min(cells.saturating_sub(1)));
    let full = &glyphs.cells[parts - 1];
    let mut run = (look, String::new());
    for cell in 0..cells {
        let (look, glyph) = match filled.saturating_sub(cell * parts) {
            _ if at == Some(cell) => (Look::Bold, glyphs.marker),
            0 => (Look::Dim, glyphs.track),
            part => (look, *glyphs.cells.get(part - 1).unwrap_or(full)),
        };
        if look != run.0 {
            row.put(run.0, &std::mem::take(&mut run.1));
            run.0 = look;
        }
        run.1.push_str(glyph);
    }
    row.put(run.0, &run.1);
}

/// The share of a whole, 0 only of nothing and all only of everything.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "from 0 to a few hundred"
)]
fn share(percent: f64, whole: usize) -> usize {
    if percent >= 100.0 {
        return whole;
    }
    if percent.is_nan() || percent <= 0.0 {
        return 0;
    }
    let share = (percent / 100.0 * whole as f64).round() as usize;
    share.clamp(1, whole.saturating_sub(1).max(1))
}
