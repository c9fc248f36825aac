//! What the pages of plugins that stay, of accounts and of installing look like.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotResults};
use vario_ui::{InstallView, Model, Page, ThemeMode};

use crate::fixtures::background;
use crate::support::{Open, Window, compare};

const BOTH: [(ThemeMode, &str); 2] = [(ThemeMode::Dark, "dark"), (ThemeMode::Light, "light")];

fn open(model: Model, page: &Page, size: (f32, f32), theme: ThemeMode) -> Harness<'static, Window> {
    Open::new(model).size(size.0, size.1).theme(theme).page(page.clone()).harness()
}

fn looks(name: &str, model: fn() -> Model, page: &Page, height: f32) {
    let mut results = SnapshotResults::new();
    for (theme, word) in BOTH {
        let mut harness = open(model(), page, (800.0, height), theme);
        compare(&mut harness, &format!("{name}-{word}"), &mut results);
    }
    let mut harness = open(model(), page, (360.0, height * 1.25), ThemeMode::Dark);
    compare(&mut harness, &format!("{name}-360"), &mut results);
}

#[test]
fn no_background_plugins() {
    let mut harness =
        open(background::empty(), &Page::Background, (480.0, 420.0), ThemeMode::Light);
    compare(&mut harness, "background-empty", &mut SnapshotResults::new());
}

#[test]
fn background_plugins() {
    looks("background", background::mixed, &Page::Background, 800.0);
}

#[test]
fn one_background_plugin() {
    let page = Page::BackgroundOf("com.example.charts".to_owned());
    looks("background-of", background::one, &page, 1180.0);
}

/// A route that is being tried, and one that has failed.
#[test]
fn one_at_work() {
    let mut results = SnapshotResults::new();
    let page = Page::BackgroundOf("com.example.charts".to_owned());
    for (theme, word) in BOTH {
        let mut model = background::one();
        model.background.tried = Some(background::answered());
        let mut harness = open(model, &page, (640.0, 1060.0), theme);
        let label = "Try GET /api/com.example.charts/airports";
        harness.get_by_role_and_label(Role::Button, label).click();
        harness.run();
        compare(&mut harness, &format!("background-tried-{word}"), &mut results);
    }
    let page = Page::BackgroundOf("com.example.broken".to_owned());
    let mut harness = open(background::one(), &page, (480.0, 520.0), ThemeMode::Light);
    compare(&mut harness, "background-failed", &mut results);
}

#[test]
fn accounts() {
    looks("accounts", background::accounts, &Page::Accounts, 520.0);
}

#[test]
fn an_airline_is_added() {
    let mut results = SnapshotResults::new();
    for (theme, word) in BOTH {
        let mut harness = open(background::accounts(), &Page::Accounts, (640.0, 960.0), theme);
        harness.get_by_role_and_label(Role::Button, "Add an airline…").click();
        harness.get_by_role_and_label(Role::Button, "Remove Northern").click();
        harness.run();
        compare(&mut harness, &format!("accounts-add-{word}"), &mut results);
    }
}

#[test]
fn installing() {
    let mut results = SnapshotResults::new();
    let mut look = |name: &str, view: InstallView, size: (f32, f32), theme| {
        let mut harness = open(background::installing(view), &Page::Home, size, theme);
        compare(&mut harness, name, &mut results);
    };
    for (theme, word) in BOTH {
        let plan = InstallView::Asked(Box::new(background::plan()));
        look(&format!("install-{word}"), plan, (720.0, 520.0), theme);
    }
    let update = || InstallView::Asked(Box::new(background::update()));
    look("install-update", update(), (640.0, 700.0), ThemeMode::Light);
    look("install-360", update(), (360.0, 560.0), ThemeMode::Dark);
    let refused = InstallView::Refused {
        path: "/home/jane/Downloads/charts.zip".to_owned(),
        why: "the archive names `../../.bashrc`, which leads out of it".to_owned(),
    };
    look("install-refused", refused, (640.0, 360.0), ThemeMode::Dark);
    let done = InstallView::Done {
        id: "com.example.charts".to_owned(),
        name: "Chart Room 1.4.0".to_owned(),
        asks: true,
        keeps: true,
        can_go_back: true,
    };
    look("install-done", done, (640.0, 360.0), ThemeMode::Light);
    let mut harness = open(background::empty(), &Page::Home, (640.0, 360.0), ThemeMode::Light);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::I);
    harness.run();
    compare(&mut harness, "install-choose", &mut results);
}
