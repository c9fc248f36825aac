//! What a path in a call means (contract section 4.3).

use std::path::{Path, PathBuf};

/// Exactly `~`, and `~/` at the beginning, are the home; nothing else is expanded.
pub(crate) fn expand(path: &str, home: Option<&Path>) -> PathBuf {
    match (path, home) {
        ("~", Some(home)) => home.to_owned(),
        (path, Some(home)) => match path.strip_prefix("~/") {
            // An absolute rest would replace the home.
            Some(rest) => home.join(rest.trim_start_matches('/')),
            None => PathBuf::from(path),
        },
        (path, None) => PathBuf::from(path),
    }
}
