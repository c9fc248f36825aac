//! Starship, "Custom commands": one line, which the prompt escapes for its shell and colours by the
//! style of its configuration.
//!
//! Before 1.20 (CVE-2024-41815) it escaped nothing, and a shell runs what its prompt holds; so that
//! no plugin's name is a command there, what begins one is written as what looks alike.

use crate::item::Item;
use crate::{View, summary};

pub(crate) fn render(items: &[Item<'_>], view: &View) -> String {
    escape(&summary::headline(items, view.mode)) + "\n"
}

fn escape(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let mut escaped = String::with_capacity(text.len());
    while let Some(character) = rest.next() {
        escaped.push(match character {
            // Amounts begin with it; before a digit it is no name, no sum and no command.
            '$' if !rest.peek().is_some_and(char::is_ascii_digit) => '＄',
            '`' => 'ˋ',
            '\\' => '＼',
            character => character,
        });
    }
    escaped
}
