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

/// The keychain, for one call.
pub(crate) struct Keychain<'a> {
    secrets: &'a Arc<dyn SecretStore>,
    user: CurrentUser,
    scope: &'a Scope,
}

/// What a call asks of the keychain.
pub(crate) enum Member<'a> {
    Read {
        service: String,
        /// None means any.
        account: Option<String>,
    },
    Write {
        service: String,
        /// None means that of the item that there is.
        account: Option<String>,
        value: &'a str,
    },
}

impl<'a> Keychain<'a> {
    /// Fails where there is none.
    pub(crate) fn open(
        secrets: &'a Arc<dyn SecretStore>,
        user: CurrentUser,
        scope: &'a Scope,
    ) -> Result<Self, HostError> {
        if secrets.is_available() {
            Ok(Self { secrets, user, scope })
        } else {
            Err(HostError::failed(UNSUPPORTED))
        }
    }

    /// Reads the arguments of one of the functions.
    pub(crate) fn member<'v>(
        &self,
        member: &str,
        args: &'v [Value],
    ) -> Result<Member<'v>, HostError> {
        let text = |place: usize| args.get(place).and_then(Value::as_str).unwrap_or_default();
        let (service, value) = (text(0).to_owned(), text(1));
        let own = || Some(self.user.name(self.scope));
        Ok(match member {
            "readGenericPassword" => {
                let account = Some(text(1).trim().to_owned()).filter(|account| !account.is_empty());
                Member::Read { service, account }
            }
            "readGenericPasswordForCurrentUser" => Member::Read { service, account: own() },
            "writeGenericPassword" => Member::Write { service, account: None, value },
            "writeGenericPasswordForCurrentUser" => {
                Member::Write { service, account: own(), value }
            }
            _ => return Err(HostError::Failed(format!("there is no host function `{member}`"))),
        })
    }

    /// The secret, trimmed as the contract says.
    pub(crate) fn read(&self, service: &str, account: Option<String>) -> Result<String, HostError> {
        let (store, service) = (Arc::clone(self.secrets), service.to_owned());
        let deadline = patience(self.scope);
        wait::on_helper(self.scope, move || store.read(&service, account.as_deref(), deadline))?
            .map(|secret| secret.trim().to_owned())
            .map_err(|error| failed("read", error))
    }

    /// Without an account a new item gets the current user's.
    pub(crate) fn write(
        &self,
        service: String,
        account: Option<String>,
        value: &str,
    ) -> Result<(), HostError> {
        let own = account.is_none().then(|| self.user.name(self.scope));
        let (store, value) = (Arc::clone(self.secrets), value.to_owned());
        let deadline = patience(self.scope);
        let write = move || match store.write(&service, account.as_deref(), &value, deadline) {
            Err(SecretError::NotFound(_)) if account.is_none() => {
                store.write(&service, own.as_deref(), &value, deadline)
            }
            done => done,
        };
        wait::on_helper(self.scope, write)?.map_err(|error| failed("write", error))
    }
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
