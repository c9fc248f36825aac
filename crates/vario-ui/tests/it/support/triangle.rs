//! One triangle, pixel by pixel.
//!
//! Corners lie on a grid of 1/256 pixel, and which pixels are inside is decided in whole numbers:
//! two triangles with a common edge paint each pixel along it exactly once.

use egui::{Color32, Pos2};

/// Parts of a pixel.
const SUB: i64 = 256;

/// A picture in the making: premultiplied red, green, blue, alpha.
#[derive(Debug)]
pub(crate) struct Pixels {
    width: usize,
    height: usize,
    data: Vec<[u8; 4]>,
}

impl Pixels {
    /// A transparent one.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![[0; 4]; width * height] }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.data.into_flattened()
    }
}

/// The pixels that may be touched; `right` and `bottom` are outside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clip {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

/// A texture with premultiplied colours.
#[derive(Debug)]
pub(crate) struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
    nearest: bool,
}

impl Texture {
    pub(crate) fn new(size: [usize; 2], pixels: Vec<Color32>, nearest: bool) -> Self {
        Self { size, pixels, nearest }
    }

    /// Replaces a part.
    pub(crate) fn patch(
        &mut self,
        [x, y]: [usize; 2],
        [width, height]: [usize; 2],
        pixels: &[Color32],
    ) {
        for (row, line) in pixels.chunks_exact(width).take(height).enumerate() {
            let start = (y + row) * self.size[0] + x;
            self.pixels[start..start + width].copy_from_slice(line);
        }
    }

    /// The colour at a place of the texture, 0 to 1 in each channel.
    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let (x, y) = (u * float(self.size[0]) - 0.5, v * float(self.size[1]) - 0.5);
        if self.nearest {
            return self.texel(x.round(), y.round());
        }
        let (left, top) = (x.floor(), y.floor());
        let (right_part, bottom_part) = (x - left, y - top);
        let mut mixed = self.texel(left, top);
        if right_part > 0.0 {
            mixed = mix(mixed, self.texel(left + 1.0, top), right_part);
        }
        if bottom_part > 0.0 {
            let mut below = self.texel(left, top + 1.0);
            if right_part > 0.0 {
                below = mix(below, self.texel(left + 1.0, top + 1.0), right_part);
            }
            mixed = mix(mixed, below, bottom_part);
        }
        mixed
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates, which is what clamping to the edge needs"
    )]
    fn texel(&self, x: f32, y: f32) -> [f32; 4] {
        let x = (x as usize).min(self.size[0].saturating_sub(1));
        let y = (y as usize).min(self.size[1].saturating_sub(1));
        let color = self.pixels[y * self.size[0] + x].to_array();
        color.map(|channel| f32::from(channel) / 255.0)
    }
}

fn mix(one: [f32; 4], other: [f32; 4], part: f32) -> [f32; 4] {
    let mut mixed = one;
    for (own, other) in mixed.iter_mut().zip(other) {
        *own += (other - *own) * part;
    }
    mixed
}

/// What varies over a triangle: two for the texture's place, four for the colour.
type Varying = [f32; 6];

/// A corner of a triangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corner {
    x: i64,
    y: i64,
    varying: Varying,
}

impl Corner {
    pub(crate) fn new(pos: Pos2, uv: Pos2, color: Color32, scale: f32) -> Self {
        let [r, g, b, a] = color.to_array().map(f32::from);
        Self { x: grid(pos.x * scale), y: grid(pos.y * scale), varying: [uv.x, uv.y, r, g, b, a] }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped; what is far outside stays outside")]
fn grid(pixels: f32) -> i64 {
    (f64::from(pixels) * 256.0).round().clamp(-1e9, 1e9) as i64
}

/// Paints a triangle.
pub(crate) fn triangle(target: &mut Pixels, clip: Clip, texture: &Texture, corners: [Corner; 3]) {
    let [a, mut b, mut c] = corners;
    let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if area == 0 {
        return;
    }
    if area < 0 {
        std::mem::swap(&mut b, &mut c);
    }
    let edges = [Edge::new(a, b), Edge::new(b, c), Edge::new(c, a)];
    let paint = Paint::new(texture, [a, b, c]);
    let lowest = a.y.min(b.y).min(c.y).div_euclid(SUB);
    let highest = a.y.max(b.y).max(c.y).div_euclid(SUB) + 1;
    let top = usize::try_from(lowest).unwrap_or(0).max(clip.top);
    let bottom = usize::try_from(highest).unwrap_or(0).min(clip.bottom);
    for row in top..bottom {
        let (mut left, mut right) = (clip.left, clip.right);
        for edge in &edges {
            edge.narrow(row, &mut left, &mut right);
        }
        if left < right {
            let start = row * target.width;
            paint.span(&mut target.data[start + left..start + right], left, row);
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
        let y = center(row);
        // With x = SUB * column + SUB / 2 this is step * column + start >= 0.
        let step = self.across * SUB;
        let start = self.across * (SUB / 2) + self.down * y + self.rest;
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
#[derive(Debug)]
struct Paint<'a> {
    texture: &'a Texture,
    origin: Corner,
    /// Change for each pixel to the right, and downwards.
    across: Varying,
    down: Varying,
    plain_color: bool,
    plain_place: bool,
}

impl<'a> Paint<'a> {
    fn new(texture: &'a Texture, [a, b, c]: [Corner; 3]) -> Self {
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
        let same = |range: std::ops::Range<usize>| {
            a.varying[range.clone()] == b.varying[range.clone()]
                && a.varying[range.clone()] == c.varying[range]
        };
        let (plain_place, plain_color) = (same(0..2), same(2..6));
        Self { texture, origin: a, across, down, plain_color, plain_place }
    }

    fn at(&self, x: usize, y: usize) -> Varying {
        let right = float_i(center(x) - self.origin.x) / float_i(SUB);
        let below = float_i(center(y) - self.origin.y) / float_i(SUB);
        let mut varying = self.origin.varying;
        for ((own, across), down) in varying.iter_mut().zip(self.across).zip(self.down) {
            *own += across * right + down * below;
        }
        varying
    }

    fn span(&self, pixels: &mut [[u8; 4]], left: usize, row: usize) {
        let [u, v, color @ ..] = self.origin.varying;
        let texel = self.texture.sample(u, v);
        if self.plain_place && self.plain_color {
            plain_span(pixels, times(texel, color));
            return;
        }
        for (index, pixel) in pixels.iter_mut().enumerate() {
            let [u, v, color @ ..] = self.at(left + index, row);
            let texel = if self.plain_place { texel } else { self.texture.sample(u, v) };
            blend(pixel, times(texel, color.map(|channel| channel.clamp(0.0, 255.0))));
        }
    }
}

fn times(texel: [f32; 4], color: [f32; 4]) -> [f32; 4] {
    let mut product = texel;
    for (own, color) in product.iter_mut().zip(color) {
        *own *= color;
    }
    product
}

fn plain_span(pixels: &mut [[u8; 4]], color: [f32; 4]) {
    if color[3] >= 255.0 {
        pixels.fill(color.map(byte));
        return;
    }
    // Mostly there is one ground under a span.
    let mut known: Option<([u8; 4], [u8; 4])> = None;
    for pixel in pixels {
        match known {
            Some((before, after)) if before == *pixel => *pixel = after,
            _ => {
                let before = *pixel;
                blend(pixel, color);
                known = Some((before, *pixel));
            }
        }
    }
}

fn blend(pixel: &mut [u8; 4], color: [f32; 4]) {
    if color[3] <= 0.0 && color[0] <= 0.0 && color[1] <= 0.0 && color[2] <= 0.0 {
        return;
    }
    let kept = 1.0 - color[3] / 255.0;
    for (own, color) in pixel.iter_mut().zip(color) {
        *own = byte(color + f32::from(*own) * kept);
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
fn float(size: usize) -> f32 {
    size as f32
}

#[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
fn float_i(size: i64) -> f32 {
    size as f32
}
