use std::collections::HashMap;
use std::time::Instant;

use keyring_core::{Entry, Error};

use super::{SecretError, SecretStore};
use crate::wait;

/// The keychain of this platform, connected to at the first use: the login keychain on macOS, the
/// credential manager on Windows, the Secret Service over D-Bus elsewhere.
///
/// An item is found by its service and, where given, its account. On the Secret Service these are
/// the attributes `service` and `username`, or `account` as some tools spell it. Windows cannot be
/// searched by service alone: there, without an account, nothing is found.
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
        let secret =
            with_item(service, account, deadline, |item, service| on(service, item.get_secret()))?;
        Ok(as_text(secret))
    }

    fn write(
        &self,
        service: &str,
        account: Option<&str>,
        value: &str,
        deadline: Instant,
    ) -> Result<(), SecretError> {
        let bytes = value.as_bytes().to_vec();
        let Some(account) = account else {
            return with_item(service, None, deadline, move |item, service| {
                on(service, item.set_secret(&bytes))
            });
        };
        let (service, account) = (service.to_owned(), account.to_owned());
        in_time(deadline, move || {
            let item = match first(&service, Some(&account)) {
                Err(SecretError::NotFound(_)) => on(&service, Entry::new(&service, &account))?,
                found => found?,
            };
            on(&service, item.set_secret(&bytes))
        })
    }

    fn delete(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<(), SecretError> {
        with_item(service, account, deadline, |item, service| on(service, item.delete_credential()))
    }

    fn is_available(&self) -> bool {
        bus_may_be_there()
    }
}

/// Works on an item that is there.
fn with_item<T: Send + 'static>(
    service: &str,
    account: Option<&str>,
    deadline: Instant,
    work: impl FnOnce(&Entry, &str) -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    let (service, account) = (service.to_owned(), account.map(str::to_owned));
    in_time(deadline, move || work(&first(&service, account.as_deref())?, &service))
}

/// Asks on a thread of its own; none is started where there is surely nobody to ask.
fn in_time<T: Send + 'static>(
    deadline: Instant,
    work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    if !bus_may_be_there() {
        return Err(SecretError::Unavailable);
    }
    wait::until(deadline, work)
        .unwrap_or_else(|| Err(SecretError::Failed("it did not answer in time".to_owned())))
}

/// The first item of a service.
fn first(service: &str, account: Option<&str>) -> Result<Entry, SecretError> {
    // Connects once in a process; a failure is remembered too.
    if keyring::Entry::store_status().is_err() {
        return Err(SecretError::Unavailable);
    }
    let not_found = || SecretError::NotFound(service.to_owned());
    if cfg!(windows) {
        return on(service, Entry::new(service, account.ok_or_else(not_found)?));
    }
    for name in ACCOUNT_ATTRIBUTES {
        let mut wanted = HashMap::from([("service", service)]);
        if let Some(account) = account {
            wanted.insert(name, account);
        }
        if let Some(entry) = on(service, Entry::search(&wanted))?.into_iter().next() {
            return Ok(entry);
        }
        if account.is_none() {
            break;
        }
    }
    Err(not_found())
}

/// What an account is called, in the order of trying.
const ACCOUNT_ATTRIBUTES: &[&str] =
    if cfg!(target_os = "macos") { &["user"] } else { &["username", "account"] };

/// Whether there is a session bus. Without one, connecting would start threads for nothing.
#[cfg(all(unix, not(target_os = "macos")))]
fn bus_may_be_there() -> bool {
    use std::path::{Path, PathBuf};
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty()) {
        return true;
    }
    let folder = std::env::var_os("XDG_RUNTIME_DIR").map_or_else(
        || Path::new("/run/user").join(rustix::process::geteuid().as_raw().to_string()),
        PathBuf::from,
    );
    folder.join("bus").exists()
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn bus_may_be_there() -> bool {
    true
}

/// The library's result in our words, which never show a secret.
fn on<T>(service: &str, result: Result<T, Error>) -> Result<T, SecretError> {
    result.map_err(|error| match error {
        Error::NoEntry => SecretError::NotFound(service.to_owned()),
        Error::NoDefaultStore => SecretError::Unavailable,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            SecretError::Failed("the stored secret is damaged".to_owned())
        }
        Error::Ambiguous(items) => SecretError::Failed(format!("{} items match", items.len())),
        error => SecretError::Failed(error.to_string()),
    })
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
