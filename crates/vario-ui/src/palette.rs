//! The command palette.

mod draw;
mod entries;
mod fuzzy;

use egui::{Key, Modifiers, Ui};

use self::entries::{Entry, entries};
use crate::cx::Cx;
use crate::theme::{dims, space};
use crate::widgets::{Dialog, dialog};

/// The entries that match, best first.
fn found(entries: Vec<Entry>, sought: &str) -> Vec<Entry> {
    let scored = entries.into_iter().filter_map(|entry| {
        let score = fuzzy::score(sought, &entry.name)?;
        Some((score, entry))
    });
    let mut scored: Vec<(i32, Entry)> = scored.collect();
    // Equals keep their order.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, entry)| entry).collect()
}

pub(crate) fn palette(ui: &mut Ui, cx: &mut Cx<'_>) {
    if let Some(state) = &mut cx.state.palette
        && !state.shown_before
    {
        // It may have been opened in the frame in which a click took the keyboard.
        state.focus_before = ui.memory(egui::Memory::focused).or(cx.state.focus);
    }
    let Some(state) = &cx.state.palette else { return };
    let (sought, chosen) = (state.text.clone(), state.chosen);
    let found = found(entries(cx), &sought);
    let keys = keys(ui);
    let chosen = chosen.min(found.len().saturating_sub(1));
    let chosen = moved(chosen, found.len(), &keys);
    let shape = Dialog { name: "Commands", width: dims::DIALOG, top: Some(48.0), margin: 8 };
    let (is_left, clicked) =
        dialog(ui, cx, &shape, |ui, cx| draw::content(ui, cx, &found, chosen, !keys.is_empty()));
    let done = if keys.contains(&Key::Enter) { Some(chosen) } else { clicked };
    let entry = done.and_then(|at| found.get(at));
    if entry.is_some() || is_left {
        close(cx);
    }
    if let Some(entry) = entry {
        entry.action.run(cx);
    }
}

/// Closes it. What had the keyboard before gets it back.
pub(crate) fn close(cx: &mut Cx<'_>) {
    cx.state.focus_before = cx.state.palette.take().and_then(|state| state.focus_before);
}

/// The keys that choose, taken before the text field gets them.
fn keys(ui: &Ui) -> Vec<Key> {
    const ALL: [Key; 5] = [Key::ArrowDown, Key::ArrowUp, Key::PageDown, Key::PageUp, Key::Enter];
    let pressed = |key: &Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, *key));
    ALL.into_iter().filter(|key| pressed(key)).collect()
}

fn moved(mut chosen: usize, count: usize, keys: &[Key]) -> usize {
    let last = count.saturating_sub(1);
    for key in keys {
        chosen = match key {
            Key::ArrowDown if chosen == last => 0,
            Key::ArrowDown => chosen + 1,
            Key::ArrowUp if chosen == 0 => last,
            Key::ArrowUp => chosen - 1,
            Key::PageDown => (chosen + draw::PAGE).min(last),
            Key::PageUp => chosen.saturating_sub(draw::PAGE),
            _ => chosen,
        };
    }
    chosen
}

/// What stands between the field and the list.
const GAP: f32 = space::S;

#[cfg(test)]
mod tests {
    use egui::Key;

    use super::{draw, moved};

    #[test]
    fn choosing_goes_round() {
        let cases: [(usize, usize, Key, usize); 7] = [
            (0, 3, Key::ArrowDown, 1),
            (2, 3, Key::ArrowDown, 0),
            (0, 3, Key::ArrowUp, 2),
            (0, 0, Key::ArrowUp, 0),
            (0, 0, Key::ArrowDown, 0),
            (1, 3, Key::PageDown, 2),
            (draw::PAGE + 1, 50, Key::PageUp, 1),
        ];
        for (chosen, count, key, expected) in cases {
            assert_eq!(moved(chosen, count, &[key]), expected, "{chosen} of {count}, {key:?}");
        }
    }
}
