//! What the controls for plugins that stay, for accounts and for installing do, found by what
//! screen readers call them.

use std::time::Duration;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use vario_model::BackgroundState;
use vario_ui::{
    AccountKind, Command, InstallView, Lifecycle, Model, NewAirline, Page, Secret, Watched,
};

use crate::fixtures::background;
use crate::support::{Open, Window};

type Seen = Harness<'static, Window>;

const CHARTS: &str = "com.example.charts";

fn open(model: Model, page: Page) -> Seen {
    Open::new(model).size(800.0, 2000.0).page(page).harness()
}

fn one() -> Seen {
    open(background::one(), Page::BackgroundOf(CHARTS.to_owned()))
}

fn has(seen: &Seen, name: &str) -> bool {
    seen.query_by_role_and_label(Role::Button, name).is_some()
}

fn says(seen: &Seen, text: &str) -> bool {
    seen.query_all_by_label(text).next().is_some()
}

#[track_caller]
fn press(seen: &mut Seen, name: &str) -> Vec<Command> {
    seen.get_by_role_and_label(Role::Button, name).click();
    seen.run();
    seen.state_mut().take()
}

fn write(seen: &mut Seen, role: Role, field: &str, text: &str) {
    seen.get_by_role_and_label(role, field).click();
    seen.run();
    seen.event(egui::Event::Text(text.to_owned()));
    seen.run();
}

fn lifecycle(id: &str, what: Lifecycle) -> Command {
    Command::Background { id: id.to_owned(), what }
}

#[test]
fn where_there_is_nothing_it_is_said_what_there_could_be() {
    let mut seen = open(background::empty(), Page::Background);
    assert!(says(&seen, "No background plugins yet"));
    assert_eq!(press(&mut seen, "Rescan"), [Command::Rescan]);
    assert_eq!(press(&mut seen, "Install a plugin…"), []);
    let choose = press(&mut seen, "Choose a folder…");
    assert_eq!(choose, [Command::ChooseInstall { folder: true }]);
    assert_eq!(press(&mut seen, "Choose a zip file…"), [Command::ChooseInstall { folder: false }]);
    press(&mut seen, "Cancel");
    assert!(!has(&seen, "Choose a zip file…"));
}

#[test]
fn before_anybody_has_answered_nothing_is_said_to_be_missing() {
    let mut model = background::empty();
    model.background.asked = false;
    let mut seen = open(model, Page::Background);
    assert!(says(&seen, "Looking…") && !says(&seen, "No background plugins yet"));
    seen.state_mut().model.background.problem = Some("no background plugins run here".to_owned());
    seen.state_mut().model.background.asked = true;
    seen.run();
    assert!(says(&seen, "No background plugins run here."));
}

#[test]
fn each_state_has_its_words_and_its_buttons() {
    let mut seen = open(background::mixed(), Page::Background);
    for words in [
        "Active",
        "Failed",
        "Restarting",
        "Starting slowly",
        "Waiting for an account",
        "Waiting",
        "Stopped",
        "Disabled",
        "It needs Broken Wing, which is not active.",
        "It did not stop within 45 s, so its process was ended.",
        "3 h 12 min  ·  34 MiB  ·  2 restarts  ·  3 routes",
    ] {
        assert!(says(&seen, words), "{words}");
    }
    let cases = [
        ("Stop Chart Room", lifecycle(CHARTS, Lifecycle::Stop)),
        ("Restart ACARS", lifecycle("com.example.acars", Lifecycle::Restart)),
        ("Start Broken Wing", lifecycle("com.example.broken", Lifecycle::Start)),
        ("Stop Slow Start", lifecycle("slow", Lifecycle::Stop)),
        ("Start Idle", lifecycle("com.example.idle", Lifecycle::Start)),
        ("Enable Switched Off", Command::Enable { id: "off".to_owned(), on: true }),
    ];
    for (name, expected) in cases {
        assert_eq!(press(&mut seen, name), [expected], "{name}");
    }
    for name in ["Start Chart Room", "Stop Fresh", "Restart Fresh", "Start Switched Off"] {
        assert!(!has(&seen, name), "{name}");
    }
}

#[test]
fn a_reason_is_told_in_full() {
    let mut seen = open(background::mixed(), Page::Background);
    let start = "Its start failed: TypeError";
    let before = seen.query_all_by_label_contains(start).count();
    seen.query_all_by_label_contains(start).next().expect("its reason").hover();
    seen.run();
    let all: Vec<String> = seen
        .query_all_by_label_contains(start)
        .filter_map(|node| node.accesskit_node().value())
        .collect();
    assert!(all.len() > before, "{all:?}");
    assert!(all.iter().any(|text| text.ends_with("before that.")), "{all:?}");
}

#[test]
fn what_it_lacks_leads_to_the_permissions() {
    let mut seen = open(background::mixed(), Page::Background);
    assert!(says(&seen, "Not allowed to connect to charts.example.com, and 1 more"));
    assert_eq!(press(&mut seen, "Allow Chart Room…"), []);
    assert_eq!(seen.state().state.page, Page::Permissions);
    assert!(says(&seen, "charts.example.com"), "it can be allowed there");
    let listed = |name| seen.query_by_role_and_label(Role::Label, name).is_some();
    assert!(listed("Chart Room") && !listed("ACARS"));
}

#[test]
fn a_plugin_that_waits_for_an_account_leads_to_them() {
    let mut seen = open(background::mixed(), Page::Background);
    assert_eq!(press(&mut seen, "Accounts for Logbook"), []);
    assert_eq!(seen.state().state.page, Page::Accounts);
}

#[test]
fn a_row_leads_to_a_page_and_back() {
    let mut seen = open(background::mixed(), Page::Background);
    press(&mut seen, "Open Chart Room");
    assert_eq!(seen.state().state.page, Page::BackgroundOf(CHARTS.to_owned()));
    press(&mut seen, "Back to the background plugins");
    assert_eq!(seen.state().state.page, Page::Background);
    // A plugin that only stays has no other page.
    press(&mut seen, "ACARS");
    assert_eq!(seen.state().state.page, Page::BackgroundOf("com.example.acars".to_owned()));
    seen.key_press(Key::Escape);
    seen.run();
    assert_eq!(seen.state().state.page, Page::Background);
}

#[test]
fn the_page_of_one_does_what_can_be_done() {
    let mut seen = one();
    assert_eq!(press(&mut seen, "Stop Chart Room"), [lifecycle(CHARTS, Lifecycle::Stop)]);
    assert_eq!(press(&mut seen, "Restart Chart Room"), [lifecycle(CHARTS, Lifecycle::Restart)]);
    let opened = Command::OpenPage {
        id: CHARTS.to_owned(),
        dark: true,
        foreground: "ecedf0".to_owned(),
        background: "0d0e10".to_owned(),
    };
    assert_eq!(press(&mut seen, "Open page"), [opened]);
    let ran = Command::RunMenu { id: CHARTS.to_owned(), command: "clear".to_owned() };
    assert_eq!(press(&mut seen, "Run Clear the tile cache"), [ran]);
    assert!(says(&seen, "charts:list"));
    let rights = crate::fixtures::pages::set(&["net:charts.example.com", "read:~/charts"]);
    let granted = Command::Grant { id: CHARTS.to_owned(), rights };
    assert_eq!(press(&mut seen, "Allow Chart Room"), [granted]);
    press(&mut seen, "Permissions of Chart Room");
    assert_eq!(seen.state().state.page, Page::Permissions);
}

#[test]
fn a_page_of_another_shell_is_not_opened_and_says_why() {
    let mut model = background::one();
    model.background.plugins[0].dialect = "stratos".to_owned();
    let mut seen = open(model, Page::BackgroundOf(CHARTS.to_owned()));
    assert_eq!(press(&mut seen, "Open page"), []);
    seen.get_by_role_and_label(Role::Button, "Open page").hover();
    seen.run();
    assert!(seen.query_all_by_label_contains("made for the Stratos shell").next().is_some());
}

#[test]
fn a_route_is_tried_and_its_answer_shown() {
    let mut seen = one();
    press(&mut seen, "Try POST /api/com.example.charts/create-flight");
    write(&mut seen, Role::MultilineTextInput, "Body", r#"{"from":"EDDF"}"#);
    let sent = Command::TryRoute {
        id: CHARTS.to_owned(),
        method: "POST".to_owned(),
        target: "/api/com.example.charts/create-flight".to_owned(),
        body: r#"{"from":"EDDF"}"#.to_owned(),
    };
    assert_eq!(press(&mut seen, "Send"), [sent]);

    press(&mut seen, "Try GET /api/com.example.charts/airports");
    assert!(seen.query_by_role_and_label(Role::MultilineTextInput, "Body").is_none());
    let mut tried = background::answered();
    let outcome = tried.outcome.take();
    seen.state_mut().model.background.tried = Some(tried.clone());
    seen.run();
    assert!(says(&seen, "Waiting for an answer…"));
    assert_eq!(press(&mut seen, "Send"), [], "one after the other");
    tried.outcome = outcome;
    seen.state_mut().model.background.tried = Some(tried.clone());
    seen.run();
    assert!(says(&seen, "200") && says(&seen, "application/json  ·  12 ms"));
    let copied = press(&mut seen, "Copy the answer");
    assert!(matches!(&copied[..], [Command::Copy(body)] if body.starts_with("{\"airports\"")));
    tried.outcome = Some(Err("nobody answers".to_owned()));
    seen.state_mut().model.background.tried = Some(tried);
    seen.run();
    assert!(says(&seen, "Nobody answers."));
    press(&mut seen, "Close GET /api/com.example.charts/airports");
    assert!(!has(&seen, "Send"));
}

#[test]
fn where_the_plugin_decides_the_method_is_chosen() {
    let mut seen = one();
    press(&mut seen, "Try * /charts/v2/");
    seen.get_by_role_and_label(Role::ComboBox, "Method").click();
    seen.run();
    seen.query_all_by_label("DELETE").last().expect("a method").click();
    seen.run();
    let sent = press(&mut seen, "Send");
    assert!(
        matches!(&sent[..], [Command::TryRoute { method, target, .. }]
            if method == "DELETE" && target == "/charts/v2/"),
        "{sent:?}"
    );
}

#[test]
fn a_log_is_filtered_copied_and_followed() {
    let mut seen = one();
    let charts = |follow| Watched::BackgroundOf { id: CHARTS.to_owned(), follow };
    assert!(says(&seen, "3 lines"));
    assert_eq!(seen.state().state.watched(), charts(true));
    seen.get_by_role_and_label(Role::Switch, "Follow the log").click();
    seen.run();
    assert_eq!(seen.state().state.watched(), charts(false));
    seen.get_by_role_and_label(Role::RadioButton, "At least: Warnings").click();
    seen.run();
    assert!(says(&seen, "2 of 3 lines"));
    write(&mut seen, Role::TextInput, "Filter the log", "tile");
    let copied = press(&mut seen, "Copy the log");
    let line = "2026-03-05 09:59:00 WARN com.example.charts: the tile cache is almost full";
    assert_eq!(copied, [Command::Copy(line.to_owned())]);
    write(&mut seen, Role::TextInput, "Filter the log", "zzz");
    assert!(says(&seen, "Nothing matches this"));
}

#[test]
fn what_is_gone_says_so() {
    let mut seen = open(background::mixed(), Page::BackgroundOf("gone".to_owned()));
    assert!(says(&seen, "There is no background plugin of this name any more"));
    press(&mut seen, "Back to the background plugins");
    assert_eq!(seen.state().state.page, Page::Background);
}

#[test]
fn it_is_drawn_again_when_a_minute_is_over_and_not_before() {
    let mut model = background::mixed();
    model.next_update_at = None;
    let after = open(model.clone(), Page::Background).state().repaint_after;
    assert_eq!(after, Some(Duration::from_mins(1)));
    model.background.plugins.retain(|info| info.state != BackgroundState::Active);
    assert_eq!(open(model, Page::Background).state().repaint_after, None);
}

#[test]
fn narrow_windows_have_every_control_and_nothing_beside_them() {
    for (model, page) in [
        (background::mixed(), Page::Background),
        (background::one(), Page::BackgroundOf(CHARTS.to_owned())),
        (background::accounts(), Page::Accounts),
    ] {
        let seen = Open::new(model).size(360.0, 2400.0).page(page.clone()).harness();
        for node in seen.root().children_recursive() {
            let node = node.accesskit_node();
            if node.role() == Role::Button
                && let Some(bounds) = node.bounding_box()
            {
                assert!(bounds.x1 <= 360.5 && bounds.x0 >= -0.5, "{page:?}: {:?}", node.label());
            }
        }
    }
}

#[test]
fn keys_and_the_palette_reach_everything() {
    let mut seen = open(background::mixed(), Page::Home);
    seen.key_press_modifiers(Modifiers::COMMAND, Key::B);
    seen.run();
    assert_eq!(seen.state().state.page, Page::Background);
    let mut chosen = |text: &str| {
        seen.key_press_modifiers(Modifiers::COMMAND, Key::K);
        seen.run();
        seen.event(egui::Event::Text(text.to_owned()));
        seen.run();
        seen.key_press(Key::Enter);
        seen.run();
        (seen.state_mut().take(), seen.state().state.page.clone())
    };
    assert_eq!(chosen("Stop Chart Room").0, [lifecycle(CHARTS, Lifecycle::Stop)]);
    assert_eq!(chosen("Accounts").1, Page::Accounts);
    assert_eq!(chosen("Chart Room").1, Page::BackgroundOf(CHARTS.to_owned()));
    chosen("Install a plugin");
    assert!(has(&seen, "Choose a zip file…"));
}

#[test]
fn accounts_are_used_left_and_removed() {
    let mut seen = open(background::accounts(), Page::Accounts);
    assert_eq!(press(&mut seen, "Use Test"), [Command::UseAccount("Test".to_owned())]);
    assert_eq!(
        press(&mut seen, "Sign out of Northern"),
        [Command::SignOut(AccountKind::Smartcars)]
    );
    assert_eq!(press(&mut seen, "Remove Skyline"), [], "it is asked once more");
    assert_eq!(press(&mut seen, "Keep Skyline"), []);
    press(&mut seen, "Remove Skyline");
    let removed = press(&mut seen, "Remove Skyline and its secrets");
    assert_eq!(removed, [Command::RemoveAccount("Skyline".to_owned())]);
    assert!(says(&seen, "NVA007  ·  keychain: the keychain is locked"));
    seen.state_mut().model.accounts.busy = true;
    seen.run();
    assert!(!has(&seen, "Use Test"), "one after the other");
    press(&mut seen, "Back to the settings");
    assert_eq!(seen.state().state.page, Page::Settings);
}

#[test]
fn an_airline_is_typed_sent_and_forgotten() {
    let mut seen = open(background::accounts(), Page::Accounts);
    press(&mut seen, "Add an airline…");
    assert_eq!(press(&mut seen, "Add"), [], "it needs a name and an address");
    write(&mut seen, Role::TextInput, "Name", " Sky ");
    write(&mut seen, Role::TextInput, "Base address", "https://sky.example");
    write(&mut seen, Role::PasswordInput, "Token", "hidden");
    let new = NewAirline {
        name: "Sky".to_owned(),
        base_url: "https://sky.example".to_owned(),
        refresh_url: String::new(),
        token: Secret("hidden".to_owned()),
        refresh_token: Secret::default(),
    };
    assert_eq!(press(&mut seen, "Add"), [Command::AddAirline(new.clone())]);
    assert!(!format!("{new:?}").contains("hidden"));
    seen.state_mut().model.accounts.problems = vec!["there is one of that name".to_owned()];
    seen.run();
    assert!(says(&seen, "There is one of that name."));
    assert!(has(&seen, "Cancel"), "what was typed is still there");
    seen.state_mut().model.accounts.changes += 1;
    seen.run();
    assert!(!has(&seen, "Cancel"), "it is kept now");
}

#[test]
fn an_identity_is_chosen() {
    let mut seen = open(background::accounts(), Page::Accounts);
    press(&mut seen, "Add an identity…");
    write(&mut seen, Role::TextInput, "Name", "Mine");
    let chosen = press(&mut seen, "Choose the identity file…");
    assert_eq!(chosen, [Command::AddIdentity { name: "Mine".to_owned() }]);
    press(&mut seen, "Cancel");
    assert!(has(&seen, "Add an identity…"));
}

#[test]
fn an_installation_is_agreed_to_or_left() {
    let asked = || InstallView::Asked(Box::new(background::plan()));
    let mut seen = open(background::installing(asked()), Page::Home);
    for words in [
        "Chart Room 1.4.0",
        "smartCARS plugin by Jane Doe",
        "It asks to",
        "charts.example.com",
        "It stays: it runs by itself for as long as Vario does.",
    ] {
        assert!(says(&seen, words), "{words}");
    }
    assert_eq!(press(&mut seen, "Install"), [Command::InstallNow]);
    assert_eq!(press(&mut seen, "Cancel"), [Command::LeaveInstall]);
    seen.key_press(Key::Escape);
    seen.run();
    assert_eq!(seen.state_mut().take(), [Command::LeaveInstall]);
    // What is being put in place is not left half done.
    seen.state_mut().model.install = Some(InstallView::Working("Chart Room".to_owned()));
    seen.run();
    seen.key_press(Key::Escape);
    seen.run();
    assert_eq!(seen.state_mut().take(), []);
}

#[test]
fn an_update_says_what_changes() {
    let update = InstallView::Asked(Box::new(background::update()));
    let mut seen = open(background::installing(update), Page::Home);
    for words in [
        "It replaces 1.3.2 by 1.4.0.",
        "Its author was John Roe before.",
        "New settings: Night colours.",
        "It newly asks to",
        "It no longer asks to",
        "It may do at once, as the version before it",
        "Its icon is missing.",
    ] {
        assert!(says(&seen, words), "{words}");
    }
    assert_eq!(press(&mut seen, "Update"), [Command::InstallNow]);
    let mut same = background::update();
    same.replaces.as_mut().expect("an update").same = true;
    seen.state_mut().model.install = Some(InstallView::Asked(Box::new(same)));
    seen.run();
    assert!(says(&seen, "Exactly this is installed already.") && !has(&seen, "Update"));
}

#[test]
fn what_was_installed_is_decided_about() {
    let done = InstallView::Done {
        id: CHARTS.to_owned(),
        name: "Chart Room 1.4.0".to_owned(),
        asks: true,
        keeps: false,
        can_go_back: false,
    };
    let mut model = background::mixed();
    model.install = Some(done);
    let mut seen = open(model, Page::Home);
    assert_eq!(press(&mut seen, "Permissions…"), [Command::LeaveInstall]);
    assert_eq!(seen.state().state.page, Page::Permissions);
}

#[test]
fn nothing_here_moves_by_itself() {
    let now = |model: Model| Model { next_update_at: None, ..model };
    for (model, page) in [
        (background::empty(), Page::Background),
        (background::accounts(), Page::Accounts),
        (background::installing(InstallView::Reading("a".to_owned())), Page::Log),
    ] {
        let mut seen = open(now(model), page.clone());
        assert_eq!(seen.state().repaint_after, None, "{page:?}");
        let before = seen.output().shapes.clone();
        seen.step();
        assert!(before == seen.output().shapes, "{page:?}");
    }
}
