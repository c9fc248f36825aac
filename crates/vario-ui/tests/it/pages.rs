//! What the controls of the program's own pages do, found by what screen readers call them.

use egui::accesskit::Role;
use egui::{Key, Modifiers, Vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use serde_json::{Value, json};
use vario_ui::{Command, Model, Page, Secret};

use crate::fixtures::pages;
use crate::support::{Open, Window};

type Seen = Harness<'static, Window>;

fn open(model: Model, page: Page) -> Seen {
    Open::new(model).size(800.0, 2400.0).page(page).harness()
}

/// The control of this name: what only names it has the same text.
fn control<'a>(harness: &'a Seen, label: &'a str) -> Option<Node<'a>> {
    let mut all = harness.query_all_by_label(label);
    all.find(|node| node.accesskit_node().role() != Role::Label)
}

/// Whether this is written anywhere.
fn says(harness: &Seen, text: &str) -> bool {
    harness.query_by_role_and_label(Role::Label, text).is_some()
}

fn click(harness: &mut Seen, label: &str) {
    let node = control(harness, label).unwrap_or_else(|| panic!("there is no {label:?}"));
    node.click();
    harness.run();
}

/// Chooses from what is open below a control.
fn pick(harness: &mut Seen, label: &str) {
    let last = harness.query_all_by_label(label).last();
    last.unwrap_or_else(|| panic!("there is no {label:?}")).click();
    harness.run();
}

fn typed(harness: &mut Seen, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run();
}

fn press(harness: &mut Seen, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

fn took(harness: &mut Seen) -> Vec<Command> {
    harness.state_mut().take()
}

fn setting(key: &'static str, value: &str) -> Command {
    Command::SetSetting { key, value: value.to_owned() }
}

#[test]
fn rights_are_decided_one_by_one() {
    let mut seen = open(pages::rights(), Page::Permissions);
    let id = || "atlas".to_owned();
    let one = |right: &str| pages::set(&[right]);
    let cases = [
        (
            "Allow Atlas: connect to *.atlas.example",
            Command::Grant { id: id(), rights: one("net:*.atlas.example") },
        ),
        (
            "Deny Atlas: read variable ATLAS_HOME",
            Command::Deny { id: id(), rights: one("env:ATLAS_HOME") },
        ),
        (
            "Revoke from Atlas: read ~/.atlas/credentials.json",
            Command::Revoke { id: id(), rights: one("read:~/.atlas/credentials.json") },
        ),
        (
            "No longer deny Cumulus: see running programs and their ports",
            Command::Revoke { id: "cumulus".to_owned(), rights: one("processes") },
        ),
        (
            "Allow all of these: Atlas",
            Command::Grant {
                id: id(),
                rights: pages::set(&[
                    "net:*.atlas.example",
                    "keychain:Atlas-credentials",
                    "env:ATLAS_HOME",
                ]),
            },
        ),
        (
            "Allow what is known to be needed: Borealis",
            Command::Grant {
                id: "borealis".to_owned(),
                rights: pages::set(&["net:borealis.example", "run:borealis", "ccusage"]),
            },
        ),
    ];
    for (label, expected) in cases {
        click(&mut seen, label);
        assert_eq!(took(&mut seen), [expected], "{label}");
    }
}

#[test]
fn what_was_never_asked_for_cannot_be_allowed() {
    let seen = open(pages::rights(), Page::Permissions);
    assert!(says(&seen, "telemetry.atlas.example:443"));
    assert!(control(&seen, "Allow Atlas: connect to telemetry.atlas.example:443").is_none());
}

#[test]
fn rights_are_found_by_plugin_and_by_what_they_are() {
    let mut seen = open(pages::rights(), Page::Permissions);
    click(&mut seen, "Filter by plugin or right");
    typed(&mut seen, "borealis");
    assert!(!says(&seen, "Atlas"));
    assert!(says(&seen, "count token usage"));
    click(&mut seen, "Clear Filter by plugin or right");
    typed(&mut seen, "keychain");
    assert!(says(&seen, "Atlas"));
    assert!(!says(&seen, "Borealis"));
    assert!(!says(&seen, "ATLAS_HOME"));
    typed(&mut seen, "zzz");
    assert!(says(&seen, "Nothing matches this"));
}

#[test]
fn settings_are_sent_as_the_configuration_writes_them() {
    let mut seen = open(pages::settings(), Page::Settings);
    let cases = [
        ("Update every: 1 hour", setting("updates.auto_update_interval", "60")),
        ("Theme: Light", setting("display.theme_mode", "light")),
        ("Start on login", setting("app.start_on_login", "true")),
        ("Clear the global shortcut", setting("app.global_shortcut", "")),
        ("Quotas show: Used", setting("display.display_mode", "used")),
        ("Resets are told as: At a time", setting("display.reset_timer_display_mode", "absolute")),
        ("Time of day: 15:05", setting("display.time_format_mode", "24h")),
        ("Icon: Bars", setting("display.menubar_icon_style", "bars")),
        ("Quota: Weekly", setting("display.menubar_metric", "weekly")),
        ("Plugins run: In process", setting("app.isolation", "in-process")),
        ("Enable Atlas", Command::Enable { id: "atlas".to_owned(), on: false }),
        ("Enable Drift", Command::Enable { id: "drift".to_owned(), on: true }),
        ("Notifications of Atlas", Command::Notify { id: "atlas".to_owned(), on: true }),
        ("Notifications of Borealis", Command::Notify { id: "borealis".to_owned(), on: false }),
        ("Open ~/code/probes", Command::OpenFolder("~/code/probes".to_owned())),
        ("Remove ~/code/probes", Command::RemoveFolder("~/code/probes".to_owned())),
        ("Add folder…", Command::AddFolder),
        ("Rescan", Command::Rescan),
    ];
    for (label, expected) in cases {
        click(&mut seen, label);
        assert_eq!(took(&mut seen), [expected], "{label}");
    }
    assert!(control(&seen, "Remove ~/.local/share/vario/plugins").is_none());
    click(&mut seen, "Log");
    pick(&mut seen, "Details");
    assert_eq!(took(&mut seen), [setting("app.log_level", "debug")]);
    click(&mut seen, "Notify when used up to");
    pick(&mut seen, "75%");
    assert_eq!(took(&mut seen), [setting("notifications.threshold", "75")]);
}

#[test]
fn what_a_platform_lacks_is_not_shown() {
    let mut model = pages::settings();
    model.platform =
        vario_ui::Platform { tray: false, shortcut: false, login: false, notifications: false };
    let seen = open(model, Page::Settings);
    for label in [
        "Tray",
        "Icon: Bars",
        "Start on login",
        "Global shortcut",
        "Notifications of Atlas",
        "Notifications",
        "Notify when used up to",
    ] {
        assert!(seen.query_all_by_label(label).next().is_none(), "{label}");
    }
    assert!(control(&seen, "Enable Atlas").is_some());
}

fn order(ids: [&str; 5]) -> Command {
    Command::Reorder(ids.map(str::to_owned).to_vec())
}

#[test]
fn plugins_are_dragged_to_another_place() {
    let mut seen = open(pages::settings(), Page::Settings);
    let from = seen.get_by_label("Move Atlas").rect().center();
    let below = seen.get_by_label("Move Cumulus").rect();
    seen.drag_at(from);
    seen.run();
    seen.hover_at(below.center_bottom() + Vec2::new(0.0, 2.0));
    seen.run();
    seen.drop_at(below.center_bottom() + Vec2::new(0.0, 2.0));
    seen.run();
    assert_eq!(took(&mut seen), [order(["borealis", "cumulus", "atlas", "forms", "drift"])]);
}

#[test]
fn plugins_are_moved_with_the_keyboard() {
    let mut seen = open(pages::settings(), Page::Settings);
    seen.get_by_label("Move Forms").focus();
    seen.run();
    press(&mut seen, Modifiers::ALT, Key::ArrowDown);
    assert_eq!(took(&mut seen), [order(["atlas", "borealis", "cumulus", "drift", "forms"])]);
    press(&mut seen, Modifiers::ALT, Key::ArrowUp);
    assert_eq!(took(&mut seen), [order(["atlas", "borealis", "forms", "cumulus", "drift"])]);
}

#[test]
fn a_global_shortcut_is_pressed_to_be_set() {
    let mut seen = open(pages::settings(), Page::Settings);
    click(&mut seen, "Global shortcut: Ctrl+Shift+U");
    assert!(control(&seen, "Global shortcut: Press keys…").is_some());
    // A letter alone would be taken away from every program; one with Ctrl opens no palette now.
    press(&mut seen, Modifiers::NONE, Key::A);
    assert_eq!(took(&mut seen), []);
    // Nor is a key that is still held down on the way to the others.
    press(&mut seen, Modifiers::CTRL, Key::ShiftLeft);
    assert_eq!(took(&mut seen), []);
    press(&mut seen, Modifiers::CTRL, Key::K);
    assert_eq!(took(&mut seen), [setting("app.global_shortcut", "Ctrl+K")]);
    assert!(control(&seen, "Command").is_none());
    // Esc leaves it as it is, and the page open.
    click(&mut seen, "Global shortcut: Ctrl+Shift+U");
    press(&mut seen, Modifiers::NONE, Key::Escape);
    assert!(control(&seen, "Global shortcut: Ctrl+Shift+U").is_some());
    assert_eq!(took(&mut seen), []);
    assert_eq!(seen.state().state.page, Page::Settings);
}

fn form() -> Seen {
    open(pages::all_settings(), Page::PluginSettings("forms".to_owned()))
}

fn plugin_setting(key: &str, value: Value) -> Command {
    Command::SetPluginSetting { id: "forms".to_owned(), key: key.to_owned(), value }
}

#[test]
fn chosen_settings_are_kept_at_once() {
    let mut seen = form();
    click(&mut seen, "Count idle time");
    assert_eq!(took(&mut seen), [plugin_setting("on", json!(false))]);
    click(&mut seen, "Unit: Tokens");
    assert_eq!(took(&mut seen), [plugin_setting("unit", json!("tok"))]);
    click(&mut seen, "Region");
    pick(&mut seen, "Asia and Pacific");
    assert_eq!(took(&mut seen), [plugin_setting("region", json!("ap"))]);
    click(&mut seen, "Reset to default: Region");
    assert_eq!(took(&mut seen), [plugin_setting("region", Value::Null)]);
    control(&seen, "Warn at").expect("a slider").focus();
    seen.run();
    press(&mut seen, Modifiers::NONE, Key::ArrowRight);
    assert_eq!(took(&mut seen), [plugin_setting("warn", json!(85))]);
}

#[test]
fn typed_settings_are_checked_and_then_saved() {
    let mut seen = form();
    click(&mut seen, "Account");
    typed(&mut seen, "nobody");
    let wrong = r#""nobody" does not match the pattern `[^@]+@[^@]+`"#;
    assert!(says(&seen, wrong));
    assert!(control(&seen, "Save Account").is_none());
    typed(&mut seen, "@example.com");
    click(&mut seen, "Save Account");
    assert_eq!(took(&mut seen), [plugin_setting("account", json!("nobody@example.com"))]);

    click(&mut seen, "Days");
    press(&mut seen, Modifiers::NONE, Key::ArrowUp);
    press(&mut seen, Modifiers::NONE, Key::Enter);
    assert_eq!(took(&mut seen), [plugin_setting("days", json!(31))]);
    click(&mut seen, "Undo Days");
    assert!(control(&seen, "Undo Days").is_none());

    click(&mut seen, "Days");
    typed(&mut seen, "0");
    assert!(says(&seen, "300 is more than 90"));
    press(&mut seen, Modifiers::NONE, Key::Enter);
    assert_eq!(took(&mut seen), []);
}

#[test]
fn what_was_saved_is_no_draft_any_more() {
    let mut seen = form();
    click(&mut seen, "Since");
    typed(&mut seen, " 2026-02-01");
    click(&mut seen, "Save Since");
    assert_eq!(took(&mut seen), [plugin_setting("since", json!("2026-02-01"))]);
    let values = &mut seen.state_mut().model.plugins[0].values;
    values.insert("since".to_owned(), json!("2026-02-01"));
    seen.run();
    assert!(control(&seen, "Save Since").is_none());
    assert!(control(&seen, "Clear: Since").is_some());
}

#[test]
fn secrets_are_written_and_never_shown() {
    let mut seen = form();
    click(&mut seen, "Access token");
    typed(&mut seen, "hunter2");
    assert!(!format!("{:?}", seen.state().state).contains("hunter2"));
    click(&mut seen, "Save Access token");
    let sent = took(&mut seen);
    let secret = |key: &str, value| Command::SetSecret {
        id: "forms".to_owned(),
        key: key.to_owned(),
        value,
    };
    assert_eq!(sent, [secret("token", Some(Secret("hunter2".to_owned())))]);
    assert!(!format!("{sent:?}").contains("hunter2"));
    click(&mut seen, "Forget Old token");
    assert_eq!(took(&mut seen), [secret("old", None)]);

    // One that is typed and not saved is forgotten with the page.
    click(&mut seen, "Old token");
    typed(&mut seen, "hunter3");
    click(&mut seen, "Back to the settings");
    click(&mut seen, "Settings of Forms");
    assert!(control(&seen, "Save Old token").is_none());
    assert!(!format!("{:?}", seen.state().commands).contains("hunter"));
}

#[test]
fn an_airlines_setting_cannot_be_changed() {
    let seen = form();
    assert!(says(&seen, "Northern"));
    assert!(seen.query_by_role_and_label(Role::TextInput, "Fleet").is_none());
}

#[test]
fn the_log_is_filtered_copied_and_cleared() {
    let mut seen = open(pages::log(), Page::Log);
    click(&mut seen, "At least: Warnings");
    assert!(says(&seen, "2 of 6 entries"));
    click(&mut seen, "Copy all shown");
    let sent = took(&mut seen);
    let [Command::Copy(text)] = sent.as_slice() else { panic!("not copied: {sent:?}") };
    assert!(text.starts_with("2026-03-05 09:00:00 WARN borealis: the token expires in 2 days\n"));
    click(&mut seen, "Plugin");
    pick(&mut seen, "Borealis");
    assert!(says(&seen, "1 of 6 entries"));
    click(&mut seen, "Copy: 2026-03-05 09:00:00 WARN borealis: the token expires in 2 days");
    let line = "2026-03-05 09:00:00 WARN borealis: the token expires in 2 days";
    assert_eq!(took(&mut seen), [Command::Copy(line.to_owned())]);
    click(&mut seen, "Filter by text");
    typed(&mut seen, "nothing of this");
    assert!(says(&seen, "Nothing matches this"));
    click(&mut seen, "Clear the event log");
    assert_eq!(took(&mut seen), [Command::ClearLog]);
}

#[test]
fn the_palette_is_used_without_a_mouse() {
    let mut seen = open(pages::settings(), Page::Settings);
    seen.get_by_label("Rescan").focus();
    seen.run();
    press(&mut seen, Modifiers::COMMAND, Key::K);
    assert_eq!(seen.ctx.memory(egui::Memory::focused), Some(egui::Id::unique("palette field")));
    typed(&mut seen, "ref bor");
    press(&mut seen, Modifiers::NONE, Key::Enter);
    assert_eq!(took(&mut seen), [Command::Refresh("borealis".to_owned())]);
    assert!(control(&seen, "Command").is_none());
    assert!(seen.get_by_label("Rescan").is_focused());

    press(&mut seen, Modifiers::COMMAND, Key::K);
    press(&mut seen, Modifiers::NONE, Key::ArrowDown);
    press(&mut seen, Modifiers::NONE, Key::ArrowDown);
    press(&mut seen, Modifiers::NONE, Key::Enter);
    assert_eq!(seen.state().state.page, Page::Plugin("borealis".to_owned()));

    press(&mut seen, Modifiers::COMMAND, Key::K);
    press(&mut seen, Modifiers::NONE, Key::Escape);
    assert!(control(&seen, "Command").is_none());
    assert_eq!(seen.state().state.page, Page::Plugin("borealis".to_owned()));
    press(&mut seen, Modifiers::COMMAND, Key::K);
    press(&mut seen, Modifiers::COMMAND, Key::K);
    assert!(control(&seen, "Command").is_none());
    assert_eq!(took(&mut seen), []);
}

#[test]
fn the_palette_leads_to_the_rights_of_a_plugin() {
    let mut seen = open(pages::rights(), Page::Home);
    press(&mut seen, Modifiers::COMMAND, Key::K);
    typed(&mut seen, "perm cumulus");
    click(&mut seen, "Permissions of Cumulus");
    assert_eq!(seen.state().state.page, Page::Permissions);
    assert!(says(&seen, "Denied by you"));
    assert!(!says(&seen, "Is known to need to"));
}

#[test]
fn keys_lead_everywhere() {
    let mut seen = open(pages::settings(), Page::Home);
    let plugin = |id: &str| Page::Plugin(id.to_owned());
    let command = Modifiers::COMMAND;
    let cases = [
        (command, Key::Num2, plugin("borealis")),
        (command, Key::Num9, plugin("borealis")),
        (command, Key::Num0, Page::Home),
        (command, Key::Comma, Page::Settings),
        (Modifiers::ALT, Key::ArrowLeft, Page::Home),
        (command, Key::L, Page::Log),
        (Modifiers::NONE, Key::Escape, Page::Home),
        (command, Key::P, Page::Permissions),
        (Modifiers::ALT, Key::Home, Page::Home),
    ];
    for (modifiers, key, page) in cases {
        press(&mut seen, modifiers, key);
        assert_eq!(seen.state().state.page, page, "{key:?}");
    }
    press(&mut seen, Modifiers::NONE, Key::F5);
    press(&mut seen, command, Key::Num1);
    press(&mut seen, command, Key::R);
    assert_eq!(took(&mut seen), [Command::RefreshAll, Command::Refresh("atlas".to_owned())]);
}

#[test]
fn what_is_typed_is_no_shortcut() {
    let mut seen = open(pages::rights(), Page::Permissions);
    click(&mut seen, "Filter by plugin or right");
    press(&mut seen, Modifiers::SHIFT, Key::Questionmark);
    assert!(control(&seen, "Keyboard shortcuts").is_none());
    // The first Esc takes the keyboard from the field, the second one leaves the page.
    press(&mut seen, Modifiers::NONE, Key::Escape);
    assert_eq!(seen.state().state.page, Page::Permissions);
    press(&mut seen, Modifiers::SHIFT, Key::Questionmark);
    assert!(seen.query_all_by_label("Keyboard shortcuts").next().is_some());
    press(&mut seen, Modifiers::NONE, Key::Escape);
    assert!(seen.query_all_by_label("Keyboard shortcuts").next().is_none());
    assert_eq!(seen.state().state.page, Page::Permissions);
    press(&mut seen, Modifiers::NONE, Key::Escape);
    assert_eq!(seen.state().state.page, Page::Home);
}

fn pages() -> [(Model, Page); 5] {
    [
        (pages::rights(), Page::Permissions),
        (pages::settings(), Page::Settings),
        (pages::all_settings(), Page::PluginSettings("forms".to_owned())),
        (pages::all_settings(), Page::PluginSettings("gone".to_owned())),
        (pages::log(), Page::Log),
    ]
}

#[test]
fn nothing_moves_by_itself() {
    for (model, page) in pages() {
        let mut seen = open(model, page.clone());
        press(&mut seen, Modifiers::COMMAND, Key::K);
        let frames = seen.state().frames;
        seen.step();
        assert_eq!(seen.state().frames, frames + 1);
        let asked = seen.output().viewport_output.values().map(|view| view.repaint_delay).min();
        assert_eq!(asked, Some(std::time::Duration::MAX), "{page:?}");
    }
}

#[test]
fn every_control_has_a_name() {
    for (model, page) in pages() {
        let seen = open(model, page.clone());
        let roles = [
            Role::Button,
            Role::CheckBox,
            Role::ComboBox,
            Role::MultilineTextInput,
            Role::PasswordInput,
            Role::RadioButton,
            Role::Slider,
            Role::Switch,
            Role::TextInput,
        ];
        for role in roles {
            for node in seen.query_all_by_role(role) {
                let node = node.accesskit_node();
                assert!(node.label().is_some_and(|label| !label.is_empty()), "{page:?} {role:?}");
            }
        }
    }
}
