mod place;

use crate::glob::{Glob, Token};
use crate::permission::Error;

use self::place::{MAX_PATH, split_root};
pub(crate) use self::place::{Place, Places};

/// In bytes; enough for the longest path with every character escaped.
const MAX_PATTERN: usize = 2 * MAX_PATH + 16;

/// Which files: a place that is counted from, and names with `*`, `?` and `**`.
///
/// `~/.tool/**` is the folder and all that is in it, at any depth; `*` and `?` stay inside one name;
/// `\` takes their meaning away. Names are divided by `/` on every system. On Windows an absolute
/// path begins with its drive: `C:/Tools/**`; `/` alone is no drive, and shares have no name here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathPattern {
    base: Base,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Base {
    Home,
    Data,
    /// The root, or a drive such as `C:`.
    Root(String),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Name(Glob),
    /// `**`
    Deep,
}

impl PathPattern {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |why| Error::Path { text: text.to_owned(), why };
        if text.is_empty() {
            return Err(wrong("it is empty"));
        }
        if text.len() > MAX_PATTERN {
            return Err(Error::Long("path"));
        }
        if text.contains('\0') {
            return Err(wrong("it holds a null character"));
        }
        let (base, rest) = split_base(text)
            .ok_or_else(|| wrong("it begins with none of `~/`, `$DATA/` and `/`"))?;
        let mut parts = Vec::new();
        for name in rest.split('/').filter(|name| !name.is_empty()) {
            let glob = Glob::parse(name)
                .ok_or_else(|| wrong("`\\` stands before none of `*`, `?` and `\\`"))?;
            match glob.0.as_slice() {
                // However they are escaped, they are not the name of a file.
                [Token::Char('.')] => {}
                [Token::Char('.'), Token::Char('.')] => return Err(wrong("it holds `..`")),
                _ if name == "**" => {
                    if parts.last() != Some(&Part::Deep) {
                        parts.push(Part::Deep);
                    }
                }
                _ if has_double_star(name) => {
                    return Err(wrong("`**` must stand for whole names: `/**/`"));
                }
                _ => parts.push(Part::Name(glob)),
            }
        }
        Ok(Self { base, parts })
    }

    /// Everything in the plugin's own folder.
    pub(crate) fn own() -> Self {
        Self { base: Base::Data, parts: vec![Part::Deep] }
    }

    /// The pattern that is exactly this place, written from the home folder or the plugin's own
    /// where it is below one.
    pub(crate) fn exactly(place: &Place, places: &Places) -> Self {
        let below =
            |folders: &[Place]| folders.iter().find_map(|folder| place.below(folder, false));
        let (base, names) = if let Some(names) = below(&places.data) {
            (Base::Data, names)
        } else if let Some(names) = below(&places.home) {
            (Base::Home, names)
        } else {
            (Base::Root(place.root().to_owned()), place.names())
        };
        let parts = names.iter().map(|name| Part::Name(Glob::literal(name))).collect();
        Self { base, parts }
    }

    /// Whether a place is meant.
    pub(crate) fn allows(&self, place: &Place, places: &Places) -> bool {
        self.means(place, places, false)
    }

    /// As [`PathPattern::allows`], but for a denial, which errs on the other side: capital and small
    /// letters are the same, as some systems have it, and `/` is every drive.
    pub(crate) fn denies(&self, place: &Place, places: &Places) -> bool {
        self.means(place, places, true)
    }

    fn means(&self, place: &Place, places: &Places, deny: bool) -> bool {
        let fits = |names: &[String]| {
            run(&self.parts, names.len(), |glob, at| glob.matches(&names[at], deny))
        };
        let below = |folders: &[Place]| {
            folders.iter().filter_map(|folder| place.below(folder, deny)).any(fits)
        };
        match &self.base {
            Base::Home => below(&places.home),
            Base::Data => below(&places.data),
            Base::Root(root) => {
                (root == place.root() || (deny && root.is_empty())) && fits(place.names())
            }
        }
    }

    pub(crate) fn covers(&self, other: &Self) -> bool {
        let fits = |glob: &Glob, at: usize| match &other.parts[at] {
            Part::Name(name) => glob.covers(name),
            Part::Deep => false,
        };
        self.base == other.base && run(&self.parts, other.parts.len(), fits)
    }
}

/// Matches parts against a row of names. Every pair of part and name is looked at once.
fn run(parts: &[Part], length: usize, fits: impl Fn(&Glob, usize) -> bool) -> bool {
    // `reached[at]`: the parts so far can have used up the first `at` names.
    let mut reached = vec![false; length + 1];
    reached[0] = true;
    for part in parts {
        let mut next = vec![false; length + 1];
        match part {
            Part::Deep => {
                let mut open = false;
                for at in 0..=length {
                    open |= reached[at];
                    next[at] = open;
                }
            }
            Part::Name(glob) => {
                for at in 0..length {
                    next[at + 1] = reached[at] && fits(glob, at);
                }
            }
        }
        reached = next;
    }
    reached[length]
}

fn has_double_star(name: &str) -> bool {
    let mut was_star = false;
    let mut chars = name.chars();
    while let Some(character) = chars.next() {
        match character {
            '\\' => {
                chars.next();
                was_star = false;
            }
            '*' if was_star => return true,
            '*' => was_star = true,
            _ => was_star = false,
        }
    }
    false
}

fn split_base(text: &str) -> Option<(Base, &str)> {
    for (name, base) in [("~", Base::Home), ("$DATA", Base::Data)] {
        if let Some(rest) = text.strip_prefix(name)
            && (rest.is_empty() || rest.starts_with('/'))
        {
            return Some((base, rest));
        }
    }
    let (root, rest) = split_root(text)?;
    Some((Base::Root(root), rest))
}

impl std::fmt::Display for PathPattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.base {
            Base::Home => formatter.write_str("~")?,
            Base::Data => formatter.write_str("$DATA")?,
            Base::Root(root) => formatter.write_str(root)?,
        }
        for part in &self.parts {
            match part {
                Part::Name(glob) => write!(formatter, "/{glob}")?,
                Part::Deep => formatter.write_str("/**")?,
            }
        }
        if self.parts.is_empty() && matches!(self.base, Base::Root(_)) {
            formatter.write_str("/")?;
        }
        Ok(())
    }
}
