//! The Secret Service of the session bus: GNOME Keyring, KDE Wallet, `KeePassXC` and others.
//!
//! Every call connects anew, so a service that starts later, restarts or hangs concerns no other
//! call. There is no such service in the tests; this was tried by hand with GNOME Keyring on a
//! private bus, unlocked, locked, stopped and absent, next to items that `secret-tool` made.

mod question;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error, SearchItemsResult};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;

use self::question::Question;
use super::{Wanted, too_late};
use crate::secrets::SecretError;

/// What an account is called, in the order of trying. A new item has it under all of these names,
/// so that programs that know only one find it.
const ACCOUNT_ATTRIBUTES: [&str; 2] = ["username", "account"];

/// Whether there is a session bus.
pub(super) fn may_be_there() -> bool {
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty()) {
        return true;
    }
    let folder = std::env::var_os("XDG_RUNTIME_DIR").map_or_else(
        || Path::new("/run/user").join(rustix::process::geteuid().as_raw().to_string()),
        PathBuf::from,
    );
    folder.join("bus").exists()
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is bound to one lifetime and does not fit"
)]
pub(super) fn read(wanted: &Wanted, deadline: Instant) -> Result<Vec<u8>, SecretError> {
    with_item(wanted, deadline, |item| item.get_secret())
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is bound to one lifetime and does not fit"
)]
pub(super) fn delete(wanted: &Wanted, deadline: Instant) -> Result<(), SecretError> {
    with_item(wanted, deadline, |item| item.delete())
}

pub(super) fn write(wanted: &Wanted, value: &[u8], deadline: Instant) -> Result<(), SecretError> {
    let updated = with_item(wanted, deadline, |item| item.set_secret(value, CONTENT_TYPE));
    match (updated, &wanted.account) {
        (Err(SecretError::NotFound(_)), Some(account)) => {
            create(&wanted.service, account, value, deadline)
        }
        (done, _) => done,
    }
}

const CONTENT_TYPE: &str = "text/plain";

fn create(
    service: &str,
    account: &str,
    value: &[u8],
    deadline: Instant,
) -> Result<(), SecretError> {
    let (connection, secrets) = connect(deadline)?;
    let collection = secrets.get_default_collection().map_err(|error| match error {
        Error::NoResult => SecretError::Failed("there is no default keyring; make one".to_owned()),
        error => in_our_words(error),
    })?;
    if collection.is_locked().map_err(in_our_words)? {
        let _question = Question::ask(&connection)?;
        collection.unlock().map_err(in_our_words)?;
    }
    let mut attributes = HashMap::from([("service", service)]);
    attributes.extend(ACCOUNT_ATTRIBUTES.map(|name| (name, account)));
    let label = format!("{service} ({account})");
    // Replaces what another writer made since we looked.
    let created = collection.create_item(&label, attributes, value, true, CONTENT_TYPE);
    created.map(drop).map_err(in_our_words)
}

/// Works on the first item that fits. The user is asked for a password only if all are locked.
fn with_item<T>(
    wanted: &Wanted,
    deadline: Instant,
    work: impl FnOnce(&Item<'_>) -> Result<T, Error>,
) -> Result<T, SecretError> {
    let (connection, secrets) = connect(deadline)?;
    let found = search(&secrets, wanted).map_err(in_our_words)?;
    let item = if let Some(unlocked) = found.unlocked.into_iter().next() {
        unlocked
    } else {
        let locked = found.locked.into_iter().next().ok_or_else(|| wanted.not_found())?;
        let _question = Question::ask(&connection)?;
        locked.unlock().map_err(in_our_words)?;
        locked
    };
    work(&item).map_err(|error| match error {
        Error::NoResult => wanted.not_found(),
        error => in_our_words(error),
    })
}

fn search<'a>(
    secrets: &'a SecretService<'_>,
    wanted: &Wanted,
) -> Result<SearchItemsResult<Item<'a>>, Error> {
    let service = ("service", wanted.service.as_str());
    let Some(account) = wanted.account.as_deref() else {
        return secrets.search_items(HashMap::from([service]));
    };
    let mut all = SearchItemsResult { unlocked: Vec::new(), locked: Vec::new() };
    for name in ACCOUNT_ATTRIBUTES {
        let found = secrets.search_items(HashMap::from([service, (name, account)]))?;
        all.unlocked.extend(found.unlocked);
        all.locked.extend(found.locked);
    }
    Ok(all)
}

/// A connection of this call's own. Secrets cross the bus encrypted.
fn connect(deadline: Instant) -> Result<(Connection, SecretService<'static>), SecretError> {
    let time_left = deadline.saturating_duration_since(Instant::now());
    let connection = Builder::session()
        .and_then(|builder| builder.method_timeout(time_left).build())
        .map_err(|error| nobody_there(&error))?;
    let secrets = SecretService::connect_with_existing(EncryptionType::Dh, connection.clone());
    let secrets = secrets.map_err(|error| match error {
        Error::Zbus(error) => nobody_there(&error),
        _ => SecretError::Unavailable,
    })?;
    Ok((connection, secrets))
}

/// A service that cannot be reached is none, unless it is only slow.
fn nobody_there(error: &zbus::Error) -> SecretError {
    if is_timeout(error) { too_late() } else { SecretError::Unavailable }
}

fn is_timeout(error: &zbus::Error) -> bool {
    matches!(error, zbus::Error::InputOutput(io) if io.kind() == std::io::ErrorKind::TimedOut)
}

/// The library's failure in our words, which never show a secret.
fn in_our_words(error: Error) -> SecretError {
    match error {
        Error::Zbus(error) if is_timeout(&error) => too_late(),
        Error::Locked | Error::Prompt | Error::PromptDisconnected => {
            SecretError::Failed("it is locked and was not unlocked".to_owned())
        }
        Error::Crypto(_) => SecretError::Failed("the stored secret is damaged".to_owned()),
        error => SecretError::Failed(error.to_string()),
    }
}
