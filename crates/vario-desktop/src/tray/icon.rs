//! The icon itself, drawn in one colour: only how opaque a pixel is differs.

mod canvas;
mod digits;
mod mask;

use vario_output::present::{MAX_BARS, bar_fill, percent_text};

use self::canvas::Canvas;
use super::{TrayProvider, TrayStyle, TrayView};

/// How opaque a track is (contract section 7.9).
const TRACK: f32 = 0.16;
/// How opaque the remainder at a bar's right end is, over the track.
const REMAINDER: f32 = 0.24;
const FULL: f32 = 1.0;

/// The size the shapes were designed at; others are multiples of it.
const DESIGN: f32 = 22.0;

/// Below this the percentage would be a smudge.
const LEAST_FOR_TEXT: usize = 20;

/// A square picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// Width and height in pixels.
    pub size: usize,
    /// Four bytes a pixel, row by row from the top: alpha, red, green, blue. Colours are not
    /// multiplied by alpha.
    pub argb: Vec<u8>,
}

/// Draws the tray's icon. `size` is in pixels and is held within 8 and 512.
pub fn icon(view: &TrayView, size: usize) -> Icon {
    let mut canvas = Canvas::new(size.clamp(8, 512));
    match (view.style, &view.provider) {
        (TrayStyle::Bars, _) if !view.items.is_empty() => {
            let fractions = view.items.iter().take(MAX_BARS).map(|item| item.fraction);
            bars(&mut canvas, &fractions.collect::<Vec<_>>());
        }
        (TrayStyle::Provider, Some(provider)) => with_percentage(&mut canvas, provider),
        (TrayStyle::Donut, Some(provider)) => donut(&mut canvas, provider),
        _ => {
            let whole = canvas.whole().inset(canvas.unit());
            gauge(&mut canvas, whole);
        }
    }
    canvas.into_icon(view.ink)
}

/// A square part of the canvas, in pixels.
#[derive(Debug, Clone, Copy)]
struct Square {
    left: f32,
    top: f32,
    side: f32,
}

impl Square {
    fn inset(self, by: f32) -> Self {
        Self { left: self.left + by, top: self.top + by, side: (self.side - 2.0 * by).max(1.0) }
    }

    fn middle(self) -> (f32, f32) {
        (self.left + self.side / 2.0, self.top + self.side / 2.0)
    }
}

/// Thin bars on whole pixels, in the middle when there are few.
fn bars(canvas: &mut Canvas, fractions: &[Option<f64>]) {
    let size = canvas.size();
    let step = (size / 11).max(1);
    let (count, track) = (fractions.len(), size - 2 * step);
    let gaps = step * (count - 1);
    let thickness = (track.saturating_sub(gaps) / count).clamp(1, (size / 4).max(1));
    let first_top = size.saturating_sub(thickness * count + gaps) / 2;
    for (place, fraction) in fractions.iter().enumerate() {
        let top = first_top + place * (thickness + step);
        bar(canvas, [step, top, track, thickness].map(pixels), *fraction);
    }
}

/// Rounded at both ends; where the fill ends inside, its edge is straight.
fn bar(canvas: &mut Canvas, track: [f32; 4], fraction: Option<f64>) {
    let [left, _, width, height] = track;
    let parts = bar_fill(f64::from(width), fraction);
    let radius = (height / 2.0).min(canvas.unit() * 1.5);
    let shape = |x, y| canvas::rounded(track, radius, x, y);
    let fill_end = left + narrow(parts.fill_px);
    let remainder_start = left + width - narrow(parts.remainder_px);
    canvas.paint(TRACK, shape);
    canvas.paint(REMAINDER, |x, y| if x > remainder_start { shape(x, y) } else { 0.0 });
    canvas.paint(FULL, |x, y| if x < fill_end { shape(x, y) } else { 0.0 });
}

fn with_percentage(canvas: &mut Canvas, provider: &TrayProvider) {
    let whole = canvas.whole();
    if canvas.size() < LEAST_FOR_TEXT {
        return logo(canvas, provider, whole);
    }
    let scale = (canvas.size() / 22).max(1);
    let text = percent_text(provider.fraction);
    let text_top = canvas.size() - digits::HEIGHT * scale;
    let side = pixels(text_top - scale);
    let left = ((whole.side - side) / 2.0).floor();
    logo(canvas, provider, Square { left, top: 0.0, side });
    digits::write(canvas, &text, text_top, scale);
}

/// The ring starts at the top and fills clockwise.
fn donut(canvas: &mut Canvas, provider: &TrayProvider) {
    let whole = canvas.whole();
    let middle = whole.middle();
    let width = canvas.unit() * 3.0;
    let radius = (whole.side - width) / 2.0;
    let ring = |x, y| canvas::ring(middle, radius, width, x, y);
    canvas.paint(TRACK, ring);
    if let Some(fraction) = provider.fraction.filter(|fraction| *fraction > 0.0) {
        // As with bars: something used can be seen, and so can something left.
        let pixel = 1.0 / (std::f32::consts::TAU * radius);
        let most = if fraction < 1.0 { 1.0 - 2.0 * canvas.unit() * pixel } else { 1.0 };
        let turn = narrow(fraction).clamp(pixel, most);
        canvas.paint(FULL, |x, y| {
            let ahead = (turn - canvas::turn(middle, x, y)) / pixel + 0.5;
            let part = if turn < 1.0 { ahead.clamp(0.0, 1.0) } else { 1.0 };
            ring(x, y) * part
        });
    }
    logo(canvas, provider, whole.inset(width + canvas.unit() * 1.5));
}

fn logo(canvas: &mut Canvas, provider: &TrayProvider, place: Square) {
    match provider.mask.as_ref().filter(|mask| mask::is_sound(mask)) {
        Some(mask) => mask::draw(canvas, mask, place),
        None => gauge(canvas, place),
    }
}

/// Three quarters of a dial, open below, with a needle that points to the upper right.
fn gauge(canvas: &mut Canvas, place: Square) {
    let middle = place.middle();
    let width = (place.side / 8.0).max(1.0);
    let radius = (place.side - width) / 2.0;
    let reach = radius * 0.62 * std::f32::consts::FRAC_1_SQRT_2;
    let tip = (middle.0 + reach, middle.1 - reach);
    canvas.paint(FULL, |x, y| {
        let from_below = (canvas::turn(middle, x, y) - 0.5).abs();
        let arc = (from_below - 0.125) * std::f32::consts::TAU * radius + 0.5;
        let dial = canvas::ring(middle, radius, width, x, y) * arc.clamp(0.0, 1.0);
        let needle = canvas::stroke(middle, tip, width, x, y);
        let hub = canvas::stroke(middle, middle, width * 1.8, x, y);
        dial.max(needle).max(hub)
    });
}

#[expect(clippy::cast_precision_loss, reason = "an icon has at most 512 pixels a side")]
fn pixels(count: usize) -> f32 {
    count as f32
}

#[expect(clippy::cast_possible_truncation, reason = "fractions and pixels of an icon are small")]
fn narrow(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests;
