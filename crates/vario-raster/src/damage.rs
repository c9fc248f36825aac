//! What has changed from one frame to the next.
//!
//! The picture is divided into tiles. For each one a sum is made of all triangles that may touch
//! it, in their order; a tile whose sum is the one of the frame before looks as it did.

use egui::TextureId;
use egui::epaint::{ClippedPrimitive, Primitive, Vertex};

use crate::Area;

/// A tile's side in pixels.
const SIDE: usize = 32;

#[derive(Debug, Default)]
pub(crate) struct Tiles {
    size: [usize; 2],
    scale: f32,
    sums: Vec<u64>,
    before: Vec<u64>,
}

impl Tiles {
    /// The area of all tiles that look different now. `textures` says how often one was changed.
    pub(crate) fn changes(
        &mut self,
        primitives: &[ClippedPrimitive],
        scale: f32,
        size: [usize; 2],
        textures: impl Fn(TextureId) -> u64,
    ) -> Option<Area> {
        let [columns, rows] = size.map(|side| side.div_ceil(SIDE));
        std::mem::swap(&mut self.sums, &mut self.before);
        self.sums.clear();
        self.sums.resize(columns * rows, 0);
        let is_known = self.size == size && self.scale.to_bits() == scale.to_bits();
        (self.size, self.scale) = (size, scale);
        let whole = Area { left: 0, top: 0, right: size[0], bottom: size[1] };
        for primitive in primitives {
            let clip = Area::of(primitive.clip_rect, scale).and(whole);
            if !clip.is_empty() {
                let texture = |id| word(0, textures(id));
                self.add(&primitive.primitive, clip, scale, columns, texture);
            }
        }
        if !is_known {
            return (!whole.is_empty()).then_some(whole);
        }
        let differ = self.sums.iter().zip(&self.before).enumerate();
        let changed = differ.filter(|(_, (now, before))| now != before).map(|(index, _)| {
            let (left, top) = (index % columns * SIDE, index / columns * SIDE);
            Area { left, top, right: left + SIDE, bottom: top + SIDE }.and(whole)
        });
        changed.reduce(Area::with)
    }

    fn add(
        &mut self,
        primitive: &Primitive,
        clip: Area,
        scale: f32,
        columns: usize,
        texture: impl Fn(TextureId) -> u64,
    ) {
        let Primitive::Mesh(mesh) = primitive else { return };
        let id = match mesh.texture_id {
            TextureId::Managed(id) => id,
            TextureId::User(id) => !id,
        };
        let sides = [clip.left, clip.top, clip.right, clip.bottom];
        let start = word(texture(mesh.texture_id), id);
        let start = sides.iter().fold(start, |sum, side| word(sum, *side as u64));
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |index: &u32| mesh.vertices.get(*index as usize);
            let [a, b, c] = corners else { continue };
            let (Some(a), Some(b), Some(c)) = (corner(a), corner(b), corner(c)) else { continue };
            let corners = [a, b, c];
            let sum = corners.iter().fold(start, |sum, vertex| with_vertex(sum, vertex));
            let touched = around(corners, scale).and(clip);
            if touched.is_empty() {
                continue;
            }
            for row in touched.top / SIDE..touched.bottom.div_ceil(SIDE) {
                let line = row * columns;
                let tiles = line + touched.left / SIDE..line + touched.right.div_ceil(SIDE);
                for tile in self.sums.get_mut(tiles).unwrap_or_default() {
                    *tile = word(*tile, sum);
                }
            }
        }
    }
}

/// The pixels that a triangle may touch, and a few more.
fn around([a, b, c]: [&Vertex; 3], scale: f32) -> Area {
    let least = a.pos.min(b.pos).min(c.pos);
    let most = a.pos.max(b.pos).max(c.pos);
    let rect = egui::Rect::from_min_max(least, most);
    let area = Area::of(rect, scale);
    Area {
        left: area.left.saturating_sub(1),
        top: area.top.saturating_sub(1),
        right: area.right.saturating_add(1),
        bottom: area.bottom.saturating_add(1),
    }
}

fn with_vertex(sum: u64, vertex: &Vertex) -> u64 {
    let pair = |x: f32, y: f32| u64::from(x.to_bits()) << 32 | u64::from(y.to_bits());
    let sum = word(sum, pair(vertex.pos.x, vertex.pos.y));
    let sum = word(sum, pair(vertex.uv.x, vertex.uv.y));
    word(sum, u64::from(u32::from_be_bytes(vertex.color.to_array())))
}

/// The sum with one more word. Nobody gains anything by making two that are alike: all that happens
/// is that something of their own is shown late.
fn word(sum: u64, word: u64) -> u64 {
    (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}
