//! What a path in a call means (contract section 4.3), from its text alone: nothing here looks at
//! a disk.

use std::path::{Component, Path, PathBuf};

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

/// The path from the root on: a relative one is below the current directory. The empty path, which
/// names nothing, stays empty; so does a relative one when the current directory is gone.
pub(crate) fn absolute(path: PathBuf) -> PathBuf {
    if path.is_absolute() || path.as_os_str().is_empty() {
        return path;
    }
    std::env::current_dir().map_or_else(|_| PathBuf::new(), |current| current.join(path))
}

/// Without `.`, `..` and doubled separators, each `..` taking back the name before it.
///
/// Where that name is a link the system would go elsewhere. Rights are about names that the user
/// can read, and what is granted is what is then opened, so the text decides.
pub(crate) fn normalised(path: &Path) -> PathBuf {
    let mut kept = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                // At the root there is nothing to take back.
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    kept
}

/// The path as rights know it: with `/` between names, on every system.
pub(crate) fn text(path: &Path) -> String {
    // Replacing what is no text keeps every separator, so it moves a path into no other folder.
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn parents_are_taken_back_in_the_text() {
        let cases = [
            ("/", "/"),
            ("/a/b", "/a/b"),
            ("//a///b/", "/a/b"),
            ("/a/./b/.", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/b/../../c", "/c"),
            ("/..", "/"),
            ("/../../a", "/a"),
            ("/a/...", "/a/..."),
            ("/a/.. ", "/a/.. "),
        ];
        for (path, expected) in cases {
            assert_eq!(text(&normalised(Path::new(path))), expected, "of {path}");
        }
    }

    #[test]
    fn a_relative_path_is_below_the_current_directory() {
        let current = std::env::current_dir().unwrap();
        assert_eq!(absolute(PathBuf::from("a/b")), current.join("a/b"));
        assert_eq!(absolute(current.clone()), current);
        assert_eq!(absolute(PathBuf::new()), PathBuf::new());
    }
}
