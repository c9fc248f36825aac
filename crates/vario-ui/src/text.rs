//! Text in one line that fits its place, whatever a plugin wrote.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align, Color32, FontId, Galley, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2,
};

use crate::bidi;
use crate::fonts::Weight;

/// No place shows more; laying out ten thousand characters to show eighty is waste.
const MAX_CHARS: usize = 400;

/// A tooltip and a screen reader get no more.
const MAX_SPOKEN: usize = 2000;

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ink {
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    pub(crate) color: Color32,
}

impl Ink {
    pub(crate) fn new(size: f32, weight: Weight, color: Color32) -> Self {
        Self { size, weight, color }
    }

    pub(crate) fn font(self) -> FontId {
        FontId::new(self.size, self.weight.family())
    }

    pub(crate) fn format(self) -> TextFormat {
        TextFormat { valign: Align::Center, ..TextFormat::simple(self.font(), self.color) }
    }

    pub(crate) fn rich(self, text: impl Into<String>) -> egui::RichText {
        egui::RichText::new(text).font(self.font()).color(self.color)
    }
}

/// Whether a text shows nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control())
}

/// The first characters, with line breaks and other control characters as spaces.
pub(crate) fn clean(text: &str, most: usize) -> String {
    let mut clean: String =
        text.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(most).is_some() {
        clean.push('…');
    }
    clean
}

/// The text in one line no wider than `width`.
pub(crate) fn line(ui: &Ui, text: &str, ink: Ink, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(clean(text, MAX_CHARS), ink.format());
    job.break_on_newline = false;
    job.wrap = TextWrapping {
        max_width: width.max(0.0),
        max_rows: 1,
        break_anywhere: true,
        ..TextWrapping::default()
    };
    laid_out(ui, job)
}

/// Lays out, with words in the order in which they are read.
fn laid_out(ui: &Ui, mut job: LayoutJob) -> Arc<Galley> {
    if job.sections.len() != 1 || !bidi::is_needed(&job.text) {
        return ui.painter().layout_job(job);
    }
    let wrap = std::mem::replace(&mut job.wrap, TextWrapping::no_max_width());
    let text = std::mem::take(&mut job.text);
    let with = |text: &str| {
        let mut job = LayoutJob { text: text.to_owned(), ..job.clone() };
        job.sections[0].byte_range = 0.into()..text.len().into();
        job.break_on_newline = true;
        ui.painter().layout_job(job)
    };
    let (rows, elided) = bidi::rows(&text, wrap.max_width, wrap.max_rows, |row| with(row).size().x);
    let mut galley = with(&rows);
    if elided {
        // Those who draw it ask whether the whole text is there.
        Arc::make_mut(&mut galley).elided = true;
    }
    galley
}

/// Where in its rectangle a line stands.
fn place(rect: Rect, galley: &Galley, align: Align) -> Pos2 {
    let x = match align {
        Align::Min => rect.left(),
        Align::Center => rect.center().x - galley.size().x / 2.0,
        Align::Max => rect.right() - galley.size().x,
    };
    Pos2::new(x, rect.center().y - galley.size().y / 2.0)
}

/// Paints without saying anything to a screen reader: for text inside of a control that has a name.
pub(crate) fn paint(ui: &Ui, rect: Rect, text: &str, ink: Ink, align: Align) -> Rect {
    let galley = line(ui, text, ink, rect.width());
    let pos = place(rect, &galley, align);
    let painted = Rect::from_min_size(pos, galley.size());
    ui.painter().galley(pos, galley, ink.color);
    painted
}

/// A label in a rectangle. What does not fit is told by a tooltip.
pub(crate) fn label(ui: &mut Ui, rect: Rect, text: &str, ink: Ink, align: Align) -> Response {
    let galley = line(ui, text, ink, rect.width());
    let pos = place(rect, &galley, align);
    let elided = galley.elided || text.chars().nth(MAX_CHARS).is_some();
    let painted = Rect::from_min_size(pos, galley.size()).intersect(rect);
    ui.painter().galley(pos, galley, ink.color);
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(painted, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, clean(text, MAX_SPOKEN)));
    if elided { response.on_hover_text(clean(text, MAX_SPOKEN)) } else { response }
}

/// A label of its own row, as wide as there is room.
pub(crate) fn row(ui: &mut Ui, text: &str, ink: Ink, height: f32) -> Response {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    label(ui, rect, text, ink, Align::Min)
}

/// Text over as many lines as it needs, up to `rows`.
pub(crate) fn paragraph(ui: &mut Ui, text: &str, ink: Ink, rows: usize) -> Response {
    let mut job = LayoutJob::single_section(clean_lines(text), ink.format());
    wrapped(ui, &mut job, rows, text)
}

/// The same with each line in the middle. What stands between backticks is as it stands.
pub(crate) fn centred(ui: &mut Ui, text: &str, ink: Ink, rows: usize) -> Response {
    let mut job = LayoutJob::single_section(clean_lines(&text.replace('`', "")), ink.format());
    job.halign = Align::Center;
    wrapped(ui, &mut job, rows, text)
}

/// Text in which what stands between backticks is code.
pub(crate) fn with_code(
    ui: &mut Ui,
    text: &str,
    ink: Ink,
    code: Ink,
    ground: Color32,
    rows: usize,
) {
    let mut job = LayoutJob::default();
    let cleaned = clean_lines(text);
    let parts: Vec<&str> = cleaned.split('`').collect();
    let last = parts.len() - 1;
    for (index, part) in parts.iter().enumerate() {
        // The last backtick of an odd number opens nothing.
        if index % 2 == 1 && index < last {
            let format = TextFormat { background: ground, expand_bg: 2.0, ..code.format() };
            job.append(part, 0.0, format);
        } else {
            let lone = index % 2 == 1;
            if lone {
                job.append("`", 0.0, ink.format());
            }
            job.append(part, 0.0, ink.format());
        }
    }
    wrapped(ui, &mut job, rows, text);
}

fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().take(40).map(|line| clean(line, MAX_SPOKEN)).collect();
    clip_end(lines.join("\n"))
}

fn clip_end(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_SPOKEN) {
        text.truncate(at);
        text.push('…');
    }
    text
}

fn wrapped(ui: &mut Ui, job: &mut LayoutJob, rows: usize, text: &str) -> Response {
    job.wrap =
        TextWrapping { max_width: ui.available_width(), max_rows: rows, ..Default::default() };
    let galley = laid_out(ui, job.clone());
    let centred = job.halign == Align::Center;
    let width = if centred { ui.available_width() } else { galley.size().x };
    let (rect, response) = ui.allocate_exact_size(vec2(width, galley.size().y), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, clip_end(text.to_owned())));
    let elided = galley.elided;
    // Centred rows lie around the place they are painted at.
    let pos = if centred { rect.center_top() } else { rect.min };
    ui.painter().galley(pos, galley, ui.visuals().text_color());
    if elided { response.on_hover_text(clip_end(text.to_owned())) } else { response }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn control_characters_and_length() {
        assert_eq!(clean("a\nb\u{7}c", 10), "a b c");
        assert_eq!(clean("abcdef", 3), "abc…");
        assert_eq!(clean("abc", 3), "abc");
    }
}
