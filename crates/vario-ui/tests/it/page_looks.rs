//! What the program's own pages look like, as pictures in `tests/snapshots`.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotResults};
use vario_ui::{Model, Page, ThemeMode};

use crate::fixtures::pages;
use crate::support::{Open, Window, compare};

fn looks(name: &str, model: fn() -> Model, page: &Page, height: f32) {
    let mut results = SnapshotResults::new();
    let mut look = |name: String, width: f32, height: f32, theme| {
        let open = Open::new(model()).size(width, height).theme(theme).page(page.clone());
        let mut harness = open.harness();
        compare(&mut harness, &name, &mut results);
    };
    for (theme, word) in [(ThemeMode::Dark, "dark"), (ThemeMode::Light, "light")] {
        look(format!("{name}-{word}"), 800.0, height, theme);
    }
    look(format!("{name}-360"), 360.0, height * 1.2, ThemeMode::Dark);
}

#[test]
fn permissions() {
    looks("permissions", pages::rights, &Page::Permissions, 1000.0);
}

#[test]
fn settings() {
    looks("settings", pages::settings, &Page::Settings, 1640.0);
}

#[test]
fn plugin_settings() {
    let page = Page::PluginSettings("forms".to_owned());
    looks("plugin-settings", pages::all_settings, &page, 1100.0);
}

#[test]
fn log() {
    looks("log", pages::log, &Page::Log, 520.0);
}

fn over(name: &str, open: fn(&mut Harness<'_, Window>)) {
    let mut results = SnapshotResults::new();
    for (theme, word) in [(ThemeMode::Dark, "dark"), (ThemeMode::Light, "light")] {
        let mut harness =
            Open::new(pages::settings()).page(Page::Log).size(800.0, 560.0).theme(theme).harness();
        open(&mut harness);
        harness.run();
        compare(&mut harness, &format!("{name}-{word}"), &mut results);
    }
    let mut harness = Open::new(pages::settings()).page(Page::Log).size(360.0, 480.0).harness();
    open(&mut harness);
    harness.run();
    compare(&mut harness, &format!("{name}-360"), &mut results);
}

#[test]
fn palette() {
    over("palette", |harness| {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        harness.run();
        harness.key_press(Key::ArrowDown);
    });
}

#[test]
fn palette_with_text() {
    over("palette-text", |harness| {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        harness.run();
        harness.event(egui::Event::Text("ref".to_owned()));
    });
}

#[test]
fn shortcuts() {
    over("shortcuts", |harness| harness.key_press(Key::F1));
}

/// What is open, wrong or held while somebody is at it.
#[test]
fn at_work() {
    let mut results = SnapshotResults::new();
    for (theme, word) in [(ThemeMode::Dark, "dark"), (ThemeMode::Light, "light")] {
        let page = Page::PluginSettings("forms".to_owned());
        let open = Open::new(pages::all_settings()).page(page).theme(theme);
        let mut harness = open.size(640.0, 1100.0).harness();
        for (field, text) in [("Account", "nobody"), ("Old token", "hunter2"), ("Days", "4")] {
            harness.get_by_role_and_label(role(field), field).click();
            harness.run();
            harness.event(egui::Event::Text(text.to_owned()));
            harness.run();
        }
        harness.get_by_role_and_label(Role::ComboBox, "Region").click();
        harness.run();
        compare(&mut harness, &format!("form-at-work-{word}"), &mut results);

        let mut model = pages::settings();
        model.settings.isolation = vario_ui::Isolation::InProcess;
        let open = Open::new(model).page(Page::Settings).theme(theme);
        let mut harness = open.size(640.0, 1640.0).harness();
        harness.get_by_label("Global shortcut: Ctrl+Shift+U").click();
        harness.run();
        let from = harness.get_by_label("Move Atlas").rect().center();
        harness.drag_at(from);
        harness.run();
        harness.hover_at(from + egui::vec2(0.0, 90.0));
        harness.run();
        compare(&mut harness, &format!("settings-at-work-{word}"), &mut results);
    }
}

fn role(field: &str) -> Role {
    if field == "Old token" { Role::PasswordInput } else { Role::TextInput }
}
