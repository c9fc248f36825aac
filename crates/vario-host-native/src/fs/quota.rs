//! How much a plugin keeps in its own folder (design section 5).

use std::path::Path;

/// As much as fits.
pub(crate) const DATA_BYTES: u64 = 100 * 1024 * 1024;

/// What even an empty file takes: without it, empty files would be free and endless.
const LEAST_BYTES: u64 = 4096;

/// What a file of this length counts.
pub(crate) fn cost(length: u64) -> u64 {
    length.max(LEAST_BYTES)
}

/// What everything below a folder counts. Links count as files and are not followed.
pub(crate) fn used(folder: &Path) -> u64 {
    let mut used: u64 = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                folders.push(entry.path());
            }
            let length = if metadata.is_file() { metadata.len() } else { 0 };
            used = used.saturating_add(cost(length));
            if used > 2 * DATA_BYTES {
                // More than enough to know, and a folder filled by others must not hold us up.
                return used;
            }
        }
    }
    used
}
