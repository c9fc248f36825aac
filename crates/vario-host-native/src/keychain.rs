//! `ctx.host.keychain` (contract section 4.7), on top of whatever keeps secrets here.
//!
//! Where nothing does, each function fails as it does in hosts that know one system only: plugins
//! catch that and look elsewhere.

use std::process::{Command, Stdio};

use vario_host::{HostError, Scope};
use vario_value::Value;

use crate::env::clean;
use crate::secrets::{SecretError, SecretStore};

const UNSUPPORTED: &str = "keychain API is only supported on macOS";
const NOBODY: &str = "vario-user";

/// Whose account the functions for the current user take.
pub(crate) struct CurrentUser {
    from_environment: Option<String>,
}

impl CurrentUser {
    /// `user` is the environment's `USER`, as it is.
    pub(crate) fn new(user: Option<String>) -> Self {
        Self { from_environment: user }
    }

    fn name(&self) -> String {
        self.from_environment
            .as_deref()
            .and_then(clean)
            .or_else(|| name_from_system().as_deref().and_then(clean))
            .unwrap_or_else(|| NOBODY.to_owned())
    }
}

/// What `id -un` prints. It only reads the user database, so nothing bounds it.
fn name_from_system() -> Option<String> {
    let output =
        Command::new("id").arg("-un").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Answers `keychain.<member>`.
pub(crate) fn call(
    member: &str,
    args: &[Value],
    scope: &Scope,
    store: &dyn SecretStore,
    user: &CurrentUser,
) -> Result<Value, HostError> {
    let unsupported = || HostError::failed(UNSUPPORTED);
    if !store.is_available() {
        return Err(unsupported());
    }
    let cancellable = store.cancellable(&scope.cancel);
    let store = cancellable.as_deref().unwrap_or(store);
    let text = |place: usize| args.get(place).and_then(Value::as_str);
    let service = text(0).unwrap_or_default();
    let read = |account: Option<&str>| match store.read(service, account, scope.deadline) {
        Ok(value) => Ok(Value::from(value.trim())),
        Err(SecretError::Unavailable) => Err(unsupported()),
        Err(SecretError::NotFound(why)) => {
            Err(HostError::Failed(format!("keychain item not found: {why}")))
        }
        Err(SecretError::Failed(why)) => {
            Err(HostError::Failed(format!("keychain read failed: {why}")))
        }
    };
    let write = |account: Option<&str>| {
        let value = text(1).unwrap_or_default();
        match store.write(service, account, value, scope.deadline) {
            Ok(()) => Ok(Value::Absent),
            Err(SecretError::Unavailable) => Err(unsupported()),
            Err(SecretError::NotFound(why) | SecretError::Failed(why)) => {
                Err(HostError::Failed(format!("keychain write failed: {why}")))
            }
        }
    };
    match member {
        "readGenericPassword" => read(text(1).map(str::trim).filter(|account| !account.is_empty())),
        "readGenericPasswordForCurrentUser" => read(Some(&user.name())),
        "writeGenericPassword" => write(None),
        "writeGenericPasswordForCurrentUser" => write(Some(&user.name())),
        _ => Err(HostError::Failed(format!("there is no host function `keychain.{member}`"))),
    }
}
