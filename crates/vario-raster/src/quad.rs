//! Glyphs and pictures: two triangles that make an upright rectangle of a texture.

use egui::epaint::Vertex;
use egui::{Mesh, Pos2, pos2};

use crate::area::whole;
use crate::color::{over, pack, times};
use crate::texture::Texture;
use crate::triangle::float;
use crate::{Area, Canvas};

/// So far from the centre of a texel, in texels, that nobody sees it.
const NEAR: f32 = 1.0 / 32.0;

/// An upright rectangle of one tint.
#[derive(Debug)]
pub(crate) struct Quad {
    /// Corners in pixels.
    from: Pos2,
    to: Pos2,
    /// What of the texture is at these corners, as parts of its sides.
    uv_from: Pos2,
    uv_to: Pos2,
    tint: u32,
}

/// Reads the first two triangles as a rectangle, if they are one of those that egui makes itself.
pub(crate) fn first(mesh: &Mesh, indices: &[u32], scale: f32) -> Option<Quad> {
    let indices: [u32; 6] = *indices.first_chunk()?;
    let [left_top, right_top, left_bottom, .., right_bottom] = indices;
    if indices[3..5] != [left_bottom, right_top] {
        return None;
    }
    let corners = [left_top, right_top, left_bottom, right_bottom];
    let [left_top, right_top, left_bottom, right_bottom] =
        corners.map(|index| mesh.vertices.get(index as usize));
    let (from, to) = (left_top?, right_bottom?);
    let others = [right_top?, left_bottom?];
    let is_plain = others.iter().chain([&to]).all(|vertex| vertex.color == from.color);
    let is_upright = |place: fn(&Vertex) -> Pos2| {
        let (from, to) = (place(from), place(to));
        let corners = [pos2(to.x, from.y), pos2(from.x, to.y)];
        from.x < to.x && from.y < to.y && others.map(place) == corners
    };
    (is_plain && is_upright(|vertex| vertex.pos) && is_upright(|vertex| vertex.uv)).then(|| Quad {
        from: (from.pos.to_vec2() * scale).to_pos2(),
        to: (to.pos.to_vec2() * scale).to_pos2(),
        uv_from: from.uv,
        uv_to: to.uv,
        tint: pack(from.color),
    })
}

impl Quad {
    pub(crate) fn paint(&self, canvas: &mut Canvas<'_>, clip: Area, texture: &Texture) {
        // A pixel is inside if its centre is.
        let own = Area {
            left: whole(self.from.x),
            top: whole(self.from.y),
            right: whole(self.to.x),
            bottom: whole(self.to.y),
        };
        let part = own.and(clip);
        if part.is_empty() {
            return;
        }
        let across = Line::new(
            [self.from.x, self.to.x],
            [self.uv_from.x, self.uv_to.x].map(|u| u * float(texture.size[0])),
            part.left,
        );
        let down = Line::new(
            [self.from.y, self.to.y],
            [self.uv_from.y, self.uv_to.y].map(|v| v * float(texture.size[1])),
            part.top,
        );
        let ends = across.texel(part.right - part.left).zip(down.texel(part.bottom - part.top));
        for row in part.top..part.bottom {
            let pixels = canvas.row(row, part.left, part.right);
            if let Some((x, y)) = ends {
                texture.line(pixels, [x, y + row - part.top], self.tint);
                continue;
            }
            let y = down.at(row - part.top);
            for (index, pixel) in pixels.iter_mut().enumerate() {
                *pixel = over(*pixel, times(texture.sample(across.at(index), y), self.tint));
            }
        }
    }
}

/// Where in the texture the pixels of a row or column are.
struct Line {
    start: f32,
    step: f32,
}

impl Line {
    /// `pixels` and `texels` are of the whole rectangle, `first` is the first pixel that is painted.
    fn new(pixels: [f32; 2], texels: [f32; 2], first: usize) -> Self {
        let step = (texels[1] - texels[0]) / (pixels[1] - pixels[0]);
        Self { start: texels[0] + (float(first) + 0.5 - pixels[0]) * step, step }
    }

    fn at(&self, pixel: usize) -> f32 {
        self.start + self.step * float(pixel)
    }

    /// The first texel, where each pixel lies on one.
    fn texel(&self, pixels: usize) -> Option<usize> {
        let texel = (self.start - 0.5).round();
        let is_near = |pixel: usize| (self.at(pixel) - 0.5 - texel - float(pixel)).abs() < NEAR;
        (texel >= 0.0 && is_near(0) && is_near(pixels)).then(|| whole(texel))
    }
}
