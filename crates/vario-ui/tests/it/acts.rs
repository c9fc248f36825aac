//! What the controls do, found as a screen reader finds them: by role and name.

mod hostile;
mod keyboard;
mod order;
mod repaint;
mod tooltips;

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use vario_model::NeedReason;
use vario_permissions::PermissionSet;
use vario_ui::{Command, Model, Page, PluginView};

use crate::fixtures::{Make as _, cases, model};
use crate::support::{NOW_MS, Open, Window};

/// A window high enough for all there is.
fn window(model: Model) -> Harness<'static, Window> {
    Open::new(model).size(460.0, 900.0).harness()
}

fn page(model: Model, id: &str) -> Harness<'static, Window> {
    Open::new(model).size(460.0, 900.0).page(Page::Plugin(id.to_owned())).harness()
}

fn press(harness: &mut Harness<'_, Window>, name: &str) -> Vec<Command> {
    harness.get_by_role_and_label(Role::Button, name).click();
    harness.run();
    harness.state_mut().take()
}

fn one(view: PluginView) -> Model {
    model(vec![view])
}

#[test]
fn refresh_asks_for_one_plugin() {
    let mut harness = window(cases::mixed());
    assert_eq!(press(&mut harness, "Refresh Borealis"), [Command::Refresh("borealis".into())]);
}

#[test]
fn there_is_no_refresh_while_it_loads() {
    let mut open = Open::new(one(cases::drift().loading()));
    open.window.model.next_update_at = None;
    let harness = open.harness();
    assert!(harness.query_by_role_and_label(Role::Button, "Refresh Drift").is_none());
    harness.get_by_label("Drift is loading");
}

#[test]
fn a_cooling_plugin_says_how_long() {
    let mut harness = window(cases::cooling_down());
    assert!(harness.query_by_role_and_label(Role::Button, "Refresh Drift").is_none());
    harness.get_by_label("Drift: Available in 3m 48s").hover();
    harness.run();
    harness.get_by_label("Available in 3m 48s");
    harness.state_mut().now.unix_ms = NOW_MS + 228_000;
    harness.run();
    assert_eq!(press(&mut harness, "Refresh Drift"), [Command::Refresh("drift".into())]);
}

#[test]
fn what_is_allowed_is_exactly_what_is_listed() {
    let mut harness = window(cases::refused());
    let rights = |texts: &[&str]| -> PermissionSet {
        texts.iter().map(|text| text.parse().expect("a right")).collect()
    };
    let listed = rights(&["net:api.example.com", "read:~/.atlas/credentials.json"]);
    for object in ["api.example.com", "~/.atlas/credentials.json"] {
        harness.get_by_label(object);
    }
    let id = || "atlas".to_owned();
    let granted = press(&mut harness, "Allow Atlas");
    assert_eq!(granted, [Command::Grant { id: id(), rights: listed.clone() }]);
    let denied = press(&mut harness, "Deny Atlas");
    assert_eq!(denied, [Command::Deny { id: id(), rights: listed }]);
    // What the manifest does not ask for cannot be allowed.
    assert!(harness.query_by_role_and_label(Role::Button, "Allow Drift").is_none());
}

#[test]
fn many_missing_rights_are_reviewed_not_allowed() {
    let mut view = cases::drift();
    for index in 0..20 {
        view = view.need(&format!("net:host{index}.example.com"), NeedReason::NotGranted);
    }
    let mut harness = window(one(view));
    assert!(harness.query_by_role_and_label(Role::Button, "Allow Drift").is_none());
    harness.get_by_label_contains("and 8 more");
    assert_eq!(press(&mut harness, "Review…"), []);
    assert_eq!(harness.state().state.page, Page::Permissions);
}

#[test]
fn a_reset_text_toggles_the_setting() {
    let mut harness = window(one(cases::atlas()));
    let set = |value: &str| Command::SetSetting {
        key: "display.reset_timer_display_mode",
        value: value.to_owned(),
    };
    assert_eq!(press(&mut harness, "Session: Resets in 3h 0m"), [set("absolute")]);
    harness.state_mut().model.settings.reset = vario_output::present::ResetDisplay::Absolute;
    harness.run();
    assert_eq!(press(&mut harness, "Session: Resets today at 13:00"), [set("relative")]);
}

#[test]
fn a_name_leads_to_the_page_and_links_to_the_browser() {
    let mut harness = window(cases::mixed());
    assert_eq!(press(&mut harness, "Open Atlas"), []);
    assert_eq!(harness.state().state.page, Page::Plugin("atlas".to_owned()));
    let opened = press(&mut harness, "Usage dashboard");
    assert_eq!(opened, [Command::OpenLink("https://example.com/usage".to_owned())]);
}

#[test]
fn links_are_on_the_page_only() {
    let harness = window(one(cases::atlas()));
    assert!(harness.query_by_label("Usage dashboard").is_none());
    page(one(cases::atlas()), "atlas").get_by_label("Usage dashboard");
}

#[test]
fn the_footer_refreshes_all() {
    let mut harness = window(cases::mixed());
    assert_eq!(press(&mut harness, "Next update in 12m. Refresh all"), [Command::RefreshAll]);
}

#[test]
fn the_side_bar_leads_to_the_pages() {
    let mut harness = window(cases::mixed());
    for (name, expected) in [
        ("Drift", Page::Plugin("drift".to_owned())),
        ("Permissions", Page::Permissions),
        ("Event log", Page::Log),
        ("Settings", Page::Settings),
        ("Home", Page::Home),
    ] {
        assert_eq!(press(&mut harness, name), []);
        assert_eq!(harness.state().state.page, expected, "{name}");
    }
}

#[test]
fn a_disabled_plugin_leaves_the_window() {
    let mut harness = page(cases::mixed(), "drift");
    harness.state_mut().model.plugins[3].state.enabled = false;
    harness.run();
    assert_eq!(harness.state().state.page, Page::Home);
    assert!(harness.query_by_role_and_label(Role::Button, "Drift").is_none());
}

#[test]
fn an_unknown_plugin_says_so() {
    let harness = page(cases::mixed(), "gone");
    harness.get_by_label("Provider not found");
}

#[test]
fn the_overview_shows_what_the_manifest_says() {
    let harness = window(cases::details());
    harness.get_by_role_and_label(Role::ProgressIndicator, "Session");
    assert!(harness.query_by_label("4.2").is_none(), "a detail");
    assert!(harness.query_by_label_contains("Partial data").is_none(), "not in the manifest");
    let harness = page(cases::details(), "atlas");
    harness.get_by_label("4.2");
    harness.get_by_label_contains("Partial data");
}

#[test]
fn an_error_is_told_in_full() {
    let harness = window(cases::failed());
    harness.get_by_label_contains("`~/.atlas/credentials.json` works too.");
    let mut harness = window(cases::stale());
    harness.get_by_label_contains("status 503").hover();
    harness.run();
    let all = harness.get_all_by_label_contains("connection timeout");
    assert_eq!(all.count(), 2, "the line for a screen reader, and its tooltip");
}

#[test]
fn a_chart_is_told_in_words_and_read_bar_by_bar() {
    let mut harness = page(cases::details(), "atlas");
    let spoken = "Daily cost: 30 days, latest $18.75 on Feb 30, peak $27.50. \
                  Counted from the local log; prices are those of today.";
    let chart = harness.get_by_label(spoken).rect();
    harness.hover_at(egui::pos2(chart.left() + 3.0, chart.center().y));
    harness.run();
    harness.get_by_label("Feb 1 · $0.00");
    harness.hover_at(egui::pos2(chart.right() - 3.0, chart.center().y));
    harness.run();
    harness.get_by_label("Feb 30 · $18.75");
}

#[test]
fn a_context_menu_refreshes_and_disables() {
    let mut harness = window(cases::mixed());
    let open = |harness: &mut Harness<'_, Window>| {
        harness.get_by_role_and_label(Role::Button, "Cumulus").click_secondary();
        harness.run();
    };
    open(&mut harness);
    assert_eq!(press(&mut harness, "Refresh usage"), [Command::Refresh("cumulus".into())]);
    assert!(harness.query_by_label("Disable plugin").is_none(), "the menu is closed");
    open(&mut harness);
    let disable = Command::Enable { id: "cumulus".to_owned(), on: false };
    assert_eq!(press(&mut harness, "Disable plugin"), [disable]);
}

#[test]
fn a_context_menu_does_not_refresh_in_cool_down() {
    let mut harness = window(cases::cooling_down());
    harness.get_by_role_and_label(Role::Button, "Drift").click_secondary();
    harness.run();
    assert_eq!(press(&mut harness, "Refresh usage"), []);
}
