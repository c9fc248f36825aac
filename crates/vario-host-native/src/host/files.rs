//! Files as background plugins use them: bytes, folders, moving and removing.

use std::path::{Path, PathBuf};

use vario_host::{HostError, Scope};
use vario_permissions::Refusal;
use vario_value::Value;

use super::NativeHost;
use super::places::{READ, READ_AND_WRITE, WRITE, may, room};
use super::work::file;
use crate::access::FileWork;
use crate::credentials::Source;
use crate::fs::resolve::{Kind, Stop, real};
use crate::fs::{self, Part, Place, os_error, quota, tree};
use crate::refusal::Failure;

/// A larger file is no store of a credential, in bytes.
const MAX_STORE: u64 = 1024 * 1024;

/// A larger file holds no credential of a tool.
const MAX_CREDENTIAL_BYTES: u64 = 1024 * 1024;

/// How many folders are made at once.
const MAX_NEW_FOLDERS: usize = 64;

impl NativeHost {
    pub(super) fn files(&self, work: FileWork<'_>, scope: &Scope) -> Result<Value, Failure> {
        match work {
            FileWork::Stat(path) => match self.place(&path, READ, scope) {
                Ok(place) => return Ok(fs::stat(&place)),
                Err(Stop::Refused(refusal)) => return Err(refusal.into()),
                // Any error of the system's means that there is nothing.
                Err(Stop::Failed(_)) => {}
            },
            FileWork::ReadBytes(path, part) => {
                return self.read_part(&path, part, scope).map(Value::Bytes);
            }
            FileWork::WriteBytes(path, bytes) => self.write_bytes(&path, bytes, scope)?,
            FileWork::AppendBytes(path, bytes) => self.append_bytes(&path, bytes, scope)?,
            FileWork::MakeDir(path, recursive) => self.make_folder(&path, recursive, scope)?,
            FileWork::Remove(path, recursive) => self.remove(&path, recursive, scope)?,
            FileWork::Rename(from, to) => self.rename(&from, &to, scope)?,
            FileWork::Copy(from, to) => {
                let bytes = self.read_bytes(&from, scope)?;
                self.write_bytes(&to, &bytes, scope)?;
            }
        }
        Ok(Value::Absent)
    }

    /// Of a file that could hold a credential, all of it is looked at, whatever part is wanted.
    fn read_part(&self, path: &Path, part: Part, scope: &Scope) -> Result<Vec<u8>, Failure> {
        if part.is_whole() {
            return self.read_bytes(path, scope);
        }
        let place = self.place(path, READ, scope)?;
        if fs::size(&place).is_some_and(|size| size > MAX_CREDENTIAL_BYTES) {
            return Ok(fs::read_part(&place, part, scope)?);
        }
        Ok(part.of(&self.read_bytes(path, scope)?).to_vec())
    }

    fn read_bytes(&self, path: &Path, scope: &Scope) -> Result<Vec<u8>, Failure> {
        let place = self.place(path, READ, scope)?;
        let bytes = fs::read_bytes(&place, scope)?;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            self.credentials(scope).read(Source::whole(file(path, &place)), text);
        }
        Ok(bytes)
    }

    fn write_bytes(&self, path: &Path, bytes: &[u8], scope: &Scope) -> Result<(), Failure> {
        let place = self.place(path, WRITE, scope)?;
        let store = file(path, &place);
        let text = String::from_utf8_lossy(bytes);
        let write = || fs::write(&place, bytes, room(&place, scope));
        Ok(self.change(&store, &text, scope, write)?)
    }

    fn append_bytes(&self, path: &Path, bytes: &[u8], scope: &Scope) -> Result<(), Failure> {
        let place = self.place(path, WRITE, scope)?;
        let store = file(path, &place);
        if self.credentials(scope).knows(&store) {
            // What is in it afterwards is what counts, and nobody else may come between.
            let mut whole = fs::read_bytes(&self.place(path, READ, scope)?, scope)?;
            whole.extend_from_slice(bytes);
            return self.write_bytes(path, &whole, scope);
        }
        Ok(fs::append(&place, bytes, room(&place, scope))?)
    }

    fn make_folder(&self, path: &Path, recursive: bool, scope: &Scope) -> Result<(), Failure> {
        let mut missing: Vec<PathBuf> = Vec::new();
        let mut next = path.to_owned();
        // Upwards to the first folder that is there, and from there down again.
        loop {
            match self.place(&next, WRITE, scope) {
                Ok(place) => {
                    make_one(&place, recursive, scope)?;
                    match missing.pop() {
                        Some(below) => next = below,
                        None => return Ok(()),
                    }
                }
                Err(Stop::Failed(error))
                    if recursive
                        && error.kind() == std::io::ErrorKind::NotFound
                        && missing.len() < MAX_NEW_FOLDERS =>
                {
                    let Some(above) = next.parent().map(Path::to_owned) else {
                        return Err(os_error(&error).into());
                    };
                    missing.push(std::mem::replace(&mut next, above));
                }
                Err(stop) => return Err(stop.into()),
            }
        }
    }

    fn remove(&self, path: &Path, recursive: bool, scope: &Scope) -> Result<(), Failure> {
        let place = self.entry(path, WRITE, scope)?;
        refuse_root(&place, scope)?;
        match place.kind() {
            Some(Kind::Folder) if recursive => {
                self.judge(&place, WRITE, scope)?;
                tree::remove(&place, scope)
            }
            Some(Kind::Folder) => place.remove_folder().map_err(|error| os_error(&error).into()),
            _ => {
                let store = file(path, &place);
                let remove = || place.remove_file().map_err(|error| os_error(&error));
                Ok(self.change(&store, "", scope, remove)?)
            }
        }
    }

    /// What is moved can be read and changed where it comes to, so it has to be free to be read and
    /// changed where it is.
    fn rename(&self, from: &Path, to: &Path, scope: &Scope) -> Result<(), Failure> {
        let (source, target) =
            (self.entry(from, READ_AND_WRITE, scope)?, self.entry(to, WRITE, scope)?);
        refuse_root(&source, scope)?;
        refuse_root(&target, scope)?;
        fs::refuse_special(&source)?;
        let rename = || source.rename_to(&target).map_err(|error| os_error(&error));
        if source.kind() == Some(Kind::Folder) {
            self.judge(&source, READ_AND_WRITE, scope)?;
            refuse_too_much(&source, &target, quota::used(source.real()), scope)?;
            return Ok(rename()?);
        }
        let length = source.length().unwrap_or_default();
        refuse_too_much(&source, &target, quota::cost(length), scope)?;
        let content = if source.kind() == Some(Kind::File) && length <= MAX_STORE {
            fs::read_bytes(&source, scope)?
        } else {
            Vec::new()
        };
        let text = String::from_utf8_lossy(&content);
        Ok(self.change(&file(to, &target), &text, scope, rename)?)
    }

    /// Whether all in a folder may be touched: a denial may be about a part of it.
    fn judge(
        &self,
        place: &Place,
        wants: &[super::places::Want],
        scope: &Scope,
    ) -> Result<(), Failure> {
        let Self { .. } = self;
        if scope.rights.is_all() {
            return Ok(());
        }
        let mut may = |path: &Path| -> Result<(), Refusal> { may(path, wants, scope) };
        tree::judge(place, &mut may, scope)
    }
}

fn make_one(place: &Place, recursive: bool, scope: &Scope) -> Result<(), HostError> {
    if place.kind() == Some(Kind::Folder) && recursive {
        return Ok(());
    }
    let data = room(place, scope);
    if place.kind().is_none() {
        fs::refuse_full(place, 0, data)?;
    }
    place.make_folder(data.is_some()).map_err(|error| os_error(&error))
}

/// What comes into the plugin's own folder has to fit there.
fn refuse_too_much(
    source: &Place,
    target: &Place,
    bytes: u64,
    scope: &Scope,
) -> Result<(), HostError> {
    let is_new = room(source, scope).is_none();
    if is_new && room(target, scope).is_some_and(|left| bytes > left) {
        return Err(fs::full());
    }
    Ok(())
}

/// The plugin's own folder itself stays where it is.
fn refuse_root(place: &Place, scope: &Scope) -> Result<(), HostError> {
    let is_root = real(&scope.plugin_data_dir).is_ok_and(|data| data == place.real());
    if is_root {
        return Err(HostError::failed("the plugin's data directory itself must stay"));
    }
    Ok(())
}
