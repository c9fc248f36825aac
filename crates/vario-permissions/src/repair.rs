//! What somebody meant who wrote something that is no right.

use std::net::Ipv6Addr;

use crate::permission::{KINDS, Permission};

/// The right that was most likely meant by a text that is none: `net:https://a.example/v1` is about
/// `a.example`, `read:~\.tool\key` about `~/.tool/key`. A proposal, to be read by a person; it is
/// nothing for a text that is a right as it stands.
pub fn meant(text: &str) -> Option<Permission> {
    if text.parse::<Permission>().is_ok() {
        return None;
    }
    let (kind, about) = text.split_once(':').unwrap_or((text, ""));
    let kind = KINDS.iter().find(|known| known.eq_ignore_ascii_case(kind.trim()))?;
    let about = about.trim();
    // The kind is said once only: in a list of hosts it is known.
    let about = match about.split_once(':') {
        Some((again, rest)) if KINDS.contains(&again) => rest,
        _ => about,
    };
    let about = match *kind {
        "net" | "insecureTls" => host(about),
        "read" | "write" => path(about),
        "ccusage" | "processes" | "system" | "routes" | "account" => {
            return kind.parse().ok();
        }
        _ => about.to_owned(),
    };
    format!("{kind}:{about}").parse().ok()
}

/// The host of an address on the web; a leading dot or several stars as one star.
fn host(text: &str) -> String {
    let rest = text.split_once("://").map_or(text, |(_scheme, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_user, host)| host);
    if host.parse::<Ipv6Addr>().is_ok() {
        return format!("[{host}]");
    }
    let parent = host.trim_start_matches('*').strip_prefix('.');
    parent.map_or_else(|| host.to_owned(), |parent| format!("*.{parent}"))
}

/// The home folder and the plugin's own under names that shells have for them; `/` between names.
fn path(text: &str) -> String {
    const HOME: &[&str] = &["$HOME", "${HOME}", "%USERPROFILE%", "$env:USERPROFILE"];
    const DATA: &[&str] = &["${DATA}", "%DATA%", "$data", "$Data"];
    let text = text.replace('\\', "/");
    for (names, base) in [(HOME, "~"), (DATA, "$DATA")] {
        for name in names {
            if let Some(rest) = text.strip_prefix(name) {
                return format!("{base}{rest}");
            }
        }
    }
    text
}
