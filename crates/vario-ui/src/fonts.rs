//! The fonts that come along, and those that the app found.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

/// A font that covers what ours do not: a file of the system's, read by the app.
#[derive(Debug, Clone)]
pub struct FontFile {
    /// A name, unique among the fonts.
    pub name: String,
    /// The content of a `.ttf`, `.otf` or `.ttc`.
    pub bytes: Vec<u8>,
    /// Which font of a collection.
    pub index: u32,
}

const REGULAR: &str = "Inter";
const MEDIUM: &str = "Inter Medium";
const STRONG: &str = "Inter SemiBold";
const MONO: &str = "JetBrains Mono";

/// How heavy text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Medium,
    Strong,
    Mono,
}

impl Weight {
    pub(crate) fn family(self) -> FontFamily {
        match self {
            Self::Regular => FontFamily::Proportional,
            Self::Medium => FontFamily::Name(MEDIUM.into()),
            Self::Strong => FontFamily::Name(STRONG.into()),
            Self::Mono => FontFamily::Monospace,
        }
    }
}

/// Our fonts, then the extra ones in their order, for characters that ours lack.
///
/// Bundled are subsets (Latin, Greek, Cyrillic, signs) of Inter and of `JetBrains` Mono, both under
/// the SIL Open Font License 1.1; see `assets/fonts/LICENSE.md`.
pub fn definitions(extra: Vec<FontFile>) -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let bundled: [(&str, &'static [u8]); 4] = [
        (REGULAR, include_bytes!("../assets/fonts/Inter-Regular.otf")),
        (MEDIUM, include_bytes!("../assets/fonts/Inter-Medium.otf")),
        (STRONG, include_bytes!("../assets/fonts/Inter-SemiBold.otf")),
        (MONO, include_bytes!("../assets/fonts/JetBrainsMono-Regular.ttf")),
    ];
    for (name, bytes) in bundled {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let mut fallbacks = vec![REGULAR.to_owned()];
    for file in extra {
        let mut data = FontData::from_owned(file.bytes);
        data.index = file.index;
        fonts.font_data.insert(file.name.clone(), Arc::new(data));
        fallbacks.push(file.name);
    }
    for (weight, first) in [
        (Weight::Regular, REGULAR),
        (Weight::Medium, MEDIUM),
        (Weight::Strong, STRONG),
        (Weight::Mono, MONO),
    ] {
        let names = std::iter::once(first.to_owned()).chain(fallbacks.iter().cloned());
        let mut family: Vec<String> = names.collect();
        family.dedup();
        fonts.families.insert(weight.family(), family);
    }
    fonts
}
