//! The pictures can be trusted only as far as what draws them.

use egui::epaint::Vertex;
use egui::{Color32, Mesh, Pos2, Rect, Shape, Stroke, TextureId, TextureOptions, pos2, vec2};
use egui_kittest::Harness;
use image::{Rgba, RgbaImage};

use crate::support::Renderer;

/// What a painter paints on 32 by 32 points of black.
fn picture(scale: f32, paint: impl Fn(&egui::Painter) + 'static) -> RgbaImage {
    let ui = move |ui: &mut egui::Ui| {
        let painter = ui.ctx().layer_painter(egui::LayerId::background());
        painter.rect_filled(Rect::EVERYTHING, 0.0, Color32::BLACK);
        paint(&painter);
    };
    let builder = Harness::builder().with_size(vec2(32.0, 32.0)).with_pixels_per_point(scale);
    builder.renderer(Renderer::default()).build_ui(ui).render().expect("a picture")
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
    let indices = [0, 1, 4, 1, 2, 4, 4, 3, 2, 0, 3, 4];
    let image = picture(1.0, move |painter| {
        painter.add(triangles(&corners, &indices, half));
    });
    for (x, y, pixel) in image.enumerate_pixels() {
        let inside = (4..28).contains(&x) && (4..28).contains(&y);
        assert_eq!(pixel.0[0], if inside { 100 } else { 0 }, "at {x}, {y}");
    }
}

#[test]
fn a_clip_is_kept() {
    let clip = Rect::from_min_max(pos2(3.0, 5.0), pos2(10.0, 9.5));
    let image = picture(2.0, move |painter| {
        painter.with_clip_rect(clip).rect_filled(Rect::EVERYTHING, 0.0, Color32::RED);
    });
    for (x, y, pixel) in image.enumerate_pixels() {
        let inside = (6..20).contains(&x) && (10..19).contains(&y);
        assert_eq!(pixel.0[0] == 255, inside, "at {x}, {y}");
    }
}

#[test]
fn colors_are_blended_as_they_are_stored() {
    let half_white = Color32::from_white_alpha(128);
    let image = picture(1.0, move |painter| {
        painter.rect_filled(Rect::EVERYTHING, 0.0, Color32::from_rgb(200, 0, 100));
        painter.rect_filled(Rect::EVERYTHING, 0.0, half_white);
    });
    // 128 + c * 127 / 255, without going through linear light.
    assert_eq!(*image.get_pixel(16, 16), Rgba([228, 128, 178, 255]));
}

#[test]
fn a_texture_is_sampled_between_its_pixels() {
    let image = picture(1.0, |painter| {
        let black_white = egui::ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE]);
        let ctx = painter.ctx();
        let texture = ctx.load_texture("two", black_white, TextureOptions::LINEAR);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        let place = Rect::from_min_size(Pos2::ZERO, vec2(32.0, 32.0));
        painter.image(texture.id(), place, whole, Color32::WHITE);
        ctx.data_mut(|data| data.insert_temp(egui::Id::unique("kept"), texture));
    });
    let row: Vec<u8> = (0..32).map(|x| image.get_pixel(x, 7).0[0]).collect();
    assert!(row[..8].iter().all(|value| *value == 0), "{row:?}");
    assert!(row[24..].iter().all(|value| *value == 255), "{row:?}");
    assert!(row[8..24].is_sorted_by(|a, b| a < b), "{row:?}");
}

#[test]
fn curves_are_smooth() {
    let image = picture(1.0, |painter| {
        painter.circle(pos2(16.0, 16.0), 10.0, Color32::WHITE, Stroke::NONE);
    });
    let between = image.pixels().filter(|pixel| (1..255).contains(&pixel.0[0])).count();
    assert!((20..140).contains(&between), "{between} pixels are neither black nor white");
    assert_eq!(*image.get_pixel(16, 16), Rgba([255; 4]));
}
