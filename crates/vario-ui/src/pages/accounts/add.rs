//! The form for one more account.

use egui::{Id, Ui};

use crate::command::{Command, NewAirline};
use crate::cx::Cx;
use crate::model::AccountKind;
use crate::state::AccountDraft;
use crate::theme::space;
use crate::widgets::{Kind, Named, TextField, above, button, rule};

pub(super) fn form(ui: &mut Ui, cx: &mut Cx<'_>, kind: AccountKind) {
    rule(ui, cx.colors);
    ui.add_space(space::L);
    ui.spacing_mut().item_spacing.y = 0.0;
    match kind {
        AccountKind::Smartcars => identity(ui, cx),
        AccountKind::Stratos => airline(ui, cx),
    }
}

/// A field that is as wide as the form.
fn field(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    named: Named<'_>,
    hint: &str,
    secret: bool,
    text: &mut String,
) -> Id {
    let id = Id::unique(("account", named.name));
    above(ui, cx.colors, named, ("", cx.colors.text));
    let field = TextField::new(id, named.name).hint(hint);
    let field = if secret { field.mono().secret() } else { field };
    field.show(ui, cx, text);
    ui.add_space(space::M);
    id
}

fn identity(ui: &mut Ui, cx: &mut Cx<'_>) {
    let mut draft = std::mem::take(&mut cx.state.accounts);
    let about = "What it is called here; without one, what the file is called.";
    let named = Named { name: "Name", about };
    field(ui, cx, named, "My airline", false, &mut draft.name);
    let busy = cx.model.accounts.busy;
    match decide(ui, cx, "Choose the identity file…", !busy) {
        Some(true) => {
            draft.sent = Some(cx.model.accounts.changes);
            cx.send(Command::AddIdentity { name: draft.name.trim().to_owned() });
        }
        Some(false) => draft = AccountDraft::default(),
        None => {}
    }
    cx.state.accounts = draft;
}

fn airline(ui: &mut Ui, cx: &mut Cx<'_>) {
    let mut draft = std::mem::take(&mut cx.state.accounts);
    let name = Named { name: "Name", about: "" };
    field(ui, cx, name, "Skyline Virtual", false, &mut draft.name);
    let base = Named { name: "Base address", about: "Where the airline's service is." };
    field(ui, cx, base, "https://airline.example/api", false, &mut draft.base_url);
    let about = "Where a new token is asked for when the old one is over.";
    let refresh = Named { name: "Refresh address (optional)", about };
    let hint = "https://airline.example/api/refresh";
    field(ui, cx, refresh, hint, false, &mut draft.refresh_url);
    let token = Named { name: "Token", about: "Kept in the system's keychain, never shown." };
    let first = field(ui, cx, token, "", true, &mut draft.token.0);
    let token = Named { name: "Refresh token (optional)", about: "" };
    let second = field(ui, cx, token, "", true, &mut draft.refresh_token.0);
    let is_whole = !draft.name.trim().is_empty() && !draft.base_url.trim().is_empty();
    match decide(ui, cx, "Add", is_whole && !cx.model.accounts.busy) {
        Some(true) => {
            draft.sent = Some(cx.model.accounts.changes);
            cx.send(Command::AddAirline(NewAirline {
                name: draft.name.trim().to_owned(),
                base_url: draft.base_url.trim().to_owned(),
                refresh_url: draft.refresh_url.trim().to_owned(),
                token: draft.token.clone(),
                refresh_token: draft.refresh_token.clone(),
            }));
        }
        Some(false) => {
            draft = AccountDraft::default();
            for id in [first, second] {
                // The field's own undo would bring it back.
                egui::text_edit::TextEditState::default().store(ui.ctx(), id);
            }
        }
        None => {}
    }
    cx.state.accounts = draft;
}

/// Whether to go on, or to forget it.
fn decide(ui: &mut Ui, cx: &Cx<'_>, go_on: &str, can: bool) -> Option<bool> {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let colors = cx.colors;
        let kind = Kind::Primary;
        let shown = ui.add_enabled_ui(can, |ui| button(ui, colors, kind, go_on).clicked());
        if shown.inner {
            return Some(true);
        }
        button(ui, colors, Kind::Plain, "Cancel").clicked().then_some(false)
    })
    .inner
}
