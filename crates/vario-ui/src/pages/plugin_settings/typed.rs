//! Settings that are typed: a draft, what is wrong with it, and the button that saves it.

use egui::{Id, Key, Modifiers, Response, Ui};
use serde_json::Value;
use vario_manifest::SettingKind;

use super::ask::{Ask, as_text};
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{size, space};
use crate::widgets::{Kind, TextField, above, button, control_width, field};

const WIDTH: f32 = 240.0;

/// How a kind is typed.
struct Look<'a> {
    rows: usize,
    mono: bool,
    hint: &'a str,
}

fn look(kind: &SettingKind) -> Look<'_> {
    let one = Look { rows: 1, mono: false, hint: "" };
    match kind {
        SettingKind::Text { placeholder, .. } => {
            Look { hint: placeholder.as_deref().unwrap_or_default(), ..one }
        }
        SettingKind::Longtext { placeholder } => {
            Look { rows: 4, hint: placeholder.as_deref().unwrap_or_default(), ..one }
        }
        SettingKind::Date => Look { hint: "2026-01-31", ..one },
        SettingKind::Json => Look { rows: 4, mono: true, hint: "" },
        _ => one,
    }
}

pub(super) fn typed(ui: &mut Ui, cx: &mut Cx<'_>, ask: &Ask<'_>) {
    let now = ask.text();
    let mut draft = cx.state.drafts.remove(&ask.place()).unwrap_or_else(|| now.clone());
    let look = look(&ask.setting.kind);
    let response = edit(ui, cx, ask, &look, &now, &mut draft);
    if draft == now {
        needed(ui, cx, ask);
        return reset(ui, cx, ask);
    }
    let read = ask.read(&draft);
    let enter =
        look.rows == 1 && response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.add_space(space::S);
    match read {
        Err(wrong) => {
            let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.bad);
            let code = Ink { weight: Weight::Mono, ..ink };
            text::with_code(ui, &wrong, ink, code, cx.colors.bad_soft, 3);
            ui.add_space(space::XS);
            if !decide(ui, cx, ask, false).undo {
                cx.state.drafts.insert(ask.place(), draft);
            }
        }
        Ok(value) => {
            let decided = decide(ui, cx, ask, true);
            if decided.save || enter {
                // What is saved is shown as it is kept, so that it is known again.
                if !value.is_null() {
                    cx.state.drafts.insert(ask.place(), as_text(&value));
                }
                ask.send(cx, value);
            } else if !decided.undo {
                cx.state.drafts.insert(ask.place(), draft);
            }
        }
    }
}

fn needed(ui: &mut Ui, cx: &Cx<'_>, ask: &Ask<'_>) {
    if ask.setting.required && ask.value().is_none() {
        ui.add_space(space::XS);
        let ink = Ink::new(size::CAPTION, Weight::Medium, cx.colors.warn);
        text::paragraph(ui, "Not set, but needed", ink, 1);
    }
}

fn edit(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    ask: &Ask<'_>,
    look: &Look<'_>,
    now: &str,
    draft: &mut String,
) -> Response {
    let id = Id::unique(("setting", ask.view.id(), &ask.setting.key));
    if ui.memory(|memory| memory.has_focus(id)) {
        step(ui, ask, draft);
    }
    let is_bad = draft != now && ask.read(draft).is_err();
    let edit = TextField::new(id, ask.name()).hint(look.hint).rows(look.rows).bad(is_bad);
    let edit = if look.mono { edit.mono() } else { edit };
    let colors = cx.colors;
    if look.rows > 1 {
        above(ui, colors, ask.named(), ("", colors.text));
        return edit.show(ui, cx, draft);
    }
    field(ui, colors, ask.named(), WIDTH, |ui| {
        edit.width(control_width(ui, WIDTH)).show(ui, cx, draft)
    })
}

/// The arrow keys change a number.
fn step(ui: &Ui, ask: &Ask<'_>, draft: &mut String) {
    let SettingKind::Number { min, max, step } = &ask.setting.kind else { return };
    let Ok(number) = draft.trim().parse::<f64>() else { return };
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let sign = if pressed(Key::ArrowUp) {
        1.0
    } else if pressed(Key::ArrowDown) {
        -1.0
    } else {
        return;
    };
    let step = step.filter(|step| *step > 0.0).unwrap_or(1.0);
    let next = (number + sign * step).max(min.unwrap_or(f64::MIN)).min(max.unwrap_or(f64::MAX));
    // Steps of a tenth must not end in …0001.
    *draft = ((next * 1e6).round() / 1e6).to_string();
}

struct Decided {
    save: bool,
    undo: bool,
}

fn decide(ui: &mut Ui, cx: &Cx<'_>, ask: &Ask<'_>, can_save: bool) -> Decided {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let save = can_save && {
            let response = button(ui, cx.colors, Kind::Primary, "Save");
            response.accessible_name(format!("Save {}", ask.name())).clicked()
        };
        let undo = button(ui, cx.colors, Kind::Plain, "Undo");
        Decided { save, undo: undo.accessible_name(format!("Undo {}", ask.name())).clicked() }
    })
    .inner
}

/// The way back to the default, where there is one to go.
pub(super) fn reset(ui: &mut Ui, cx: &mut Cx<'_>, ask: &Ask<'_>) {
    if !ask.is_changed() {
        return;
    }
    ui.add_space(space::XS);
    let words = if ask.setting.default.is_some() { "Reset to default" } else { "Clear" };
    let spoken = format!("{words}: {}", ask.name());
    if quiet(ui, cx, words, &spoken) {
        ask.send(cx, Value::Null);
    }
}

/// A quiet word of its own row.
fn quiet(ui: &mut Ui, cx: &mut Cx<'_>, words: &str, spoken: &str) -> bool {
    use crate::widgets::{Link, link, link_width};
    let shown = Link { text: words, glyph: None, spoken, color: cx.colors.accent };
    let width = link_width(ui, &shown);
    let (_, rect) = ui.allocate_space(egui::vec2(ui.available_width(), 24.0));
    // The word, not its ground, stands at the edge.
    let left = rect.left() - space::S;
    let place = egui::Rect::from_min_max(
        egui::pos2(left, rect.top()),
        egui::pos2(left + width, rect.bottom()),
    );
    let id = ui.scope_id().with(words);
    link(ui, cx, id, place, &shown).0.clicked()
}
