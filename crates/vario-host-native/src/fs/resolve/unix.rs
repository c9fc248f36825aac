use std::collections::VecDeque;
use std::ffi::{CString, OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use vario_host::HostError;
use vario_permissions::Refusal;

use super::{Kind, Stop};
use crate::fs::os_error;
use crate::paths;

/// As many as Linux follows.
const MAX_LINKS: usize = 40;

/// A folder that is only passed through need not be readable.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
const PASS: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
const PASS: OFlags = OFlags::RDONLY;

/// A name in a folder that is held open: no link on the way to it, and none in it when it was
/// looked at. Whatever is put in the way afterwards, this folder stays this folder, and opening
/// the name follows no link.
///
/// That is as good as Linux's `openat2` without links, and the walk is needed anyway to judge each
/// link before it is followed.
#[derive(Debug)]
pub(crate) struct Place {
    folder: OwnedFd,
    name: OsString,
    real: PathBuf,
    found: Option<Stat>,
}

/// Follows `path`, which is absolute, to its end; `may` judges every path that a link makes of it,
/// and the path itself, before the system hears of it.
///
/// With `as_text`, `..` is taken back in the text, so that only judged paths and the folders above
/// them are looked at. Without it `..` is the real parent, as the system has it.
pub(crate) fn resolve(
    path: &Path,
    as_text: bool,
    may: &mut dyn FnMut(&Path) -> Result<(), Refusal>,
) -> Result<Place, Stop> {
    follow(path, as_text, true, may)
}

/// As [`resolve`], but a link at the very end is what is meant, not what is behind it.
pub(crate) fn resolve_entry(
    path: &Path,
    as_text: bool,
    may: &mut dyn FnMut(&Path) -> Result<(), Refusal>,
) -> Result<Place, Stop> {
    follow(path, as_text, false, may)
}

fn follow(
    path: &Path,
    as_text: bool,
    to_the_end: bool,
    may: &mut dyn FnMut(&Path) -> Result<(), Refusal>,
) -> Result<Place, Stop> {
    if path.as_os_str().is_empty() {
        return Err(Stop::Failed(Errno::NOENT.into()));
    }
    let mut walk = Walk { to_the_end, ..Walk::new()? };
    walk.start(path, as_text, may)?;
    let mut links = 0;
    while let Some(name) = walk.todo.pop_front() {
        if name == "." {
            continue;
        }
        if name == ".." {
            walk.done.pop();
            continue;
        }
        match walk.look(name)? {
            Found::Folder => {}
            Found::End(place) => return Ok(place),
            Found::Link(next) => {
                links += 1;
                if links > MAX_LINKS {
                    return Err(Stop::Failed(Errno::LOOP.into()));
                }
                walk.start(&next, as_text, may)?;
            }
        }
    }
    Ok(walk.end_in_folder()?)
}

/// The real path of what is surely the user's or the plugin's own.
pub(crate) fn real(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize()
}

/// What a name on the way turned out to be.
enum Found {
    Folder,
    Link(PathBuf),
    End(Place),
}

struct Walk {
    root: OwnedFd,
    /// The folders passed, none of them a link, each held open.
    done: Vec<(OsString, OwnedFd)>,
    todo: VecDeque<OsString>,
    /// Whether a link is followed that is the end itself.
    to_the_end: bool,
}

impl Walk {
    fn new() -> io::Result<Self> {
        let flags = PASS | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = rustix::fs::open("/", flags, Mode::empty())?;
        Ok(Self { root, done: Vec::new(), todo: VecDeque::new(), to_the_end: true })
    }

    /// Begins again at the root, if that path may be followed.
    fn start(
        &mut self,
        path: &Path,
        as_text: bool,
        may: &mut dyn FnMut(&Path) -> Result<(), Refusal>,
    ) -> Result<(), Stop> {
        let normal = paths::normalised(path);
        may(&normal).map_err(Stop::Refused)?;
        self.done.clear();
        self.todo = names(if as_text { &normal } else { path });
        Ok(())
    }

    fn folder(&self) -> BorrowedFd<'_> {
        self.done.last().map_or_else(|| self.root.as_fd(), |(_, folder)| folder.as_fd())
    }

    fn real(&self) -> PathBuf {
        let mut real = PathBuf::from("/");
        real.extend(self.done.iter().map(|(name, _)| name));
        real
    }

    fn look(&mut self, name: OsString) -> io::Result<Found> {
        if self.todo.is_empty() {
            return self.look_at_end(name);
        }
        let flags = PASS | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match rustix::fs::openat(self.folder(), &name, flags, Mode::empty()) {
            Ok(folder) => {
                self.done.push((name, folder));
                Ok(Found::Folder)
            }
            // Systems differ in what they call a link that was to be a folder.
            Err(error @ (Errno::NOTDIR | Errno::LOOP | Errno::MLINK)) => {
                match rustix::fs::readlinkat(self.folder(), &name, Vec::new()) {
                    Ok(target) => Ok(Found::Link(self.behind(target))),
                    Err(_) => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    fn look_at_end(&mut self, name: OsString) -> io::Result<Found> {
        let found = match rustix::fs::statat(self.folder(), &name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => Some(found),
            Err(Errno::NOENT) => None,
            Err(error) => return Err(error.into()),
        };
        if self.to_the_end && found.as_ref().is_some_and(is_link) {
            let target = rustix::fs::readlinkat(self.folder(), &name, Vec::new())?;
            return Ok(Found::Link(self.behind(target)));
        }
        let mut real = self.real();
        real.push(&name);
        let folder = self.done.pop().map(|(_, folder)| folder);
        let folder = folder.map_or_else(|| self.root.try_clone(), Ok)?;
        Ok(Found::End(Place { folder, name, real, found }))
    }

    /// What is still to go, from a link on; not judged yet.
    fn behind(&self, target: CString) -> PathBuf {
        let mut next = self.real();
        // An absolute target replaces what is before it.
        next.push(OsString::from_vec(target.into_bytes()));
        let rest: Vec<&[u8]> = self.todo.iter().map(|name| name.as_bytes()).collect();
        if !rest.is_empty() {
            next.push(OsStr::from_bytes(&rest.join(&b'/')));
        }
        next
    }

    /// The path ended with `/`, `.` or `..`, or is the root.
    fn end_in_folder(mut self) -> io::Result<Place> {
        let real = self.real();
        let (name, folder) = match self.done.pop() {
            Some((name, _)) => {
                let folder = self.folder().try_clone_to_owned()?;
                (name, folder)
            }
            None => (OsString::from("."), self.root),
        };
        let found = rustix::fs::statat(&folder, &name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(Place { folder, name, real, found: Some(found) })
    }
}

/// The names of a path. One `.` stays at the end where the path says that it means a folder.
fn names(path: &Path) -> VecDeque<OsString> {
    let bytes = path.as_os_str().as_bytes();
    let is_name = |name: &&[u8]| !name.is_empty() && *name != b".";
    let mut names: VecDeque<OsString> = bytes
        .split(|byte| *byte == b'/')
        .filter(is_name)
        .map(|name| OsStr::from_bytes(name).to_owned())
        .collect();
    if bytes.ends_with(b"/") || bytes.ends_with(b"/.") {
        names.push_back(OsString::from("."));
    }
    names
}

fn is_link(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::Symlink
}

fn kind(stat: &Stat) -> Kind {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        _ => Kind::Special,
    }
}

impl Place {
    /// The path without any link in it.
    pub(crate) fn real(&self) -> &Path {
        &self.real
    }

    /// What was there when it was looked at.
    pub(crate) fn kind(&self) -> Option<Kind> {
        self.found.as_ref().map(kind)
    }

    /// How long it was, in bytes.
    pub(crate) fn length(&self) -> Option<u64> {
        self.found.as_ref().map(|found| u64::try_from(found.st_size).unwrap_or_default())
    }

    /// When it was changed last, in milliseconds since 1970.
    pub(crate) fn modified_ms(&self) -> Option<i64> {
        self.found.as_ref().and_then(|found| {
            // Their types differ between systems; this one holds them all.
            let (seconds, rest) = (i128::from(found.st_mtime), i128::from(found.st_mtime_nsec));
            i64::try_from(seconds * 1000 + rest / 1_000_000).ok()
        })
    }

    /// What has this name in the folder that is here, without following a link.
    pub(crate) fn child(&self, name: &OsStr) -> io::Result<Self> {
        let flags = PASS | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = rustix::fs::openat(&self.folder, &self.name, flags, Mode::empty())?;
        let found = rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let real = self.real.join(name);
        Ok(Self { folder, name: name.to_owned(), real, found: Some(found) })
    }

    /// Makes a folder, for nobody but the user if it `is_private`.
    pub(crate) fn make_folder(&self, is_private: bool) -> io::Result<()> {
        let mode = Mode::from_raw_mode(if is_private { 0o700 } else { 0o777 });
        Ok(rustix::fs::mkdirat(&self.folder, &self.name, mode)?)
    }

    /// Removes what is no folder.
    pub(crate) fn remove_file(&self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.folder, &self.name, AtFlags::empty())?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.folder, &self.name, AtFlags::REMOVEDIR)?)
    }

    /// Moves what is here to another place.
    pub(crate) fn rename_to(&self, other: &Self) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.folder, &self.name, &other.folder, &other.name)?)
    }

    /// Opens a file to be added to; a new one is for nobody but the user if it `is_private`.
    pub(crate) fn open_to_append(&self, is_private: bool) -> io::Result<File> {
        let mode = Mode::from_raw_mode(if is_private { 0o600 } else { 0o666 });
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::NOFOLLOW;
        let flags = flags | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(&self.folder, &self.name, flags, mode)?))
    }

    pub(crate) fn folder(&self) -> BorrowedFd<'_> {
        self.folder.as_fd()
    }

    pub(crate) fn name(&self) -> &OsStr {
        &self.name
    }

    /// Opens what is there, never through a link and without waiting for the other end of a pipe.
    pub(crate) fn open(&self, flags: OFlags) -> io::Result<File> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.folder, &self.name, flags, Mode::empty())?;
        Ok(File::from(file))
    }

    /// Opens a file to be read. A folder may pass: the system says what is wrong when it is read.
    pub(crate) fn open_to_read(&self) -> io::Result<File> {
        self.open(OFlags::RDONLY)
    }

    /// Hands the names of a folder's entries to `take` until that fails.
    pub(crate) fn entries(
        &self,
        take: &mut dyn FnMut(OsString) -> Result<(), HostError>,
    ) -> Result<(), HostError> {
        let folder = self.open(OFlags::RDONLY | OFlags::DIRECTORY).map_err(|e| os_error(&e))?;
        for entry in rustix::fs::Dir::new(folder).map_err(|e| os_error(&e.into()))? {
            // There is no going on after this; what came before it counts.
            let Ok(entry) = entry else { break };
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                take(OsStr::from_bytes(name).to_owned())?;
            }
        }
        Ok(())
    }
}
