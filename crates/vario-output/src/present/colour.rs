/// The theme an icon is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
}

/// What a plugin's icon is filled with; only its alpha is used (contract section 7.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IconFill<'a> {
    /// The colour of the text around it.
    Text,
    /// White, in place of a brand colour too dark for a dark theme.
    White,
    /// The brand colour as the manifest has it.
    Brand(&'a str),
}

/// The fill for an icon: the brand colour, unless it would not be seen on this theme.
pub fn icon_fill(brand_color: Option<&str>, theme: Theme) -> IconFill<'_> {
    let Some(brand) = brand_color else {
        return IconFill::Text;
    };
    match theme {
        Theme::Dark if luminance(brand) < 0.15 => IconFill::White,
        Theme::Light if luminance(brand) > 0.85 => IconFill::Text,
        _ => IconFill::Brand(brand),
    }
}

/// The WCAG relative luminance, 0 to 1, of a hex colour of 3, 4, 6 or 8 digits with or without
/// `#`. Alpha is dropped; what is no colour has none.
pub fn luminance(color: &str) -> f64 {
    let Some([red, green, blue]) = channels(color) else {
        return 0.0;
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn channels(color: &str) -> Option<[u8; 3]> {
    let digits: Vec<u8> = color
        .strip_prefix('#')
        .unwrap_or(color)
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    match digits.as_slice() {
        [red, green, blue] | [red, green, blue, _] => Some([red * 17, green * 17, blue * 17]),
        [r1, r0, g1, g0, b1, b0] | [r1, r0, g1, g0, b1, b0, _, _] => {
            Some([r1 * 16 + r0, g1 * 16 + g0, b1 * 16 + b0])
        }
        _ => None,
    }
}

fn linear(channel: u8) -> f64 {
    let channel = f64::from(channel) / 255.0;
    if channel <= 0.03928 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}
