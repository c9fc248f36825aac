//! A plugin's icon, scaled to its place in ours.

use super::super::TrayMask;
use super::canvas::Canvas;
use super::{Square, pixels};

/// More pixels than this a side are not scaled in reasonable time.
const MOST_PIXELS: usize = 1024;

pub(super) fn is_sound(mask: &TrayMask) -> bool {
    let sides = 1..=MOST_PIXELS;
    sides.contains(&mask.width)
        && sides.contains(&mask.height)
        && mask.alpha.len() == mask.width * mask.height
}

/// Fits the mask into the place, in the middle of the shorter side.
pub(super) fn draw(canvas: &mut Canvas, mask: &TrayMask, place: Square) {
    let (width, height) = (pixels(mask.width), pixels(mask.height));
    let scale = width.max(height) / place.side;
    let (middle_x, middle_y) = place.middle();
    let (left, top) = (middle_x - width / scale / 2.0, middle_y - height / scale / 2.0);
    canvas.paint(1.0, |x, y| {
        let columns = ((x - 0.5 - left) * scale, (x + 0.5 - left) * scale);
        let rows = ((y - 0.5 - top) * scale, (y + 0.5 - top) * scale);
        average(mask, columns, rows)
    });
}

/// The mean over a part of the mask; what lies outside of it is transparent.
fn average(mask: &TrayMask, columns: (f32, f32), rows: (f32, f32)) -> f32 {
    let mut sum = 0.0;
    for (row, share) in touched(rows, mask.height) {
        for (column, part) in touched(columns, mask.width) {
            let alpha = mask.alpha.get(row * mask.width + column).copied().unwrap_or_default();
            sum += f32::from(alpha) / 255.0 * share * part;
        }
    }
    sum / ((columns.1 - columns.0) * (rows.1 - rows.0))
}

/// Which of `count` pixels a range touches, and with how much of it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is cast is within 0 and the number of pixels"
)]
fn touched((from, to): (f32, f32), count: usize) -> impl Iterator<Item = (usize, f32)> {
    let limit = |edge: f32| edge.clamp(0.0, pixels(count));
    let (first, end) = (limit(from).floor() as usize, limit(to).ceil() as usize);
    (first..end).map(move |index| {
        let share = to.min(pixels(index) + 1.0) - from.max(pixels(index));
        (index, share.max(0.0))
    })
}
