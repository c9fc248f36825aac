//! Which code a plugin is: grants are bound to it (design section 5).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use vario_manifest::{Dialect, read_entry};

use crate::catalog::Found;

/// The largest manifest.
const MAX_MANIFEST_BYTES: u64 = 1024 * 1024;

/// The largest file of a plugin that may load its own files.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// The most files of such a plugin; one with more cannot be told from a changed one.
const MAX_FILES: usize = 4_000;

/// What is in a plugin's folder and never runs.
const LEFT_OUT: &[&str] = &["cassettes"];

/// The SHA-256 of a plugin's code, as `sha256:` and 64 hexadecimal digits.
///
/// An `openusage` plugin is its manifest and its entry; nothing else of its folder can run. Any
/// other may load files of its folder, so all of them count, but for hidden ones and cassettes.
///
/// # Errors
/// Words that name the file which cannot be read.
pub fn content_hash(found: &Found) -> Result<String, String> {
    let mut hash = Sha256::new();
    let plugin = &found.plugin;
    match &found.path {
        Some(path) if plugin.dialect != Dialect::Openusage => {
            for file in files(path)? {
                let read = read_file(&path.join(&file));
                let bytes = read.map_err(|error| format!("{}: {error}", file.display()))?;
                add(&mut hash, &file.to_string_lossy(), &bytes);
            }
        }
        _ => {
            let manifest = found.folder.read(&plugin.manifest_file, MAX_MANIFEST_BYTES);
            add(&mut hash, "manifest", &manifest.map_err(|error| error.to_string())?);
            for code in plugin.probe.iter().chain(&plugin.background) {
                let text = read_entry(found.folder.as_ref(), &code.path);
                add(&mut hash, "entry", text.map_err(|error| error.to_string())?.as_bytes());
            }
        }
    }
    let mut text = "sha256:".to_owned();
    for byte in hash.finalize() {
        let _infallible = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// Lengths go in too, so that no two folders give the same bytes.
fn add(hash: &mut Sha256, name: &str, bytes: &[u8]) {
    for part in [name.as_bytes(), bytes] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
}

fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    let metadata = path.metadata()?;
    if metadata.len() > MAX_FILE_BYTES {
        return Err(std::io::Error::other("the file is too large"));
    }
    std::fs::read(path)
}

/// Regular files below a folder, also behind links to files, in byte order of their names.
fn files(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let say = |error: std::io::Error| format!("{}: {error}", root.join(&folder).display());
        for entry in std::fs::read_dir(root.join(&folder)).map_err(say)? {
            let entry = entry.map_err(say)?;
            let name = entry.file_name();
            let text = name.to_string_lossy();
            if text.starts_with('.') || (folder.as_os_str().is_empty() && is_left_out(&text)) {
                continue;
            }
            let path = folder.join(&name);
            let kind = entry.file_type().map_err(say)?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() || root.join(&path).is_file() {
                found.push(path);
            }
            if found.len() + folders.len() > MAX_FILES {
                return Err(format!("{} has too many files", root.display()));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_left_out(name: &str) -> bool {
    LEFT_OUT.contains(&name)
}
