//! How opaque each pixel is, and shapes that say how much of a pixel they cover.
//!
//! Shapes are functions of a pixel's middle. They know how far it is from their edge, which makes
//! edges smooth without a drawing library.

use super::{DESIGN, Icon, Square, pixels};

pub(super) struct Canvas {
    size: usize,
    alpha: Vec<f32>,
}

impl Canvas {
    pub(super) fn new(size: usize) -> Self {
        Self { size, alpha: vec![0.0; size * size] }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn whole(&self) -> Square {
        Square { left: 0.0, top: 0.0, side: pixels(self.size) }
    }

    /// One pixel of the design, in pixels of this canvas.
    pub(super) fn unit(&self) -> f32 {
        pixels(self.size) / DESIGN
    }

    /// Paints a shape over what is there. The shape gives how much of the pixel around a point it
    /// covers, 0 to 1.
    pub(super) fn paint(&mut self, opacity: f32, shape: impl Fn(f32, f32) -> f32) {
        for (place, alpha) in self.alpha.iter_mut().enumerate() {
            let x = pixels(place % self.size) + 0.5;
            let y = pixels(place / self.size) + 0.5;
            let added = opacity * shape(x, y).clamp(0.0, 1.0);
            *alpha = added + *alpha * (1.0 - added);
        }
    }

    pub(super) fn into_icon(self, [red, green, blue]: [u8; 3]) -> Icon {
        let argb = self.alpha.into_iter().flat_map(|alpha| [byte(alpha), red, green, blue]);
        Icon { size: self.size, argb: argb.collect() }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is cast is within 0 and 255"
)]
fn byte(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// A rectangle (left, top, width, height) with round corners.
pub(super) fn rounded([left, top, width, height]: [f32; 4], radius: f32, x: f32, y: f32) -> f32 {
    let beyond = |at: f32, start: f32, length: f32| {
        (at - start - length / 2.0).abs() - (length / 2.0 - radius)
    };
    let (across, down) = (beyond(x, left, width), beyond(y, top, height));
    let outside = across.max(0.0).hypot(down.max(0.0));
    cover(outside + across.max(down).min(0.0) - radius)
}

/// A ring whose stroke has its middle at `radius`.
pub(super) fn ring(middle: (f32, f32), radius: f32, width: f32, x: f32, y: f32) -> f32 {
    cover(((x - middle.0).hypot(y - middle.1) - radius).abs() - width / 2.0)
}

/// A line with round ends.
pub(super) fn stroke(from: (f32, f32), to: (f32, f32), width: f32, x: f32, y: f32) -> f32 {
    let (along, down) = (to.0 - from.0, to.1 - from.1);
    let length = along * along + down * down;
    let share = ((x - from.0) * along + (y - from.1) * down) / length.max(f32::MIN_POSITIVE);
    let share = share.clamp(0.0, 1.0);
    cover((x - from.0 - share * along).hypot(y - from.1 - share * down) - width / 2.0)
}

/// Which way a point lies, in turns from the top clockwise: 0.25 is to the right.
pub(super) fn turn(middle: (f32, f32), x: f32, y: f32) -> f32 {
    ((x - middle.0).atan2(middle.1 - y) / std::f32::consts::TAU).rem_euclid(1.0)
}

/// How much of a pixel is covered whose middle is so far outside of an edge.
fn cover(outside: f32) -> f32 {
    (0.5 - outside).clamp(0.0, 1.0)
}
