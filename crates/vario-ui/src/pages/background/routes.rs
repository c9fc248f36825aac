//! The routes of a background plugin, and a way to try them.

use egui::{
    Align, CornerRadius, Frame, Id, Key, Margin, Modifiers, Rect, ScrollArea, Stroke, TextEdit, Ui,
    pos2, vec2,
};
use vario_model::{BackgroundInfo, RouteInfo};

use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::{Answered, Tried};
use crate::state::Trying;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Kind, Link, TextField, button, link, pill, pill_width, select};

const ROW: f32 = 28.0;
const METHOD: f32 = 58.0;

/// An answer that is longer is cut where it is shown; it is copied whole.
const SHOWN: usize = 20_000;

/// What can be asked with where the plugin's own router decides.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

pub(super) fn routes(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for (index, route) in info.routes.iter().enumerate() {
        ui.push_id(("route", index), |ui| {
            row(ui, cx, route);
            let here = (route.method.clone(), route.path.clone());
            if cx.state.hosted.trying.as_ref().is_some_and(|trying| trying.route == here) {
                request(ui, cx, info, route);
            }
        });
    }
}

fn row(ui: &mut Ui, cx: &mut Cx<'_>, route: &RouteInfo) {
    let said = route.description.as_deref().filter(|said| !text::is_blank(said));
    let height = if said.is_some() { ROW + dims::SMALL_ROW } else { ROW };
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    if !ui.is_rect_visible(rect.expand2(vec2(0.0, ROW))) {
        return;
    }
    let here = (route.method.clone(), route.path.clone());
    let is_open = cx.state.hosted.trying.as_ref().is_some_and(|trying| trying.route == here);
    let first = rect.with_max_y(rect.top() + ROW);
    let word = if is_open { "Close" } else { "Try" };
    let spoken = format!("{word} {} {}", route.method, text::clean(&route.path, 200));
    let color = if is_open { cx.colors.muted } else { cx.colors.accent };
    let shown = Link { text: word, glyph: None, spoken: &spoken, color };
    let place = first.with_max_x(rect.right() + space::S);
    let (response, left) = link(ui, cx, ui.scope_id().with("try"), place, &shown);
    let mono = |color| Ink::new(size::CAPTION + 0.5, Weight::Mono, color);
    let method = if route.method == "*" { "ANY" } else { &route.method };
    let place = left.with_max_x(left.left() + METHOD);
    text::label(ui, place, method, mono(cx.colors.accent), Align::Min);
    let path = left.with_min_x(left.left() + METHOD);
    text::label(ui, path, &route.path, mono(cx.colors.text), Align::Min);
    if let Some(said) = said {
        let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted);
        let place = Rect::from_min_max(pos2(path.left(), first.bottom() - space::XS), rect.max);
        text::label(ui, place, said, ink, Align::Min);
    }
    if response.clicked() {
        cx.state.hosted.trying = (!is_open).then(|| Trying {
            method: if route.method == "*" { "GET".to_owned() } else { route.method.clone() },
            target: route.path.clone(),
            body: String::new(),
            route: here,
        });
    }
}

/// What is asked, and what was answered.
fn request(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo, route: &RouteInfo) {
    ui.add_space(space::XS);
    let ground = if cx.colors.dark { cx.colors.canvas } else { cx.colors.chrome };
    Frame::new()
        .fill(ground)
        .stroke(Stroke::new(1.0, cx.colors.line))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = space::S;
            asked(ui, cx, info, route);
            answer(ui, cx, info);
        });
    ui.add_space(space::S);
}

fn asked(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo, route: &RouteInfo) {
    let Some(mut trying) = cx.state.hosted.trying.clone() else { return };
    if route.method == "*" {
        let now = METHODS.iter().position(|method| *method == trying.method);
        if let Some(method) =
            select(ui, cx, "Method", 120.0, now, &METHODS).and_then(|at| METHODS.get(at))
        {
            (*method).clone_into(&mut trying.method);
        }
    }
    let field = TextField::new(Id::unique("path to try"), "Path").mono();
    let path = field.hint("/api/…?query").show(ui, cx, &mut trying.target);
    if trying.method != "GET" {
        let field = TextField::new(Id::unique("body to try"), "Body").mono().rows(4);
        field.hint("{ }").show(ui, cx, &mut trying.body);
    }
    let waits = is_of(cx, info, &trying).is_some_and(|tried| tried.outcome.is_none());
    let enter =
        path.lost_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
    let can = !waits && trying.target.starts_with('/');
    let pressed = ui
        .horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            let colors = cx.colors;
            let send = ui.add_enabled_ui(can, |ui| button(ui, colors, Kind::Primary, "Send"));
            if waits {
                let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
                text::row(ui, "Waiting for an answer…", ink, dims::CONTROL);
            }
            send.inner.clicked()
        })
        .inner;
    if can && (pressed || enter) {
        let Trying { method, target, body, .. } = trying.clone();
        let body = if method == "GET" { String::new() } else { body };
        cx.send(Command::TryRoute { id: info.id.clone(), method, target, body });
    }
    cx.state.hosted.trying = Some(trying);
}

/// What was tried last, if it is what stands there.
fn is_of<'a>(cx: &Cx<'a>, info: &BackgroundInfo, trying: &Trying) -> Option<&'a Tried> {
    let model = cx.model;
    let tried = model.background.tried.as_ref()?;
    let is_same = tried.id == info.id && tried.method == trying.method;
    (is_same && tried.target == trying.target).then_some(tried)
}

fn answer(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let trying = cx.state.hosted.trying.clone();
    let tried = trying.as_ref().and_then(|trying| is_of(cx, info, trying));
    match tried.and_then(|tried| tried.outcome.as_ref()) {
        None => {}
        Some(Err(words)) => {
            let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.bad);
            text::paragraph(ui, &super::standing::sentence(words), ink, 4);
        }
        Some(Ok(answered)) => shown(ui, cx, answered),
    }
}

fn shown(ui: &mut Ui, cx: &mut Cx<'_>, answered: &Answered) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), dims::CONTROL));
    let status = answered.status.to_string();
    let color = match answered.status {
        200..300 => cx.colors.good,
        500.. => cx.colors.bad,
        _ => cx.colors.warn,
    };
    let width = pill_width(ui, &status);
    pill(ui, cx, rect.with_max_x(rect.left() + width), &status, color);
    let copy =
        Link { text: "Copy", glyph: None, spoken: "Copy the answer", color: cx.colors.accent };
    let place = rect.with_max_x(rect.right() + space::S);
    let (response, left) = link(ui, cx, ui.scope_id().with("copy"), place, &copy);
    if response.clicked() {
        cx.send(Command::Copy(answered.body.clone()));
    }
    let kind = answered.kind.split(';').next().unwrap_or_default().trim();
    let mut words = format!("{} ms", answered.took_ms);
    if !kind.is_empty() {
        words = format!("{kind}  ·  {words}");
    }
    let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted);
    text::label(ui, left.with_min_x(rect.left() + width + space::S), &words, ink, Align::Min);
    if answered.body.is_empty() {
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.faint);
        text::row(ui, "The answer has no body", ink, dims::ROW);
        return;
    }
    let body = readable(&answered.body, kind);
    let ink = Ink::new(size::CAPTION + 0.5, Weight::Mono, cx.colors.text);
    ScrollArea::both().id_salt("answer").max_height(260.0).auto_shrink([false, true]).show(
        ui,
        |ui| {
            let mut text = body.as_str();
            let edit = TextEdit::multiline(&mut text)
                .font(ink.font())
                .text_color(ink.color)
                .desired_rows(1)
                .desired_width(f32::INFINITY)
                .frame(Frame::NONE);
            ui.add(edit).accessible_name("Answer");
        },
    );
}

/// JSON on lines of its own, anything else as it is; not too much of it.
fn readable(body: &str, kind: &str) -> String {
    let json = kind.ends_with("json").then(|| serde_json::from_str::<serde_json::Value>(body).ok());
    let pretty = json.flatten().and_then(|value| serde_json::to_string_pretty(&value).ok());
    let mut text: String = pretty.as_deref().unwrap_or(body).chars().take(SHOWN).collect();
    if body.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}
