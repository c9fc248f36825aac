//! Colours in one word, `0xAARRGGBB`, premultiplied; two channels are reckoned with at a time.

use egui::Color32;

/// Every other channel, with room above each.
const EVEN: u32 = 0x00ff_00ff;

pub(crate) fn pack(color: Color32) -> u32 {
    let [r, g, b, a] = color.to_array();
    u32::from_be_bytes([a, r, g, b])
}

/// Every channel times `part` / 255; `part` is 255 at most.
pub(crate) fn scale(color: u32, part: u32) -> u32 {
    let even = by_255((color & EVEN) * part);
    let odd = by_255(((color >> 8) & EVEN) * part);
    even | (odd << 8)
}

/// Channel by channel, as if 255 were one.
pub(crate) fn times(one: u32, other: u32) -> u32 {
    let mut channels = one.to_be_bytes();
    for (own, other) in channels.iter_mut().zip(other.to_be_bytes()) {
        let [_, high, _, _] = (by_255(u32::from(*own) * u32::from(other)) << 16).to_be_bytes();
        *own = high;
    }
    u32::from_be_bytes(channels)
}

/// `color` on a `ground` that nothing shines through.
pub(crate) fn over(ground: u32, color: u32) -> u32 {
    let below = scale(ground, 255 - (color >> 24));
    let even = full((below & EVEN) + (color & EVEN));
    let odd = full(((below >> 8) & 0xff) + ((color >> 8) & 0xff));
    even | (odd << 8)
}

/// Both halves divided by 255, rounded. Exact for products of two channels.
fn by_255(pair: u32) -> u32 {
    let pair = pair + 0x0080_0080;
    ((pair + ((pair >> 8) & EVEN)) >> 8) & EVEN
}

/// Sums that do not fit become 255: a colour that only adds light has more of it than alpha.
fn full(pair: u32) -> u32 {
    let too_much = (pair >> 8) & 0x0001_0001;
    (pair | (too_much * 0xff)) & EVEN
}

/// A line of pixels under one colour.
pub(crate) fn cover(pixels: &mut [u32], color: u32) {
    match color >> 24 {
        255 => pixels.fill(color & 0x00ff_ffff),
        _ if color == 0 => {}
        _ => {
            for pixel in pixels {
                *pixel = over(*pixel, color);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{over, scale, times};

    #[test]
    fn a_product_of_channels_is_rounded_right() {
        for one in 0..=255_u32 {
            for other in 0..=255 {
                let exact = (one * other * 2 + 255) / (2 * 255);
                let channels = one * 0x0101_0101;
                assert_eq!(scale(channels, other), exact * 0x0101_0101, "{one} * {other}");
                assert_eq!(times(channels, other * 0x0101_0101), exact * 0x0101_0101);
            }
        }
    }

    #[test]
    fn channels_stay_apart() {
        assert_eq!(times(0x8040_20ff, 0xff80_ff01), 0x8020_2001);
        assert_eq!(over(0x00c8_0064, 0x8080_8080), 0x00e4_80b2);
        // More light than there is room for: no channel runs over into the next.
        assert_eq!(over(0x00ff_10ff, 0x00ff_ff01), 0x00ff_ffff);
        assert_eq!(over(0x0012_3456, 0xffab_cdef), 0x00ab_cdef);
    }
}
