//! Draws egui's triangles into a picture without a graphics card, the same on every machine.

use std::collections::HashMap;

use egui::epaint::{ClippedPrimitive, Primitive, textures::TextureFilter};
use egui::{Context, FullOutput, Mesh, Rect, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;
use image::RgbaImage;

use super::triangle::{Clip, Corner, Pixels, Texture, triangle};

/// A [`TestRenderer`] that blends as egui's own renderers do: gamma space, premultiplied alpha.
#[derive(Debug, Default)]
pub(crate) struct Renderer {
    textures: HashMap<TextureId, Texture>,
}

impl TestRenderer for Renderer {
    #[expect(clippy::iter_over_hash_type, reason = "textures know nothing of each other")]
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for image in images {
                let nearest = image.options.magnification == TextureFilter::Nearest;
                let egui::ImageData::Color(pixels) = &image.image;
                match image.pos {
                    None => {
                        let texture = Texture::new(pixels.size, pixels.pixels.clone(), nearest);
                        self.textures.insert(id, texture);
                    }
                    Some(pos) => {
                        let texture = self.textures.get_mut(&id).expect("a patch has a ground");
                        texture.patch(pos, pixels.size, &pixels.pixels);
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        let size = ctx.content_rect().size() * scale;
        let (width, height) = (whole(size.x), whole(size.y));
        let mut target = Pixels::new(width, height);
        for primitive in ctx.tessellate(output.shapes.clone(), scale) {
            self.primitive(&primitive, scale, &mut target)?;
        }
        let (wide, high) = (u32::try_from(width).ok(), u32::try_from(height).ok());
        let image = wide.zip(high).and_then(|(w, h)| RgbaImage::from_raw(w, h, target.bytes()));
        image.ok_or_else(|| "the picture is too large".to_owned())
    }
}

impl Renderer {
    fn primitive(
        &self,
        primitive: &ClippedPrimitive,
        scale: f32,
        target: &mut Pixels,
    ) -> Result<(), String> {
        let clip = clip(primitive.clip_rect, scale, target);
        match &primitive.primitive {
            Primitive::Mesh(mesh) => self.mesh(mesh, clip, scale, target),
            Primitive::Callback(_) => Err("nothing of ours paints by itself".to_owned()),
        }
    }

    fn mesh(&self, mesh: &Mesh, clip: Clip, scale: f32, target: &mut Pixels) -> Result<(), String> {
        let texture = self.textures.get(&mesh.texture_id);
        let texture = texture.ok_or_else(|| format!("no texture {:?}", mesh.texture_id))?;
        let corner = |index: &u32| {
            let vertex = mesh.vertices.get(*index as usize)?;
            Some(Corner::new(vertex.pos, vertex.uv, vertex.color, scale))
        };
        for indices in mesh.indices.chunks_exact(3) {
            let corners: Option<Vec<Corner>> = indices.iter().map(corner).collect();
            let corners = corners.ok_or("a triangle without a corner")?;
            triangle(target, clip, texture, [corners[0], corners[1], corners[2]]);
        }
        Ok(())
    }
}

/// The pixels a shape may touch, rounded as egui's own renderers round.
fn clip(rect: Rect, scale: f32, target: &Pixels) -> Clip {
    let (width, height) = (target.width(), target.height());
    let (left, top) = (whole(rect.min.x * scale).min(width), whole(rect.min.y * scale).min(height));
    let (right, bottom) = (whole(rect.max.x * scale), whole(rect.max.y * scale));
    Clip { left, top, right: right.clamp(left, width), bottom: bottom.clamp(top, height) }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, and that is wanted"
)]
fn whole(points: f32) -> usize {
    points.round() as usize
}
