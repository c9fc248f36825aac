//! How it stands with a background plugin, in words.

use egui::Color32;
use vario_model::{BackgroundInfo, BackgroundState};

use crate::cx::Cx;
use crate::model::Lifecycle;
use crate::theme::Palette;

/// A few words, and the colour they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) words: &'static str,
    pub(super) tone: Tone,
}

impl Standing {
    /// The same where there is little room.
    pub(super) fn short(self) -> &'static str {
        self.words.split(" for ").next().unwrap_or_default()
    }
}

/// What a standing asks of whoever looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Moving,
    Waiting,
    Off,
    Bad,
}

impl Tone {
    pub(super) fn color(self, colors: &Palette) -> Color32 {
        match self {
            Self::Good => colors.good,
            Self::Moving => colors.accent,
            Self::Waiting => colors.warn,
            Self::Off => colors.faint,
            Self::Bad => colors.bad,
        }
    }
}

/// How it stands with it, with what is being done about it just now.
pub(super) fn standing(cx: &Cx<'_>, info: &BackgroundInfo) -> Standing {
    match cx.model.background.doing.get(&info.id) {
        Some(Lifecycle::Start) => Standing { words: "Starting", tone: Tone::Moving },
        Some(Lifecycle::Stop) => Standing { words: "Stopping", tone: Tone::Moving },
        Some(Lifecycle::Restart) => Standing { words: "Restarting", tone: Tone::Moving },
        None => of(info),
    }
}

fn of(info: &BackgroundInfo) -> Standing {
    use BackgroundState as State;
    let (words, tone) = match info.state {
        State::Active => ("Active", Tone::Good),
        State::Degraded => ("Starting slowly", Tone::Waiting),
        State::Loading | State::Loaded | State::Activating => ("Starting", Tone::Moving),
        State::Deactivating | State::Unloading => ("Stopping", Tone::Moving),
        State::Failed => ("Failed", Tone::Bad),
        State::Registered | State::Inactive | State::Unloaded => at_rest(info),
    };
    Standing { words, tone }
}

fn at_rest(info: &BackgroundInfo) -> (&'static str, Tone) {
    if !info.enabled {
        return ("Disabled", Tone::Off);
    }
    if wants_account(info) {
        return ("Waiting for an account", Tone::Waiting);
    }
    match &info.reason {
        Some(reason) if reason.starts_with("dependency:") => ("Waiting", Tone::Waiting),
        Some(_) if info.state == BackgroundState::Registered => ("Waiting", Tone::Waiting),
        _ => ("Stopped", Tone::Off),
    }
}

/// Whether it waits for somebody to sign in.
pub(super) fn wants_account(info: &BackgroundInfo) -> bool {
    info.reason.as_deref().is_some_and(|reason| reason.starts_with("nobody is signed in"))
}

/// What the user can make it do, and what that is called.
pub(crate) fn possible(info: &BackgroundInfo) -> Vec<(Lifecycle, &'static str)> {
    use BackgroundState as State;
    if !info.enabled {
        return Vec::new();
    }
    match info.state {
        State::Registered | State::Inactive | State::Unloaded | State::Failed => {
            vec![(Lifecycle::Start, "Start")]
        }
        State::Deactivating | State::Unloading => vec![(Lifecycle::Restart, "Restart")],
        _ => vec![(Lifecycle::Restart, "Restart"), (Lifecycle::Stop, "Stop")],
    }
}

/// Why it is as it is, as a sentence.
pub(super) fn reason(cx: &Cx<'_>, info: &BackgroundInfo) -> Option<String> {
    let reason = info.reason.as_deref()?;
    if let Some(other) = reason.strip_prefix("dependency:") {
        if let Some(known) = cx.model.background.get(other) {
            return Some(format!("It needs {}, which is not active.", super::name(known)));
        }
        return Some(format!("It needs `{other}`, which is not active."));
    }
    if wants_account(info) {
        return Some("Nobody is signed in. Add an account, and it starts.".to_owned());
    }
    if reason == "stopped by the user" {
        return Some("You have stopped it.".to_owned());
    }
    Some(sentence(reason))
}

/// Words of the program or of a plugin with a capital letter and a full stop.
pub(in crate::pages) fn sentence(words: &str) -> String {
    let words = words.trim();
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut text: String = first.into_iter().flatten().chain(letters).collect();
    if !text.is_empty() && !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
}

/// How long something has been so: `under a minute`, `4 min`, `3 h 12 min`, `2 d 5 h`.
pub(super) fn span(ms: i64) -> String {
    let minutes = ms.max(0) / 60_000;
    match minutes {
        0 => "under a minute".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} d {} h", minutes / 1440, minutes / 60 % 24),
    }
}

/// Bytes for people.
pub(in crate::pages) fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..MIB => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{} MiB", bytes.div_ceil(MIB)),
    }
}

/// `1 restart`, `2 restarts`.
pub(super) fn count(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// How long it has been active, and when that is told differently.
pub(super) fn uptime(cx: &mut Cx<'_>, info: &BackgroundInfo) -> Option<String> {
    let ms = cx.now_ms - info.active_since?;
    let left = 60_000 - ms.rem_euclid(60_000);
    cx.changes_in(u64::try_from(left).unwrap_or(60_000));
    Some(span(ms))
}

#[cfg(test)]
mod tests {
    use super::{sentence, size, span};

    #[test]
    fn spans() {
        let cases = [
            (-5, "under a minute"),
            (59_999, "under a minute"),
            (60_000, "1 min"),
            (11_520_000, "3 h 12 min"),
            (190_800_000, "2 d 5 h"),
        ];
        for (ms, expected) in cases {
            assert_eq!(span(ms), expected);
        }
    }

    #[test]
    fn sizes() {
        let cases =
            [(0, "0 bytes"), (1500, "2 KiB"), (48 << 20, "48 MiB"), ((1 << 20) + 1, "2 MiB")];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn sentences() {
        for (words, expected) in [("it ended", "It ended."), ("Why?", "Why?"), ("", "")] {
            assert_eq!(sentence(words), expected);
        }
    }
}
