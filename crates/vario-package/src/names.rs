//! Which names files of a plugin may have: such that they mean one file, and the same one, on every
//! system.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

use crate::error::Error;

/// In bytes. Linux allows 4096 with the folders above.
const MAX_PATH: usize = 1024;

/// In bytes; the most that file systems allow.
const MAX_PART: usize = 255;

/// Folders within each other.
const MAX_DEPTH: usize = 64;

/// What Windows takes for devices, whatever ending follows.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Checks a relative path with `/` between its parts, none at its end.
pub(crate) fn check(path: &str) -> Result<(), Error> {
    let refused = |why: &str| Err(Error::entry(path, why));
    if path.len() > MAX_PATH {
        return refused("the path is too long");
    }
    if path.starts_with('/') {
        return refused("the path is absolute");
    }
    if path.contains('\\') {
        return refused("a path has `/` between its parts, not `\\`");
    }
    if path.split('/').count() > MAX_DEPTH {
        return refused("there are too many folders within each other");
    }
    match path.split('/').find_map(|part| part_problem(part)) {
        Some(why) => refused(why),
        None => Ok(()),
    }
}

/// What is wrong with one part of a path, or with a name by itself.
pub(crate) fn part_problem(part: &str) -> Option<&'static str> {
    let problem = match part {
        "" => "a part of the path is empty",
        "." | ".." => "the path must not have `.` or `..` in it",
        _ if part.len() > MAX_PART => "the name is too long",
        _ if part.chars().any(char::is_control) => "there are control characters in the name",
        _ if part.contains(['<', '>', ':', '"', '|', '?', '*']) => {
            "Windows has no files with such a name (`<>:\"|?*`)"
        }
        _ if part.ends_with(['.', ' ']) => "Windows drops a dot or a space at the end of a name",
        _ if is_device(part) => "Windows takes this name for a device",
        _ => return None,
    };
    Some(problem)
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = |prefix| {
        let digit = stem.strip_prefix(prefix).and_then(|rest| {
            let mut letters = rest.chars();
            letters.next().filter(|_| letters.next().is_none())
        });
        digit.is_some_and(|digit| digit.is_ascii_digit() || matches!(digit, '¹' | '²' | '³'))
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

/// The same for all names that some file system takes for one: those that differ only in capital
/// letters, or in how an accent is written.
pub(crate) fn folded(path: &str) -> String {
    let plain: String = path.nfkd().collect();
    plain.to_uppercase().to_lowercase().nfkd().collect()
}

/// Paths that were seen, to find those that cannot be there together.
#[derive(Debug, Default)]
pub(crate) struct Seen(HashMap<String, (String, bool)>);

impl Seen {
    /// Notes a file and the folders it is in.
    pub(crate) fn file(&mut self, path: &str) -> Result<(), Error> {
        self.folders(path)?;
        self.note(path, true)
    }

    /// Notes a folder of its own.
    pub(crate) fn folder(&mut self, path: &str) -> Result<(), Error> {
        self.folders(path)?;
        self.note(path, false)
    }

    fn folders(&mut self, path: &str) -> Result<(), Error> {
        for (end, _) in path.match_indices('/') {
            self.note(&path[..end], false)?;
        }
        Ok(())
    }

    fn note(&mut self, path: &str, is_file: bool) -> Result<(), Error> {
        let Some((known, known_file)) = self.0.get(&folded(path)) else {
            self.0.insert(folded(path), (path.to_owned(), is_file));
            return Ok(());
        };
        let why = match (known == path, *known_file, is_file) {
            (true, false, false) => return Ok(()),
            (true, true, true) => "it is there twice".to_owned(),
            (true, ..) => "it is a file and a folder at once".to_owned(),
            (false, ..) => {
                let known = crate::error::shown(known);
                format!("on some systems it has the same name as `{known}`")
            }
        };
        Err(Error::entry(path, why))
    }
}
