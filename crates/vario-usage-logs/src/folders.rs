//! Where logs are: what the environment names, and the files below it.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::stop::Stop;
use crate::{Error, ModelAliases, Problem, RuleSet, Source};

/// What decides where logs are looked for, and what models in them are meant to be. Values, so that a caller may ask for another home.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// `CLAUDE_CONFIG_DIR`: folders that hold `projects`, separated by commas.
    pub claude_config_dir: Option<String>,
    /// `CODEX_HOME`: folders that hold `sessions`, separated by commas.
    pub codex_home: Option<String>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<PathBuf>,
    /// `CCUSAGE_MODEL_ALIASES`: what models are meant to be, as `name=model,name=model` or JSON.
    pub model_aliases: Option<String>,
}

impl Environment {
    /// The folders with logs: those of Claude hold `projects`, those of Codex `sessions`.
    ///
    /// None is an answer too: nobody has used the tool yet.
    ///
    /// # Errors
    /// [`Error::NoFolder`] when `CLAUDE_CONFIG_DIR` is set and leads nowhere, so that a mistyped path
    /// is not taken for no use at all.
    pub fn folders(&self, source: Source, rules: RuleSet) -> Result<Vec<PathBuf>, Error> {
        match source {
            Source::Claude => self.claude(rules),
            Source::Codex => Ok(self.codex(rules)),
        }
    }

    /// What models of other names are meant to be: nothing by the older rules, which know no such names.
    pub fn model_aliases(&self, rules: RuleSet) -> ModelAliases {
        match (&self.model_aliases, rules) {
            (Some(text), RuleSet::Ccusage20) => ModelAliases::parse(text),
            _ => ModelAliases::default(),
        }
    }

    fn claude(&self, rules: RuleSet) -> Result<Vec<PathBuf>, Error> {
        let Some(value) = self.claude_config_dir.as_ref().filter(|value| !value.trim().is_empty())
        else {
            let home = self.home.iter();
            let config = self.xdg_config_home.clone();
            let config = config.or_else(|| Some(self.home.as_ref()?.join(".config")));
            let config = config.map(|config| config.join("claude"));
            let all = config.into_iter().chain(home.map(|home| home.join(".claude")));
            return Ok(distinct(all.filter(|folder| holds_projects(folder))));
        };
        let named = listed(value).map(|name| self.expand(name)).map(|folder| match rules {
            // The folder of projects itself may be named as well.
            RuleSet::Ccusage20 if folder.file_name() == Some(OsStr::new(PROJECTS)) => {
                folder.parent().map_or_else(|| folder.clone(), Path::to_path_buf)
            }
            _ => folder,
        });
        let found = distinct(named.filter(|folder| holds_projects(folder)));
        if found.is_empty() {
            return Err(Error::NoFolder {
                variable: "CLAUDE_CONFIG_DIR",
                value: value.clone(),
                expected: PROJECTS,
            });
        }
        Ok(found)
    }

    fn codex(&self, rules: RuleSet) -> Vec<PathBuf> {
        match (&self.codex_home, rules) {
            (Some(value), RuleSet::Ccusage20) => {
                distinct(listed(value).map(|name| self.expand(name)))
            }
            (Some(value), RuleSet::Ccusage18) if !value.trim().is_empty() => {
                vec![self.expand(value.trim())]
            }
            _ => self.home.iter().map(|home| home.join(".codex")).collect(),
        }
    }

    fn expand(&self, name: &str) -> PathBuf {
        match (name.strip_prefix('~'), &self.home) {
            (Some(""), Some(home)) => home.clone(),
            (Some(rest), Some(home)) if rest.starts_with('/') => home.join(&rest[1..]),
            _ => PathBuf::from(name),
        }
    }
}

/// Whether there are logs of Claude, or something that may not be looked at and will be named.
fn holds_projects(folder: &Path) -> bool {
    match fs::metadata(folder.join(PROJECTS)) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) => error.kind() == io::ErrorKind::PermissionDenied,
    }
}

/// The folder of Claude's logs.
pub(crate) const PROJECTS: &str = "projects";

/// A log file as it was when the folders were listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogFile {
    pub(crate) path: PathBuf,
    /// The folder that names of sessions are relative to.
    pub(crate) base: PathBuf,
    pub(crate) stamp: Stamp,
}

/// What tells a changed file from an unchanged one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// In bytes.
    pub(crate) size: u64,
    /// Nanoseconds since the epoch.
    pub(crate) modified: i64,
    /// The number of the file in its file system; 0 where there is none.
    pub(crate) inode: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let modified =
            metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = modified.and_then(|since| i64::try_from(since.as_nanos()).ok());
        Self { size: metadata.len(), modified: modified.unwrap_or(0), inode: inode(metadata) }
    }

    /// When the file was last written, in milliseconds since the epoch.
    pub(crate) fn modified_ms(self) -> i64 {
        self.modified / 1_000_000
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &Metadata) -> u64 {
    0
}

/// What is below folders.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// The log files, in the order in which they are counted.
    pub(crate) files: Vec<LogFile>,
    /// Folders that could not be listed.
    pub(crate) unreadable: Vec<Problem>,
}

/// Every log file below `folders`.
pub(crate) fn list(source: Source, rules: RuleSet, folders: &[PathBuf], stop: Stop<'_>) -> Listing {
    let mut walk = Walk { rules, stop, ..Walk::default() };
    let mut files = Vec::new();
    match source {
        Source::Claude => {
            for folder in folders {
                files.append(&mut walk.files(&folder.join(PROJECTS)));
            }
            files.sort_by(|a, b| a.path.to_string_lossy().cmp(&b.path.to_string_lossy()));
        }
        Source::Codex => {
            for home in folders {
                files.append(&mut codex_files(home, &mut walk));
            }
        }
    }
    Listing { files, unreadable: walk.unreadable }
}

/// An archived session that is still among the others is listed once.
fn codex_files(home: &Path, walk: &mut Walk<'_>) -> Vec<LogFile> {
    let [sessions, archived] = [home.join("sessions"), home.join("archived_sessions")];
    let mut bases = match walk.rules {
        RuleSet::Ccusage20 => vec![sessions, archived],
        RuleSet::Ccusage18 => vec![sessions],
    };
    bases.retain(|base| base.is_dir());
    if bases.is_empty() && walk.rules == RuleSet::Ccusage20 {
        bases.push(home.to_owned());
    }
    let mut known = HashSet::new();
    let mut all = Vec::new();
    for base in bases {
        let mut files = walk.files(&base);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let name = |file: &LogFile| file.path.strip_prefix(&base).map(Path::to_owned);
        files.retain(|file| name(file).map_or(true, |name| known.insert(name)));
        all.append(&mut files);
    }
    all
}

/// A walk through folders.
#[derive(Default)]
struct Walk<'a> {
    rules: RuleSet,
    stop: Stop<'a>,
    /// Where it has been, by its real path, while links are followed.
    seen: HashSet<PathBuf>,
    unreadable: Vec<Problem>,
}

impl Walk<'_> {
    /// The files named `*.jsonl` below `base`.
    fn files(&mut self, base: &Path) -> Vec<LogFile> {
        let mut files = Vec::new();
        let mut folders = vec![(base.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            if self.stop.is_set() {
                break;
            }
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.note(folder, &error);
                    continue;
                }
            };
            for entry in entries.flatten() {
                let name = entry.file_name();
                // The older release follows links and leaves out what is hidden.
                let hidden = name.as_encoded_bytes().starts_with(b".");
                if hidden && self.rules == RuleSet::Ccusage18 {
                    continue;
                }
                let path = entry.path();
                let metadata = match self.rules {
                    RuleSet::Ccusage20 => entry.metadata(),
                    RuleSet::Ccusage18 => fs::metadata(&path),
                };
                let Ok(metadata) = metadata else { continue };
                if metadata.is_dir() && depth < DEEPEST && self.is_new(&path) {
                    folders.push((path, depth + 1));
                } else if metadata.is_file() && path.extension() == Some(OsStr::new("jsonl")) {
                    let stamp = Stamp::of(&metadata);
                    files.push(LogFile { path, base: base.to_owned(), stamp });
                }
            }
        }
        files
    }

    /// Whether it has not been there by another link.
    fn is_new(&mut self, folder: &Path) -> bool {
        self.rules == RuleSet::Ccusage20
            || fs::canonicalize(folder).is_ok_and(|real| self.seen.insert(real))
    }

    /// A folder that is gone holds nothing, and whose contents are not known is a problem.
    fn note(&mut self, path: PathBuf, error: &io::Error) {
        if error.kind() != io::ErrorKind::NotFound {
            let unreadable = Some(error.to_string());
            let (malformed, too_long, unfinished) = (0, 0, false);
            self.unreadable.push(Problem { path, unreadable, malformed, too_long, unfinished });
        }
    }
}

/// Folders of logs are a handful deep.
const DEEPEST: usize = 32;

fn listed(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn distinct(folders: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut known = HashSet::new();
    folders.filter(|folder| known.insert(folder.clone())).collect()
}

#[cfg(test)]
mod tests;
