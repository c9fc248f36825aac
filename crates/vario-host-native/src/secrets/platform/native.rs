//! The keychains of macOS and Windows, connected to at the first use.

use std::collections::HashMap;
use std::time::Instant;

use keyring_core::{Entry, Error};

use super::Wanted;
use crate::secrets::SecretError;

/// They are part of the system.
pub(super) fn may_be_there() -> bool {
    true
}

pub(super) fn read(wanted: &Wanted, _deadline: Instant) -> Result<Vec<u8>, SecretError> {
    first(wanted)?.get_secret().map_err(|error| in_our_words(error, wanted))
}

pub(super) fn write(wanted: &Wanted, value: &[u8], _deadline: Instant) -> Result<(), SecretError> {
    let item = match (first(wanted), &wanted.account) {
        (Err(SecretError::NotFound(_)), Some(account)) => {
            Entry::new(&wanted.service, account).map_err(|error| in_our_words(error, wanted))?
        }
        (found, _) => found?,
    };
    item.set_secret(value).map_err(|error| in_our_words(error, wanted))
}

pub(super) fn delete(wanted: &Wanted, _deadline: Instant) -> Result<(), SecretError> {
    first(wanted)?.delete_credential().map_err(|error| in_our_words(error, wanted))
}

/// The first item that fits.
fn first(wanted: &Wanted) -> Result<Entry, SecretError> {
    if keyring::Entry::store_status().is_err() {
        return Err(SecretError::Unavailable);
    }
    let account = wanted.account.as_deref();
    if cfg!(windows) {
        let account = account.ok_or_else(|| wanted.not_found())?;
        return Entry::new(&wanted.service, account).map_err(|error| in_our_words(error, wanted));
    }
    let mut words = HashMap::from([("service", wanted.service.as_str())]);
    words.extend(account.map(|account| ("user", account)));
    let found = Entry::search(&words).map_err(|error| in_our_words(error, wanted))?;
    found.into_iter().next().ok_or_else(|| wanted.not_found())
}

/// The library's failure in our words, which never show a secret.
fn in_our_words(error: Error, wanted: &Wanted) -> SecretError {
    match error {
        Error::NoEntry => wanted.not_found(),
        Error::NoDefaultStore => SecretError::Unavailable,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            SecretError::Failed("the stored secret is damaged".to_owned())
        }
        Error::Ambiguous(items) => SecretError::Failed(format!("{} items match", items.len())),
        error => SecretError::Failed(error.to_string()),
    }
}
