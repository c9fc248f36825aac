//! Files in the plugin's own folder with credentials that are nowhere else.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::forms;
use crate::fs::resolve::{Stop, resolve};
use crate::fs::write::{NewFile, write};

/// So many files are a sign that something is wrong, and no reason to fill the disk.
const MAX_FILES: usize = 50;

/// What is kept of an answer.
const MAX_TEXT: usize = 1024 * 1024;

const MAX_NAME: usize = 40;

/// What is to be kept.
pub(super) struct Rescue<'a> {
    /// For people: whose credential it is.
    pub(super) store: String,
    pub(super) what: What<'a>,
}

pub(super) enum What<'a> {
    /// The answer to an exchange.
    Response(&'a str),
    /// What the plugin was about to write.
    Write(&'a str),
}

/// Rescue files of this and earlier runs, oldest first.
pub(crate) fn leftovers(data: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder(data)) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    let is_json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let mut files: Vec<PathBuf> = paths.filter(is_json).take(MAX_FILES).collect();
    files.sort();
    files
}

/// A rescue file of an earlier run.
#[derive(Default)]
pub(super) struct Leftover {
    path: PathBuf,
    /// Whose credential it is, as it says.
    store: String,
    /// The refresh tokens in it.
    tokens: Vec<String>,
}

impl Leftover {
    pub(super) fn all(data: &Path) -> Vec<Self> {
        // One that cannot be read is told of like any other.
        let unread = |path| Self { path, ..Self::default() };
        let read = |path: PathBuf| Self::read(&path).unwrap_or_else(|| unread(path));
        leftovers(data).into_iter().map(read).collect()
    }

    fn read(path: &Path) -> Option<Self> {
        let file = resolve(path, false, &mut |_| Ok(())).ok()?.open_to_read().ok()?;
        let mut text = String::new();
        file.take(2 * MAX_TEXT as u64).read_to_string(&mut text).ok()?;
        let leaves = forms::leaves(&text, None, &|_| Vec::new());
        let store = leaves.iter().find(|leaf| leaf.key.as_deref() == Some("store"))?.text.clone();
        let tokens = leaves.into_iter().filter(forms::Leaf::is_refresh).map(|leaf| leaf.text);
        Some(Self { path: path.to_owned(), store, tokens: tokens.collect() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the file away if what is in it is in its store; whether it did.
    pub(super) fn remove_if_in(&self, store: &str, holds: &dyn Fn(&str) -> bool) -> bool {
        let is_there = self.store == store
            && !self.tokens.is_empty()
            && self.tokens.iter().all(|token| holds(token));
        if is_there {
            remove(&self.path);
        }
        is_there
    }
}

/// Whether no more can be kept.
pub(super) fn is_full(data: &Path) -> bool {
    leftovers(data).len() >= MAX_FILES
}

impl Rescue<'_> {
    /// Writes the file, for nobody but the user, and waits until it is on the disk.
    pub(super) fn save(&self, data: &Path, plugin_id: &str) -> io::Result<PathBuf> {
        if is_full(data) {
            return Err(io::Error::other("there are too many rescue files"));
        }
        let now = jiff::Timestamp::now();
        let (name, content) = match self.what {
            What::Response(text) => ("response", text),
            What::Write(text) => ("content", text),
        };
        let (content, is_cut) = cut(content);
        let content = match serde_json::from_str(content) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) if !is_cut => value,
            _ => Value::from(content),
        };
        let what_to_do = match self.what {
            What::Response(_) => {
                "The credential was renewed, and the old one is of no use any more. If the tool \
                 asks you to log in, do that, or put the new values from `response` into `store`. \
                 Then delete this file."
            }
            What::Write(_) => {
                "The plugin was about to write `content`, but something else had changed `store` \
                 meanwhile, which was left as it is. If the tool asks you to log in, do that, or \
                 take the new values from `content`. Then delete this file."
            }
        };
        let mut file = json!({
            "plugin": plugin_id,
            "store": self.store,
            "receivedAt": now.to_string(),
            "whatToDo": what_to_do,
        });
        file[name] = content;
        if is_cut {
            file["isCut"] = true.into();
        }
        let folder = folder(data);
        make_folder(&folder)?;
        let stem = format!("{}-{}", now.strftime("%Y%m%dT%H%M%S%3fZ"), file_name(&self.store));
        let names = (1..=MAX_FILES).map(|number| match number {
            1 => format!("{stem}.json"),
            number => format!("{stem}-{number}.json"),
        });
        for path in names.map(|name| folder.join(name)) {
            let place = resolve(&path, false, &mut |_| Ok(())).map_err(|stop| match stop {
                Stop::Failed(error) => error,
                Stop::Refused(refusal) => io::Error::other(refusal.to_string()),
            })?;
            if place.kind().is_none() {
                write(&place, format!("{file:#}\n").as_bytes(), NewFile::Private)?;
                return Ok(path);
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }
}

/// Takes a rescue file away that is not needed any more. If that fails, the next run tells of it.
pub(super) fn remove(path: &Path) {
    let _told_later = std::fs::remove_file(path);
}

fn folder(data: &Path) -> PathBuf {
    data.join("rescue")
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn cut(text: &str) -> (&str, bool) {
    (&text[..text.floor_char_boundary(MAX_TEXT)], text.len() > MAX_TEXT)
}

/// A part of the store's name that any file system takes.
fn file_name(store: &str) -> String {
    let last = store.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let last = last.strip_suffix(".json").unwrap_or(last);
    let name: String = last.chars().map(safe).take(MAX_NAME).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "credential".to_owned() } else { name.to_owned() }
}
