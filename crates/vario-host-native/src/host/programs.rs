//! Programs that a plugin starts.

use std::path::PathBuf;

use vario_host::{HostError, ProgramRequest, Scope};
use vario_value::Value;

use super::NativeHost;
use super::places::READ;
use crate::fs::resolve::Kind;
use crate::refusal::Failure;
use crate::{paths, program};

impl NativeHost {
    /// Starts a program that the plugin has the right to, and waits for its end.
    pub(super) fn program(&self, request: ProgramRequest, scope: &Scope) -> Result<Value, Failure> {
        let cwd = self.folder_for(&request, scope)?;
        let environment = &self.config.environment;
        let file = program::locate(&request.program, environment.get("PATH").as_deref())?;
        let command = program::command(&request, &file, &cwd, environment.as_ref())?;
        let kept = self.kept(scope);
        Ok(program::run(command, request, &kept.ended, scope)?)
    }

    /// The folder that it runs in, which the plugin may read: the one asked for, else the plugin's
    /// own, else that of its data.
    fn folder_for(&self, request: &ProgramRequest, scope: &Scope) -> Result<PathBuf, Failure> {
        let own = scope.rights.own_code().first();
        let wanted = match (&request.cwd, own) {
            (Some(cwd), _) => paths::expand(cwd, self.config.home.as_deref()),
            (None, Some(code)) => PathBuf::from(code),
            (None, None) => {
                super::places::make_data(scope)?;
                scope.plugin_data_dir.clone()
            }
        };
        let place = self.place(&paths::absolute(wanted), READ, scope)?;
        if place.kind() == Some(Kind::Folder) {
            return Ok(place.real().to_owned());
        }
        let words = format!("there is no folder `{}` to run in", place.real().display());
        Err(HostError::Failed(words).into())
    }
}
