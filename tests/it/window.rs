//! The real window, among plugins and files that are not as they should be.

mod background;
mod crowd;
mod drawing;
mod ending;
mod odd;

use crate::desktop::Window;

/// Waits until a window's dialog dims what lies below it, or no longer does, and gives the picture.
#[track_caller]
fn until_corner(window: &Window<'_>, is_so: impl Fn([u8; 3]) -> bool) -> [u8; 3] {
    corner(&window.until_shows(|picture| is_so(corner(picture))))
}

/// The pixel at the bottom right, where only the ground of the footer is.
fn corner(picture: &[u8]) -> [u8; 3] {
    let [.., blue, green, red, _] = picture else { panic!("a picture has pixels") };
    [*red, *green, *blue]
}

/// Whether a picture shows more than one colour.
fn shows_something(picture: &[u8]) -> bool {
    let mut pixels = picture.chunks_exact(4).map(|pixel| &pixel[..3]);
    let first = pixels.next();
    pixels.any(|pixel| Some(pixel) != first)
}
