//! `ctx.host.keychain` (contract section 4.7), on whatever keychain the platform has.
//!
//! Differences from the original host, which ran macOS's `security` program: a new item written
//! without an account gets the current user as its account instead of none, and macOS asks the
//! user about Vario, not about `security`, when another program made the item.

use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use vario_host::{HostError, Scope};
use vario_value::Value;

use crate::env::clean;
use crate::secrets::{SecretError, SecretStore};
use crate::{process, wait};

const UNSUPPORTED: &str = "keychain API is only supported on macOS";

/// What `security` says; plugins that look at the text know this one.
const NOT_FOUND: &str = "keychain item not found: security: SecKeychainSearchCopyNext: \
    The specified item could not be found in the keychain.";

/// The user's name where neither the environment nor the system knows it.
const SOME_USER: &str = "openusage-user";

/// Who the current user is, asked when needed.
pub(crate) struct CurrentUser {
    variable: Option<String>,
}

impl CurrentUser {
    /// `variable` is the value of `$USER`.
    pub(crate) fn new(variable: Option<String>) -> Self {
        Self { variable }
    }

    fn name(&self, scope: &Scope) -> String {
        let from_variable = self.variable.as_deref().and_then(clean);
        from_variable.or_else(|| ask_system(scope)).unwrap_or_else(|| SOME_USER.to_owned())
    }
}

fn ask_system(scope: &Scope) -> Option<String> {
    let mut command = Command::new("id");
    command.arg("-un");
    let finished = process::run(command, scope.deadline, scope)?;
    let name = String::from_utf8(finished.stdout).ok().filter(|_| finished.status.success())?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

pub(crate) fn call(
    member: &str,
    args: &[Value],
    scope: &Scope,
    secrets: &Arc<dyn SecretStore>,
    user: &CurrentUser,
) -> Result<Value, HostError> {
    if !secrets.is_available() {
        return Err(HostError::failed(UNSUPPORTED));
    }
    let text = |place: usize| args.get(place).and_then(Value::as_str).unwrap_or_default();
    let service = text(0).to_owned();
    let store = Arc::clone(secrets);
    match member {
        "readGenericPassword" => {
            let account = Some(text(1).trim().to_owned()).filter(|account| !account.is_empty());
            read(store, service, account, scope)
        }
        "readGenericPasswordForCurrentUser" => read(store, service, Some(user.name(scope)), scope),
        "writeGenericPassword" => {
            let (account, value) = (user.name(scope), text(1).to_owned());
            write(scope, move |deadline| match store.write(&service, None, &value, deadline) {
                Err(SecretError::NotFound(_)) => {
                    store.write(&service, Some(&account), &value, deadline)
                }
                done => done,
            })
        }
        "writeGenericPasswordForCurrentUser" => {
            let (account, value) = (user.name(scope), text(1).to_owned());
            write(scope, move |deadline| store.write(&service, Some(&account), &value, deadline))
        }
        _ => Err(HostError::Failed(format!("there is no host function `keychain.{member}`"))),
    }
}

fn read(
    store: Arc<dyn SecretStore>,
    service: String,
    account: Option<String>,
    scope: &Scope,
) -> Result<Value, HostError> {
    let deadline = patience(scope);
    wait::on_helper(scope, move || store.read(&service, account.as_deref(), deadline))?
        .map(|secret| Value::from(secret.trim()))
        .map_err(|error| failed("read", error))
}

fn write(
    scope: &Scope,
    work: impl FnOnce(Instant) -> Result<(), SecretError> + Send + 'static,
) -> Result<Value, HostError> {
    let deadline = patience(scope);
    wait::on_helper(scope, move || work(deadline))?
        .map(|()| Value::Absent)
        .map_err(|error| failed("write", error))
}

/// A keychain that waits for a password is given up while the plugin can still look elsewhere.
fn patience(scope: &Scope) -> Instant {
    let now = Instant::now();
    now + scope.deadline.saturating_duration_since(now) * 2 / 3
}

fn failed(what: &str, error: SecretError) -> HostError {
    match error {
        SecretError::Unavailable => HostError::failed(UNSUPPORTED),
        SecretError::NotFound(_) => HostError::failed(NOT_FOUND),
        SecretError::Failed(words) => HostError::Failed(format!("keychain {what} failed: {words}")),
    }
}
