//! Starship, "Custom commands": one line, which the prompt escapes for its shell and colours by the
//! style of its configuration.

use crate::item::Item;
use crate::{View, summary};

pub(crate) fn render(items: &[Item<'_>], view: &View) -> String {
    summary::headline(items, view.mode) + "\n"
}
