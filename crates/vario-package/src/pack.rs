//! Packing: a folder becomes one zip file.

mod build;

use std::fs;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use crate::candidate::{Candidate, candidate};
use crate::contents::Contents;
use crate::error::Error;
use crate::layout;
use crate::limits::Limits;

pub use build::Build;

/// How to pack.
#[derive(Debug, Clone, Default)]
pub struct PackOptions {
    /// Where the zip file goes, made if it is missing; the plugin's folder if not given.
    pub out: Option<PathBuf>,
    /// Builds the parts of a smartCARS plugin first.
    pub build: Option<Build>,
    /// How much a plugin may be.
    pub limits: Limits,
}

/// What was packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The zip file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Names of the files in it, in byte order.
    pub entries: Vec<String>,
    /// What is worth a word and stopped nothing.
    pub warnings: Vec<String>,
}

/// Packs the plugin in a folder into `<id>-<version>.zip`. The same files give the same bytes.
///
/// A smartCARS plugin is packed as its own script does it, Stratos from `dist` if there is one;
/// from any other folder all is taken that is not hidden. An old zip file of that name is replaced
/// when the new one is whole.
///
/// # Errors
/// When the folder holds no plugin, a part of it is not built, or something in it could not be
/// installed.
pub fn pack(folder: &Path, options: &PackOptions) -> Result<Packed, Error> {
    let mut candidate = prepare(folder, options)?;
    let out = options.out.as_deref().unwrap_or(folder);
    fs::create_dir_all(out).map_err(Error::io("make", out))?;
    let file = out.join(file_name(&candidate));
    let mut beside = tempfile::Builder::new()
        .prefix(".vario-pack-")
        .tempfile_in(out)
        .map_err(Error::io("write", &file))?;
    write(&mut candidate.contents, beside.as_file_mut(), &file)?;
    beside.as_file().sync_all().map_err(Error::io("write", &file))?;
    let bytes = beside.as_file().metadata().map_err(Error::io("write", &file))?.len();
    for_everyone(beside.as_file());
    beside.persist(&file).map_err(|error| Error::io("write", &file)(error.error))?;
    let entries = candidate.contents.items.into_iter().map(|item| item.path).collect();
    Ok(Packed { file, bytes, entries, warnings: candidate.warnings })
}

/// Builds the plugin in a folder if that is asked for, and reads what would be packed.
///
/// # Errors
/// As [`pack`].
pub fn prepare(folder: &Path, options: &PackOptions) -> Result<Candidate, Error> {
    if let Some(build) = &options.build {
        let plugin = layout::manifest(folder)?;
        build.run(folder, plugin.dialect)?;
    }
    let layout = layout::of_folder(folder, options.limits)?;
    let sources = layout.plugin;
    let mut found = candidate(folder, layout.contents, layout.warnings)?;
    let built = &found.plugin;
    // The build output may have a manifest of its own.
    if (&built.id, &built.version) != (&sources.id, &sources.version) {
        found.warnings.push(format!(
            "the sources are `{}` {} and the build output is `{}` {}; build it again",
            sources.id, sources.version, built.id, built.version
        ));
    }
    Ok(found)
}

/// `<id>-<version>.zip`, whatever the version is.
fn file_name(candidate: &Candidate) -> String {
    let plugin = &candidate.plugin;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".+-_".contains(letter);
    let version: String =
        plugin.version.chars().take(64).map(|one| if plain(one) { one } else { '_' }).collect();
    match version.as_str() {
        "" => format!("{}.zip", plugin.id),
        version => format!("{}-{version}.zip", plugin.id),
    }
}

/// Writes the archive: nothing in it depends on the time, the user or the system.
fn write(contents: &mut Contents, to: impl Write + Seek, name: &Path) -> Result<(), Error> {
    let failed = |error: zip::result::ZipError| {
        Error::io("write", name)(std::io::Error::other(error.to_string()))
    };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
        .system(System::Unix);
    let mut writer = ZipWriter::new(std::io::BufWriter::new(to));
    let mut meter = contents.meter();
    for index in 0..contents.items.len() {
        writer.start_file(contents.items[index].path.clone(), options).map_err(failed)?;
        let size = contents.copy(index, &mut meter, &mut writer)?;
        if size != contents.items[index].size {
            return Err(Error::Changed);
        }
    }
    let mut rest = writer.finish().map_err(failed)?;
    rest.flush().map_err(Error::io("write", name))
}

/// A temporary file is for its owner alone; what is packed is to be given away.
#[cfg(unix)]
fn for_everyone(file: &fs::File) {
    use std::os::unix::fs::PermissionsExt as _;
    let _it_stays_private = file.set_permissions(fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn for_everyone(_file: &fs::File) {}
