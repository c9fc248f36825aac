use serde_json::{Map, Value};

use crate::Error;

/// The longest name of an account, in bytes.
const MAX_NAME: usize = 64;

/// The largest document, in bytes of its JSON text: some accounts have room in one file.
const MAX_DOCUMENT: usize = 512 * 1024;

/// Whose service an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// An identity for smartCARS plugins.
    Smartcars,
    /// An airline for Stratos plugins.
    Stratos,
}

impl AccountKind {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 2] = [Self::Smartcars, Self::Stratos];

    /// The name of its section.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smartcars => "smartcars",
            Self::Stratos => "stratos",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The secrets of such an account. They are never in the file.
    pub fn secrets(self) -> &'static [AccountSecret] {
        const SMARTCARS: &[AccountSecret] = &[
            AccountSecret { name: "tfdi_design_user.token", place: &["tfdi_design_user", "token"] },
            AccountSecret { name: "va_user.session", place: &["va_user", "session"] },
        ];
        const STRATOS: &[AccountSecret] = &[
            AccountSecret { name: "token", place: &["token"] },
            AccountSecret { name: "refreshToken", place: &["refreshToken"] },
        ];
        match self {
            Self::Smartcars => SMARTCARS,
            Self::Stratos => STRATOS,
        }
    }
}

/// One secret of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountSecret {
    /// What it is called.
    pub name: &'static str,
    place: &'static [&'static str],
}

impl AccountSecret {
    /// Takes the secret out of a document and leaves an empty text; nothing if there is none.
    ///
    /// What is no text is taken too, as its JSON: it does not fit, and may be a secret all the same.
    pub fn take_from(self, document: &mut Map<String, Value>) -> Option<String> {
        let found = member(document, self.place)?;
        let empty = Value::from("");
        if found.is_null() || *found == empty {
            return None;
        }
        Some(match std::mem::replace(found, empty) {
            Value::String(text) => text,
            other => other.to_string(),
        })
    }

    /// Puts a secret into the document, if there is a place for it.
    pub fn put_into(self, document: &mut Map<String, Value>, secret: &str) {
        let Some((key, above)) = self.place.split_last() else { return };
        let table = match above {
            [] => Some(document),
            above => member(document, above).and_then(Value::as_object_mut),
        };
        if let Some(table) = table {
            table.insert((*key).to_owned(), Value::from(secret));
        }
    }
}

fn member<'a>(document: &'a mut Map<String, Value>, place: &[&str]) -> Option<&'a mut Value> {
    let (first, rest) = place.split_first()?;
    let found = document.get_mut(*first)?;
    rest.iter().try_fold(found, |found, key| found.get_mut(key))
}

/// An account without its secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountEntry {
    /// Of which kind.
    pub kind: AccountKind,
    /// What the user calls it.
    pub name: String,
    /// smartCARS: the identity, secrets emptied. Stratos: `baseUrl`, and where they are known `id`,
    /// `name`, `icao`, and `plugins` with what the airline sets for single plugins.
    pub document: Map<String, Value>,
    /// Stratos: where a new token is asked for.
    pub refresh_url: Option<String>,
    /// When its secrets were given, as RFC 3339 text: whoever remembers them knows by it whether
    /// they are still the ones.
    pub signed_in: Option<String>,
}

impl AccountEntry {
    /// Whether it may be written.
    pub(super) fn check(&self) -> Result<(), Error> {
        let refuse = |message: String| Err(Error::value(&self.name, message));
        if let Err(message) = check_name(&self.name) {
            return refuse(message);
        }
        let mut document = self.document.clone();
        for secret in self.kind.secrets() {
            if secret.take_from(&mut document).is_some() {
                return refuse(format!("the secret `{}` does not belong in a file", secret.name));
            }
        }
        if Value::Object(document).to_string().len() > MAX_DOCUMENT {
            return refuse(format!("it is larger than {} KiB", MAX_DOCUMENT / 1024));
        }
        if self.kind == AccountKind::Stratos {
            let base = self.document.get("baseUrl").and_then(Value::as_str).unwrap_or_default();
            for url in [Some(base), self.refresh_url.as_deref()].into_iter().flatten() {
                if let Err(message) = check_url(url) {
                    return refuse(message);
                }
            }
        }
        Ok(())
    }

    /// Whether it says what `wanted` does, and maybe more that a person wrote.
    pub(super) fn is_as_good_as(&self, wanted: &Self) -> bool {
        self.kind == wanted.kind
            && self.refresh_url == wanted.refresh_url
            && self.signed_in == wanted.signed_in
            && wanted.document.iter().all(|(key, value)| self.document.get(key) == Some(value))
    }
}

/// Names are keys of the file and parts of the keychain's names.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let fits = |character: char| character.is_alphanumeric() || " ._-@".contains(character);
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(format!("a name has 1 to {MAX_NAME} bytes"));
    }
    if name.trim() != name || !name.chars().all(fits) || name.starts_with('-') {
        let message = "a name is made of letters, digits, `.`, `_`, `-`, `@` and spaces within";
        return Err(message.to_owned());
    }
    Ok(())
}

/// An address that requests with a secret may go to. It holds none itself.
pub(super) fn check_url(url: &str) -> Result<(), String> {
    let expected = || "expected an address such as `https://airline.example/api`".to_owned();
    let (scheme, rest) = url.split_once("://").ok_or_else(expected)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("an address in a file holds no name and no password".to_owned());
    }
    let known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let odd = |character: char| character.is_whitespace() || character.is_control();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    if !known || host.is_empty() || url.contains(odd) || url.contains('\\') {
        return Err(expected());
    }
    Ok(())
}
