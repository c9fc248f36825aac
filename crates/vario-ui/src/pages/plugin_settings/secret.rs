//! Secrets: typed, kept in the keychain, and never shown.

use egui::{Color32, Id, Key, Ui};

use super::ask::Ask;
use crate::command::{Command, Secret};
use crate::cx::Cx;
use crate::theme::space;
use crate::widgets::{Kind, TextField, above, button, button_width};

pub(super) fn secret(ui: &mut Ui, cx: &mut Cx<'_>, ask: &Ask<'_>, hint: Option<&str>) {
    let is_set = ask.view.secrets.contains(&ask.setting.key);
    above(ui, cx.colors, ask.named(), state(cx, ask, is_set));
    let place = ask.place();
    let draft = cx.state.secret_drafts.remove(&place);
    let mut draft = draft.map_or_else(String::new, |secret| secret.0);
    let id = Id::unique(("secret", ask.view.id(), &ask.setting.key));
    let hint = match hint {
        Some(hint) if !is_set => hint,
        _ if is_set => "Type to replace it",
        _ => "",
    };
    let mut save = false;
    let mut forget = false;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let mut taken = 0.0;
        for (shown, words) in [(!draft.is_empty(), "Save"), (is_set, "Forget")] {
            taken += if shown { button_width(ui, words) + space::S } else { 0.0 };
        }
        let width = ui.available_width() - taken;
        let edit = TextField::new(id, ask.name()).hint(hint).width(width).mono().secret();
        let had_text = !draft.is_empty();
        let response = edit.show(ui, cx, &mut draft);
        let enter = ui.input(|input| input.key_pressed(Key::Enter));
        if had_text {
            let response = button(ui, cx.colors, Kind::Primary, "Save");
            save = response.accessible_name(format!("Save {}", ask.name())).clicked();
        }
        save |= enter && response.lost_focus() && !draft.is_empty();
        if is_set {
            let response = button(ui, cx.colors, Kind::Danger, "Forget");
            forget = response.accessible_name(format!("Forget {}", ask.name())).clicked();
        }
    });
    if save || forget {
        let value = if save { Some(Secret(draft)) } else { None };
        // The field's own undo would bring it back.
        egui::text_edit::TextEditState::default().store(ui.ctx(), id);
        let (id, key) = place;
        cx.send(Command::SetSecret { id, key, value });
    } else if !draft.is_empty() {
        cx.state.secret_drafts.insert(place, Secret(draft));
    }
}

/// Whether there is one, in words.
fn state(cx: &Cx<'_>, ask: &Ask<'_>, is_set: bool) -> (&'static str, Color32) {
    match (is_set, ask.setting.required) {
        (true, _) => ("Set", cx.colors.good),
        (false, true) => ("Not set, but needed", cx.colors.warn),
        (false, false) => ("Not set", cx.colors.faint),
    }
}
