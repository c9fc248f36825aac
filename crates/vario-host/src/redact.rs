//! Redaction of what reaches a log (contract section 4.13).
//!
//! Three texts are redacted, each by its own rules: what a plugin logs, the body of an HTTP
//! answer, and an address. None of them promises that no secret is left; together they keep the
//! known kinds out of logs that people paste.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// JSON keys whose text values are secrets or personal, exactly as spelled here.
pub const SECRET_KEYS: &[&str] = &[
    "name",
    "password",
    "token",
    "access_token",
    "refresh_token",
    "secret",
    "api_key",
    "apiKey",
    "authorization",
    "bearer",
    "credential",
    "session_token",
    "sessionToken",
    "auth_token",
    "authToken",
    "id_token",
    "idToken",
    "accessToken",
    "refreshToken",
    "user_id",
    "userId",
    "account_id",
    "accountId",
    "team_id",
    "teamId",
    "org_id",
    "orgId",
    "account_display_name",
    "accountDisplayName",
    "payment_id",
    "paymentId",
    "profile_arn",
    "profileArn",
    "email",
    "login",
    "analytics_tracking_id",
];

const URL_PARAMETERS: &[&str] = &[
    "key",
    "api_key",
    "apikey",
    "token",
    "access_token",
    "secret",
    "password",
    "auth",
    "authorization",
    "bearer",
    "credential",
    "user",
    "user_id",
    "userid",
    "account_id",
    "accountid",
    "profilearn",
    "profile_arn",
    "email",
    "login",
];

/// An HTTP body longer than this many bytes after redaction is cut in logs.
const PREVIEW_BYTES: usize = 500;

const KEY_HINTS: &[&str] = &["sk-", "pk-", "api_", "key_", "secret_"];
const PREFIXES: &str = "(?:sk-|pk-|api_|key_|secret_)[A-Za-z0-9_-]{12,}";

static JWT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"));
static API_KEY: LazyLock<Regex> = LazyLock::new(|| regex(PREFIXES));
static QUOTED_API_KEY: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r#"["']?({PREFIXES})["']?"#)));
static DEVIN: LazyLock<Regex> = LazyLock::new(|| regex(r#"devin-session-token\$[^\s"',}\]]+"#));
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| regex(r"(account=)([^,\s]+)"));
static PATH: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"/(?:Users|home|opt|private|var|tmp|Applications)/[^\s"')]+"#));
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| regex(r#"https?://[^\s"'<>()]+"#));
static USER_INFO: LazyLock<Regex> = LazyLock::new(|| regex("://[^/@]*@"));
static KEY_VALUE: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r#""({})":\s*"([^"]+)""#, SECRET_KEYS.join("|"))));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant of this module")
}

/// Hides most of a text: all of a short one, else all but the first and last four characters.
pub fn mask(text: &str) -> String {
    let count = text.chars().count();
    if count <= 12 {
        return "[REDACTED]".to_owned();
    }
    let first: String = text.chars().take(4).collect();
    let last: String = text.chars().skip(count - 4).collect();
    format!("{first}...{last}")
}

/// A line for the log: tokens, keys, account values and personal paths hidden.
pub fn log_text(text: &str) -> Cow<'_, str> {
    let text = replace(&JWT, text.into(), &["eyJ"], |found| mask(&found[0]));
    let text = replace(&API_KEY, text, KEY_HINTS, |found| mask(&found[0]));
    let text = replace(&DEVIN, text, &["devin-session-token$"], |found| mask(&found[0]));
    let text =
        replace(&ACCOUNT, text, &["account="], |found| format!("{}{}", &found[1], mask(&found[2])));
    replace(&PATH, text, &["/"], |_| "[PATH]".to_owned())
}

/// The body of an HTTP answer, redacted as a whole.
pub fn body_text(text: &str) -> Cow<'_, str> {
    let text = replace(&JWT, text.into(), &["eyJ"], |found| mask(&found[0]));
    let text = replace(&QUOTED_API_KEY, text, KEY_HINTS, |found| mask(&found[1]));
    let text = replace(&DEVIN, text, &["devin-session-token$"], |found| mask(&found[0]));
    let text = replace(&KEY_VALUE, text, &["\":"], |found| {
        format!("\"{}\": \"{}\"", &found[1], mask(&found[2]))
    });
    replace(&PATH, text, &["/"], |_| "[PATH]".to_owned())
}

/// The beginning of an HTTP body for the log: redacted first, then cut.
pub fn body_preview(body: &str) -> String {
    let redacted = body_text(body);
    if redacted.len() <= PREVIEW_BYTES {
        return redacted.into_owned();
    }
    let kept: String = redacted
        .char_indices()
        .take_while(|(start, _)| *start < PREVIEW_BYTES)
        .map(|(_, character)| character)
        .collect();
    format!("{kept}... ({} bytes total)", body.len())
}

/// An address with the values of telling query parameters hidden. User info, path and fragment
/// stay.
pub fn url(address: &str) -> Cow<'_, str> {
    let Some((before, query)) = address.split_once('?') else {
        return address.into();
    };
    let mut redacted = format!("{before}?");
    for (index, parameter) in query.split('&').enumerate() {
        if index > 0 {
            redacted.push('&');
        }
        match parameter.split_once('=') {
            Some((name, value)) if !value.is_empty() && is_telling(name) => {
                let _infallible = write!(redacted, "{name}={}", mask(value));
            }
            _ => redacted.push_str(parameter),
        }
    }
    redacted.into()
}

/// A message for the user, of whatever origin: addresses keep nothing of their queries but the
/// names, and tokens, keys and account values are hidden. Paths stay: they say where to look.
pub fn message(text: &str) -> Cow<'_, str> {
    let text = replace(&JWT, text.into(), &["eyJ"], |found| mask(&found[0]));
    let text = replace(&API_KEY, text, KEY_HINTS, |found| mask(&found[0]));
    let text = replace(&DEVIN, text, &["devin-session-token$"], |found| mask(&found[0]));
    replace(&ADDRESS, text, &["://"], |found| without_values(&found[0]))
}

/// An address with all values of its query hidden, and without its fragment and user.
pub fn without_values(address: &str) -> String {
    let address = address.split_once('#').map_or(address, |(before, _)| before);
    let (before, query) = address.split_once('?').unwrap_or((address, ""));
    let mut redacted = USER_INFO.replace(before, "://").into_owned();
    for (index, parameter) in query.split('&').filter(|text| !text.is_empty()).enumerate() {
        redacted.push(if index == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) => {
                let _infallible = write!(redacted, "{name}=[REDACTED]");
            }
            // A parameter without a name may be the value itself.
            None => redacted.push_str("[REDACTED]"),
        }
    }
    redacted
}

fn is_telling(parameter: &str) -> bool {
    let name = parameter.to_lowercase();
    URL_PARAMETERS.iter().any(|word| name.contains(word))
}

/// Applies one rule; the hints spare the search, and the pattern's compilation, on most texts.
fn replace<'a>(
    pattern: &LazyLock<Regex>,
    text: Cow<'a, str>,
    hints: &[&str],
    with: impl Fn(&Captures<'_>) -> String,
) -> Cow<'a, str> {
    if !hints.iter().any(|hint| text.contains(hint)) {
        return text;
    }
    if let Cow::Owned(new) = pattern.replace_all(&text, |found: &Captures<'_>| with(found)) {
        return Cow::Owned(new);
    }
    text
}
