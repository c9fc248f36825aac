//! The Secret Service of a Linux desktop, over D-Bus.
//!
//! Items are found by the attribute `service` and, where an account is given, by `username` or
//! `account`: the names that programs in the wild use. What we write carries all three.

use std::collections::HashMap;
use std::path::Path;

use ::secret_service::blocking::{Item, SecretService};
use ::secret_service::{EncryptionType, Error};

use super::{SecretError, no_item, secret_text};

const ACCOUNT_ATTRIBUTES: [&str; 2] = ["username", "account"];

/// Whether there is a session bus at all; without one, no thread and no connection is tried.
pub(super) fn is_available() -> bool {
    has_session_bus(|name| std::env::var_os(name))
}

pub(super) fn has_session_bus(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).join("bus").exists())
}

pub(super) fn read(service: &str, account: Option<&str>) -> Result<String, SecretError> {
    read_from(&connect()?, service, account)
}

pub(super) fn write(
    service: &str,
    account: Option<&str>,
    value: &str,
) -> Result<(), SecretError> {
    write_to(&connect()?, service, account, value)
}

pub(super) fn delete(service: &str, account: Option<&str>) -> Result<(), SecretError> {
    delete_from(&connect()?, service, account)
}

/// A connection for one call: a service that was restarted in between is no trouble then.
fn connect() -> Result<SecretService<'static>, SecretError> {
    SecretService::connect(EncryptionType::Dh).map_err(|error| explain(&error))
}

pub(super) fn read_from(
    secrets: &SecretService<'_>,
    service: &str,
    account: Option<&str>,
) -> Result<String, SecretError> {
    let item = find(secrets, service, account)?.ok_or_else(|| no_item(service, account))?;
    item.get_secret().map(secret_text).map_err(|error| explain(&error))
}

pub(super) fn write_to(
    secrets: &SecretService<'_>,
    service: &str,
    account: Option<&str>,
    value: &str,
) -> Result<(), SecretError> {
    // Over the item that is there: it keeps its account, and whatever else its owner noted.
    if let Some(item) = find(secrets, service, account)? {
        return item.set_secret(value.as_bytes(), "text/plain").map_err(|error| explain(&error));
    }
    let mut attributes = HashMap::from([("service", service)]);
    if let Some(account) = account {
        attributes.extend(ACCOUNT_ATTRIBUTES.map(|name| (name, account)));
    }
    let create = || -> Result<(), Error> {
        let collection = secrets.get_any_collection()?;
        if collection.is_locked()? {
            collection.unlock()?;
        }
        collection.create_item(service, attributes, value.as_bytes(), true, "text/plain")?;
        Ok(())
    };
    create().map_err(|error| explain(&error))
}

pub(super) fn delete_from(
    secrets: &SecretService<'_>,
    service: &str,
    account: Option<&str>,
) -> Result<(), SecretError> {
    let item = find(secrets, service, account)?.ok_or_else(|| no_item(service, account))?;
    item.delete().map_err(|error| explain(&error))
}

/// The first matching item, unlocked; its user may be asked for a password.
fn find<'a>(
    secrets: &'a SecretService<'a>,
    service: &str,
    account: Option<&str>,
) -> Result<Option<Item<'a>>, SecretError> {
    let Some(account) = account else {
        return first(secrets, HashMap::from([("service", service)]));
    };
    for name in ACCOUNT_ATTRIBUTES {
        let found = first(secrets, HashMap::from([("service", service), (name, account)]))?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn first<'a>(
    secrets: &'a SecretService<'a>,
    attributes: HashMap<&str, &str>,
) -> Result<Option<Item<'a>>, SecretError> {
    let found = secrets.search_items(attributes).map_err(|error| explain(&error))?;
    if let Some(item) = found.unlocked.into_iter().next() {
        return Ok(Some(item));
    }
    let Some(item) = found.locked.into_iter().next() else { return Ok(None) };
    item.unlock().map_err(|error| explain(&error))?;
    Ok(Some(item))
}

pub(super) fn explain(error: &Error) -> SecretError {
    let text = match error {
        Error::Unavailable => return SecretError::Unavailable,
        Error::Locked => "the keychain is locked".to_owned(),
        Error::Prompt => "the question for the keychain's password was dismissed".to_owned(),
        Error::NoResult => "the keychain has no collection to write to".to_owned(),
        other => other.to_string(),
    };
    // A bus that nobody offers secrets on, and an address that nobody listens at.
    const NOBODY: [&str; 4] =
        ["Error.ServiceUnknown", "Error.NameHasNoOwner", "Error.Spawn.", "No such file or directory"];
    if NOBODY.iter().any(|sign| text.contains(sign)) {
        return SecretError::Unavailable;
    }
    SecretError::Failed(text.lines().next().unwrap_or_default().to_owned())
}
