//! Draws what egui has laid out into a picture in memory, without a graphics card.
//!
//! A window on a machine without one would have OpenGL drawn by Mesa's llvmpipe, a compiler of 55 MB
//! that is loaded for a page of text. egui's triangles are few and mostly of one colour or glyphs
//! that lie on whole pixels, so painting them directly costs less than that in time, too.
//!
//! Colours are blended as egui's own renderers do it: premultiplied, in the values they are stored
//! in. Corners lie on a grid of 1/256 pixel and what is inside is decided in whole numbers, so two
//! triangles with a common edge paint each pixel along it exactly once. Only what has changed since
//! the last frame is painted again (see [`Painter::changes`]).

#![warn(clippy::disallowed_methods, reason = "a picture is made of what is handed in")]

mod area;
mod color;
mod damage;
mod quad;
mod texture;
mod triangle;

use std::collections::HashMap;

use egui::epaint::{ClippedPrimitive, Primitive};
use egui::{Color32, Mesh, TextureId, TexturesDelta};

pub use area::Area;

use crate::damage::Tiles;
use crate::texture::Texture;
use crate::triangle::Corner;

/// A picture in memory: rows from the top, each pixel `0x00RRGGBB`.
#[derive(Debug)]
pub struct Canvas<'a> {
    width: usize,
    pixels: &'a mut [u32],
}

impl<'a> Canvas<'a> {
    /// A picture of so many pixels across; what is left over at the end belongs to no row.
    pub fn new(width: usize, pixels: &'a mut [u32]) -> Self {
        Self { width, pixels }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> [usize; 2] {
        [self.width, self.pixels.len().checked_div(self.width).unwrap_or(0)]
    }

    fn whole(&self) -> Area {
        let [right, bottom] = self.size();
        Area { left: 0, top: 0, right, bottom }
    }

    /// A part of a row that lies inside.
    fn row(&mut self, row: usize, left: usize, right: usize) -> &mut [u32] {
        let start = row * self.width;
        self.pixels.get_mut(start + left..start + right).unwrap_or_default()
    }
}

/// Knows egui's textures and what was painted last.
#[derive(Debug, Default)]
pub struct Painter {
    textures: HashMap<TextureId, Texture>,
    tiles: Tiles,
}

impl Painter {
    /// Takes over what textures egui has made and changed. To be called before the frame that
    /// shows them is painted.
    #[expect(clippy::iter_over_hash_type, reason = "textures know nothing of each other")]
    pub fn set_textures(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for image in &images {
                match (image.pos, self.textures.get_mut(&id)) {
                    (None, known) => {
                        let age = known.map_or(0, |texture| texture.changes + 1);
                        self.textures.insert(id, Texture::new(image, age));
                    }
                    (Some(pos), Some(texture)) => {
                        // Glyphs are only ever added to the font's.
                        let is_shown_already = id != TextureId::default();
                        texture.patch(pos, image, is_shown_already);
                    }
                    (Some(_), None) => {}
                }
            }
        }
    }

    /// Forgets the textures that egui has given up. To be called after the frame was painted.
    #[expect(clippy::iter_over_hash_type, reason = "textures know nothing of each other")]
    pub fn free_textures(&mut self, delta: &mut TexturesDelta) {
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// The part of a picture of this size that looks different from the frame that was asked about
    /// before; everything at first and with another size. `scale` is pixels per point.
    pub fn changes(
        &mut self,
        primitives: &[ClippedPrimitive],
        scale: f32,
        size: [usize; 2],
    ) -> Option<Area> {
        let changes = |id| self.textures.get(&id).map_or(0, |texture: &Texture| texture.changes);
        self.tiles.changes(primitives, scale, size, changes)
    }

    /// Paints a part of a frame on a ground of one colour. `scale` is pixels per point.
    pub fn paint(
        &self,
        canvas: &mut Canvas<'_>,
        part: Area,
        ground: Color32,
        primitives: &[ClippedPrimitive],
        scale: f32,
    ) {
        let part = part.and(canvas.whole());
        let ground = color::pack(ground) & 0x00ff_ffff;
        for row in part.top..part.bottom {
            canvas.row(row, part.left, part.right).fill(ground);
        }
        for primitive in primitives {
            let clip = Area::of(primitive.clip_rect, scale).and(part);
            if let Primitive::Mesh(mesh) = &primitive.primitive
                && !clip.is_empty()
                && let Some(texture) = self.textures.get(&mesh.texture_id)
            {
                paint_mesh(canvas, clip, texture, mesh, scale);
            }
        }
    }
}

fn paint_mesh(canvas: &mut Canvas<'_>, clip: Area, texture: &Texture, mesh: &Mesh, scale: f32) {
    let mut rest = mesh.indices.as_slice();
    while rest.len() >= 3 {
        if let Some(quad) = quad::first(mesh, rest, scale) {
            quad.paint(canvas, clip, texture);
            rest = rest.get(6..).unwrap_or_default();
            continue;
        }
        let (first, others) = rest.split_at(3);
        let corner = |index: u32| mesh.vertices.get(index as usize);
        if let &[a, b, c] = first
            && let (Some(a), Some(b), Some(c)) = (corner(a), corner(b), corner(c))
        {
            let corners = [a, b, c].map(|vertex| Corner::new(vertex, scale));
            triangle::paint(canvas, clip, texture, corners);
        }
        rest = others;
    }
}

#[cfg(test)]
mod tests;
