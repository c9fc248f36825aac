mod cards;
mod failures;
mod history;
mod list;
mod properties;
mod samples;
mod screenshot;
mod texts;

use jiff::tz::TimeZone;
use vario_output::present::{DisplayMode, HourCycle, LocalTime, ResetDisplay};

use super::{Card, View, render};
use crate::style::{ColourSupport, Style};

/// 2026-03-04T12:00:00Z.
const NOW_MS: i64 = 1_772_625_600_000;

const PLAIN: &Style = &Style::of(ColourSupport::None);
const ANSI: &Style = &Style::of(ColourSupport::Ansi16);
const TRUE_COLOUR: &Style = &Style::of(ColourSupport::TrueColour);

fn view(width: usize) -> View<'static> {
    View {
        width,
        style: PLAIN,
        unicode: true,
        mode: DisplayMode::Left,
        reset: ResetDisplay::Relative,
        local: LocalTime { zone: TimeZone::UTC, hours: HourCycle::H24 },
        now_ms: NOW_MS,
        verbose: false,
    }
}

/// The text without the escape sequences that `Style` writes.
fn stripped(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (codes, rest) = part.split_once('m').expect("an escape sequence ends");
        assert!(codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{codes:?}");
        plain.push_str(rest);
    }
    plain
}
