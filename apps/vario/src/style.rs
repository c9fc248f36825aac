//! Colours and weights of terminal text, and whether there are any.

#[cfg(test)]
mod tests;

use vario_output::present::{IconFill, Theme, icon_fill};

/// Which colours a stream takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ColourSupport {
    /// No escape sequences at all.
    #[default]
    None,
    /// The sixteen colours of the terminal's own palette.
    Ansi16,
    /// These, and any other colour by its channels.
    TrueColour,
}

/// What the choice of colours depends on, so that it is a function of its inputs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs {
    /// `--color always` is `Some(true)`, `never` is `Some(false)`, `auto` is `None`.
    pub(crate) choice: Option<bool>,
    /// Whether the stream is a terminal.
    pub(crate) is_terminal: bool,
    /// `NO_COLOR`; set and not empty means no colours.
    pub(crate) no_color: Option<String>,
    /// `CLICOLOR_FORCE`; set, not empty and not `0` means colours wherever output goes.
    pub(crate) clicolor_force: Option<String>,
    /// `TERM`.
    pub(crate) term: Option<String>,
    /// `COLORTERM`.
    pub(crate) colorterm: Option<String>,
}

/// Paints text for one stream. Without colours every function gives the text back as it is.
///
/// What is painted must hold no escape sequences of others; the table cleans plugins' texts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Style {
    colour: ColourSupport,
}

/// A look, for code that decides it in one place and paints in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Look<'a> {
    /// As the terminal writes.
    #[default]
    Plain,
    /// Heavy.
    Bold,
    /// Faint.
    Dim,
    /// Wrong.
    Red,
    /// Good.
    Green,
    /// Worth a look.
    Yellow,
    /// The accent.
    Cyan,
    /// A plugin's colour as it wrote it, see [`Style::hex`].
    Hex(&'a str),
}

impl Style {
    /// The style with these colours.
    pub(crate) const fn of(colour: ColourSupport) -> Self {
        Self { colour }
    }

    /// Decides: the option first, then `NO_COLOR`, then `CLICOLOR_FORCE`, then what the stream is.
    pub(crate) fn decide(inputs: &Inputs) -> Self {
        let is_set = |variable: &Option<String>| variable.as_deref().is_some_and(|v| !v.is_empty());
        let term = inputs.term.as_deref().unwrap_or_default();
        let is_forced =
            is_set(&inputs.clicolor_force) && inputs.clicolor_force.as_deref() != Some("0");
        let wanted = match inputs.choice {
            Some(choice) => choice,
            None if is_set(&inputs.no_color) => false,
            None if is_forced => true,
            None => inputs.is_terminal && term != "dumb",
        };
        let many = matches!(inputs.colorterm.as_deref(), Some("truecolor" | "24bit"))
            || term.ends_with("-direct");
        Self::of(match (wanted, many) {
            (false, _) => ColourSupport::None,
            (true, false) => ColourSupport::Ansi16,
            (true, true) => ColourSupport::TrueColour,
        })
    }

    /// Whether anything is painted.
    pub(crate) fn is_coloured(self) -> bool {
        self.colour != ColourSupport::None
    }

    /// Text in a look.
    pub(crate) fn paint(self, look: Look<'_>, text: &str) -> String {
        match look {
            Look::Plain => text.to_owned(),
            Look::Bold => self.bold(text),
            Look::Dim => self.dim(text),
            Look::Red => self.red(text),
            Look::Green => self.green(text),
            Look::Yellow => self.yellow(text),
            Look::Cyan => self.cyan(text),
            Look::Hex(color) => self.hex(color, text),
        }
    }

    /// Heavy text.
    pub(crate) fn bold(self, text: &str) -> String {
        self.sgr("1", text)
    }

    /// Faint text.
    pub(crate) fn dim(self, text: &str) -> String {
        self.sgr("2", text)
    }

    /// Text for what is wrong.
    pub(crate) fn red(self, text: &str) -> String {
        self.sgr("31", text)
    }

    /// Text for what is good.
    pub(crate) fn green(self, text: &str) -> String {
        self.sgr("32", text)
    }

    /// Text for what is worth a look.
    pub(crate) fn yellow(self, text: &str) -> String {
        self.sgr("33", text)
    }

    /// Text in the accent colour.
    pub(crate) fn cyan(self, text: &str) -> String {
        self.sgr("36", text)
    }

    /// Text in a colour of 3, 4, 6 or 8 hex digits with or without `#`; the alpha is dropped.
    /// Plain where the terminal has no such colours, where it is none, and where it could not be
    /// read: a dark one on a dark terminal, or a light one on a light terminal.
    pub(crate) fn hex(self, color: &str, text: &str) -> String {
        match self.shown_hex(color) {
            Some([red, green, blue]) => self.sgr(&format!("38;2;{red};{green};{blue}"), text),
            None => text.to_owned(),
        }
    }

    /// Whether [`hex`](Self::hex) would paint in this colour.
    pub(crate) fn shows_hex(self, color: &str) -> bool {
        self.shown_hex(color).is_some()
    }

    fn shown_hex(self, color: &str) -> Option<[u8; 3]> {
        let is_seen = |theme| matches!(icon_fill(Some(color), theme), IconFill::Brand(_));
        if self.colour != ColourSupport::TrueColour
            || !is_seen(Theme::Dark)
            || !is_seen(Theme::Light)
        {
            return None;
        }
        channels(color)
    }

    fn sgr(self, codes: &str, text: &str) -> String {
        if self.is_coloured() && !text.is_empty() {
            format!("\x1b[{codes}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

fn channels(color: &str) -> Option<[u8; 3]> {
    let digits = color.strip_prefix('#').unwrap_or(color);
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let one = |at: usize| u8::from_str_radix(digits.get(at..=at)?, 16).ok().map(|digit| digit * 17);
    let two = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    match digits.len() {
        3 | 4 => Some([one(0)?, one(1)?, one(2)?]),
        6 | 8 => Some([two(0)?, two(2)?, two(4)?]),
        _ => None,
    }
}
