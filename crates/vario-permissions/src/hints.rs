//! What a plugin's source names, read without running it.

mod scan;

use std::net::IpAddr;

use self::scan::{Token, UNKNOWN, tokens};
use crate::host::Host;
use crate::permission::Permission;
use crate::set::PermissionSet;

/// The variables that plugins of the contract know (section 4.5); a name of these in a source is no
/// coincidence.
pub const CONTRACT_VARIABLES: &[&str] = &[
    "CODEX_HOME",
    "CLAUDE_CONFIG_DIR",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "USER_TYPE",
    "USE_STAGING_OAUTH",
    "USE_LOCAL_OAUTH",
    "CLAUDE_CODE_CUSTOM_OAUTH_URL",
    "CLAUDE_CODE_OAUTH_CLIENT_ID",
    "CLAUDE_LOCAL_OAUTH_API_BASE",
    "ZAI_API_KEY",
    "GLM_API_KEY",
    "MINIMAX_API_KEY",
    "MINIMAX_API_TOKEN",
    "MINIMAX_CN_API_KEY",
    "SYNTHETIC_API_KEY",
    "PI_CODING_AGENT_DIR",
];

/// More than a person can judge at once.
const MAX_HINTS: usize = 100;

/// What is further down is not looked at, in bytes.
const MAX_SOURCE: usize = 512 * 1024;

/// What a plugin's source names, in JavaScript or Lua: hosts, paths, variables, keychain items, and
/// which of the host's functions it calls. A guess, to ask a user about everything at once; it
/// decides nothing, and what it overlooks is found when it is refused. A text that is put together
/// at run time is left out where that makes another host or path of it.
pub fn hints(source: &str) -> PermissionSet {
    let source = &source[..source.floor_char_boundary(MAX_SOURCE)];
    let tokens = tokens(source);
    let mut hints = Hints { found: PermissionSet::default(), ignores_tls: ignores_tls(&tokens) };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Text(text) => hints.text(text),
            Token::Word(word) => hints.word(word, &tokens[..at], &tokens[at + 1..]),
            Token::Sign(_) => {}
        }
    }
    hints.found
}

struct Hints {
    found: PermissionSet,
    ignores_tls: bool,
}

impl Hints {
    fn add(&mut self, text: &str) {
        if self.found.len() < MAX_HINTS
            && let Ok(permission) = text.parse::<Permission>()
        {
            self.found.insert(permission);
        }
    }

    /// A text, wherever it stands.
    fn text(&mut self, text: &str) {
        let is_url = text.starts_with("https://") || text.starts_with("http://");
        if is_url {
            if let Some((host, port)) = host_of(text) {
                self.host(&host, &port);
            }
        } else if text.len() > 2 && text.starts_with("~/") && !text.contains(UNKNOWN) {
            self.add(&format!("read:{}", escape(text)));
        } else if CONTRACT_VARIABLES.contains(&text) {
            self.add(&format!("env:{text}"));
        } else if self.ignores_tls && matches!(text, "127.0.0.1" | "localhost" | "::1") {
            let host = if text == "::1" { "[::1]" } else { text };
            if let Ok(host) = Host::parse(host) {
                self.host(&host, "");
            }
        }
    }

    /// `port`: with its colon, or empty.
    fn host(&mut self, host: &Host, port: &str) {
        self.add(&format!("net:{host}{port}"));
        let is_here = match host {
            Host::Ip(IpAddr::V4(address)) => address.is_loopback(),
            Host::Ip(IpAddr::V6(address)) => address.is_loopback(),
            Host::Name(_) => host.is_localhost(),
        };
        if is_here && self.ignores_tls {
            self.add(&format!("insecureTls:{host}{port}"));
        }
    }

    /// A name, and what stands on both sides of it.
    fn word(&mut self, word: &str, before: &[Token<'_>], after: &[Token<'_>]) {
        match word {
            "ls" if is_member_of(before, "host") => self.add("processes"),
            "discover" if is_member_of(before, "ls") => self.add("processes"),
            "ccusage" => self.add("ccusage"),
            "get" if is_member_of(before, "env") => self.argument("env", after),
            "writeText" => self.path_argument(after),
            "exec" if is_member_of(before, "sqlite") => self.path_argument(after),
            "executeCommand" => self.argument("run", after),
            "executeNodeScript" => self.add("run:node"),
            "executePythonScript" => self.add("run:python3"),
            "registerRouter" => self.add("routes"),
            _ if word.contains("GenericPassword") => self.argument("keychain", after),
            _ => {}
        }
    }

    /// The right of a kind to what is named first behind a function.
    fn argument(&mut self, kind: &str, after: &[Token<'_>]) {
        if let Some(text) = first_argument(after) {
            self.add(&format!("{kind}:{}", escape(text)));
        }
    }

    fn path_argument(&mut self, after: &[Token<'_>]) {
        if let Some(path) = first_argument(after).filter(|text| text.starts_with("~/")) {
            self.add(&format!("write:{}", escape(path)));
        }
    }
}

/// `name.` or `name:` or `name?.`
fn is_member_of(before: &[Token<'_>], name: &str) -> bool {
    let [rest @ .., dot] = before else { return false };
    let rest = rest.strip_suffix(&[Token::Sign(b'?')]).unwrap_or(rest);
    is_dot(Some(dot)) && rest.last() == Some(&Token::Word(name))
}

fn is_dot(token: Option<&Token<'_>>) -> bool {
    matches!(token, Some(Token::Sign(b'.' | b':')))
}

/// A text right behind a function's name, in brackets or, as Lua has it, without. It must be the
/// whole argument and known as it stands.
fn first_argument<'a>(after: &'a [Token<'_>]) -> Option<&'a str> {
    let (text, next) = match after {
        [Token::Sign(b'('), Token::Text(text), next, ..] => (text, Some(next)),
        [Token::Text(text), ..] => (text, None),
        _ => return None,
    };
    let is_whole = next.is_none_or(|next| matches!(next, Token::Sign(b')' | b',')));
    (is_whole && !text.contains(UNKNOWN)).then_some(text)
}

/// Whether a request may be made that takes any certificate.
fn ignores_tls(tokens: &[Token<'_>]) -> bool {
    tokens.windows(3).any(|three| {
        matches!(three, [Token::Word("dangerouslyIgnoreTls"), Token::Sign(b':' | b'='), value]
            if *value != Token::Word("false"))
    })
}

/// Host and port of a URL, the port with its colon; nothing where the source does not say the whole
/// host. A port that it does not say is left open.
fn host_of(url: &str) -> Option<(Host, String)> {
    let (_, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#', '\\', UNKNOWN]).unwrap_or(rest.len());
    let is_cut = rest[end..].starts_with(UNKNOWN);
    let authority = &rest[..end];
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let colon = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    let (host, port) = authority.split_at(colon.unwrap_or(authority.len()));
    // `https://api.` and `https://eu-` go on elsewhere.
    if (is_cut && port.is_empty()) || host.ends_with(['.', '-']) {
        return None;
    }
    let host = Host::parse(host).ok()?;
    let is_full = match &host {
        Host::Name(name) => name.contains('.') || host.is_localhost(),
        Host::Ip(_) => true,
    };
    let port = if is_cut || port == ":" { "" } else { port };
    is_full.then(|| (host, port.to_owned()))
}

/// A literal names itself, stars and all.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if matches!(character, '*' | '?' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
