//! Every colour, size and distance of the window, as data.

#![expect(clippy::unreadable_literal, reason = "colours are written as #rrggbb is")]

mod contrast;
mod install;

use egui::Color32;

pub(crate) use self::contrast::{legible, parse_color};
pub use self::install::install;

/// The colours of one look.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Palette {
    /// Whether text is light on dark.
    pub dark: bool,
    /// Behind everything.
    pub canvas: Color32,
    /// The side bar and the footer.
    pub chrome: Color32,
    /// A card.
    pub surface: Color32,
    /// What stands out from a card: a button, a menu.
    pub raised: Color32,
    /// The same under the pointer.
    pub hover: Color32,
    /// A fine line between things.
    pub line: Color32,
    /// The edge of a control.
    pub edge: Color32,
    /// What is read first.
    pub text: Color32,
    /// What is read second.
    pub muted: Color32,
    /// What is there when looked for. Still 4.5 : 1 on a card.
    pub faint: Color32,
    /// The part of a bar that is not filled, and skeletons.
    pub track: Color32,
    /// The one accent.
    pub accent: Color32,
    /// A quiet ground for what is chosen.
    pub accent_soft: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// All is well.
    pub good: Color32,
    /// Something needs a look.
    pub warn: Color32,
    /// Something is wrong.
    pub bad: Color32,
    /// A quiet ground for what is wrong.
    pub bad_soft: Color32,
    /// A quiet ground for what needs a look.
    pub warn_soft: Color32,
    /// Dims what lies under a dialog.
    pub scrim: Color32,
    /// Under what floats.
    pub shadow: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    let [_, r, g, b] = rgb.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// Light text on dark.
pub static DARK: Palette = Palette {
    dark: true,
    canvas: hex(0x0d0e10),
    chrome: hex(0x111215),
    surface: hex(0x17181c),
    raised: hex(0x1f2126),
    hover: hex(0x292b32),
    line: hex(0x24262b),
    edge: hex(0x363941),
    text: hex(0xecedf0),
    muted: hex(0xa9adb7),
    faint: hex(0x868b96),
    track: hex(0x2a2d34),
    accent: hex(0x7c88ff),
    accent_soft: hex(0x23263f),
    on_accent: hex(0x0d0e1a),
    good: hex(0x45c47b),
    warn: hex(0xe8b04a),
    bad: hex(0xf86e79),
    bad_soft: hex(0x2b1a1e),
    warn_soft: hex(0x2a2418),
    scrim: Color32::from_rgba_premultiplied(0, 0, 0, 150),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 110),
};

/// Dark text on light.
pub static LIGHT: Palette = Palette {
    dark: false,
    canvas: hex(0xf5f5f7),
    chrome: hex(0xfbfbfc),
    surface: hex(0xffffff),
    raised: hex(0xf3f4f6),
    hover: hex(0xe9eaee),
    line: hex(0xe6e7eb),
    edge: hex(0xd2d5db),
    text: hex(0x181a1f),
    muted: hex(0x525762),
    faint: hex(0x6b707b),
    track: hex(0xe7e9ee),
    accent: hex(0x4a55d8),
    accent_soft: hex(0xebedfd),
    on_accent: hex(0xffffff),
    good: hex(0x1a8f4c),
    warn: hex(0xa0670a),
    bad: hex(0xcb2f3c),
    bad_soft: hex(0xfdeff0),
    warn_soft: hex(0xfdf5e6),
    scrim: Color32::from_rgba_premultiplied(9, 10, 12, 90),
    shadow: Color32::from_rgba_premultiplied(3, 3, 5, 36),
};

impl Palette {
    /// The palette of the theme a context has now.
    pub fn of(ui: &egui::Ui) -> &'static Self {
        if ui.visuals().dark_mode { &DARK } else { &LIGHT }
    }
}

/// Sizes of text, in points.
pub mod size {
    /// Notes below and beside things.
    pub const CAPTION: f32 = 11.5;
    /// Almost everything.
    pub const BODY: f32 = 13.0;
    /// The name of a card or a section.
    pub const TITLE: f32 = 14.0;
    /// The name of a page.
    pub const HEADING: f32 = 19.0;
}

/// Distances, in points: multiples of four, and half of that.
pub mod space {
    /// Between things that are one.
    pub const XXS: f32 = 2.0;
    /// Between a label and what explains it.
    pub const XS: f32 = 4.0;
    /// Between neighbours.
    pub const S: f32 = 8.0;
    /// Between groups.
    pub const M: f32 = 12.0;
    /// Inside a card.
    pub const L: f32 = 16.0;
    /// Between sections.
    pub const XL: f32 = 24.0;
}

/// Sizes of things, in points.
pub mod dims {
    /// A line of text in a card.
    pub const ROW: f32 = 20.0;
    /// A line of small text.
    pub const SMALL_ROW: f32 = 16.0;
    /// A button.
    pub const CONTROL: f32 = 28.0;
    /// A progress bar.
    pub const BAR: f32 = 6.0;
    /// A plugin's icon in its card.
    pub const ICON: f32 = 18.0;
    /// A small icon of ours.
    pub const GLYPH: f32 = 16.0;
    /// The side bar.
    pub const SIDE: f32 = 52.0;
    /// The footer.
    pub const FOOTER: f32 = 32.0;
    /// A column of cards is at least this wide where there are several.
    pub const COLUMN: f32 = 328.0;
    /// And no wider than this.
    pub const WIDEST: f32 = 460.0;
    /// Pages that are read are no wider.
    pub const READING: f32 = 760.0;
    /// A dialog.
    pub const DIALOG: f32 = 520.0;
    /// Corners of cards and dialogs.
    pub const RADIUS: u8 = 10;
    /// Corners of controls.
    pub const RADIUS_SMALL: u8 = 6;
}
