//! When a window that nobody touches is drawn again.

use std::time::Duration;

use egui::ViewportId;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use vario_ui::{Model, PluginView};

use crate::fixtures::{HOUR, MINUTE, Make as _, cases, model};
use crate::support::{NOW_MS, Open, Window};

fn idle(plugins: Vec<PluginView>) -> Model {
    Model { next_update_at: None, ..model(plugins) }
}

fn after(model: Model) -> Option<Duration> {
    Open::new(model).harness().state().repaint_after
}

#[test]
fn nothing_moves_and_nothing_is_drawn() {
    assert_eq!(after(Model::default()), None);
    assert_eq!(after(idle(vec![cases::drift()])), None);
    assert_eq!(after(idle(vec![cases::drift().error("no")])), None);
}

#[test]
fn a_reset_time_is_told_anew_every_half_minute() {
    assert_eq!(after(idle(vec![cases::atlas()])), Some(Duration::from_secs(30)));
}

#[test]
fn a_cool_down_is_told_every_second() {
    let model = Model { next_update_at: None, ..cases::cooling_down() };
    assert_eq!(after(model), Some(Duration::from_secs(1)));
    let mut both = cases::atlas();
    both.state.last_manual_refresh_at = Some(NOW_MS - MINUTE);
    assert_eq!(after(idle(vec![both])), Some(Duration::from_secs(1)));
}

#[test]
fn what_loads_moves() {
    for model in [cases::skeletons(), cases::reloading()] {
        let after = after(model).expect("a moving thing");
        assert!(after < Duration::from_millis(100), "{after:?}");
    }
}

#[test]
fn the_footer_is_right_at_any_time() {
    let drift = || vec![cases::drift()];
    for (left, expected) in [
        (12 * MINUTE, 60_000),
        (12 * MINUTE + 1, 1000),
        (11 * MINUTE + 20_000, 20_000),
        (HOUR, 60_000),
    ] {
        let model = Model { next_update_at: Some(NOW_MS + left), ..model(drift()) };
        assert_eq!(after(model), Some(Duration::from_millis(expected)), "{left} ms left");
    }
    let due = Model { next_update_at: Some(NOW_MS - 1), ..model(drift()) };
    assert_eq!(after(due), None, "what is overdue is not counted down");
}

/// Whether egui itself wants another frame.
fn wants_more(harness: &Harness<'_, Window>) -> bool {
    let viewport = harness.output().viewport_output.get(&ViewportId::ROOT);
    viewport.expect("the window").repaint_delay < Duration::MAX
}

#[test]
fn a_second_frame_is_not_asked_for() {
    for (name, model) in [
        ("first start", cases::first_start()),
        ("mixed", cases::mixed()),
        ("loading", cases::skeletons()),
        ("cooling down", cases::cooling_down()),
        ("refused", cases::refused()),
        ("failed", cases::failed()),
        ("many lines", cases::many_lines()),
        ("long texts", cases::long_texts()),
    ] {
        let mut harness = Open::new(model).harness();
        let before = harness.state().frames;
        harness.step();
        assert_eq!(harness.state().frames, before + 1);
        assert!(!wants_more(&harness), "{name}: {:?}", harness.ctx.repaint_causes());
    }
}

#[test]
fn the_same_input_gives_the_same_shapes() {
    let mut harness = Open::new(cases::mixed()).harness();
    let before = harness.output().shapes.clone();
    harness.step();
    assert!(before == harness.output().shapes, "nothing has changed in between");
}

#[test]
fn an_icon_that_is_held_still_draws_nothing() {
    let mut harness = Open::new(cases::mixed()).harness();
    let at = |name: &str| harness.get_by_role_and_label(Role::Button, name).rect().center();
    let (from, to) = (at("Atlas"), at("Cumulus"));
    harness.hover_at(from);
    harness.drag_at(from);
    harness.hover_at(to);
    harness.run();
    assert!(!wants_more(&harness));
}
