//! A picture as a mask.

use egui::{Color32, ColorImage};
use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// A file that is larger is no icon; a manifest's check says so before.
const MAX_BYTES: usize = 1024 * 1024;

/// The picture's alpha as white, in a square of so many pixels; nothing if it is no picture, or if
/// it shows nothing.
pub(super) fn mask(bytes: &[u8], pixels: u16) -> Option<ColorImage> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let side = u32::from(pixels);
    let mut pixmap = Pixmap::new(side, side)?;
    if bytes.starts_with(b"\x89PNG") {
        png(bytes, &mut pixmap)?;
    } else {
        svg(bytes, &mut pixmap)?;
    }
    if pixmap.pixels().iter().all(|pixel| pixel.alpha() == 0) {
        return None;
    }
    let white = |alpha: u8| Color32::from_rgba_premultiplied(alpha, alpha, alpha, alpha);
    let colors: Vec<Color32> = pixmap.pixels().iter().map(|pixel| white(pixel.alpha())).collect();
    let side = usize::from(pixels);
    Some(ColorImage::new([side, side], colors))
}

/// What fits the picture into the square, in the middle.
fn fit(width: f32, height: f32, side: f32) -> Option<Transform> {
    let scale = side / width.max(height);
    let usable = scale.is_finite() && scale > 0.0;
    let (dx, dy) = ((side - width * scale) / 2.0, (side - height * scale) / 2.0);
    usable.then(|| Transform::from_row(scale, 0.0, 0.0, scale, dx, dy))
}

#[expect(clippy::cast_precision_loss, reason = "a texture's side is small")]
fn svg(bytes: &[u8], pixmap: &mut Pixmap) -> Option<()> {
    let options = Options {
        // An icon is one file: it neither reads others nor carries any.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_data(bytes, &options).ok()?;
    let size = tree.size();
    let transform = fit(size.width(), size.height(), pixmap.width() as f32)?;
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    Some(())
}

#[expect(clippy::cast_precision_loss, reason = "a picture's side is small")]
fn png(bytes: &[u8], pixmap: &mut Pixmap) -> Option<()> {
    let picture = Pixmap::decode_png(bytes).ok()?;
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let transform = fit(width, height, pixmap.width() as f32)?;
    let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
    pixmap.draw_pixmap(0, 0, picture.as_ref(), &paint, transform, None);
    Some(())
}
