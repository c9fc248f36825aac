//! Plugins' icons and our own, drawn as masks and kept as textures.

mod glyphs;
mod raster;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use egui::{Color32, Rect, TextureHandle, TextureOptions, Ui, pos2};

pub(crate) use self::glyphs::Glyph;

/// An icon's file: SVG, or PNG of which only the alpha counts.
#[derive(Clone)]
pub struct IconSource {
    bytes: Arc<[u8]>,
    key: u64,
}

impl IconSource {
    /// Icons with the same content share one texture.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self { bytes, key: hasher.finish() }
    }
}

impl IconSource {
    /// How opaque the icon is in a square of so many pixels, row by row; nothing if it cannot be
    /// drawn.
    pub fn alpha(&self, side: u16) -> Option<Vec<u8>> {
        let image = raster::mask(&self.bytes, side)?;
        Some(image.pixels.iter().map(egui::Color32::a).collect())
    }
}

impl std::fmt::Debug for IconSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "IconSource({} bytes)", self.bytes.len())
    }
}

/// The textures, by content and size in pixels.
#[derive(Default)]
pub(crate) struct Icons {
    plugins: HashMap<(u64, u16), Option<TextureHandle>>,
    glyphs: HashMap<(Glyph, u16), TextureHandle>,
}

impl std::fmt::Debug for Icons {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Icons({})", self.plugins.len() + self.glyphs.len())
    }
}

/// More textures than this come from sizes no longer shown; all are drawn anew.
const MOST: usize = 512;

impl Icons {
    /// Paints a plugin's icon; the default one if there is none or it cannot be drawn.
    pub(crate) fn plugin(
        &mut self,
        ui: &Ui,
        rect: Rect,
        source: Option<&IconSource>,
        color: Color32,
    ) {
        let pixels = pixels(ui, rect);
        if self.plugins.len() > MOST {
            self.plugins.clear();
        }
        let texture = source.and_then(|source| {
            let entry = self.plugins.entry((source.key, pixels));
            entry.or_insert_with(|| load(ui, "plugin icon", &source.bytes, pixels)).clone()
        });
        match texture {
            Some(texture) => paint(ui, rect, &texture, color),
            None => self.glyph(ui, rect, Glyph::Plugin, color),
        }
    }

    /// Paints one of our own icons.
    pub(crate) fn glyph(&mut self, ui: &Ui, rect: Rect, glyph: Glyph, color: Color32) {
        let pixels = pixels(ui, rect);
        let texture = match self.glyphs.entry((glyph, pixels)) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.get().clone(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let Some(texture) = load(ui, "icon", glyph.svg().as_bytes(), pixels) else {
                    return;
                };
                entry.insert(texture).clone()
            }
        };
        paint(ui, rect, &texture, color);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what a texture may be"
)]
fn pixels(ui: &Ui, rect: Rect) -> u16 {
    (rect.height() * ui.pixels_per_point()).round().clamp(1.0, 512.0) as u16
}

fn load(ui: &Ui, name: &str, bytes: &[u8], pixels: u16) -> Option<TextureHandle> {
    let image = raster::mask(bytes, pixels)?;
    Some(ui.ctx().load_texture(name, image, TextureOptions::LINEAR))
}

fn paint(ui: &Ui, rect: Rect, texture: &TextureHandle, color: Color32) {
    // On whole pixels an icon stays crisp.
    let ppp = ui.pixels_per_point();
    let min = pos2((rect.left() * ppp).round() / ppp, (rect.top() * ppp).round() / ppp);
    let rect = Rect::from_min_size(min, texture.size_vec2() / ppp);
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(texture.id(), rect, whole, color);
}

#[cfg(test)]
mod tests {
    use super::{Glyph, raster};

    #[test]
    fn our_icons_can_be_drawn() {
        for glyph in Glyph::ALL {
            let image = raster::mask(glyph.svg().as_bytes(), 16).expect("our own picture");
            assert!(image.pixels.iter().any(|pixel| pixel.a() > 200), "{glyph:?} is empty");
        }
    }

    #[test]
    fn what_is_no_picture_is_none() {
        assert!(raster::mask(b"", 16).is_none());
        assert!(raster::mask(b"<html></html>", 16).is_none());
        assert!(raster::mask(b"\x89PNG\r\n\x1a\nrubbish", 16).is_none());
    }

    #[test]
    fn an_icon_cannot_bring_a_file_in() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">
            <image href="/etc/hostname" width="8" height="8"/></svg>"#;
        let image = raster::mask(svg, 8);
        assert!(image.is_none_or(|image| image.pixels.iter().all(|pixel| pixel.a() == 0)));
    }
}
