use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use vario_host::HostError;
use vario_permissions::Refusal;

use super::{Kind, Stop};
use crate::fs::os_error;
use crate::paths;

/// A path without links, as it was when it was looked at.
///
/// This is weaker than on Unix: nothing holds the folder, so a link that another program puts in
/// the way at the very moment of opening is noticed only after the file was opened, and before
/// anything of it was read. It is also the system that follows links here, so a link in a granted
/// folder makes it look at what is behind the link before that is judged.
#[derive(Debug)]
pub(crate) struct Place {
    real: PathBuf,
    found: Option<Metadata>,
}

pub(crate) fn resolve(
    path: &Path,
    _as_text: bool,
    may: &mut dyn FnMut(&Path) -> Result<(), Refusal>,
) -> Result<Place, Stop> {
    if path.as_os_str().is_empty() {
        return Err(Stop::Failed(io::ErrorKind::NotFound.into()));
    }
    let normal = paths::normalised(path);
    may(&normal).map_err(Stop::Refused)?;
    let real = match real(&normal) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let is_link = normal.symlink_metadata().is_ok();
            match (normal.parent(), normal.file_name()) {
                (Some(folder), Some(name)) if !is_link => self::real(folder)?.join(name),
                _ => return Err(Stop::Failed(error)),
            }
        }
        real => real?,
    };
    may(&real).map_err(Stop::Refused)?;
    Ok(Place::at(real))
}

/// As [`resolve`], but a link at the very end is what is meant, not what is behind it.
pub(crate) fn resolve_entry(
    path: &Path,
    _as_text: bool,
    may: &mut dyn FnMut(&Path) -> Result<(), Refusal>,
) -> Result<Place, Stop> {
    let normal = paths::normalised(path);
    may(&normal).map_err(Stop::Refused)?;
    let real = match (normal.parent(), normal.file_name()) {
        (Some(folder), Some(name)) => self::real(folder)?.join(name),
        _ => return Err(Stop::Failed(io::ErrorKind::NotFound.into())),
    };
    may(&real).map_err(Stop::Refused)?;
    Ok(Place::at(real))
}

/// The real path of what is surely the user's or the plugin's own, as people write it.
pub(crate) fn real(path: &Path) -> io::Result<PathBuf> {
    let real = path.canonicalize()?;
    Ok(match real.to_str().and_then(|text| text.strip_prefix(r"\\?\")) {
        Some(plain) if plain.get(1..2) == Some(":") => PathBuf::from(plain),
        _ => real,
    })
}

impl Place {
    fn at(real: PathBuf) -> Self {
        let found = real.symlink_metadata().ok();
        Self { real, found }
    }

    /// The path without any link in it.
    pub(crate) fn real(&self) -> &Path {
        &self.real
    }

    /// What was there when it was looked at.
    pub(crate) fn kind(&self) -> Option<Kind> {
        self.found.as_ref().map(|found| match found.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_symlink() => Kind::Link,
            _ => Kind::Special,
        })
    }

    /// How long it was, in bytes.
    pub(crate) fn length(&self) -> Option<u64> {
        self.found.as_ref().map(Metadata::len)
    }

    /// When it was changed last, in milliseconds since 1970.
    pub(crate) fn modified_ms(&self) -> Option<i64> {
        let modified = self.found.as_ref()?.modified().ok()?;
        i64::try_from(modified.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
    }

    /// What has this name in the folder that is here, without following a link.
    pub(crate) fn child(&self, name: &OsStr) -> io::Result<Self> {
        let real = self.real.join(name);
        let found = Some(real.symlink_metadata()?);
        Ok(Self { real, found })
    }

    /// Makes a folder. Who may use it is inherited on this system.
    pub(crate) fn make_folder(&self, _is_private: bool) -> io::Result<()> {
        std::fs::create_dir(&self.real)
    }

    /// Removes what is no folder.
    pub(crate) fn remove_file(&self) -> io::Result<()> {
        std::fs::remove_file(&self.real)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self) -> io::Result<()> {
        std::fs::remove_dir(&self.real)
    }

    /// Moves what is here to another place.
    pub(crate) fn rename_to(&self, other: &Self) -> io::Result<()> {
        std::fs::rename(&self.real, &other.real)
    }

    /// Opens a file to be added to. Who may use a new one is inherited on this system.
    pub(crate) fn open_to_append(&self, _is_private: bool) -> io::Result<File> {
        self.open(OpenOptions::new().append(true).create(true))
    }

    /// Opens what is there, if it is still where it was.
    pub(crate) fn open(&self, options: &OpenOptions) -> io::Result<File> {
        let file = options.open(&self.real)?;
        self.check()?;
        Ok(file)
    }

    pub(crate) fn open_to_read(&self) -> io::Result<File> {
        self.open(OpenOptions::new().read(true))
    }

    /// Hands the names of a folder's entries to `take` until that fails.
    pub(crate) fn entries(
        &self,
        take: &mut dyn FnMut(OsString) -> Result<(), HostError>,
    ) -> Result<(), HostError> {
        let entries = std::fs::read_dir(&self.real).map_err(|error| os_error(&error))?;
        self.check().map_err(|error| os_error(&error))?;
        entries.flatten().try_for_each(|entry| take(entry.file_name()))
    }

    fn check(&self) -> io::Result<()> {
        if real(&self.real)? == self.real {
            Ok(())
        } else {
            Err(io::Error::other("a link was put in the way"))
        }
    }
}
