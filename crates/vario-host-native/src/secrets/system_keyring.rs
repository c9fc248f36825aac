//! The keychain of macOS and of Windows, through the `keyring` crate.
//!
//! The Keychain can be searched by service alone; the Credential Manager cannot, so there an item
//! without an account is the one whose account is empty.

use std::collections::HashMap;

use keyring_core::{Entry, Error};

use super::{SecretError, no_item, secret_text};

pub(super) fn is_available() -> bool {
    true
}

pub(super) fn read(service: &str, account: Option<&str>) -> Result<String, SecretError> {
    match entry(service, account)?.get_secret() {
        Ok(bytes) => Ok(secret_text(bytes)),
        Err(error) => Err(explain(&error, service, account)),
    }
}

pub(super) fn write(
    service: &str,
    account: Option<&str>,
    value: &str,
) -> Result<(), SecretError> {
    entry(service, account)?
        .set_secret(value.as_bytes())
        .map_err(|error| explain(&error, service, account))
}

pub(super) fn delete(service: &str, account: Option<&str>) -> Result<(), SecretError> {
    entry(service, account)?
        .delete_credential()
        .map_err(|error| explain(&error, service, account))
}

fn entry(service: &str, account: Option<&str>) -> Result<Entry, SecretError> {
    if keyring::Entry::store_status().is_err() {
        return Err(SecretError::Unavailable);
    }
    if account.is_none() && cfg!(target_os = "macos") {
        let found = Entry::search(&HashMap::from([("service", service)]));
        let found = found.map_err(|error| explain(&error, service, account))?;
        if let Some(entry) = found.into_iter().next() {
            return Ok(entry);
        }
    }
    Entry::new(service, account.unwrap_or_default())
        .map_err(|error| explain(&error, service, account))
}

/// The crate's own texts can hold what was stored, so only kinds are named.
fn explain(error: &Error, service: &str, account: Option<&str>) -> SecretError {
    let text = match error {
        Error::NoEntry => return no_item(service, account),
        Error::NoDefaultStore => return SecretError::Unavailable,
        Error::NoStorageAccess(_) => "the keychain cannot be opened",
        Error::Ambiguous(_) => "there are several such items",
        Error::TooLong(..) => "a part of the item is too long for the keychain",
        Error::Invalid(..) => "the keychain does not take such an item",
        _ => "the keychain reported a failure",
    };
    SecretError::Failed(text.to_owned())
}
