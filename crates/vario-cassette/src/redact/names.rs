//! Which names say that their value is a secret.

use vario_host::redact::SECRET_KEYS;

/// Names of people, hidden only when asked for.
const NAME_KEYS: &[&str] = &["name", "login"];

/// More of them, as identity tokens call them.
const NAME_CLAIMS: &[&str] =
    &["family_name", "given_name", "middle_name", "nickname", "preferred_username", "username"];

/// String claims of a JWT that point at a person or a session.
const PERSONAL_CLAIMS: &[&str] = &["jti", "sid", "sub"];

/// Values of these are published by whoever made the program.
const PUBLIC_KEYS: &[&str] = &["aud", "azp", "clientId", "client_id", "iss", "scope", "scopes"];

/// Parts of a name that make its value worth hiding when it does not look like a plain word.
const TELLING: &[&str] =
    &["token", "secret", "passw", "apikey", "cookie", "csrf", "credential", "privatekey"];

const HEADER_TELLING: &[&str] = &["token", "key", "secret", "auth", "cookie", "session"];

const PARAMETER_TELLING: &[&str] =
    &["key", "token", "secret", "password", "auth", "bearer", "credential", "session"];

/// A key whose text is secret, as contract section 4.13 lists them.
pub(super) fn is_secret_key(key: &str, with_names: bool) -> bool {
    if NAME_KEYS.contains(&key) || NAME_CLAIMS.contains(&key) {
        return with_names;
    }
    SECRET_KEYS.contains(&key)
}

/// A claim of a JWT whose text is personal.
pub(super) fn is_personal_claim(key: &str) -> bool {
    PERSONAL_CLAIMS.contains(&key)
}

/// A key whose text is no secret, however it looks.
pub(super) fn is_public_key(key: &str) -> bool {
    PUBLIC_KEYS.contains(&key)
}

/// A key, a path or a query that speaks of secrets.
pub(super) fn is_telling(text: &str) -> bool {
    let plain: String =
        text.to_lowercase().chars().filter(|letter| !matches!(letter, '_' | '-')).collect();
    !plain.contains("ratelimit") && TELLING.iter().any(|word| plain.contains(word))
}

/// A header that carries a credential.
pub(super) fn is_credential_header(name: &str) -> bool {
    let name = name.to_lowercase();
    let about_limits = name.contains("ratelimit") || name.contains("rate-limit");
    !about_limits
        && name != "www-authenticate"
        && HEADER_TELLING.iter().any(|word| name.contains(word))
}

/// A query or form parameter that carries a credential.
pub(super) fn is_telling_parameter(name: &str) -> bool {
    let name = name.to_lowercase();
    !is_public_key(&name) && PARAMETER_TELLING.iter().any(|word| name.contains(word))
}

/// An environment variable that holds a credential.
pub(super) fn is_secret_variable(name: &str) -> bool {
    let name = name.to_uppercase();
    ["KEY", "TOKEN", "SECRET", "PASSWORD"].iter().any(|word| name.contains(word))
}

/// A value that tells nothing although its key says otherwise.
pub(super) fn is_empty_word(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "basic",
        "bearer",
        "default",
        "false",
        "n/a",
        "none",
        "null",
        "oauth",
        "personal",
        "true",
        "undefined",
        "unknown",
    ];
    value.is_empty() || WORDS.contains(&value.to_lowercase().as_str())
}
