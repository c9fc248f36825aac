//! Putting plugins into another order.

use egui::accesskit::Role;
use egui::{Key, Modifiers, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use vario_ui::Command;

use super::window;
use crate::fixtures::{Make as _, cases, model};
use crate::support::Window;

fn reorder(ids: &[&str]) -> Vec<Command> {
    vec![Command::Reorder(ids.iter().map(ToString::to_string).collect())]
}

/// Drags an icon of the side bar into the middle of the lower half of another.
fn drag(harness: &mut Harness<'_, Window>, name: &str, below: &str) -> Vec<Command> {
    let at = |harness: &Harness<'_, Window>, name| {
        harness.get_by_role_and_label(Role::Button, name).rect()
    };
    let from = at(harness, name).center();
    let target = at(harness, below);
    let to = pos2(target.center().x, target.bottom() - 4.0);
    harness.hover_at(from);
    harness.drag_at(from);
    for part in [0.3, 0.6, 1.0] {
        harness.hover_at(from + (to - from) * part);
    }
    harness.drop_at(to);
    harness.run();
    harness.state_mut().take()
}

#[test]
fn an_icon_is_dragged_below_another() {
    let mut harness = window(cases::mixed());
    let sent = drag(&mut harness, "Atlas", "Cumulus");
    assert_eq!(sent, reorder(&["borealis", "cumulus", "atlas", "drift"]));
}

#[test]
fn an_icon_that_is_put_back_changes_nothing() {
    let mut harness = window(cases::mixed());
    assert_eq!(drag(&mut harness, "Atlas", "Atlas"), []);
}

#[test]
fn disabled_plugins_stay_behind_whom_they_followed() {
    let plugins =
        vec![cases::atlas(), cases::borealis().disabled(), cases::cumulus(), cases::drift()];
    let mut harness = window(model(plugins));
    let sent = drag(&mut harness, "Atlas", "Drift");
    assert_eq!(sent, reorder(&["cumulus", "drift", "atlas", "borealis"]));
}

#[test]
fn alt_and_an_arrow_move_what_has_the_focus() {
    let mut harness = window(cases::mixed());
    harness.get_by_role_and_label(Role::Button, "Borealis").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    harness.run();
    let sent = harness.state_mut().take();
    assert_eq!(sent, reorder(&["atlas", "cumulus", "borealis", "drift"]));
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    harness.run();
    let sent = harness.state_mut().take();
    assert_eq!(sent, reorder(&["borealis", "atlas", "cumulus", "drift"]));
}

#[test]
fn the_first_cannot_go_up() {
    let mut harness = window(cases::mixed());
    harness.get_by_role_and_label(Role::Button, "Atlas").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    harness.run();
    assert_eq!(harness.state_mut().take(), []);
}
