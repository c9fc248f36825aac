//! One triangle, row by row.

use egui::epaint::Vertex;

use crate::color::{cover, over, times};
use crate::texture::Texture;
use crate::{Area, Canvas};

/// Parts of a pixel.
const SUB: i64 = 256;

/// What varies over a triangle: four for the colour (alpha, red, green, blue), two for the
/// texture's place.
type Varying = [f32; 6];

/// A corner of a triangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corner {
    x: i64,
    y: i64,
    varying: Varying,
}

impl Corner {
    pub(crate) fn new(vertex: &Vertex, scale: f32) -> Self {
        let [r, g, b, a] = vertex.color.to_array().map(f32::from);
        let varying = [a, r, g, b, vertex.uv.x, vertex.uv.y];
        Self { x: grid(vertex.pos.x * scale), y: grid(vertex.pos.y * scale), varying }
    }
}

fn color(varying: &Varying) -> u32 {
    let [a, r, g, b, ..] = *varying;
    u32::from_be_bytes([a, r, g, b].map(byte))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped; what is far outside stays outside")]
fn grid(pixels: f32) -> i64 {
    (f64::from(pixels) * 256.0).round().clamp(-1e9, 1e9) as i64
}

/// Paints a triangle.
pub(crate) fn paint(canvas: &mut Canvas<'_>, clip: Area, texture: &Texture, corners: [Corner; 3]) {
    let [a, mut b, mut c] = corners;
    let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if area == 0 {
        return;
    }
    if area < 0 {
        std::mem::swap(&mut b, &mut c);
    }
    let lowest = a.y.min(b.y).min(c.y).div_euclid(SUB);
    let highest = a.y.max(b.y).max(c.y).div_euclid(SUB) + 1;
    let top = usize::try_from(lowest).unwrap_or(0).max(clip.top);
    let bottom = usize::try_from(highest).unwrap_or(0).min(clip.bottom);
    if top >= bottom {
        return;
    }
    let edges = [Edge::new(a, b), Edge::new(b, c), Edge::new(c, a)];
    let paint = Paint::new(texture, [a, b, c]);
    for row in top..bottom {
        let (mut left, mut right) = (clip.left, clip.right);
        for edge in &edges {
            edge.narrow(row, &mut left, &mut right);
        }
        if left < right {
            paint.span(canvas.row(row, left, right), left, row);
        }
    }
}

/// One side: inside is where `across * x + down * y + rest` is not negative.
#[derive(Debug)]
struct Edge {
    across: i64,
    down: i64,
    rest: i64,
}

impl Edge {
    fn new(from: Corner, to: Corner) -> Self {
        let (across, down) = (from.y - to.y, to.x - from.x);
        // A pixel right on a side belongs to the triangle below it or to the right of it.
        let top_or_left = across > 0 || (across == 0 && down > 0);
        let bias = i64::from(!top_or_left);
        Self { across, down, rest: -(across * from.x + down * from.y) - bias }
    }

    /// Takes from a row's span the pixels whose centres are outside.
    fn narrow(&self, row: usize, left: &mut usize, right: &mut usize) {
        // With x = SUB * column + SUB / 2 this is step * column + start >= 0.
        let step = self.across * SUB;
        let start = self.across * (SUB / 2) + self.down * center(row) + self.rest;
        if step > 0 {
            let first = -start.div_euclid(step);
            *left = (*left).max(usize::try_from(first).unwrap_or(0));
        } else if step < 0 {
            let last = start.div_euclid(-step);
            *right = (*right).min(usize::try_from(last + 1).unwrap_or(0));
        } else if start < 0 {
            *right = *left;
        }
    }
}

fn center(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX / SUB / 2) * SUB + SUB / 2
}

/// The colours of a triangle.
enum Paint<'a> {
    /// Everywhere the same.
    Plain(u32),
    /// The corners' colours, and one texel.
    Shaded(Plane, u32),
    Textured(Plane, &'a Texture),
}

impl<'a> Paint<'a> {
    fn new(texture: &'a Texture, corners: [Corner; 3]) -> Self {
        let [a, b, c] = corners;
        let same = |range: std::ops::Range<usize>| {
            a.varying[range.clone()] == b.varying[range.clone()]
                && a.varying[range.clone()] == c.varying[range]
        };
        if !same(4..6) {
            return Self::Textured(Plane::new(corners), texture);
        }
        let texel = texture
            .sample(a.varying[4] * float(texture.size[0]), a.varying[5] * float(texture.size[1]));
        if same(0..4) {
            return Self::Plain(times(color(&a.varying), texel));
        }
        Self::Shaded(Plane::new(corners), texel)
    }

    fn span(&self, pixels: &mut [u32], left: usize, row: usize) {
        match self {
            Self::Plain(color) => cover(pixels, *color),
            Self::Shaded(plane, texel) => {
                let mut varying = plane.at(left, row);
                for pixel in pixels {
                    let color = color(&varying);
                    let color = if *texel == u32::MAX { color } else { times(color, *texel) };
                    *pixel = over(*pixel, color);
                    plane.step(&mut varying);
                }
            }
            Self::Textured(plane, texture) => {
                let [width, height] = texture.size.map(float);
                let mut varying = plane.at(left, row);
                for pixel in pixels {
                    let [.., u, v] = varying;
                    let texel = texture.sample(u * width, v * height);
                    *pixel = over(*pixel, times(color(&varying), texel));
                    plane.step(&mut varying);
                }
            }
        }
    }
}

/// How what varies changes from pixel to pixel.
struct Plane {
    origin: Corner,
    across: Varying,
    down: Varying,
}

impl Plane {
    fn new([a, b, c]: [Corner; 3]) -> Self {
        let sub = float_i(SUB);
        let (bx, by) = (float_i(b.x - a.x) / sub, float_i(b.y - a.y) / sub);
        let (cx, cy) = (float_i(c.x - a.x) / sub, float_i(c.y - a.y) / sub);
        let area = bx * cy - by * cx;
        let (mut across, mut down) = ([0.0; 6], [0.0; 6]);
        for index in 0..6 {
            let to_b = b.varying[index] - a.varying[index];
            let to_c = c.varying[index] - a.varying[index];
            across[index] = (to_b * cy - to_c * by) / area;
            down[index] = (to_c * bx - to_b * cx) / area;
        }
        Self { origin: a, across, down }
    }

    /// At the centre of a pixel.
    fn at(&self, x: usize, y: usize) -> Varying {
        let right = float_i(center(x) - self.origin.x) / float_i(SUB);
        let below = float_i(center(y) - self.origin.y) / float_i(SUB);
        let mut varying = self.origin.varying;
        for ((own, across), down) in varying.iter_mut().zip(self.across).zip(self.down) {
            *own += across * right + down * below;
        }
        varying
    }

    /// One pixel to the right.
    fn step(&self, varying: &mut Varying) {
        for (own, across) in varying.iter_mut().zip(self.across) {
            *own += across;
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates"
)]
fn byte(channel: f32) -> u8 {
    (channel + 0.5) as u8
}

#[expect(clippy::cast_precision_loss, reason = "a texture's side")]
pub(crate) fn float(size: usize) -> f32 {
    size as f32
}

#[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
fn float_i(size: i64) -> f32 {
    size as f32
}
