//! The few letters of a percentage, in pixels: a font would be a blur at this size.

use super::canvas::Canvas;
use super::pixels;

/// How high a letter is, in pixels of the design.
pub(super) const HEIGHT: usize = 7;

/// A letter's width and its rows, the leftmost pixel in the highest of `width` bits.
type Glyph = (usize, [u8; HEIGHT]);

fn glyph(letter: char) -> Option<Glyph> {
    Some(match letter {
        '0' => (4, [0b0110, 0b1001, 0b1001, 0b1001, 0b1001, 0b1001, 0b0110]),
        '1' => (3, [0b010, 0b110, 0b010, 0b010, 0b010, 0b010, 0b111]),
        '2' => (4, [0b0110, 0b1001, 0b0001, 0b0010, 0b0100, 0b1000, 0b1111]),
        '3' => (4, [0b1110, 0b0001, 0b0001, 0b0110, 0b0001, 0b0001, 0b1110]),
        '4' => (4, [0b0010, 0b0110, 0b1010, 0b1010, 0b1111, 0b0010, 0b0010]),
        '5' => (4, [0b1111, 0b1000, 0b1110, 0b0001, 0b0001, 0b1001, 0b0110]),
        '6' => (4, [0b0110, 0b1000, 0b1000, 0b1110, 0b1001, 0b1001, 0b0110]),
        '7' => (4, [0b1111, 0b0001, 0b0001, 0b0010, 0b0010, 0b0100, 0b0100]),
        '8' => (4, [0b0110, 0b1001, 0b1001, 0b0110, 0b1001, 0b1001, 0b0110]),
        '9' => (4, [0b0110, 0b1001, 0b1001, 0b0111, 0b0001, 0b0001, 0b0110]),
        '%' => (5, [0b11001, 0b11001, 0b00010, 0b00100, 0b01000, 0b10011, 0b10011]),
        '-' => (4, [0, 0, 0, 0b1111, 0, 0, 0]),
        _ => return None,
    })
}

/// Writes in the middle of the row that starts at `top`; `scale` pixels make one of the design.
/// Letters that are not in a percentage are left out.
pub(super) fn write(canvas: &mut Canvas, text: &str, top: usize, scale: usize) {
    let glyphs: Vec<Glyph> = text.chars().filter_map(glyph).collect();
    let width = glyphs.iter().map(|(width, _)| width + 1).sum::<usize>().saturating_sub(1);
    let mut left = canvas.size().saturating_sub(width * scale) / 2;
    for (width, rows) in glyphs {
        canvas.paint(1.0, |x, y| {
            let is_inked = cell(x, left, scale, width)
                .zip(cell(y, top, scale, HEIGHT))
                .is_some_and(|(column, row)| rows[row] >> (width - 1 - column) & 1 == 1);
            if is_inked { 1.0 } else { 0.0 }
        });
        left += (width + 1) * scale;
    }
}

/// Which of the cells from `start` on a pixel lies in.
fn cell(at: f32, start: usize, scale: usize, count: usize) -> Option<usize> {
    (0..count).find(|index| {
        let from = pixels(start + index * scale);
        at > from && at < from + pixels(scale)
    })
}
