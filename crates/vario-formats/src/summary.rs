//! All plugins in one line, and all lines of all plugins.

use vario_output::Line;
use vario_output::present::{
    DisplayMode, PaceContext, bar_percent, left_text, peak_text, right_text,
};

use crate::View;
use crate::item::{Item, Level, one_line};

/// What stands between two plugins.
const BETWEEN: &str = " · ";

/// The plugins that are in the bar itself: those with a quota or a failure; all, if there is no
/// such one.
pub(crate) fn shown<'i, 'a>(items: &'i [Item<'a>]) -> Vec<&'i Item<'a>> {
    let has_room = |item: &&Item<'_>| !item.snapshot.ok || item.metric().is_some();
    let shown: Vec<_> = items.iter().filter(has_room).collect();
    if shown.is_empty() { items.iter().collect() } else { shown }
}

/// `Claude 42% · Codex 7%`.
pub(crate) fn headline(items: &[Item<'_>], mode: DisplayMode) -> String {
    let parts: Vec<String> = shown(items).into_iter().map(|item| item.headline(mode)).collect();
    parts.join(BETWEEN)
}

/// `42% · 7%`, where there is less room.
pub(crate) fn short(items: &[Item<'_>], mode: DisplayMode) -> String {
    let parts: Vec<String> = shown(items).into_iter().map(|item| item.value(mode)).collect();
    parts.join(BETWEEN)
}

/// How it stands with the worst of those that could be asked; an error if none could.
pub(crate) fn level(items: &[Item<'_>], view: &View) -> Level {
    let levels = items.iter().map(|item| item.level(view));
    let worst = levels.clone().filter(|level| *level != Level::Error).max();
    worst.or_else(|| levels.max()).unwrap_or(Level::Idle)
}

/// The fill of the bar of the quota that is used most, 0 to 100; nothing without a quota.
pub(crate) fn percentage(items: &[Item<'_>], mode: DisplayMode) -> Option<f64> {
    let metrics = items.iter().filter_map(Item::metric);
    let fullest = metrics
        .max_by(|a, b| a.fraction(DisplayMode::Used).total_cmp(&b.fraction(DisplayMode::Used)))?;
    Some(bar_percent(fullest.line, mode).round())
}

/// A plugin's name, with its plan.
pub(crate) fn title(item: &Item<'_>) -> String {
    let name = one_line(&item.snapshot.display_name);
    match &item.snapshot.output.plan {
        Some(plan) => format!("{name} ({})", one_line(plan)),
        None => name,
    }
}

/// `Session  42% used · Resets in 2h`: a label and the rest.
pub(crate) fn line(line: &Line, view: &View) -> (String, String) {
    let words = match line {
        Line::Text(text) => text.value.clone(),
        Line::Badge(badge) => badge.text.clone(),
        Line::BarChart(chart) => peak_text(chart).unwrap_or_default(),
        Line::Progress(progress) => {
            let used = if view.mode == DisplayMode::Used { " used" } else { "" };
            let left = left_text(progress, view.mode);
            let right = right_text(progress, view.reset, view.now_ms, &view.local);
            let context = PaceContext::of(progress, view.now_ms);
            let runs_out = context.and_then(|context| context.runs_out_text());
            let parts = [Some(format!("{left}{used}")), Some(right), runs_out];
            parts.into_iter().flatten().collect::<Vec<_>>().join(BETWEEN)
        }
    };
    (one_line(line.label()), one_line(&words))
}
