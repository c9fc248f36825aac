//! Pictures that are known, drawn through egui itself.

use egui::epaint::{ClippedPrimitive, Vertex};
use egui::{Color32, ColorImage, Mesh, Pos2, RawInput, Rect, Shape, Stroke, TextureHandle};
use egui::{TextureId, TextureOptions, pos2, vec2};

use crate::{Area, Canvas, Painter};

const SIDE: usize = 64;

const WHOLE: Area = Area { left: 0, top: 0, right: SIDE, bottom: SIDE };

/// A picture of 64 by 64 pixels, and what draws it.
struct Easel {
    context: egui::Context,
    painter: Painter,
    scale: f32,
    pixels: Vec<u32>,
}

impl Easel {
    fn new(scale: f32) -> Self {
        let context = egui::Context::default();
        context.set_pixels_per_point(scale);
        Self { context, painter: Painter::default(), scale, pixels: vec![0; SIDE * SIDE] }
    }

    fn primitives(&mut self, paint: impl Fn(&egui::Painter)) -> Vec<ClippedPrimitive> {
        let size = vec2(64.0, 64.0) / self.scale;
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, size));
        let mut input = RawInput { screen_rect, ..RawInput::default() };
        let viewport = input.viewports.entry(egui::ViewportId::ROOT).or_default();
        viewport.native_pixels_per_point = Some(1.0);
        let layer = egui::LayerId::background();
        let mut output = self.context.run_ui(input, |ui| paint(&ui.ctx().layer_painter(layer)));
        assert_eq!(output.pixels_per_point.to_bits(), self.scale.to_bits());
        self.painter.set_textures(&mut output.textures_delta);
        self.painter.free_textures(&mut output.textures_delta);
        self.context.tessellate(std::mem::take(&mut output.shapes), self.scale)
    }

    /// Paints what has changed, gives what that was, and checks that the rest is right, too.
    fn paint(&mut self, paint: impl Fn(&egui::Painter)) -> Option<Area> {
        let primitives = self.primitives(paint);
        let changed = self.painter.changes(&primitives, self.scale, [SIDE; 2]);
        let mut pixels = std::mem::take(&mut self.pixels);
        let mut canvas = Canvas::new(SIDE, &mut pixels);
        if let Some(part) = changed {
            self.painter.paint(&mut canvas, part, Color32::BLACK, &primitives, self.scale);
        }
        let mut anew = vec![1; SIDE * SIDE];
        let mut canvas = Canvas::new(SIDE, &mut anew);
        self.painter.paint(&mut canvas, WHOLE, Color32::BLACK, &primitives, self.scale);
        assert!(anew == pixels, "what is left is not what would be painted");
        self.pixels = pixels;
        changed
    }

    fn at(&self, x: usize, y: usize) -> u32 {
        self.pixels[y * SIDE + x]
    }
}

fn each() -> impl Iterator<Item = (usize, usize)> {
    (0..SIDE * SIDE).map(|index| (index % SIDE, index / SIDE))
}

fn triangles(corners: &[Pos2], indices: &[u32], color: Color32) -> Shape {
    let vertices = corners.iter().map(|pos| Vertex::untextured(*pos, color)).collect();
    Shape::mesh(Mesh { indices: indices.to_vec(), vertices, texture_id: TextureId::default() })
}

#[test]
fn a_common_edge_is_painted_once() {
    // A fan around a point between pixels: any pixel painted twice is brighter, any left out darker.
    let half = Color32::from_rgba_premultiplied(100, 100, 100, 100);
    let rim = [pos2(4.0, 4.0), pos2(28.0, 4.0), pos2(28.0, 28.0), pos2(4.0, 28.0)];
    let corners = [&rim[..], &[pos2(13.37, 17.11)]].concat();
    let mut easel = Easel::new(1.0);
    easel.paint(|painter| {
        painter.add(triangles(&corners, &[0, 1, 4, 1, 2, 4, 4, 3, 2, 0, 3, 4], half));
    });
    for (x, y) in each() {
        let inside = (4..28).contains(&x) && (4..28).contains(&y);
        assert_eq!(easel.at(x, y), if inside { 0x64_6464 } else { 0 }, "at {x}, {y}");
    }
}

#[test]
fn a_clip_is_kept() {
    let clip = Rect::from_min_max(pos2(3.0, 5.0), pos2(10.0, 9.5));
    let mut easel = Easel::new(2.0);
    easel.paint(|painter| {
        painter.with_clip_rect(clip).rect_filled(Rect::EVERYTHING, 0.0, Color32::RED);
    });
    for (x, y) in each() {
        let inside = (6..20).contains(&x) && (10..19).contains(&y);
        assert_eq!(easel.at(x, y) == 0xff_0000, inside, "at {x}, {y}");
    }
}

#[test]
fn colors_are_blended_as_they_are_stored() {
    let mut easel = Easel::new(1.0);
    easel.paint(|painter| {
        painter.rect_filled(Rect::EVERYTHING, 0.0, Color32::from_rgb(200, 0, 100));
        painter.rect_filled(Rect::EVERYTHING, 0.0, Color32::from_white_alpha(128));
    });
    // 128 + c * 127 / 255, without going through linear light: 228, 128, 178.
    assert_eq!(easel.at(16, 16), 0xe4_80b2);
}

#[test]
fn curves_are_smooth() {
    let mut easel = Easel::new(1.0);
    easel.paint(|painter| {
        painter.circle(pos2(16.0, 16.0), 10.0, Color32::WHITE, Stroke::NONE);
    });
    let between = easel.pixels.iter().filter(|pixel| !matches!(**pixel, 0 | 0xff_ffff)).count();
    assert!((20..140).contains(&between), "{between} pixels are neither black nor white");
    assert_eq!(easel.at(16, 16), 0xff_ffff);
}

#[test]
fn a_shade_goes_from_corner_to_corner() {
    let (white, black) = (Color32::WHITE, Color32::BLACK);
    let corners = [(0.0, 0.0, black), (64.0, 0.0, white), (0.0, 64.0, black), (64.0, 64.0, white)];
    let vertices = corners.map(|(x, y, color)| Vertex::untextured(pos2(x, y), color)).to_vec();
    let mut easel = Easel::new(1.0);
    easel.paint(|painter| {
        let (indices, vertices) = (vec![0, 1, 2, 2, 1, 3], vertices.clone());
        painter.add(Mesh { indices, vertices, texture_id: TextureId::default() });
    });
    for (x, y) in each() {
        let expected = (x * 2 + 1) * 255 / 128;
        let [_, red, green, blue] = easel.at(x, y).to_be_bytes();
        assert!(usize::from(red).abs_diff(expected) <= 1, "{red} at {x}, {y}");
        assert_eq!([green, blue], [red; 2]);
    }
}

/// A texture and where it lies on the picture.
fn image(easel: &Easel, image: ColorImage) -> TextureHandle {
    easel.context.load_texture("image", image, TextureOptions::LINEAR)
}

fn whole_of(texture: &TextureHandle, painter: &egui::Painter, place: Rect, tint: Color32) {
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    painter.image(texture.id(), place, whole, tint);
}

#[test]
fn a_texture_is_sampled_between_its_pixels() {
    let mut easel = Easel::new(1.0);
    let two = ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE]);
    let texture = image(&easel, two);
    easel.paint(|painter| {
        let place = Rect::from_min_size(Pos2::ZERO, vec2(32.0, 32.0));
        whole_of(&texture, painter, place, Color32::WHITE);
    });
    let row: Vec<u32> = (0..32).map(|x| easel.at(x, 7) & 0xff).collect();
    assert!(row[..8].iter().all(|value| *value == 0), "{row:?}");
    assert!(row[24..].iter().all(|value| *value == 255), "{row:?}");
    assert!(row[8..24].is_sorted_by(|a, b| a < b), "{row:?}");
}

/// As glyphs and icons are: each pixel is one of the texture, times the tint.
#[test]
fn what_lies_on_pixels_is_copied() {
    let white = |index: usize| Color32::from_white_alpha(u8::try_from(index * 3 % 256).unwrap());
    let colors = |index: usize| match index % 3 {
        0 => Color32::from_rgb(250, 100, 7),
        1 => Color32::TRANSPARENT,
        _ => Color32::from_rgba_premultiplied(90, 20, 0, 128),
    };
    let tint = Color32::from_rgb(255, 128, 51);
    for (color, scale) in [(&white as &dyn Fn(usize) -> Color32, 1.0), (&colors, 2.0)] {
        let mut easel = Easel::new(scale);
        let texels: Vec<Color32> = (0..8 * 6).map(color).collect();
        let texture = image(&easel, ColorImage::new([8, 6], texels.clone()));
        easel.paint(|painter| {
            let place = Rect::from_min_size(pos2(10.0, 4.0), vec2(8.0, 6.0) / scale);
            painter.rect_filled(Rect::EVERYTHING, 0.0, Color32::from_rgb(0, 0, 200));
            whole_of(&texture, painter, place, tint);
        });
        let (left, top) = if scale > 1.0 { (20, 8) } else { (10, 4) };
        for (index, texel) in texels.iter().enumerate() {
            let kept = 1.0 - f32::from(texel.a()) / 255.0;
            let ground = [0.0, 0.0, 200.0];
            let [_, found @ ..] = easel.at(left + index % 8, top + index / 8).to_be_bytes();
            for channel in 0..3 {
                let own = f32::from(texel[channel]) * f32::from(tint[channel]) / 255.0;
                let exact = own + ground[channel] * kept;
                assert!((f32::from(found[channel]) - exact).abs() <= 1.0, "{index}: {found:?}");
            }
        }
    }
}

#[test]
fn only_what_changes_is_painted_again() {
    let mut easel = Easel::new(1.0);
    let dot = |x: f32, color| {
        move |painter: &egui::Painter| {
            painter.rect_filled(Rect::EVERYTHING, 0.0, Color32::DARK_GRAY);
            painter.circle_filled(pos2(x, 10.0), 4.0, color);
        }
    };
    assert_eq!(easel.paint(dot(10.0, Color32::RED)), Some(WHOLE));
    assert_eq!(easel.paint(dot(10.0, Color32::RED)), None);
    let corner = Area { right: 32, bottom: 32, ..WHOLE };
    assert_eq!(easel.paint(dot(10.0, Color32::BLUE)), Some(corner));
    assert_eq!(easel.paint(dot(11.0, Color32::BLUE)), Some(corner));
    // Where it was, and where it is.
    assert_eq!(easel.paint(dot(50.0, Color32::BLUE)), Some(Area { bottom: 32, ..WHOLE }));
}

#[test]
fn another_picture_in_the_same_place_is_painted() {
    let mut easel = Easel::new(1.0);
    let mut texture = image(&easel, ColorImage::filled([4, 4], Color32::RED));
    let place = Rect::from_min_size(pos2(40.0, 40.0), vec2(4.0, 4.0));
    easel.paint(|painter| whole_of(&texture, painter, place, Color32::WHITE));
    assert_eq!(easel.at(41, 41), 0xff_0000);
    texture.set(ColorImage::filled([4, 4], Color32::GREEN), TextureOptions::LINEAR);
    easel.paint(|painter| whole_of(&texture, painter, place, Color32::WHITE));
    assert_eq!(easel.at(41, 41), 0x00_ff00);
    let patch = ColorImage::filled([2, 4], Color32::BLUE);
    texture.set_partial([2, 0], patch, TextureOptions::LINEAR);
    easel.paint(|painter| whole_of(&texture, painter, place, Color32::WHITE));
    assert_eq!([easel.at(41, 41), easel.at(42, 41)], [0x00_ff00, 0x00_00ff]);
    drop(texture);
    easel.paint(|_| {});
    assert_eq!(easel.at(41, 41), 0);
}

/// Nothing that egui, or a plugin behind it, could come up with ends the program.
#[test]
fn nonsense_is_survived() {
    let far = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, 0.0, 63.9];
    let mut easel = Easel::new(1.0);
    let corners: Vec<Pos2> = far.iter().flat_map(|x| far.map(|y| pos2(*x, y))).collect();
    let count = u32::try_from(corners.len()).unwrap();
    let indices: Vec<u32> = (0..count * 9).map(|index| index * 17 % (count + 2)).collect();
    let vertices = corners.iter().map(|pos| Vertex { pos: *pos, uv: *pos, color: Color32::RED });
    let mesh = Mesh { indices, vertices: vertices.collect(), texture_id: TextureId::default() };
    for clip in
        [Rect::EVERYTHING, Rect::NOTHING, Rect::NAN, Rect::from_min_max(corners[3], corners[40])]
    {
        let primitive = ClippedPrimitive {
            clip_rect: clip,
            primitive: egui::epaint::Primitive::Mesh(mesh.clone()),
        };
        easel.primitives(|_| {});
        easel.painter.changes(std::slice::from_ref(&primitive), 1.0, [SIDE; 2]);
        let mut canvas = Canvas::new(SIDE, &mut easel.pixels);
        easel.painter.paint(&mut canvas, WHOLE, Color32::BLACK, &[primitive], 1.0);
    }
}
