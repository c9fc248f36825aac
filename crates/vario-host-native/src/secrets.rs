//! Where secrets are kept: the system's keychain, or something that stands in for it.
//!
//! Two users: `ctx.host.keychain` (contract section 4.7), and the plugins' own secret settings,
//! which live under the service `vario` and the account `<plugin id>/<key>`.

mod memory;
mod platform;

#[cfg(target_os = "linux")]
mod secret_service;
#[cfg(not(target_os = "linux"))]
mod system_keyring;

use std::time::Instant;

use vario_host::Cancel;

pub use self::memory::MemorySecrets;
pub use self::platform::PlatformSecrets;

/// Why a secret was not read, written or deleted. Never holds the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// This system has no keychain that can be reached.
    #[error("there is no keychain on this system")]
    Unavailable,
    /// There is no such item; the text says which one.
    #[error("{0}")]
    NotFound(String),
    /// The keychain refused, was not unlocked, or did not answer in time.
    #[error("{0}")]
    Failed(String),
}

/// A keychain: texts found by a service and an account.
///
/// Without an account, the first item of the service is meant. Calls may block, until `deadline`
/// at the latest.
pub trait SecretStore: Send + Sync {
    /// Reads one secret. Bytes that are no text come as lower-case hexadecimal digits.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn read(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<String, SecretError>;

    /// Writes one secret: over the item that is there, else as a new one.
    ///
    /// # Errors
    /// See [`SecretError`]; it never gives [`SecretError::NotFound`].
    fn write(
        &self,
        service: &str,
        account: Option<&str>,
        value: &str,
        deadline: Instant,
    ) -> Result<(), SecretError>;

    /// Deletes one secret.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn delete(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<(), SecretError>;

    /// Whether there is any point in asking. Cheap; a `true` is no promise.
    fn is_available(&self) -> bool;

    /// The same store, whose calls end when `cancel` fires as well.
    ///
    /// Nothing means that calls never block for long, so that there is nothing to cancel.
    fn cancellable(&self, _cancel: &Cancel) -> Option<Box<dyn SecretStore>> {
        None
    }
}

/// No keychain at all: every call is [`SecretError::Unavailable`].
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSecrets;

impl SecretStore for NoSecrets {
    fn read(&self, _: &str, _: Option<&str>, _: Instant) -> Result<String, SecretError> {
        Err(SecretError::Unavailable)
    }

    fn write(&self, _: &str, _: Option<&str>, _: &str, _: Instant) -> Result<(), SecretError> {
        Err(SecretError::Unavailable)
    }

    fn delete(&self, _: &str, _: Option<&str>, _: Instant) -> Result<(), SecretError> {
        Err(SecretError::Unavailable)
    }

    fn is_available(&self) -> bool {
        false
    }
}

/// The words for an item that is not there. The account stays out: it is personal.
fn no_item(service: &str, account: Option<&str>) -> SecretError {
    let which = if account.is_some() { " and the wanted account" } else { "" };
    SecretError::NotFound(format!("there is no item for service `{service}`{which}"))
}

/// What was stored, as text.
fn secret_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        error.as_bytes().iter().fold(String::new(), |mut hex, byte| {
            for nibble in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            hex
        })
    })
}
