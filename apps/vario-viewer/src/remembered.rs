//! What the window remembers from one start to the next: size, place, page.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vario_store::{Paths, replace_file};
use vario_ui::{Page, Span};

/// A file of ours holds no more.
const MOST_BYTES: u64 = 64 * 1024;

/// What is in the file. Lengths are in points.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Remembered {
    pub(crate) size: Option<[f32; 2]>,
    /// Not known on Wayland.
    pub(crate) position: Option<[f32; 2]>,
    pub(crate) page: Page,
    pub(crate) span: Span,
}

fn file(paths: &Paths) -> PathBuf {
    paths.state_dir().join("window.json")
}

/// What was remembered. A file that cannot be read is as good as none.
pub(crate) fn read(paths: &Paths) -> Remembered {
    read_file(&file(paths)).unwrap_or_default()
}

fn read_file(path: &Path) -> Option<Remembered> {
    if std::fs::metadata(path).ok()?.len() > MOST_BYTES {
        return None;
    }
    let mut read: Remembered = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let is_sound = |pair: &[f32; 2]| pair.iter().all(|side| side.is_finite());
    read.size = read.size.filter(is_sound).map(|size| size.map(|side| side.clamp(120.0, 16_000.0)));
    read.position = read.position.filter(is_sound);
    Some(read)
}

/// Keeps it for the next start. There is nobody to tell if that fails: the window is closing.
pub(crate) fn write(paths: &Paths, remembered: &Remembered) {
    let Ok(mut text) = serde_json::to_string_pretty(remembered) else { return };
    text.push('\n');
    if vario_store::make_folder(paths.state_dir()).is_ok() {
        let _as_without_a_file = replace_file(&file(paths), text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use vario_ui::Page;

    use super::{Remembered, read_file};

    #[test]
    fn rubbish_is_as_good_as_nothing() {
        let home = vario_test_support::TempHome::new();
        let file = home.path().join("window.json");
        assert_eq!(read_file(&file), None);
        for rubbish in ["", "{", "[1]", r#"{"size":"big"}"#, r#"{"page":"nowhere"}"#] {
            std::fs::write(&file, rubbish).expect("written");
            assert_eq!(read_file(&file), None, "{rubbish}");
        }
        std::fs::write(&file, r#"{"size":[1,1e30],"page":{"plugin":"a"},"new":1}"#)
            .expect("written");
        let expected = Remembered {
            size: Some([120.0, 16_000.0]),
            page: Page::Plugin("a".to_owned()),
            ..Remembered::default()
        };
        assert_eq!(read_file(&file), Some(expected));
    }
}
