//! The pictures in `tests/snapshots`.

use std::env;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use egui_kittest::{Harness, SnapshotResults};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use super::Window;

/// Compares what a window shows with its picture. Problems are told when `results` go.
pub(crate) fn compare(
    harness: &mut Harness<'_, Window>,
    name: &str,
    results: &mut SnapshotResults,
) {
    let path = Path::new("tests/snapshots").join(format!("{name}.png"));
    let before = fs::read(&path).ok();
    harness.snapshot(name);
    results.extend_harness(harness);
    if env::var_os("UPDATE_SNAPSHOTS").is_some() && fs::read(&path).ok() != before {
        pack(&path);
    }
}

/// Writes a new picture again, as small as it gets: all of them are in the repository.
fn pack(path: &Path) {
    let picture = image::open(path).expect("it was just written").to_rgb8();
    let file = BufWriter::new(File::create(path).expect("it was just written"));
    let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::NoFilter);
    let (width, height) = picture.dimensions();
    encoder.write_image(&picture, width, height, ExtendedColorType::Rgb8).expect("a picture");
}
