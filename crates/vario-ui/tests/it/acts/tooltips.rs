//! What is told when something is pointed at.

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{one, window};
use crate::fixtures::cases;
use crate::support::Window;

/// Points at the place of something, and gives the texts that were not there before.
fn told(harness: &mut Harness<'_, Window>, role: Role, name: &str) -> Vec<String> {
    let before = texts(harness);
    let place = harness.get_by(|node| {
        node.role() == role
            && (node.label().as_deref() == Some(name) || node.value().as_deref() == Some(name))
    });
    place.hover();
    harness.run();
    let mut after = texts(harness);
    for text in before {
        if let Some(index) = after.iter().position(|own| *own == text) {
            after.remove(index);
        }
    }
    after
}

fn texts(harness: &Harness<'_, Window>) -> Vec<String> {
    let nodes = harness.root().children_recursive();
    let labels = nodes.filter(|node| node.accesskit_node().role() == Role::Label);
    labels.filter_map(|node| node.accesskit_node().value()).collect()
}

#[test]
fn a_dot_tells_the_pace() {
    let mut harness = window(one(cases::borealis()));
    let dot = told(&mut harness, Role::Image, "Will run out");
    assert_eq!(dot, ["Will run out", "Limit in 6d 3h"]);
    assert_eq!(told(&mut harness, Role::Image, "Limit reached"), ["Limit reached"]);
    let mut harness = window(one(cases::atlas()));
    let dot = told(&mut harness, Role::Image, "Right on target");
    assert_eq!(dot, ["Right on target", "15% left at reset"]);
    let dot = told(&mut harness, Role::Image, "Plenty of room");
    assert_eq!(dot, ["Plenty of room", "50% left at reset"]);
}

#[test]
fn a_reset_text_tells_the_other_form() {
    let mut harness = window(one(cases::atlas()));
    let other = told(&mut harness, Role::Button, "Session: Resets in 3h 0m");
    assert_eq!(other, ["Resets today at 13:00"]);
}

#[test]
fn refresh_tells_how_old_the_data_is() {
    let mut harness = window(one(cases::atlas()));
    assert_eq!(told(&mut harness, Role::Button, "Refresh Atlas"), ["Updated 3m ago"]);
}

#[test]
fn a_plan_that_does_not_fit_is_told_in_full() {
    let mut view = cases::atlas();
    let plan = "Enterprise plan with a name that is longer than any badge can be";
    view.state.data.as_mut().expect("data").output.plan = Some(plan.to_owned());
    let mut harness = window(one(view));
    assert_eq!(told(&mut harness, Role::Label, plan), [plan]);
    let mut harness = window(one(cases::atlas()));
    assert_eq!(told(&mut harness, Role::Label, "Pro"), [""; 0], "it is to be read already");
}

#[test]
fn an_icon_of_the_side_bar_tells_its_plugin_and_quota() {
    let mut view = cases::atlas();
    let plugin = std::sync::Arc::make_mut(&mut view.plugin);
    plugin.lines[0].primary_order = Some(1);
    let mut harness = window(one(view));
    let told = told(&mut harness, Role::Button, "Atlas");
    assert_eq!(told, ["Atlas", "Session · 66% left"]);
}
