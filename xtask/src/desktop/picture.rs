//! What a window shows, as pixels.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// A colour: red, green, blue.
pub(crate) type Rgb = [u8; 3];

/// Rows of pixels from the top, without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) pixels: Vec<Rgb>,
}

impl Picture {
    /// From what an X server returns for 24 bits of depth: blue, green, red and one byte of nothing.
    pub(crate) fn from_bgrx(width: u16, height: u16, bytes: &[u8]) -> Result<Self> {
        let (quads, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() || quads.len() != usize::from(width) * usize::from(height) {
            bail!("{} bytes are no picture of {width} × {height} pixels", bytes.len());
        }
        let pixels = quads.iter().map(|[blue, green, red, _]| [*red, *green, *blue]).collect();
        Ok(Self { width, height, pixels })
    }

    pub(crate) fn is_one_color(&self) -> bool {
        self.pixels.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// Whether two pictures are the same but for what a blinking text cursor makes of them.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        const CURSOR: usize = 64;
        let pairs = self.pixels.iter().zip(&other.pixels);
        (self.width, self.height) == (other.width, other.height)
            && pairs.filter(|(one, other)| one != other).count() <= CURSOR
    }

    pub(crate) fn colors(&self) -> usize {
        self.pixels.iter().collect::<HashSet<_>>().len()
    }

    /// Whether a colour is there; a renderer may be one or two steps off.
    pub(crate) fn contains(&self, color: Rgb) -> bool {
        const STEPS: u8 = 2;
        let near = |pixel: &Rgb| pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= STEPS);
        self.pixels.iter().any(near)
    }

    /// Writes it as a PNG file; the folder is made.
    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        self.write(path).with_context(|| format!("cannot write {}", path.display()))
    }

    fn write(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = BufWriter::new(File::create(path)?);
        let mut encoder = png::Encoder::new(file, u32::from(self.width), u32::from(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.pixels.as_flattened())?;
        Ok(writer.finish()?)
    }
}

#[cfg(test)]
mod tests {
    use super::Picture;

    #[test]
    fn bytes_become_colors() {
        let picture = Picture::from_bgrx(2, 1, &[3, 2, 1, 0, 6, 5, 4, 9]).unwrap();
        assert_eq!(picture.pixels, [[1, 2, 3], [4, 5, 6]]);
        assert!(Picture::from_bgrx(2, 2, &[0; 8]).is_err());
        assert!(Picture::from_bgrx(1, 1, &[0; 5]).is_err());
    }

    #[test]
    fn colors_are_counted_and_found() {
        let one = Picture::from_bgrx(2, 1, &[7; 8]).unwrap();
        assert!(one.is_one_color());
        let two = Picture::from_bgrx(2, 1, &[0, 0, 0, 0, 200, 100, 50, 0]).unwrap();
        assert!(!two.is_one_color());
        assert_eq!((one.colors(), two.colors()), (1, 2));
        assert!(two.contains([50, 100, 200]) && two.contains([52, 98, 200]));
        assert!(!two.contains([53, 100, 200]));
    }

    #[test]
    fn a_cursor_makes_no_difference() {
        let still = Picture { width: 20, height: 10, pixels: vec![[0; 3]; 200] };
        let mut other = still.clone();
        other.pixels[100..164].fill([255; 3]);
        assert!(still.is_like(&other));
        other.pixels[0] = [255; 3];
        assert!(!still.is_like(&other));
        assert!(!still.is_like(&Picture { width: 10, height: 20, ..still.clone() }));
    }

    #[test]
    fn a_saved_picture_reads_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/one.png");
        let picture = Picture::from_bgrx(2, 1, &[3, 2, 1, 0, 6, 5, 4, 9]).unwrap();
        picture.save(&path).unwrap();
        let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut bytes).unwrap();
        assert_eq!(bytes, picture.pixels.as_flattened());
    }
}
