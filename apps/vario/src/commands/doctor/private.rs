//! Takes out of a text what it tells about its user, so that it can be pasted anywhere.

use vario_bootstrap::Vario;
use vario_host::redact;

/// What must not be told.
pub(super) struct Private {
    homes: Vec<String>,
    users: Vec<String>,
}

impl Private {
    /// The home folder as it is named and as it is, and the user's names.
    pub(super) fn of(vario: &Vario) -> Self {
        let home = vario.paths().home();
        let real = home.and_then(|home| home.canonicalize().ok());
        let homes = home.into_iter().chain(real.as_deref());
        let names = ["USER", "LOGNAME", "USERNAME"].into_iter();
        let names = names.filter_map(|name| std::env::var(name).ok());
        let folder = home.and_then(|home| home.file_name()).and_then(|name| name.to_str());
        Self::new(
            homes.map(|home| home.display().to_string()),
            names.chain(folder.map(str::to_owned)),
        )
    }

    fn new(homes: impl Iterator<Item = String>, users: impl Iterator<Item = String>) -> Self {
        // A home that is the root of everything is nobody's.
        let homes = homes.map(|home| home.trim_end_matches(is_separator).to_owned());
        let mut homes: Vec<String> = homes.filter(|home| !home.is_empty()).collect();
        // The longer one first: the other may be its beginning.
        homes.sort_by_key(|home| std::cmp::Reverse(home.len()));
        Self { homes, users: users.filter(|user| !user.is_empty()).collect() }
    }

    /// The text with `~` for the home folder, without the user's name in any other path, and
    /// without tokens.
    pub(super) fn hidden(&self, text: &str) -> String {
        let mut text = redact::message(text).into_owned();
        for home in &self.homes {
            text = replaced(&text, home, "~", |before| !before.ends_with(is_of_name));
        }
        for user in &self.users {
            // As a word of its own it may be any word; as a folder it is a name.
            text = replaced(&text, user, "USER", |before| before.ends_with(is_separator));
        }
        text
    }
}

/// Replaces what ends where a name does, and of which `may` likes what stands before it.
fn replaced(text: &str, what: &str, with: &str, may: impl Fn(&str) -> bool) -> String {
    let mut new = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(what) {
        let end = at + what.len();
        if !text[end..].starts_with(is_of_name) && may(&text[..at]) {
            new.push_str(&text[done..at]);
            new.push_str(with);
            done = end;
        }
    }
    new + &text[done..]
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_')
}

fn is_separator(character: char) -> bool {
    matches!(character, '/' | '\\')
}

#[cfg(test)]
mod tests {
    use super::Private;

    fn hidden(home: &str, user: &str, text: &str) -> String {
        let one = |text: &str| vec![text.to_owned()].into_iter();
        Private::new(one(home), one(user)).hidden(text)
    }

    #[test]
    fn homes_and_names() {
        let cases = [
            ("/homes/ann/.config/x", "~/.config/x"),
            ("`/homes/ann`: cannot be read", "`~`: cannot be read"),
            ("/homes/ann", "~"),
            ("/homes/anna/x", "/homes/anna/x"),
            ("/media/ann/stick", "/media/USER/stick"),
            (r"C:\Users\ann\x", r"C:\Users\USER\x"),
            ("/tmp/joann/ann.txt", "/tmp/joann/USER.txt"),
            ("ann is a word", "ann is a word"),
            ("/homes/ann/homes/ann", "~/homes/USER"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(hidden("/homes/ann", "ann", text), expected, "{text}");
        }
        assert_eq!(hidden("/homes/ann/", "", "/homes/ann/x"), "~/x");
        assert_eq!(hidden("/", "", "/etc/x"), "/etc/x");
    }

    #[test]
    fn tokens() {
        let text = "`sk-abcdefghijklmnopqrst` at http://ann:secret@host/?key=secret";
        let shown = hidden("/homes/ann", "ann", text);
        assert!(!shown.contains("secret") && !shown.contains("efghijkl"), "{shown}");
    }
}
