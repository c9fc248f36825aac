//! What the calls of background plugins want that touch the machine.

use std::path::{Path, PathBuf};

use vario_host::{FetchRequest, HostError, ProgramRequest};
use vario_http::Target;
use vario_permissions::Access;
use vario_value::Value;

use super::{FileWork, Wish, Work, first, host, path_at, target, text};
use crate::fs::Part;
use crate::{paths, program};

type Want = fn(String) -> Access;

const READ: &[Want] = &[Access::Read];
const WRITE: &[Want] = &[Access::Write];
const READ_AND_WRITE: &[Want] = &[Access::Read, Access::Write];

impl<'a> Wish<'a> {
    /// Reads a call that is none of a probe's.
    ///
    /// # Errors
    /// When options are not of their shape, or there is no such function.
    pub(super) fn background(
        name: &'a str,
        args: &'a [Value],
        home: Option<&Path>,
    ) -> Result<Self, HostError> {
        if let Some(member) = name.strip_prefix("database.") {
            return Ok(Self::database(member, args));
        }
        Ok(match name {
            "http.fetch" => Self::fetch(FetchRequest::from_value(first(args))?),
            "process.run" => Self::program(ProgramRequest::from_value(first(args))?, home),
            name => {
                let member = name.strip_prefix("fs.").unwrap_or_default();
                Self::file(member, args, home).ok_or_else(|| {
                    HostError::Failed(format!("there is no host function `{name}`"))
                })?
            }
        })
    }

    fn file(member: &str, args: &'a [Value], home: Option<&Path>) -> Option<Self> {
        let path = path_at(args, 0, home);
        let other = || path_at(args, 1, home);
        let flag = matches!(args.get(1), Some(Value::Bool(true)));
        let one = |wants, work: fn(PathBuf) -> FileWork<'a>| {
            Self::path(&path, home, wants, Work::Files(work(path.clone())))
        };
        let bytes = data(args);
        let with_bytes = |work: FileWork<'a>| {
            let wish = Self::path(&path, home, WRITE, Work::Files(work));
            Self { sent: bytes.len(), ..wish }
        };
        Some(match member {
            "stat" => one(READ, FileWork::Stat),
            "readBytes" => {
                let work = FileWork::ReadBytes(path.clone(), Part::read(args));
                Self::path(&path, home, READ, Work::Files(work))
            }
            "writeBytes" => with_bytes(FileWork::WriteBytes(path.clone(), bytes)),
            "appendBytes" => with_bytes(FileWork::AppendBytes(path.clone(), bytes)),
            "makeDir" => {
                Self::path(&path, home, WRITE, Work::Files(FileWork::MakeDir(path.clone(), flag)))
            }
            "remove" => {
                Self::path(&path, home, WRITE, Work::Files(FileWork::Remove(path.clone(), flag)))
            }
            "rename" => {
                let work = FileWork::Rename(path.clone(), other());
                Self::two_paths(&path, &other(), home, READ_AND_WRITE, work)
            }
            "copy" => {
                let work = FileWork::Copy(path.clone(), other());
                Self::two_paths(&path, &other(), home, READ, work)
            }
            _ => return None,
        })
    }

    /// `wants` are those to the first; the second is written.
    fn two_paths(
        from: &Path,
        to: &Path,
        home: Option<&Path>,
        wants: &[Want],
        work: FileWork<'a>,
    ) -> Self {
        let mut wish = Self::path(from, home, wants, Work::Files(work));
        let second = Self::path(to, home, WRITE, Work::Nothing);
        wish.accesses.extend(second.accesses);
        wish.target = format!("{} -> {}", wish.target, second.target);
        wish
    }

    fn fetch(request: FetchRequest) -> Self {
        let target = Target::of(&request.url).ok();
        let of = |target: &Target| Access::Net { host: host(target), port: target.port() };
        let accesses = target.iter().map(of).collect();
        let shown = target::url(target.as_ref().map_or(&request.url, Target::url));
        let sent = request.body.as_ref().map_or(0, Vec::len);
        Self { accesses, sent, ..Self::free(Work::Fetch(request, Box::new(target)), shown) }
    }

    fn program(request: ProgramRequest, home: Option<&Path>) -> Self {
        let program = if program::is_path(&request.program) {
            paths::text(&paths::normalised(Path::new(&request.program)))
        } else {
            request.program.clone()
        };
        let mut accesses = vec![Access::Run(program.clone())];
        if let Some(cwd) = &request.cwd {
            let cwd = paths::normalised(&paths::absolute(paths::expand(cwd, home)));
            accesses.push(Access::Read(paths::text(&cwd)));
        }
        let sent = request.input.as_ref().map_or(0, Vec::len);
        let target = target::name(&program);
        Self { accesses, sent, ..Self::free(Work::Program(request), target) }
    }

    /// Its files are the plugin's own, which is judged when their place is known.
    fn database(member: &'a str, args: &'a [Value]) -> Self {
        let target = if member == "open" { target::name(text(args, 0)) } else { String::new() };
        let sent = args.iter().map(crate::host::text_bytes).sum();
        Self { sent, ..Self::free(Work::Database(member, args), target) }
    }
}

/// The bytes that are to be written.
fn data(args: &[Value]) -> &[u8] {
    match args.get(1) {
        Some(Value::Bytes(bytes)) => bytes,
        Some(Value::Str(text)) => text.as_bytes(),
        _ => &[],
    }
}
