//! How much of each quota was used over a day, a week or a month.

use egui::{Align, Color32, Rect, Role, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{GridMark, Line, Plot, PlotPoints, Points};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::{PluginView, Series};
use crate::state::Span;
use crate::text::{self, Ink};
use crate::theme::{Palette, size, space};
use crate::widgets::segmented;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const HEIGHT: f32 = 168.0;

/// So few points are drawn as dots, too: a line between two of them says little.
const FEW: usize = 40;

/// More lines than this cannot be told apart.
const MOST: usize = 6;

impl Span {
    fn ms(self) -> i64 {
        match self {
            Self::Day => DAY_MS,
            Self::Week => 7 * DAY_MS,
            Self::Month => 30 * DAY_MS,
        }
    }
}

pub(super) fn history(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    let choices = [(Span::Day, "Day"), (Span::Week, "Week"), (Span::Month, "Month")];
    if let Some(span) = segmented(ui, cx.colors, "History", cx.state.span, &choices) {
        cx.state.span = span;
    }
    let from = cx.now_ms - cx.state.span.ms();
    let shown: Vec<(&Series, Vec<[f64; 2]>)> =
        view.history.iter().take(MOST).map(|series| (series, points(series, from))).collect();
    if shown.iter().all(|(_, points)| points.is_empty()) {
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
        text::row(ui, "Nothing was measured in this time.", ink, HEIGHT);
        return;
    }
    let said = spoken(&shown);
    legend(ui, cx, &shown);
    ui.scope(|ui| chart(ui, cx, &shown, from, &said));
}

/// The points since a moment, with the last one before it as where the line comes from.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit")]
fn points(series: &Series, from: i64) -> Vec<[f64; 2]> {
    let first = series.points.partition_point(|(at, _)| *at < from);
    let mut points = Vec::new();
    if let Some((_, used)) = first.checked_sub(1).and_then(|before| series.points.get(before))
        && first < series.points.len()
    {
        points.push([from as f64, used * 100.0]);
    }
    let inside = series.points.iter().skip(first);
    points.extend(inside.map(|(at, used)| [*at as f64, (used * 100.0).clamp(0.0, 100.0)]));
    points
}

/// The accent first; the others are apart from it and from each other in both themes.
fn color(colors: &Palette, index: usize) -> Color32 {
    let own = [colors.accent, colors.good, colors.warn, colors.bad, colors.muted, colors.faint];
    own.get(index).copied().unwrap_or(colors.faint)
}

fn spoken(shown: &[(&Series, Vec<[f64; 2]>)]) -> String {
    let parts = shown.iter().filter_map(|(series, points)| {
        let [_, last] = points.last()?;
        Some(format!("{}: {last:.0}% used", text::clean(&series.label, 80)))
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn legend(ui: &mut Ui, cx: &Cx<'_>, shown: &[(&Series, Vec<[f64; 2]>)]) {
    let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::M, space::XS);
        for (index, (series, _)) in shown.iter().enumerate() {
            let width = text::line(ui, &series.label, ink, 160.0).size().x;
            let (_, rect) = ui.allocate_space(vec2(width + space::M + 2.0, 16.0));
            let center = pos2(rect.left() + 4.0, rect.center().y);
            ui.painter().circle_filled(center, 3.5, color(cx.colors, index));
            let place = Rect::from_min_max(pos2(rect.left() + space::M, rect.top()), rect.max);
            text::label(ui, place, &series.label, ink, Align::Min);
        }
    });
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit")]
fn chart(ui: &mut Ui, cx: &Cx<'_>, shown: &[(&Series, Vec<[f64; 2]>)], from: i64, said: &str) {
    let (zone, span) = (cx.local.zone.clone(), cx.state.span);
    let moment = move |ms: f64, format: &str| moment(&zone, ms, format);
    let hover = moment.clone();
    let caption = Ink::new(size::CAPTION, Weight::Regular, cx.colors.faint);
    ui.visuals_mut().override_text_color = Some(cx.colors.faint);
    ui.style_mut().text_styles.insert(TextStyle::Body, caption.font());
    let (now, from) = (cx.now_ms as f64, from as f64);
    let x_marks = marks(&cx.local.zone, from, now, span);
    let plot = Plot::new("history")
        .height(HEIGHT)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .allow_axis_zoom_drag(false)
        .show_crosshair(false)
        .show_background(false)
        .default_x_bounds(from, now)
        .default_y_bounds(0.0, 102.0)
        .set_margin_fraction(vec2(0.0, 0.0))
        .grid_color(cx.colors.line)
        .y_axis_min_width(text::line(ui, "100%", caption, 60.0).size().x + space::S)
        .x_grid_spacer(move |_| x_marks.clone())
        .y_grid_spacer(|_| {
            [0.0, 25.0, 50.0, 75.0, 100.0].map(|value| GridMark { value, step_size: 25.0 }).to_vec()
        })
        .y_axis_formatter(|mark, _| format!("{:.0}%", mark.value))
        .x_axis_formatter(move |mark, _| {
            moment(mark.value, if span == Span::Day { "%H:%M" } else { "%b %-d" })
        })
        .label_formatter(move |at| {
            let egui_plot::HoverPosition::NearDataPoint { plot_name, position, .. } = at else {
                return None;
            };
            let when = hover(position.x, "%b %-d, %H:%M");
            Some(format!("{plot_name}\n{:.0}% used, {when}", position.y))
        });
    let shown_plot = plot.show(ui, |plot| {
        plot.set_plot_bounds_x(from..=now);
        plot.set_plot_bounds_y(0.0..=102.0);
        for (index, (series, points)) in shown.iter().enumerate() {
            let line = Line::new(text::clean(&series.label, 80), PlotPoints::from(points.clone()));
            plot.line(line.stroke(Stroke::new(1.8, color(cx.colors, index))));
            if points.len() <= FEW {
                let dots = Points::new(text::clean(&series.label, 80), points.clone());
                plot.points(dots.radius(2.4).color(color(cx.colors, index)));
            }
        }
    });
    let said = said.to_owned();
    shown_plot.response.widget_info(|| {
        WidgetInfo::labeled(Role::GraphicsObject, true, format!("History. {said}"))
    });
}

/// Marks at midnights of the user's zone, or at every sixth hour, not too near to the edges for
/// their texts.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "milliseconds since the epoch fit"
)]
fn marks(zone: &TimeZone, from: f64, now: f64, span: Span) -> Vec<GridMark> {
    let (step, step_size) = match span {
        Span::Day => (jiff::Span::new().hours(6), 6 * HOUR_MS),
        Span::Week => (jiff::Span::new().days(1), DAY_MS),
        Span::Month => (jiff::Span::new().days(5), 5 * DAY_MS),
    };
    let edge = (now - from) * 0.04;
    let start = Timestamp::from_millisecond(from as i64).ok();
    let start = start.and_then(|at| at.to_zoned(zone.clone()).start_of_day().ok());
    let mut marks = Vec::new();
    let Some(mut at) = start else { return marks };
    while marks.len() < 40 {
        let value = at.timestamp().as_millisecond() as f64;
        if value > now - edge {
            break;
        }
        if value >= from + edge {
            marks.push(GridMark { value, step_size: step_size as f64 });
        }
        let Ok(next) = at.checked_add(step) else { break };
        at = next;
    }
    marks
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch")]
fn moment(zone: &jiff::tz::TimeZone, ms: f64, format: &str) -> String {
    let Ok(at) = Timestamp::from_millisecond(ms as i64) else { return String::new() };
    at.to_zoned(zone.clone()).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{marks, points};
    use crate::model::Series;
    use crate::state::Span;

    #[test]
    fn points_since() {
        let series = Series { label: "A".into(), points: vec![(0, 0.1), (10, 0.25), (20, 1.5)] };
        assert_eq!(points(&series, 10), [[10.0, 10.0], [10.0, 25.0], [20.0, 100.0]]);
        assert_eq!(points(&series, 15), [[15.0, 25.0], [20.0, 100.0]]);
        assert_eq!(points(&series, -5).len(), 3);
        assert!(points(&series, 21).is_empty(), "nothing was measured since");
    }

    #[test]
    fn marks_are_at_midnight_and_away_from_the_edges() {
        let hour = 3_600_000.0;
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let hours = |from: f64, now: f64, span| -> Vec<f64> {
            let marks = marks(&zone, from * hour, now * hour, span);
            marks.iter().map(|mark| mark.value / hour).collect()
        };
        // Midnight there is 23 hours after the epoch.
        assert_eq!(hours(0.0, 24.0, Span::Day), [5.0, 11.0, 17.0, 23.0]);
        assert_eq!(hours(5.0, 29.0, Span::Day), [11.0, 17.0, 23.0]);
        assert_eq!(hours(0.0, 72.0, Span::Week), [23.0, 47.0]);
    }
}
