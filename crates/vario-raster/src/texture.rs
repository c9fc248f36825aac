//! What egui has sent to be painted with.

use egui::epaint::ImageDelta;
use egui::epaint::textures::TextureFilter;
use egui::{Color32, ImageData};

use crate::color::{over, pack, scale, times};

/// A picture with premultiplied colours.
#[derive(Debug)]
pub(crate) struct Texture {
    pub(crate) size: [usize; 2],
    texels: Texels,
    nearest: bool,
    /// How often what may have been shown already was changed.
    pub(crate) changes: u64,
}

/// Rows from the top.
#[derive(Debug)]
enum Texels {
    /// White, more or less of it: fonts, in a quarter of the memory.
    White(Vec<u8>),
    /// Packed colours.
    Colors(Vec<u32>),
}

impl Texels {
    fn new(colors: &[Color32]) -> Self {
        match white(colors) {
            Some(parts) => Self::White(parts),
            None => Self::Colors(colors.iter().copied().map(pack).collect()),
        }
    }
}

/// The share of white in each, if there is nothing else.
fn white(colors: &[Color32]) -> Option<Vec<u8>> {
    let share = |color: &Color32| {
        let [r, g, b, a] = color.to_array();
        (r == a && g == a && b == a).then_some(a)
    };
    colors.iter().map(share).collect()
}

impl Texture {
    pub(crate) fn new(image: &ImageDelta, changes: u64) -> Self {
        let ImageData::Color(pixels) = &image.image;
        let nearest = image.options.magnification == TextureFilter::Nearest;
        Self { size: pixels.size, texels: Texels::new(&pixels.pixels), nearest, changes }
    }

    /// Replaces a part.
    pub(crate) fn patch(&mut self, [x, y]: [usize; 2], image: &ImageDelta, counts: bool) {
        let ImageData::Color(pixels) = &image.image;
        self.changes += u64::from(counts);
        if let Texels::White(parts) = &self.texels
            && white(&pixels.pixels).is_none()
        {
            self.texels = Texels::Colors(parts.iter().map(|part| white_of(*part)).collect());
        }
        let width = pixels.size[0].min(self.size[0].saturating_sub(x));
        for (row, line) in pixels.pixels.chunks_exact(pixels.size[0].max(1)).enumerate() {
            let start = (y + row) * self.size[0] + x;
            match &mut self.texels {
                Texels::White(parts) => put(parts, start, &line[..width], |color| color.a()),
                Texels::Colors(colors) => put(colors, start, &line[..width], pack),
            }
        }
    }

    fn texel(&self, x: usize, y: usize) -> u32 {
        let place = y * self.size[0] + x;
        match &self.texels {
            Texels::White(parts) => parts.get(place).copied().map_or(0, white_of),
            Texels::Colors(colors) => colors.get(place).copied().unwrap_or_default(),
        }
    }

    /// The colour at a place in texels; between their centres it is mixed.
    pub(crate) fn sample(&self, x: f32, y: f32) -> u32 {
        let (x, y) = (x - 0.5, y - 0.5);
        if self.nearest {
            return self.texel(self.inside(x.round(), 0), self.inside(y.round(), 1));
        }
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (part(x - left), part(y - top));
        let (right, bottom) = (self.inside(left + 1.0, 0), self.inside(top + 1.0, 1));
        let (left, top) = (self.inside(left, 0), self.inside(top, 1));
        let line = |y| mix(self.texel(left, y), || self.texel(right, y), across);
        mix(line(top), || line(bottom), down)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates, which is what clamping to the edge needs"
    )]
    fn inside(&self, place: f32, side: usize) -> usize {
        (place as usize).min(self.size[side].saturating_sub(1))
    }

    /// Paints a line of texels, each on one pixel. What is outside of the texture paints nothing.
    pub(crate) fn line(&self, pixels: &mut [u32], [x, y]: [usize; 2], tint: u32) {
        let start = y * self.size[0] + x;
        let end = start + pixels.len().min(self.size[0].saturating_sub(x));
        match &self.texels {
            Texels::White(parts) => {
                let parts = parts.get(start..end).unwrap_or_default();
                for (pixel, part) in pixels.iter_mut().zip(parts) {
                    if *part != 0 {
                        *pixel = over(*pixel, scale(tint, u32::from(*part)));
                    }
                }
            }
            Texels::Colors(colors) => {
                let colors = colors.get(start..end).unwrap_or_default();
                for (pixel, color) in pixels.iter_mut().zip(colors) {
                    if *color != 0 {
                        *pixel = over(*pixel, times(*color, tint));
                    }
                }
            }
        }
    }
}

fn put<T>(texels: &mut [T], start: usize, line: &[Color32], turn: impl Fn(Color32) -> T) {
    for (texel, color) in texels.iter_mut().skip(start).zip(line) {
        *texel = turn(*color);
    }
}

fn white_of(part: u8) -> u32 {
    u32::from(part) * 0x0101_0101
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of one becomes a part of 255"
)]
fn part(of_one: f32) -> u32 {
    ((of_one * 255.0).round() as u32).min(255)
}

fn mix(one: u32, other: impl FnOnce() -> u32, part: u32) -> u32 {
    match part {
        0 => one,
        255 => other(),
        // Rounded twice, a channel is one above what it may be at most.
        _ => {
            let (one, other) = (scale(one, 255 - part), scale(other(), part));
            add(one, other)
        }
    }
}

fn add(one: u32, other: u32) -> u32 {
    let mut channels = one.to_be_bytes();
    for (own, other) in channels.iter_mut().zip(other.to_be_bytes()) {
        *own = own.saturating_add(other);
    }
    u32::from_be_bytes(channels)
}
