//! From an account to the least edits of the document.

use serde_json::Value;
use toml_edit::{DocumentMut, Value as Toml};

use crate::accounts::read::STRATOS_TEXTS;
use crate::document::edit;
use crate::{AccountEntry, AccountKind, Error};

/// What a new file begins with.
const HEADER: &str = "# Who is signed in. Edit freely; `vario account list` shows what holds.\n\
                      # Tokens are not kept here but in the keychain.\n";

/// Writes the account's section. What a person wrote beside our keys stays.
pub(super) fn put(document: &mut DocumentMut, entry: &AccountEntry) -> Result<(), Error> {
    if document.is_empty() && document.trailing().as_str().unwrap_or_default().trim().is_empty() {
        document.set_trailing(HEADER);
    }
    let path = [entry.kind.name(), entry.name.as_str()];
    let mut text = |key: &str, value: Option<&str>| match value {
        Some(text) => edit::set(document, &path, key, Toml::from(text)).map(drop),
        None => edit::unset(document, &path, key).map(drop),
    };
    match entry.kind {
        AccountKind::Smartcars => {
            let identity = serde_json::to_string_pretty(&entry.document)
                .map_err(|error| Error::value(&entry.name, error.to_string()))?;
            text("identity", Some(&identity))?;
        }
        AccountKind::Stratos => {
            for key in STRATOS_TEXTS {
                text(key, entry.document.get(key).and_then(Value::as_str))?;
            }
            text("refreshUrl", entry.refresh_url.as_deref())?;
        }
    }
    text("signedIn", entry.signed_in.as_deref())
}
