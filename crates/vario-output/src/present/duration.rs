/// A duration in its two largest units (contract section 7.5): `3d 4h`, `2h 5m`, `5m`, `<1m`.
/// Nothing for zero, negative or not finite.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "finite and positive here; out of range saturates"
)]
pub fn duration_text(ms: f64) -> Option<String> {
    if !ms.is_finite() || ms <= 0.0 {
        return None;
    }
    let total_minutes = (ms / 60_000.0) as u64;
    let (hours, minutes) = (total_minutes / 60, total_minutes % 60);
    let (days, hours_of_day) = (hours / 24, hours % 24);
    Some(match total_minutes {
        0 => "<1m".to_owned(),
        _ if days > 0 => format!("{days}d {hours_of_day}h"),
        _ if hours > 0 => format!("{hours}h {minutes}m"),
        _ => format!("{minutes}m"),
    })
}
