//! The keys that open the window from anywhere, pressed to be set.

use egui::{Event, EventFilter, Key, Modifiers, Response, Ui};

use crate::command::Command;
use crate::cx::Cx;
use crate::text;
use crate::widgets::{Kind, Named, button, button_width, field};

const KEY: &str = "app.global_shortcut";

const WAITING: &str = "Press keys…";

pub(super) fn shortcut(ui: &mut Ui, cx: &mut Cx<'_>) {
    let current = cx.model.settings.shortcut.as_deref().filter(|keys| !keys.is_empty());
    if cx.state.shortcut_draft.is_some() {
        listen(ui, cx);
    }
    let recording = cx.state.shortcut_draft.is_some();
    let shown = match (recording, current) {
        (true, _) => WAITING.to_owned(),
        (false, Some(keys)) => text::clean(keys, 40),
        (false, None) => "Set…".to_owned(),
    };
    let about = if recording {
        "With Ctrl, Alt or the like. Esc leaves it as it is."
    } else {
        "Keys that open the window from anywhere."
    };
    let named = Named { name: "Global shortcut", about };
    let clear = if recording || current.is_none() { 0.0 } else { button_width(ui, "Clear") + 8.0 };
    let width = button_width(ui, &shown) + clear;
    let (pressed, cleared) = field(ui, cx.colors, named, width, |ui| {
        let kind = if recording { Kind::Primary } else { Kind::Plain };
        let name = format!("Global shortcut: {shown}");
        let response = ui.push_id("record", |ui| button(ui, cx.colors, kind, &shown)).inner;
        let response = response.accessible_name(name);
        let cleared = clear > 0.0 && {
            let response = button(ui, cx.colors, Kind::Plain, "Clear");
            response.accessible_name("Clear the global shortcut").clicked()
        };
        (response, cleared)
    });
    if pressed.clicked() {
        pressed.request_focus();
        cx.state.shortcut_draft = if recording { None } else { Some(String::new()) };
    } else if recording {
        hold(ui, cx, &pressed);
    }
    if cleared {
        cx.send(Command::SetSetting { key: KEY, value: String::new() });
    }
}

/// Takes the keys before the button does, to which Enter and the space bar are a click.
fn listen(ui: &Ui, cx: &mut Cx<'_>) {
    let keys = ui.input_mut(|input| {
        let mut found = None;
        input.events.retain(|event| match event {
            Event::Key { key, pressed: true, modifiers, .. } => {
                if !is_held(*key) {
                    found = found.or(Some((*key, *modifiers)));
                }
                false
            }
            _ => true,
        });
        found
    });
    let Some((key, modifiers)) = keys else { return };
    if key == Key::Escape {
        cx.state.shortcut_draft = None;
    } else if let Some(value) = name(key, modifiers) {
        cx.state.shortcut_draft = None;
        cx.send(Command::SetSetting { key: KEY, value });
    }
}

/// Keeps the keyboard, and stops when something else takes it.
fn hold(ui: &Ui, cx: &mut Cx<'_>, response: &Response) {
    if response.has_focus() {
        let every =
            EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, every));
    } else {
        cx.state.shortcut_draft = None;
    }
}

/// The keys as the configuration writes them, such as `Ctrl+Shift+U`; nothing if they would take
/// a letter away from every other program, or are not all held yet.
fn name(key: Key, modifiers: Modifiers) -> Option<String> {
    let command = if cfg!(target_os = "macos") { modifiers.mac_cmd } else { false };
    let is_function = key.name().strip_prefix('F').is_some_and(|n| n.parse::<u8>().is_ok());
    if is_held(key) || !(modifiers.ctrl || modifiers.alt || command || is_function) {
        return None;
    }
    let held = [
        (modifiers.ctrl, "Ctrl"),
        (modifiers.alt, "Alt"),
        (modifiers.shift, "Shift"),
        (command, "Cmd"),
    ];
    let held = held.into_iter().filter(|(is_held, _)| *is_held).map(|(_, name)| name);
    Some(held.chain([key.name()]).collect::<Vec<_>>().join("+"))
}

/// Whether it is for other keys to be pressed with. Such a key is told of like any other, so the
/// Shift of `Ctrl+Shift+U` comes before its letter.
fn is_held(key: Key) -> bool {
    matches!(
        key,
        Key::ShiftLeft
            | Key::ShiftRight
            | Key::ControlLeft
            | Key::ControlRight
            | Key::AltLeft
            | Key::AltRight
            | Key::SuperLeft
            | Key::SuperRight
            | Key::Fn
    )
}

#[cfg(test)]
mod tests {
    use egui::{Key, Modifiers};

    use super::name;

    #[test]
    fn keys_are_named_if_they_can_be_a_shortcut() {
        let both = Modifiers::CTRL | Modifiers::SHIFT;
        let cases = [
            (Key::U, both, Some("Ctrl+Shift+U")),
            (Key::Space, Modifiers::ALT, Some("Alt+Space")),
            (Key::F9, Modifiers::NONE, Some("F9")),
            (Key::F, Modifiers::NONE, None),
            (Key::U, Modifiers::SHIFT, None),
            (Key::ShiftLeft, both, None),
            (Key::AltRight, Modifiers::CTRL | Modifiers::ALT, None),
            (Key::Fn, Modifiers::CTRL, None),
        ];
        for (key, modifiers, expected) in cases {
            assert_eq!(name(key, modifiers).as_deref(), expected, "{key:?}");
        }
    }
}
