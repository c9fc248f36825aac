//! Who is signed in where, for plugins that need an account.

mod add;

use egui::{Align, Rect, Ui, UiBuilder, pos2, vec2};

use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::{AccountKind, AccountView, Secrets};
use crate::state::{AccountDraft, Page};
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{
    Kind, Link, button, column, icon_button, link, notice, pill, pill_width, rule, section,
};

const ABOUT: &str = "Plugins of smartCARS and Stratos work for an account. One of each kind is in \
                     use; secrets are kept in the system's keychain and shown nowhere.";

const HEAD: f32 = 32.0;
const ROW: f32 = 48.0;
const ICON: f32 = 18.0;
const BELOW: f32 = 26.0;

/// With less room than this, what can be done with an account stands below it.
const NARROW: f32 = 420.0;

const KINDS: [AccountKind; 2] = [AccountKind::Smartcars, AccountKind::Stratos];

pub(crate) fn accounts(ui: &mut Ui, cx: &mut Cx<'_>) {
    let model = cx.model;
    if cx.state.accounts.sent.is_some_and(|sent| sent != model.accounts.changes) {
        // It is kept now; what was typed is not needed any more.
        cx.state.accounts = AccountDraft::default();
    }
    column(ui, |ui| {
        head(ui, cx);
        ui.add_space(space::XXS);
        text::paragraph(ui, ABOUT, Ink::new(size::BODY, Weight::Regular, cx.colors.muted), 4);
        ui.add_space(space::L);
        for problem in &model.accounts.problems {
            let words = super::background::sentence(problem);
            notice(ui, cx, Glyph::Warning, cx.colors.warn, &words);
            ui.add_space(space::M);
        }
        for kind in KINDS {
            section(ui, cx.colors, title(kind), |ui| of_kind(ui, cx, kind));
        }
    });
}

fn title(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Smartcars => "smartCARS identities",
        AccountKind::Stratos => "Stratos airlines",
    }
}

fn head(ui: &mut Ui, cx: &mut Cx<'_>) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEAD));
    let center = rect.left_center() + vec2(dims::CONTROL / 2.0 - space::S, 0.0);
    let back = Rect::from_center_size(center, vec2(dims::CONTROL, dims::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(back).id_salt("back"));
    if icon_button(&mut child, cx, Glyph::Back, "Back to the settings", dims::CONTROL).clicked() {
        cx.state.page = Page::Settings;
    }
    let words = rect.with_min_x(back.right() + space::S);
    let ink = Ink::new(size::HEADING, Weight::Strong, cx.colors.text);
    text::label(ui, words, "Accounts", ink, Align::Min);
}

fn of_kind(ui: &mut Ui, cx: &mut Cx<'_>, kind: AccountKind) {
    let model = cx.model;
    ui.spacing_mut().item_spacing.y = 0.0;
    let own: Vec<&AccountView> =
        model.accounts.all.iter().filter(|account| account.kind == kind).collect();
    if own.is_empty() {
        let words = if model.accounts.read { "There is none yet" } else { "Looking…" };
        super::settings::nothing(ui, cx, words);
    }
    for (index, account) in own.into_iter().enumerate() {
        if index > 0 {
            rule(ui, cx.colors);
        }
        ui.push_id(("account", &account.name), |ui| row(ui, cx, account));
    }
    ui.add_space(space::M);
    if cx.state.accounts.adding == Some(kind) {
        add::form(ui, cx, kind);
        return;
    }
    let words = match kind {
        AccountKind::Smartcars => "Add an identity…",
        AccountKind::Stratos => "Add an airline…",
    };
    ui.add_enabled_ui(!model.accounts.busy, |ui| {
        if button(ui, cx.colors, Kind::Plain, words).clicked() {
            cx.state.accounts = AccountDraft { adding: Some(kind), ..AccountDraft::default() };
        }
    });
}

fn row(ui: &mut Ui, cx: &mut Cx<'_>, account: &AccountView) {
    let narrow = ui.available_width() < NARROW;
    let height = if narrow { ROW + BELOW } else { ROW };
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    // Where there is little room, what can be done stands below.
    let below = rect.with_min_y(rect.bottom() - BELOW - space::XS);
    let rect = rect.with_max_y(rect.top() + ROW);
    let center = pos2(rect.left() + ICON / 2.0, rect.center().y);
    let icon = Rect::from_center_size(center, vec2(ICON, ICON));
    cx.state.icons.glyph(ui, icon, Glyph::Account, cx.colors.muted);
    let asked = cx.state.accounts.removing.as_ref() == Some(&account.name);
    let place = if narrow { below } else { rect };
    let place = place.with_max_x(rect.right() + space::S);
    let mut left = if asked { sure(ui, cx, account, place) } else { links(ui, cx, account, place) };
    if narrow {
        left = rect;
    }
    if account.in_use && (narrow || !asked) {
        if !narrow {
            left = left.with_max_x(left.right() - space::XS);
        }
        pill(ui, cx, left, "In use", cx.colors.good);
        left = left.with_max_x(left.right() - pill_width(ui, "In use"));
    }
    let words = Rect::from_min_max(
        pos2(icon.right() + space::M, rect.center().y - dims::ROW + 1.0),
        pos2(left.right() - space::M, rect.center().y + 1.0),
    );
    let ink = Ink::new(size::BODY, Weight::Medium, cx.colors.text);
    text::label(ui, words, &account.name, ink, Align::Min);
    let (about, color) = if asked {
        ("Its secrets go, too.".to_owned(), cx.colors.bad)
    } else {
        (about(account), cx.colors.muted)
    };
    let ink = Ink::new(size::CAPTION, Weight::Regular, color);
    text::label(ui, words.translate(vec2(0.0, dims::ROW - 2.0)), &about, ink, Align::Min);
}

fn about(account: &AccountView) -> String {
    let secrets = match &account.secrets {
        Secrets::Kept => "token in the keychain".to_owned(),
        Secrets::None => "no token".to_owned(),
        Secrets::Unknown(why) => format!("keychain: {why}"),
    };
    let parts = [account.about.as_str(), &secrets];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !text::is_blank(part)).collect();
    parts.join("  ·  ")
}

fn press(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    rest: &mut Rect,
    word: &str,
    spoken: &str,
    color: egui::Color32,
) -> bool {
    let shown = Link { text: word, glyph: None, spoken, color };
    let (response, left) = link(ui, cx, ui.scope_id().with(word), *rest, &shown);
    *rest = left;
    response.clicked()
}

/// What can be done with it; gives what is left of the place.
fn links(ui: &mut Ui, cx: &mut Cx<'_>, account: &AccountView, place: Rect) -> Rect {
    let mut rest = place;
    if cx.model.accounts.busy {
        return rest.with_max_x(rest.right() - space::S);
    }
    let name = text::clean(&account.name, 100);
    let muted = cx.colors.muted;
    if press(ui, cx, &mut rest, "Remove", &format!("Remove {name}"), muted) {
        cx.state.accounts.removing = Some(account.name.clone());
    }
    if account.in_use {
        if press(ui, cx, &mut rest, "Sign out", &format!("Sign out of {name}"), muted) {
            cx.send(Command::SignOut(account.kind));
        }
    } else if press(ui, cx, &mut rest, "Use", &format!("Use {name}"), cx.colors.accent) {
        cx.send(Command::UseAccount(account.name.clone()));
    }
    rest
}

/// Asks once more.
fn sure(ui: &mut Ui, cx: &mut Cx<'_>, account: &AccountView, place: Rect) -> Rect {
    let mut rest = place;
    let name = text::clean(&account.name, 100);
    if press(ui, cx, &mut rest, "Keep", &format!("Keep {name}"), cx.colors.muted) {
        cx.state.accounts.removing = None;
    }
    let spoken = format!("Remove {name} and its secrets");
    if press(ui, cx, &mut rest, "Remove", &spoken, cx.colors.bad) {
        cx.state.accounts.removing = None;
        cx.send(Command::RemoveAccount(account.name.clone()));
    }
    rest
}
