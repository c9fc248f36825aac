use std::time::Instant;

#[cfg(any(target_os = "macos", windows))]
use self::native as keychain;
#[cfg(not(any(target_os = "macos", windows)))]
use self::secret_service as keychain;
use super::{SecretError, SecretStore};
use crate::wait;

#[cfg(any(target_os = "macos", windows))]
mod native;
#[cfg(not(any(target_os = "macos", windows)))]
mod secret_service;

/// The keychain of this platform: the login keychain on macOS, the credential manager on Windows,
/// the Secret Service over D-Bus elsewhere.
///
/// An item is found by its service and, where given, its account. On the Secret Service these are
/// the attributes `service` and `username`, or `account` as some tools spell it; new items get
/// both. Windows cannot be searched by service alone: there, without an account, nothing is found.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlatformSecrets;

impl PlatformSecrets {
    /// Nothing is connected to yet.
    pub fn new() -> Self {
        Self
    }
}

impl SecretStore for PlatformSecrets {
    fn read(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<String, SecretError> {
        let wanted = Wanted::new(service, account);
        in_time(deadline, move || keychain::read(&wanted, deadline)).map(as_text)
    }

    fn write(
        &self,
        service: &str,
        account: Option<&str>,
        value: &str,
        deadline: Instant,
    ) -> Result<(), SecretError> {
        let (wanted, value) = (Wanted::new(service, account), value.as_bytes().to_vec());
        in_time(deadline, move || keychain::write(&wanted, &value, deadline))
    }

    fn delete(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<(), SecretError> {
        let wanted = Wanted::new(service, account);
        in_time(deadline, move || keychain::delete(&wanted, deadline))
    }

    fn is_available(&self) -> bool {
        keychain::may_be_there()
    }
}

/// The item a call is about.
struct Wanted {
    service: String,
    account: Option<String>,
}

impl Wanted {
    fn new(service: &str, account: Option<&str>) -> Self {
        Self { service: service.to_owned(), account: account.map(str::to_owned) }
    }

    fn not_found(&self) -> SecretError {
        SecretError::NotFound(self.service.clone())
    }
}

/// Asks on a thread of its own; none is started where there is surely nobody to ask.
fn in_time<T: Send + 'static>(
    deadline: Instant,
    work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    if !keychain::may_be_there() {
        return Err(SecretError::Unavailable);
    }
    wait::until(deadline, work).unwrap_or_else(|| Err(too_late()))
}

fn too_late() -> SecretError {
    SecretError::Failed("it did not answer in time".to_owned())
}

/// Text as it is; anything else in hex, as macOS's `security` prints it and plugins expect it.
fn as_text(secret: Vec<u8>) -> String {
    use std::fmt::Write as _;
    String::from_utf8(secret).unwrap_or_else(|error| {
        error.as_bytes().iter().fold(String::new(), |mut hex, byte| {
            let _infallible = write!(hex, "{byte:02x}");
            hex
        })
    })
}
