//! What the window looks like, state by state, as pictures in `tests/snapshots`.
//!
//! `UPDATE_SNAPSHOTS=1` draws them anew; what changed is left beside them as `.new.png` and
//! `.diff.png` when a test fails.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotResults};
use vario_ui::{Model, Page, ThemeMode};

use crate::fixtures::{cases, fonts};
use crate::support::{Open, Window, compare, harness};

const BOTH: [(ThemeMode, &str); 2] = [(ThemeMode::Dark, "dark"), (ThemeMode::Light, "light")];

fn looks(name: &str, open: Open) {
    compare(&mut open.harness(), name, &mut SnapshotResults::new());
}

fn in_both(name: &str, open: impl Fn() -> Open) {
    let mut results = SnapshotResults::new();
    for (theme, word) in BOTH {
        let mut harness = open().theme(theme).harness();
        compare(&mut harness, &format!("{name}-{word}"), &mut results);
    }
}

fn narrow(model: Model, height: f32) -> Open {
    Open::new(model).size(440.0, height)
}

#[test]
fn first_start() {
    in_both("first-start", || narrow(cases::first_start(), 420.0));
}

#[test]
fn none_enabled() {
    looks("none-enabled", narrow(cases::none_enabled(), 380.0));
}

#[test]
fn skeletons() {
    in_both("skeletons", || narrow(cases::skeletons(), 400.0));
}

#[test]
fn reloading() {
    looks("reloading", narrow(cases::reloading(), 340.0));
}

#[test]
fn cooling_down() {
    looks("cooling-down", narrow(cases::cooling_down(), 240.0));
}

#[test]
fn mixed_overview() {
    in_both("mixed", || Open::new(cases::mixed()).size(800.0, 560.0));
}

#[test]
fn wide_overview() {
    looks("mixed-wide", Open::new(cases::mixed()).size(1400.0, 360.0));
}

#[test]
fn narrow_overview() {
    looks("mixed-360", Open::new(cases::mixed()).size(360.0, 640.0).theme(ThemeMode::Light));
}

#[test]
fn twice_as_fine() {
    let mut harness = harness(cases::mixed(), 400.0, 300.0, 2.0, ThemeMode::Dark);
    compare(&mut harness, "mixed-fine", &mut SnapshotResults::new());
}

#[test]
fn failed() {
    in_both("failed", || narrow(cases::failed(), 340.0));
}

#[test]
fn stale() {
    looks("stale", narrow(cases::stale(), 380.0));
}

#[test]
fn refused() {
    in_both("refused", || narrow(cases::refused(), 580.0));
}

#[test]
fn denied() {
    looks("denied", narrow(cases::denied(), 320.0));
}

#[test]
fn over_limit() {
    looks("over-limit", narrow(cases::over_limit(), 320.0));
}

#[test]
fn long_names() {
    looks("long", narrow(cases::long_texts(), 240.0));
}

#[test]
fn long_texts() {
    looks("long-page", narrow(cases::long_texts(), 450.0).page(Page::Plugin("long".to_owned())));
}

#[test]
fn right_to_left() {
    let page = Page::Plugin("rtl".to_owned());
    looks("right-to-left", narrow(cases::right_to_left(), 300.0).page(page).fonts(fonts()));
}

#[test]
fn east_asian() {
    let page = Page::Plugin("cjk".to_owned());
    looks("east-asian", narrow(cases::east_asian(), 300.0).page(page).fonts(fonts()));
}

#[test]
fn hostile_colors() {
    let page = Page::Plugin("c".to_owned());
    in_both("colors", || narrow(cases::hostile_colors(), 620.0).page(page.clone()));
}

#[test]
fn brand_colors() {
    in_both("brands", || narrow(cases::hostile_colors(), 300.0));
}

#[test]
fn many_lines() {
    let page = Page::Plugin("many".to_owned());
    looks("many-lines", narrow(cases::many_lines(), 330.0).page(page));
}

#[test]
fn icons() {
    looks("icons", narrow(cases::icons(), 420.0));
}

#[test]
fn notices() {
    looks("notices", narrow(cases::notices(), 380.0));
}

#[test]
fn what_has_the_focus() {
    let mut harness = narrow(cases::refused(), 300.0).theme(ThemeMode::Light).harness();
    harness.get_by_role_and_label(Role::Button, "Allow Atlas").focus();
    harness.run();
    compare(&mut harness, "focus", &mut SnapshotResults::new());
}

#[test]
fn context_menu() {
    let mut harness = narrow(cases::mixed(), 330.0).harness();
    harness.get_by_role_and_label(Role::Button, "Borealis").click_secondary();
    harness.run();
    compare(&mut harness, "menu", &mut SnapshotResults::new());
}

#[test]
fn dragging() {
    let mut harness = narrow(cases::mixed(), 380.0).harness();
    let at = |name: &str| harness.get_by_role_and_label(Role::Button, name).rect().center();
    let (from, to) = (at("Atlas"), at("Cumulus"));
    harness.hover_at(from);
    harness.drag_at(from);
    harness.hover_at(to + egui::vec2(0.0, 12.0));
    harness.run();
    compare(&mut harness, "drag", &mut SnapshotResults::new());
}

fn details(theme: ThemeMode) -> Harness<'static, Window> {
    let page = Page::Plugin("atlas".to_owned());
    narrow(cases::details(), 380.0).page(page).theme(theme).harness()
}

#[test]
fn chart_under_the_pointer() {
    let mut results = SnapshotResults::new();
    for (theme, word) in BOTH {
        let mut harness = details(theme);
        let chart = harness.get_by_label_contains("Daily cost: 30 days").rect();
        harness.hover_at(chart.center());
        harness.run();
        compare(&mut harness, &format!("chart-hover-{word}"), &mut results);
    }
}
