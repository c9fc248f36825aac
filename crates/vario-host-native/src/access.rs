//! What a call wants: the one table of every host function and the rights that it needs.
//!
//! Pure: arguments are read, and nothing is looked at or looked up.

mod background;
mod target;

use std::path::{Path, PathBuf};

use vario_host::{
    Call, DiscoverOptions, FetchRequest, HostError, HttpRequest, ProgramRequest, UsageOptions,
};
use vario_http::Target;
use vario_permissions::{Access, Host};
use vario_value::Value;

use crate::fs::Part;
use crate::paths;

#[cfg(test)]
mod tests;

/// The longest path that any system takes.
const MAX_PATH_BYTES: usize = 32 * 1024;

/// One call, read.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
    /// What is to be done.
    pub(crate) work: Work<'a>,
    /// All that the plugin must have the right to before any of it is done.
    pub(crate) accesses: Vec<Access>,
    /// What a refusal looks like to the plugin.
    pub(crate) refused: Refused,
    /// What it is about, for the audit log, without a secret.
    pub(crate) target: String,
    /// How many bytes of text go out with it.
    pub(crate) sent: usize,
}

/// What is to be done, with the arguments it takes. A path is absolute, or empty: then there is
/// no such file.
#[derive(Debug)]
pub(crate) enum Work<'a> {
    /// A log line, which the session writes itself; one that comes here is only taken note of.
    Nothing,
    Exists(PathBuf),
    ReadText(PathBuf),
    WriteText(PathBuf, &'a str),
    ListDir(PathBuf),
    Decrypt {
        envelope: &'a str,
        key: &'a str,
    },
    Encrypt {
        plain: &'a str,
        key: &'a str,
    },
    Sha256(&'a str),
    Env(&'a str),
    /// Without a target the URL is none, and sending it only says so.
    Request(HttpRequest, Box<Option<Target>>),
    /// The member and its arguments.
    Keychain(&'a str, &'a [Value]),
    Query(PathBuf, &'a str),
    Exec(PathBuf, &'a str),
    Discover(DiscoverOptions),
    Usage(UsageOptions),
    System,
    Setting(&'a str),
    /// Without a target the URL is none.
    Fetch(FetchRequest, Box<Option<Target>>),
    Files(FileWork<'a>),
    Program(ProgramRequest),
    /// The member and its arguments.
    Database(&'a str, &'a [Value]),
}

/// What background plugins do with files.
#[derive(Debug)]
pub(crate) enum FileWork<'a> {
    Stat(PathBuf),
    ReadBytes(PathBuf, Part),
    WriteBytes(PathBuf, &'a [u8]),
    AppendBytes(PathBuf, &'a [u8]),
    /// Also the folders above it.
    MakeDir(PathBuf, bool),
    /// Also what is in it.
    Remove(PathBuf, bool),
    Rename(PathBuf, PathBuf),
    Copy(PathBuf, PathBuf),
}

/// What a refusal looks like: as absence does, where the contract has a word for that (design
/// section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// `false`
    No,
    /// Absent.
    Absent,
    /// `null`
    Null,
    /// No runner for token usage.
    NoRunner,
    /// An ordinary failure.
    Failure,
}

impl<'a> Wish<'a> {
    /// Reads a call. `home` is what `~` means.
    ///
    /// # Errors
    /// When options are not of their shape, or there is no such function.
    pub(crate) fn read(call: &'a Call, home: Option<&Path>) -> Result<Self, HostError> {
        let args = call.args.as_slice();
        let path = || path_at(args, 0, home);
        let name = call.name.as_ref();
        Ok(match name {
            "log.info" | "log.warn" | "log.error" => Self::free(Work::Nothing, ""),
            "fs.exists" => {
                let path = path();
                let wish = Self::path(&path, home, &[Access::Read], Work::Exists(path.clone()));
                Self { refused: Refused::No, ..wish }
            }
            "fs.readText" => {
                let path = path();
                Self::path(&path, home, &[Access::Read], Work::ReadText(path.clone()))
            }
            "fs.writeText" => {
                let (path, content) = (path(), text(args, 1));
                let work = Work::WriteText(path.clone(), content);
                let wish = Self::path(&path, home, &[Access::Write], work);
                Self { sent: content.len(), ..wish }
            }
            "fs.listDir" => {
                let path = path();
                Self::path(&path, home, &[Access::Read], Work::ListDir(path.clone()))
            }
            "crypto.decryptAes256Gcm" => {
                Self::free(Work::Decrypt { envelope: text(args, 0), key: text(args, 1) }, "")
            }
            "crypto.encryptAes256Gcm" => {
                Self::free(Work::Encrypt { plain: text(args, 0), key: text(args, 1) }, "")
            }
            "crypto.sha256Hex" => Self::free(Work::Sha256(text(args, 0)), ""),
            "env.get" => Self::env(text(args, 0)),
            "http.request" => Self::request(HttpRequest::from_value(first(args))?),
            "keychain.readGenericPassword"
            | "keychain.readGenericPasswordForCurrentUser"
            | "keychain.writeGenericPassword"
            | "keychain.writeGenericPasswordForCurrentUser" => Self::keychain(name, args),
            "sqlite.query" => {
                let (path, sql) = (path(), text(args, 1));
                let work = Work::Query(path.clone(), sql);
                Self { sent: sql.len(), ..Self::path(&path, home, &[Access::Read], work) }
            }
            "sqlite.exec" => {
                let (path, sql) = (path(), text(args, 1));
                let work = Work::Exec(path.clone(), sql);
                let wants = [Access::Read as fn(String) -> Access, Access::Write];
                Self { sent: sql.len(), ..Self::path(&path, home, &wants, work) }
            }
            "ls.discover" => {
                let options = DiscoverOptions::from_value(first(args))?;
                let target = target::name(&options.process_name);
                Self {
                    accesses: vec![Access::Processes],
                    refused: Refused::Null,
                    ..Self::free(Work::Discover(options), target)
                }
            }
            "ccusage.query" => {
                let options = UsageOptions::from_value(first(args));
                let target = target::name(options.provider.as_deref().unwrap_or_default());
                Self {
                    accesses: vec![Access::Ccusage],
                    refused: Refused::NoRunner,
                    ..Self::free(Work::Usage(options), target)
                }
            }
            "system.info" => {
                Self { accesses: vec![Access::System], ..Self::free(Work::System, "") }
            }
            "settings.get" => {
                let key = text(args, 0);
                Self::free(Work::Setting(key), target::name(key))
            }
            name => return Self::background(name, args, home),
        })
    }

    /// Work that touches nothing of the user's.
    fn free(work: Work<'a>, target: impl Into<String>) -> Self {
        let target = target.into();
        Self { work, accesses: Vec::new(), refused: Refused::Failure, target, sent: 0 }
    }

    fn path(
        path: &Path,
        home: Option<&Path>,
        wants: &[fn(String) -> Access],
        work: Work<'a>,
    ) -> Self {
        let normal = paths::normalised(path);
        let text = paths::text(&normal);
        // The empty path names nothing, so there is nothing to have a right to.
        let wants = if text.is_empty() { &[] } else { wants };
        let accesses = wants.iter().map(|want| want(text.clone())).collect();
        Self { accesses, ..Self::free(work, target::path(&normal, home)) }
    }

    fn env(name: &'a str) -> Self {
        let accesses = vec![Access::Env(name.to_owned())];
        let wish = Self::free(Work::Env(name), target::name(name));
        Self { accesses, refused: Refused::Absent, ..wish }
    }

    fn keychain(name: &'a str, args: &'a [Value]) -> Self {
        let (_, member) = name.split_once('.').unwrap_or_default();
        let service = text(args, 0);
        let is_write = member.starts_with("write");
        Self {
            accesses: vec![Access::Keychain(service.to_owned())],
            sent: if is_write { text(args, 1).len() } else { 0 },
            ..Self::free(Work::Keychain(member, args), target::name(service))
        }
    }

    fn request(request: HttpRequest) -> Self {
        let target = Target::of(&request.url).ok();
        let mut accesses = Vec::new();
        if let Some(target) = &target {
            let (host, port) = (host(target), target.port());
            // Without TLS there is none to ignore.
            if request.ignore_tls && target.scheme() == "https" {
                accesses.push(Access::InsecureTls { host: host.clone(), port });
            }
            accesses.insert(0, Access::Net { host, port });
        }
        let shown = target::url(target.as_ref().map_or(&request.url, Target::url));
        let sent = request.body.as_ref().map_or(0, String::len);
        Self { accesses, sent, ..Self::free(Work::Request(request, Box::new(target)), shown) }
    }
}

/// The host that a request goes to, as rights know it.
pub(crate) fn host(target: &Target) -> Host {
    if let Some(address) = target.address() {
        return Host::ip(address);
    }
    // What the rights' own grammar cannot spell is in no grant either.
    Host::parse(target.host()).unwrap_or_else(|_| Host::Name(target.host().to_owned()))
}

/// The path at this place of the arguments.
fn path_at(args: &[Value], place: usize, home: Option<&Path>) -> PathBuf {
    match text(args, place) {
        path if path.len() <= MAX_PATH_BYTES => paths::absolute(paths::expand(path, home)),
        // No system takes it, so it names nothing.
        _ => PathBuf::new(),
    }
}

fn first(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::Absent)
}

/// The text argument at this place; arguments were checked before they came here.
pub(crate) fn text(args: &[Value], place: usize) -> &str {
    args.get(place).and_then(Value::as_str).unwrap_or_default()
}
