use std::borrow::Borrow;

use crate::output::Line;

/// The lines of the overview: those whose label is one of the manifest's labels with scope
/// `overview`, whatever their type (contract section 7.2). Their order stays.
pub fn overview<'a, S: AsRef<str>>(lines: &'a [Line], overview_labels: &[S]) -> Vec<&'a Line> {
    let wanted = |line: &&Line| overview_labels.iter().any(|label| label.as_ref() == line.label());
    lines.iter().filter(wanted).collect()
}

/// The lines in groups that stand together: text lines in a row are one group, any other line
/// stands alone (contract section 7.2).
pub fn groups<L: Borrow<Line>>(lines: &[L]) -> impl Iterator<Item = &[L]> {
    let is_text = |line: &L| matches!(line.borrow(), Line::Text(_));
    lines.chunk_by(move |one, next| is_text(one) && is_text(next))
}

/// How long ago a card was updated: `Updated just now`, `Updated 5m ago` (contract section 7.3).
pub fn updated_text(updated_at_ms: i64, now_ms: i64) -> String {
    let seconds = now_ms.saturating_sub(updated_at_ms).div_euclid(1000);
    match seconds {
        ..60 => "Updated just now".to_owned(),
        60..3_600 => format!("Updated {}m ago", seconds / 60),
        3_600..86_400 => format!("Updated {}h ago", seconds / 3_600),
        _ => format!("Updated {}d ago", seconds / 86_400),
    }
}

/// When a card may be refreshed by hand again: `Available in 4m 10s`, seconds rounded up
/// (contract section 7.3). Nothing when it may be already.
pub fn cooldown_text(left_ms: i64) -> Option<String> {
    let seconds = ceil_seconds(left_ms)?;
    let (minutes, rest) = (seconds / 60, seconds % 60);
    Some(if minutes > 0 {
        format!("Available in {minutes}m {rest}s")
    } else {
        format!("Available in {seconds}s")
    })
}

/// The text of the footer: `Next update in 15m` with minutes rounded up, below one minute
/// `Next update in 40s`, without a timer `Paused` (contract section 7.3).
pub fn footer_text(next_update_in_ms: Option<i64>) -> String {
    let Some(left_ms) = next_update_in_ms else {
        return "Paused".to_owned();
    };
    match ceil_seconds(left_ms).unwrap_or(0) {
        seconds if seconds >= 60 => format!("Next update in {}m", seconds.div_ceil(60)),
        seconds => format!("Next update in {seconds}s"),
    }
}

/// Whole seconds, rounded up; nothing for no time at all.
fn ceil_seconds(ms: i64) -> Option<u64> {
    u64::try_from(ms).ok().filter(|ms| *ms > 0).map(|ms| ms.div_ceil(1000))
}
