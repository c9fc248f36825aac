//! Pictures by the renderer that draws the window where there is no graphics card.

use egui::{Color32, Context, FullOutput, TexturesDelta};
use egui_kittest::TestRenderer;
use image::RgbaImage;
use vario_raster::{Area, Canvas, Painter};

#[derive(Debug, Default)]
pub(crate) struct Renderer(Painter);

impl TestRenderer for Renderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.set_textures(delta);
        self.0.free_textures(delta);
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        let Area { right: width, bottom: height, .. } = Area::of(ctx.content_rect(), scale);
        let mut pixels = vec![0; width * height];
        let mut canvas = Canvas::new(width, &mut pixels);
        let whole = Area { left: 0, top: 0, right: width, bottom: height };
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        self.0.paint(&mut canvas, whole, Color32::BLACK, &primitives, scale);
        let bytes = pixels.into_iter().flat_map(|pixel| {
            let [_, red, green, blue] = u32::to_be_bytes(pixel);
            [red, green, blue, u8::MAX]
        });
        let (wide, high) = (u32::try_from(width).ok(), u32::try_from(height).ok());
        let image = wide.zip(high).and_then(|(w, h)| RgbaImage::from_raw(w, h, bytes.collect()));
        image.ok_or_else(|| "the picture is too large".to_owned())
    }
}
