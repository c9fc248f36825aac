//! Logs of plugins that stay: one text file each, of bounded size.

mod line;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use vario_value::LogLevel;

use crate::paths::file_name;
use crate::{Error, Paths};

pub use crate::logs::line::LogLine;

/// A file that would become larger becomes the older one, and a new one is begun.
pub const LOG_BYTES: u64 = 1024 * 1024;

/// A longer message is cut, in bytes.
pub const LOG_MESSAGE_BYTES: usize = 16 * 1024;

/// How many files are kept open. Beyond that all are closed and opened as they are needed.
const MAX_OPEN: usize = 32;

/// How much of an id is found in the name of its file as it is.
const MAX_NAME: usize = 100;

/// The logs of plugins, below `logs` in the state directory: `<id>.log` and, when that has become
/// [`LOG_BYTES`] long, `<id>.log.1` with what was before. Each line begins with the time and the
/// level; the further lines of a message are indented with a tab.
///
/// One process writes, the owner of the state directory; any can read. A line is handed to the
/// system at once, so it survives the end of the process, whatever ends it. Whoever writes has
/// taken secrets out.
#[derive(Debug)]
pub struct PluginLogs {
    folder: PathBuf,
    open: Mutex<HashMap<String, Open>>,
}

#[derive(Debug)]
struct Open {
    file: File,
    size: u64,
}

impl PluginLogs {
    /// Makes nothing yet.
    pub fn new(paths: &Paths) -> Self {
        Self { folder: paths.state_dir().join("logs"), open: Mutex::default() }
    }

    /// The file of a plugin; it need not exist.
    pub fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{}.log", name(id)))
    }

    fn older(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{}.log.1", name(id)))
    }

    /// Adds a message. One of more than [`LOG_MESSAGE_BYTES`] is cut.
    ///
    /// # Errors
    /// When it cannot be written, as on a full disk. Later ones may be again.
    pub fn append(
        &self,
        id: &str,
        at_ms: i64,
        level: LogLevel,
        message: &str,
    ) -> Result<(), Error> {
        let text = line::format(at_ms, level, message);
        let mut all = self.open.lock();
        let added = self.add(&mut all, id, text.as_bytes());
        // What was written in part, or is no longer there, is found out when it is opened again.
        if added.is_err() {
            all.remove(id);
        }
        added.map_err(|source| Error::write(&self.path(id), source))
    }

    fn add(&self, all: &mut HashMap<String, Open>, id: &str, text: &[u8]) -> io::Result<()> {
        let length = text.len() as u64;
        if self.opened(all, id)?.size.saturating_add(length) > LOG_BYTES {
            all.remove(id);
            self.begin_anew(id)?;
        }
        let open = self.opened(all, id)?;
        open.file.write_all(text)?;
        open.size = open.size.saturating_add(length);
        Ok(())
    }

    fn opened<'a>(&self, all: &'a mut HashMap<String, Open>, id: &str) -> io::Result<&'a mut Open> {
        if !all.contains_key(id) {
            if all.len() >= MAX_OPEN {
                all.clear();
            }
            all.insert(id.to_owned(), open(&self.folder, &self.path(id))?);
        }
        all.get_mut(id).ok_or_else(|| io::Error::other("it is closed"))
    }

    /// Makes room: the file becomes the older one. Where that cannot be, it is emptied, since it
    /// may not grow.
    fn begin_anew(&self, id: &str) -> io::Result<()> {
        let path = self.path(id);
        match fs::rename(&path, self.older(id)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                File::options().write(true).truncate(true).open(&path).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// The newest `count` messages of a plugin, the newest last; none if nothing is logged.
    ///
    /// # Errors
    /// When there is a file that cannot be read.
    pub fn tail(&self, id: &str, count: usize) -> Result<Vec<LogLine>, Error> {
        let read = |path: &Path| text_of(path).map_err(|source| Error::read(path, source));
        // The newer one first: a message that moves in between is found twice rather than never.
        let newer = read(&self.path(id))?;
        let mut lines = line::parse(&newer);
        if lines.len() < count {
            let mut older = line::parse(&read(&self.older(id))?);
            if older.last() == lines.last() {
                older.clear();
            }
            older.append(&mut lines);
            lines = older;
        }
        lines.drain(..lines.len().saturating_sub(count));
        Ok(lines)
    }

    /// Deletes the log of a plugin.
    ///
    /// # Errors
    /// When it is there and cannot be deleted.
    pub fn forget(&self, id: &str) -> Result<(), Error> {
        self.open.lock().remove(id);
        for path in [self.path(id), self.older(id)] {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != ErrorKind::NotFound => {
                    return Err(Error::write(&path, source));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The id as a name that every file system takes. What two ids have in common beyond a length no
/// longer tells them apart, so a number made of the whole id does.
fn name(id: &str) -> String {
    let mut name = file_name(id);
    if name.len() > MAX_NAME {
        // FNV-1a: the same in every version of this program.
        let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        // The name is plain ASCII.
        name.truncate(MAX_NAME);
        name = format!("{name}~{hash:016x}");
    }
    name
}

/// Opens a log for appending, on a line of its own: whoever wrote last may have been killed within
/// a line.
fn open(folder: &Path, path: &Path) -> io::Result<Open> {
    crate::make_folder(folder)?;
    check(path)?;
    let mut options = File::options();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let mut size = file.metadata()?.len();
    if size > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
            size += 1;
        }
    }
    Ok(Open { file, size })
}

/// Opening a pipe waits for whoever is at its other end, for ever if there is none.
fn check(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is no ordinary file")),
        _ => Ok(()),
    }
}

/// What a log holds, as far as one of ours can reach.
fn text_of(path: &Path) -> io::Result<String> {
    check(path)?;
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(LOG_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
