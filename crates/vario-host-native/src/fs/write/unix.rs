use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;

use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use super::{NewFile, Place, Put};
use crate::fs::resolve::Kind;

/// What a folder says that takes no new file, or a file that keeps its place or its owner.
const IN_PLACE: [Errno; 5] = [Errno::ACCESS, Errno::PERM, Errno::ROFS, Errno::BUSY, Errno::XDEV];

pub(super) fn write(place: &Place, content: &[u8], new: NewFile, put: Put<'_>) -> io::Result<()> {
    if place.kind().is_none() {
        let mode = match new {
            NewFile::Usual => Mode::from_raw_mode(0o666),
            NewFile::Private => Mode::from_raw_mode(0o600),
        };
        return swap(place, content, mode, None, put);
    }
    // Opening alone can have an effect on a device.
    if place.kind() == Some(Kind::Special) {
        return Err(io::Error::other(crate::fs::NOT_A_FILE));
    }
    // Whether it may be written is the file's own affair, and renaming would not ask.
    let mut old = place.open(OFlags::WRONLY)?;
    let metadata = old.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other(crate::fs::NOT_A_FILE));
    }
    // Another name of the same file would keep the old content.
    if metadata.nlink() == 1 {
        match swap(place, content, Mode::from_raw_mode(0o600), Some(&metadata), put) {
            Err(error) if is_one_of(&error, &IN_PLACE) => {}
            done => return done,
        }
    }
    overwrite(&mut old, content, put)
}

/// Writes beside the file, and puts the whole in its place.
fn swap(
    place: &Place,
    content: &[u8],
    mode: Mode,
    old: Option<&std::fs::Metadata>,
    put: Put<'_>,
) -> io::Result<()> {
    let (temp, mut file) = Temp::new(place, mode)?;
    put(&mut file, content)?;
    if let Some(old) = old {
        let own = file.metadata()?;
        if (old.uid(), old.gid()) != (own.uid(), own.gid()) {
            let (uid, gid) = (Uid::from_raw(old.uid()), Gid::from_raw(old.gid()));
            rustix::fs::fchown(&file, Some(uid), Some(gid))?;
        }
        // After the owner, whose change takes some bits away.
        rustix::fs::fchmod(&file, Mode::from_raw_mode(old.mode()))?;
    }
    file.sync_all()?;
    temp.appear(&file)?;
    rustix::fs::renameat(place.folder(), &temp.name, place.folder(), place.name())?;
    // The content is there for everybody from now on. That it survives a power cut is a matter of
    // the folder, which some systems do not let one ask for; that is no failure of the write.
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let _best_effort =
        rustix::fs::openat(place.folder(), ".", flags, Mode::empty()).and_then(rustix::fs::fsync);
    Ok(())
}

/// Writes into the file itself, where nothing can be put in its place: its folder takes no new
/// file, it is a mount point, or it belongs to somebody else and would not any more.
///
/// That is not atomic. To fail instead would be worse: what plugins write is most often a token
/// that was just exchanged, and the old one, which the file would keep, is worth nothing. Changing
/// the owner could lock the tool out that the file belongs to. So room on the disk is taken first,
/// which is what fails in practice, and the file is cut only after it was written.
fn overwrite(file: &mut File, content: &[u8], put: Put<'_>) -> io::Result<()> {
    let length = content.len() as u64;
    reserve(file, length)?;
    put(file, content)?;
    file.set_len(length)?;
    file.sync_all()
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn reserve(file: &File, length: u64) -> io::Result<()> {
    use rustix::fs::FallocateFlags;
    if length == 0 {
        return Ok(());
    }
    match rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, 0, length) {
        Err(error @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) => Err(error.into()),
        // Not every file system can do it.
        _ => Ok(()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail where it exists")]
fn reserve(_file: &File, _length: u64) -> io::Result<()> {
    Ok(())
}

fn is_one_of(error: &io::Error, codes: &[Errno]) -> bool {
    Errno::from_io_error(error).is_some_and(|code| codes.contains(&code))
}

/// A file beside another one; gone when dropped, unless it was renamed.
///
/// Where the system can make a file without a name, it has none until it is whole: a process that
/// is killed meanwhile leaves nothing behind.
struct Temp<'a> {
    place: &'a Place,
    name: String,
    has_name: bool,
}

impl<'a> Temp<'a> {
    fn new(place: &'a Place, mode: Mode) -> io::Result<(Self, File)> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let name = format!(".vario-{:016x}.tmp", u64::from_ne_bytes(random));
        if let Some(file) = nameless(place, mode)? {
            return Ok((Self { place, name, has_name: false }, file));
        }
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(place.folder(), &name, flags, mode)?;
        Ok((Self { place, name, has_name: true }, File::from(file)))
    }

    /// Gives the file its name, if it has none yet.
    fn appear(&self, file: &File) -> io::Result<()> {
        if self.has_name {
            return Ok(());
        }
        let open = format!("/proc/self/fd/{}", file.as_raw_fd());
        let (from, to) = (rustix::fs::CWD, self.place.folder());
        Ok(rustix::fs::linkat(from, &open, to, &self.name, AtFlags::SYMLINK_FOLLOW)?)
    }
}

/// A file in the same folder that has no name, where the file system knows such.
#[cfg(target_os = "linux")]
fn nameless(place: &Place, mode: Mode) -> io::Result<Option<File>> {
    if !std::path::Path::new("/proc/self/fd").exists() {
        return Ok(None);
    }
    let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
    match rustix::fs::openat(place.folder(), ".", flags, mode) {
        Ok(file) => Ok(Some(file.into())),
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail where it exists")]
fn nameless(_place: &Place, _mode: Mode) -> io::Result<Option<File>> {
    Ok(None)
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        // After success there is nothing of that name any more.
        let _gone = rustix::fs::unlinkat(self.place.folder(), &self.name, AtFlags::empty());
    }
}
