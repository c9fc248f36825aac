//! A plugin that may be installed: read to the last byte, and changed nowhere.

use std::path::{Path, PathBuf};

use vario_manifest::{Diagnostics, Plugin, Severity, load};

use crate::archive::{Archive, Member};
use crate::contents::{Contents, Item, Place};
use crate::error::Error;
use crate::layout;
use crate::limits::Limits;
use crate::names;
use crate::view::View;

/// What systems put beside the files of others: the shadow folder of macOS and its notes.
const LITTER: [&str; 2] = ["__MACOSX", ".DS_Store"];

/// A plugin that was looked at and could be installed.
pub struct Candidate {
    /// What its manifest says.
    pub plugin: Plugin,
    /// The SHA-256 of all its files and their names, as `sha256:` and 64 hexadecimal digits.
    pub hash: String,
    /// What is worth a word and stops nothing.
    pub warnings: Vec<String>,
    /// How many files it has.
    pub files: usize,
    /// Their bytes.
    pub unpacked_bytes: u64,
    /// The folder or the zip file it is in.
    pub source: PathBuf,
    pub(crate) contents: Contents,
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Candidate");
        shown.field("id", &self.plugin.id).field("hash", &self.hash).finish_non_exhaustive()
    }
}

/// Looks at a plugin's folder or a zip file, writes nothing, and reads all of it: whatever is wrong
/// with it is known before anyone is asked.
///
/// Of a folder that is taken which `pack` would put into the zip file.
///
/// # Errors
/// Everything that would keep it from being installed.
pub fn inspect(source: &Path, limits: Limits) -> Result<Candidate, Error> {
    let metadata = source.metadata().map_err(Error::io("open", source))?;
    if metadata.is_dir() {
        let layout = layout::of_folder(source, limits)?;
        return candidate(source, layout.contents, layout.warnings);
    }
    if !metadata.is_file() {
        return Err(Error::Source { path: source.to_owned() });
    }
    let (archive, members) = Archive::open(source, &limits)?;
    candidate(source, Contents::new(items(members), Some(archive), limits), Vec::new())
}

/// Measures the contents and reads the manifest among them.
pub(crate) fn candidate(
    source: &Path,
    mut contents: Contents,
    mut warnings: Vec<String>,
) -> Result<Candidate, Error> {
    let hash = contents.measure()?;
    let loaded = load(&View::new(&mut contents));
    let Some(plugin) = loaded.plugin else {
        return Err(Error::Manifest { diagnostics: loaded.diagnostics });
    };
    if let Some(why) = names::part_problem(&plugin.id) {
        return Err(Error::entry(&plugin.id, format!("the id is its folder's name, and {why}")));
    }
    warnings.extend(said(&loaded.diagnostics));
    Ok(Candidate {
        plugin,
        hash,
        warnings,
        files: contents.items.len(),
        unpacked_bytes: contents.total(),
        source: source.to_owned(),
        contents,
    })
}

fn said(diagnostics: &Diagnostics) -> impl Iterator<Item = String> {
    let list = diagnostics.list().iter();
    list.filter(|one| one.severity == Severity::Warning).map(|one| one.message.clone())
}

/// The files of an archive, taken out of the one folder they may be wrapped in.
fn items(members: Vec<Member>) -> Vec<Item> {
    let is_litter = |path: &str| path.split('/').any(|part| LITTER.contains(&part));
    let members: Vec<Member> =
        members.into_iter().filter(|member| !is_litter(&member.path)).collect();
    let wrapper = wrapper(&members).map(|name| format!("{name}/")).unwrap_or_default();
    let item = |member: Member| Item {
        path: member.path.strip_prefix(&wrapper).unwrap_or(&member.path).to_owned(),
        place: Place::Archive(member.index),
        size: member.size,
    };
    members.into_iter().map(item).collect()
}

/// The folder that everything is in, when it has a manifest and there is none beside it.
fn wrapper(members: &[Member]) -> Option<&str> {
    let (first, _) = members.first()?.path.split_once('/')?;
    let is_inside =
        |member: &Member| member.path.strip_prefix(first).is_some_and(|rest| rest.starts_with('/'));
    let is_manifest = |member: &Member| {
        let rest = &member.path[first.len() + 1..];
        vario_manifest::MANIFEST_FILES.contains(&rest)
    };
    (members.iter().all(is_inside) && members.iter().any(is_manifest)).then_some(first)
}
