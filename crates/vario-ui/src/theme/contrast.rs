//! Colours that others chose, made legible.

use egui::Color32;
use vario_output::present::luminance;

/// A hex colour of 3, 4, 6 or 8 digits, with or without `#`. Its alpha is dropped.
pub(crate) fn parse_color(text: &str) -> Option<Color32> {
    let digits = text.trim();
    let digits = digits.strip_prefix('#').unwrap_or(digits);
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let color = Color32::from_hex(&format!("#{digits}")).ok()?;
    let [r, g, b, _] = color.to_srgba_unmultiplied();
    // A transparent colour keeps none of its parts: the digits themselves are asked again.
    match digits.len() {
        8 => Color32::from_hex(&format!("#{}", digits.get(..6)?)).ok(),
        4 => Color32::from_hex(&format!("#{}", digits.get(..3)?)).ok(),
        _ => Some(Color32::from_rgb(r, g, b)),
    }
}

/// The colour, moved towards the text's colour until it stands out from the ground by `ratio`.
pub(crate) fn legible(color: Color32, ground: Color32, text: Color32, ratio: f64) -> Color32 {
    const STEPS: u8 = 12;
    let mixed =
        (0..=STEPS).map(|step| color.lerp_to_gamma(text, f32::from(step) / f32::from(STEPS)));
    mixed.into_iter().find(|mixed| contrast(*mixed, ground) >= ratio).unwrap_or(text)
}

/// The contrast of two colours as WCAG has it, 1 to 21.
pub(crate) fn contrast(one: Color32, other: Color32) -> f64 {
    let of = |color: Color32| {
        luminance(&format!("{:02x}{:02x}{:02x}", color.r(), color.g(), color.b())) + 0.05
    };
    let (one, other) = (of(one), of(other));
    one.max(other) / one.min(other)
}
