//! Everything can be done without a pointer.

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use vario_ui::{Command, Page};

use super::{one, window};
use crate::fixtures::cases;
use crate::support::Window;

/// The name of what the keyboard acts on.
fn focused(harness: &Harness<'_, Window>) -> Option<String> {
    let nodes = harness.root().children_recursive();
    let mut focused = nodes.filter(|node| node.accesskit_node().is_focused());
    focused.find_map(|node| node.accesskit_node().label())
}

/// Presses Tab until a name comes up again; the names in order.
fn tour(harness: &mut Harness<'_, Window>) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..100 {
        harness.key_press(Key::Tab);
        harness.run();
        match focused(harness) {
            Some(name) if names.contains(&name) => break,
            Some(name) => names.push(name),
            None => {}
        }
    }
    names
}

#[test]
fn tab_goes_over_all_controls() {
    let mut harness = window(one(cases::atlas()));
    let expected = [
        "Home",
        "Atlas",
        "Background",
        "Permissions",
        "Event log",
        "Settings",
        "Next update in 12m. Refresh all",
        "Open the command palette",
        "Open Atlas",
        "Refresh Atlas",
        "Session: Resets in 3h 0m",
        "Weekly: Resets in 4d 2h",
    ];
    assert_eq!(tour(&mut harness), expected);
}

/// Where what the keyboard acts on is drawn.
fn place(harness: &Harness<'_, Window>) -> Option<egui::Rect> {
    let nodes = harness.root().children_recursive();
    let mut focused = nodes.filter(|node| node.accesskit_node().is_focused());
    focused.next().map(|node| node.rect())
}

#[test]
fn what_has_the_focus_is_in_sight() {
    for modifiers in [egui::Modifiers::NONE, egui::Modifiers::SHIFT] {
        let mut harness = window(one(cases::atlas()));
        harness.state_mut().state.page = Page::Settings;
        harness.run();
        let all = harness.ctx.content_rect();
        let mut seen = 0;
        for _ in 0..60 {
            harness.key_press_modifiers(modifiers, Key::Tab);
            harness.run();
            let Some(place) = place(&harness) else { continue };
            assert!(all.contains_rect(place), "{:?} at {place:?}", focused(&harness));
            seen += 1;
        }
        assert!(seen > 40, "{seen}");
    }
}

/// Moves the focus to a name by Tab.
fn go_to(harness: &mut Harness<'_, Window>, name: &str) {
    for _ in 0..100 {
        harness.key_press(Key::Tab);
        harness.run();
        if focused(harness).as_deref() == Some(name) {
            return;
        }
    }
    panic!("{name} is not reached");
}

#[test]
fn space_and_enter_press() {
    for key in [Key::Space, Key::Enter] {
        let mut harness = window(one(cases::atlas()));
        go_to(&mut harness, "Refresh Atlas");
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state_mut().take(), [Command::Refresh("atlas".to_owned())], "{key:?}");
        go_to(&mut harness, "Open Atlas");
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().state.page, Page::Plugin("atlas".to_owned()), "{key:?}");
    }
}

#[test]
fn every_refused_right_is_reached() {
    let mut harness = window(cases::refused());
    let names = tour(&mut harness);
    for name in ["Allow Atlas", "Deny Atlas", "Refresh Drift"] {
        assert!(names.iter().any(|own| own == name), "{name} is not among {names:?}");
    }
}

#[test]
fn a_chart_with_the_focus_is_shown_large() {
    let mut harness = window(one(cases::cumulus()));
    let spoken = harness.get_by_role(Role::GraphicsObject).accesskit_node().label();
    go_to(&mut harness, &spoken.expect("a chart has words"));
    harness.get_by_label("peak $27.50");
}
