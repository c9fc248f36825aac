//! A rectangle of whole pixels.

use egui::Rect;

/// Pixels from `left` up to but without `right`, and from `top` up to but without `bottom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub left: usize,
    /// The first row.
    pub top: usize,
    /// The column after the last one.
    pub right: usize,
    /// The row after the last one.
    pub bottom: usize,
}

impl Area {
    /// The pixels of a rectangle in points, rounded as egui's own renderers round a clip.
    pub fn of(rect: Rect, scale: f32) -> Self {
        Self {
            left: whole(rect.min.x * scale),
            top: whole(rect.min.y * scale),
            right: whole(rect.max.x * scale),
            bottom: whole(rect.max.y * scale),
        }
    }

    /// What both have in common.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The least that holds both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Whether there is no pixel in it.
    pub fn is_empty(self) -> bool {
        self.left >= self.right || self.top >= self.bottom
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, and that is wanted"
)]
pub(crate) fn whole(pixels: f32) -> usize {
    pixels.round() as usize
}
