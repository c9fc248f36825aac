//! Where secrets are kept: the platform's keychain, or what stands in for it.

mod memory;
mod platform;

use std::time::Instant;

pub use self::memory::{MemorySecrets, NoSecrets};
pub use self::platform::PlatformSecrets;

/// Why a secret could not be read or written. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// This system has no keychain, or none that runs.
    #[error("this system has no keychain that vario can use; start a Secret Service")]
    Unavailable,
    /// There is no such secret. The text names the service.
    #[error("the keychain has no item for {0}")]
    NotFound(String),
    /// The keychain said no, for instance because it is locked, or nothing at all in time.
    #[error("keychain: {0}")]
    Failed(String),
}

/// A keychain: secrets by service and account.
///
/// A keychain may ask the user for a password before it answers. Every call gives up at its
/// deadline.
pub trait SecretStore: Send + Sync {
    /// The secret of a service, of this account or of any.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn read(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<String, SecretError>;

    /// Creates or replaces the secret of a service and account. Without an account, replaces the
    /// secret that a read without one gives.
    ///
    /// # Errors
    /// See [`SecretError`]; [`SecretError::NotFound`] only without an account.
    fn write(
        &self,
        service: &str,
        account: Option<&str>,
        value: &str,
        deadline: Instant,
    ) -> Result<(), SecretError>;

    /// Deletes the secret that a read with the same words gives.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn delete(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<(), SecretError>;

    /// Whether it is worth asking. Quick, and touches no secret.
    fn is_available(&self) -> bool;
}
