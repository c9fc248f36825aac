//! Keyboard shortcuts: one table, from which they are handled and shown.

mod overview;
mod table;

use egui::{Key, Modifiers, Popup, Ui};

pub(crate) use self::overview::overview;
pub(crate) use self::table::keys_of;
use self::table::{TABLE, Then, When};
use crate::action::Action;
use crate::cx::Cx;
use crate::state::{AccountDraft, Page};

/// Does what was pressed, before anything is drawn.
pub(crate) fn act(ui: &mut Ui, cx: &mut Cx<'_>) {
    // While keys for a shortcut are waited for, they mean nothing else.
    if cx.state.shortcut_draft.is_some() && cx.state.page == Page::Settings {
        return;
    }
    cx.state.shortcut_draft = None;
    if cx.state.page != Page::Settings {
        cx.state.settings_drag = None;
    }
    if !matches!(cx.state.page, Page::PluginSettings(_)) {
        cx.state.secret_drafts.clear();
    }
    if cx.state.page != Page::Accounts {
        cx.state.accounts = AccountDraft::default();
    }
    let typing = cx.state.focus.is_some() && ui.ctx().text_edit_focused();
    for row in TABLE {
        let holds = match row.when {
            When::Always => true,
            When::NotTyping => !typing,
            When::NotZoomed => (ui.ctx().zoom_factor() - 1.0).abs() < 0.01,
        };
        // What Esc does depends on what is open; see below.
        if !holds || matches!(row.then, Then::Leave) {
            continue;
        }
        for keys in row.keys {
            if ui.input_mut(|input| input.consume_shortcut(keys)) {
                then(cx, &row.then, keys.logical_key);
            }
        }
    }
    escape(ui, cx);
}

fn then(cx: &mut Cx<'_>, then: &Then, key: Key) {
    let over = cx.state.is_covered(cx.model);
    match then {
        Then::Palette if cx.state.palette.is_some() => crate::palette::close(cx),
        Then::Shortcuts if cx.state.shortcuts_shown => cx.state.shortcuts_shown = false,
        // What lies over the window has the keyboard for itself.
        _ if over => {}
        Then::Palette => Action::Palette.run(cx),
        Then::Shortcuts => Action::Shortcuts.run(cx),
        Then::Do(action) => action.run(cx),
        Then::Nth => Action::OpenNth(table::digit(key).saturating_sub(1)).run(cx),
        Then::Leave => {}
    }
}

/// Esc first closes what lies over the page, then takes the keyboard from a control, and only then
/// leaves the page.
fn escape(ui: &Ui, cx: &mut Cx<'_>) {
    let over = cx.state.is_covered(cx.model);
    let dragging = cx.state.drag.is_some() || cx.state.settings_drag.is_some();
    if over || dragging || cx.state.focus.is_some() || Popup::is_any_open(ui.ctx()) {
        return;
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        Action::Leave.run(cx);
    }
}
