//! Which keys do what.

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::action::Action;
use crate::state::Page;

/// A shortcut, and what it is for.
#[derive(Debug)]
pub(crate) struct Row {
    pub(super) keys: &'static [KeyboardShortcut],
    pub(super) name: &'static str,
    pub(super) then: Then,
    pub(super) when: When,
}

/// When a shortcut holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// Not while its keys mean something in a text field.
    NotTyping,
    /// Not while its keys put the zoom back, as they do everywhere.
    NotZoomed,
}

/// What a shortcut does.
#[derive(Debug)]
pub(super) enum Then {
    Do(Action),
    /// Opens the plugin of the digit pressed.
    Nth,
    /// Depends on what is open; see [`escape`](super::escape).
    Leave,
    Palette,
    Shortcuts,
}

const NONE: Modifiers = Modifiers::NONE;
const ALT: Modifiers = Modifiers::ALT;
const COMMAND: Modifiers = Modifiers::COMMAND;

const fn keys(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(modifiers, key)
}

const fn row(when: When, keys: &'static [KeyboardShortcut], name: &'static str, then: Then) -> Row {
    Row { keys, name, then, when }
}

const DIGITS: [Key; 9] = [
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
    Key::Num9,
];

const NTH: [KeyboardShortcut; 9] = {
    let mut all = [keys(COMMAND, Key::Num1); 9];
    let mut at = 0;
    while at < 9 {
        all[at] = keys(COMMAND, DIGITS[at]);
        at += 1;
    }
    all
};

/// Every shortcut, in the order of the overview.
pub(super) static TABLE: &[Row] = &[
    row(When::Always, &[keys(COMMAND, Key::K)], "Commands", Then::Palette),
    row(
        When::Always,
        &[keys(COMMAND, Key::R), keys(NONE, Key::F5)],
        "Refresh this plugin, or all",
        Then::Do(Action::RefreshHere),
    ),
    row(
        When::NotZoomed,
        &[keys(COMMAND, Key::Num0), keys(ALT, Key::Home)],
        "Home",
        Then::Do(Action::Open(Page::Home)),
    ),
    row(When::Always, &NTH, "Plugin by its place", Then::Nth),
    row(
        When::Always,
        &[keys(COMMAND, Key::P)],
        "Permissions",
        Then::Do(Action::Open(Page::Permissions)),
    ),
    row(
        When::NotTyping,
        &[keys(COMMAND, Key::B)],
        "Background",
        Then::Do(Action::Open(Page::Background)),
    ),
    row(When::Always, &[keys(COMMAND, Key::L)], "Event log", Then::Do(Action::Open(Page::Log))),
    row(
        When::Always,
        &[keys(COMMAND, Key::Comma)],
        "Settings",
        Then::Do(Action::Open(Page::Settings)),
    ),
    row(When::NotTyping, &[keys(COMMAND, Key::I)], "Install a plugin", Then::Do(Action::Install)),
    row(
        When::NotTyping,
        &[keys(COMMAND, Key::U)],
        "Show used or left",
        Then::Do(Action::ToggleMode),
    ),
    row(When::NotTyping, &[keys(ALT, Key::ArrowLeft)], "Back", Then::Do(Action::Leave)),
    row(When::Always, &[keys(NONE, Key::Escape)], "Close, or back", Then::Leave),
    row(When::Always, &[keys(NONE, Key::F1)], "These shortcuts", Then::Shortcuts),
    row(When::NotTyping, &[keys(NONE, Key::Questionmark)], "", Then::Shortcuts),
];

/// The digit on a key.
pub(super) fn digit(key: Key) -> usize {
    DIGITS.iter().position(|own| *own == key).map_or(0, |at| at + 1)
}

/// The keys that do something, as words to be shown one by one; none if no keys do.
pub(crate) fn keys_of(action: &Action) -> Vec<String> {
    let does = |row: &&Row| match &row.then {
        Then::Do(own) => own == action,
        Then::Palette => *action == Action::Palette,
        Then::Shortcuts => *action == Action::Shortcuts,
        _ => false,
    };
    if let Action::OpenNth(at) = action {
        return NTH.get(*at).copied().map(shown).unwrap_or_default();
    }
    TABLE.iter().find(does).and_then(|row| row.keys.first()).copied().map(shown).unwrap_or_default()
}

/// A shortcut as words: `Ctrl`, `K`.
pub(super) fn shown(keys: KeyboardShortcut) -> Vec<String> {
    let mac = cfg!(target_os = "macos");
    let held = [
        (keys.modifiers.command, if mac { "⌘" } else { "Ctrl" }),
        (keys.modifiers.alt, if mac { "⌥" } else { "Alt" }),
        (keys.modifiers.shift, if mac { "⇧" } else { "Shift" }),
    ];
    let key = match keys.logical_key {
        Key::ArrowLeft => "←",
        Key::Comma => ",",
        Key::Questionmark => "?",
        Key::Escape => "Esc",
        key => key.name(),
    };
    let held = held.into_iter().filter(|(is_held, _)| *is_held).map(|(_, name)| name);
    held.chain([key]).map(str::to_owned).collect()
}
