use super::duration::duration_text;
use super::number::{dollar_text, to_hundredths};
use super::options::DisplayMode;
use super::progress::bar_percent;
use crate::output::{Format, ProgressLine};
use crate::rfc3339::parse_rfc3339_ms;

/// In this first part of a period a projection says nothing yet.
const MIN_FRACTION: f64 = 0.05;

/// Up to this part of the limit a projection leaves plenty of room.
const AHEAD_SHARE: f64 = 0.8;

/// How a quota will end if it is used on like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaceStatus {
    /// At most 80 % of the limit (a green dot).
    Ahead,
    /// At most the limit (a yellow dot).
    OnTrack,
    /// Over the limit, or there already (a red dot).
    Behind,
}

impl PaceStatus {
    /// What the dot says.
    pub fn text(self) -> &'static str {
        match self {
            Self::Ahead => "Plenty of room",
            Self::OnTrack => "Right on target",
            Self::Behind => "Will run out",
        }
    }
}

/// The pace of a quota.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// How it will end.
    pub status: PaceStatus,
    /// What will be used at the reset. With the limit reached early, it can be any high number.
    pub projected: f64,
}

/// A quota in its period at a point in time (contract section 7.6).
#[derive(Debug, Clone, Copy)]
pub struct PaceContext<'a> {
    line: &'a ProgressLine,
    resets_at_ms: f64,
    period_ms: f64,
    now_ms: f64,
}

impl<'a> PaceContext<'a> {
    /// The context of a line with a reset and a period; without both there is no pace.
    #[expect(clippy::cast_precision_loss, reason = "the originals count in doubles too")]
    pub fn of(line: &'a ProgressLine, now_ms: i64) -> Option<Self> {
        let resets_at_ms = parse_rfc3339_ms(line.resets_at.as_deref()?)? as f64;
        let period_ms = line.period_duration_ms? as f64;
        Some(Self { line, resets_at_ms, period_ms, now_ms: now_ms as f64 })
    }

    /// The status and projection, if anything can be said.
    pub fn pace(&self) -> Option<Pace> {
        let (used, limit) = (self.line.used, self.line.limit);
        let fraction = self.fraction()?;
        if used == 0.0 {
            return Some(Pace { status: PaceStatus::Ahead, projected: 0.0 });
        }
        let projected = used / self.elapsed_ms() * self.period_ms;
        let status = if used >= limit {
            PaceStatus::Behind
        } else if fraction < MIN_FRACTION {
            return None;
        } else if projected <= AHEAD_SHARE * limit {
            PaceStatus::Ahead
        } else if projected <= limit {
            PaceStatus::OnTrack
        } else {
            PaceStatus::Behind
        };
        Some(Pace { status, projected })
    }

    /// The first line of the dot's tooltip.
    pub fn status_text(&self) -> Option<&'static str> {
        let pace = self.pace()?;
        Some(if self.limit_reached() { "Limit reached" } else { pace.status.text() })
    }

    /// The second line of the dot's tooltip: `Limit in 4m`, `67% used at reset`.
    pub fn detail_text(&self, mode: DisplayMode) -> Option<String> {
        let pace = self.pace()?;
        if self.limit_reached() || pace.projected == 0.0 {
            return None;
        }
        if let Some(eta) = self.eta_text() {
            return Some(format!("Limit in {eta}"));
        }
        let percent = (pace.projected / self.line.limit * 100.0).round().min(100.0);
        Some(match mode {
            DisplayMode::Used => format!("{percent}% used at reset"),
            DisplayMode::Left => format!("{}% left at reset", 100.0 - percent),
        })
    }

    /// How long until the limit is reached, in milliseconds: only when behind, and only if that is
    /// before the reset.
    pub fn eta_ms(&self) -> Option<f64> {
        let pace = self.pace().filter(|pace| pace.status == PaceStatus::Behind)?;
        let eta_ms = (self.line.limit - self.line.used) / (pace.projected / self.period_ms);
        let left_ms = self.resets_at_ms - self.now_ms;
        (eta_ms > 0.0 && eta_ms < left_ms).then_some(eta_ms)
    }

    /// The text of the third row at the right: `Runs out in 4m`.
    pub fn runs_out_text(&self) -> Option<String> {
        self.eta_text().map(|eta| format!("Runs out in {eta}"))
    }

    /// How much more is used than the time passed allows for.
    pub fn deficit(&self) -> Option<f64> {
        let fraction = self.fraction()?;
        if fraction < MIN_FRACTION && !self.limit_reached() {
            return None;
        }
        let deficit = self.line.used - fraction * self.line.limit;
        (deficit > 0.0).then_some(deficit)
    }

    /// The text of the third row at the left: `5% short`, `$1.50 in deficit`. There is no third
    /// row once the limit is reached, and what rounds to nothing is not shown.
    pub fn deficit_text(&self, mode: DisplayMode) -> Option<String> {
        if self.limit_reached() {
            return None;
        }
        let deficit = self.deficit()?;
        let rounded = match &self.line.format {
            Format::Percent => deficit.round(),
            Format::Dollars | Format::Count { .. } => to_hundredths(deficit),
        };
        if rounded == 0.0 {
            return None;
        }
        let suffix = match mode {
            DisplayMode::Used => "in deficit",
            DisplayMode::Left => "short",
        };
        Some(match &self.line.format {
            Format::Percent => format!("{rounded}% {suffix}"),
            Format::Dollars => format!("${} {suffix}", dollar_text(rounded)),
            Format::Count { suffix: unit } => format!("{} {unit} {suffix}", dollar_text(rounded)),
        })
    }

    /// Where the bar has its time marker, 0 to 100: only when ahead or behind, and not on a bar
    /// that is empty or full.
    pub fn marker_percent(&self, mode: DisplayMode) -> Option<f64> {
        let bar = bar_percent(self.line, mode);
        if self.pace()?.status == PaceStatus::OnTrack || bar <= 0.0 || bar >= 100.0 {
            return None;
        }
        let percent = self.fraction()? * 100.0;
        Some(match mode {
            DisplayMode::Used => percent,
            DisplayMode::Left => 100.0 - percent,
        })
    }

    /// The part of the period that has passed; nothing outside the period or without a limit.
    fn fraction(&self) -> Option<f64> {
        let numbers =
            [self.line.used, self.line.limit, self.resets_at_ms, self.period_ms, self.now_ms];
        let inside = numbers.iter().all(|number| number.is_finite())
            && self.line.limit > 0.0
            && self.period_ms > 0.0
            && self.elapsed_ms() > 0.0
            && self.now_ms < self.resets_at_ms;
        inside.then(|| self.elapsed_ms() / self.period_ms)
    }

    fn elapsed_ms(&self) -> f64 {
        self.now_ms - (self.resets_at_ms - self.period_ms)
    }

    fn limit_reached(&self) -> bool {
        self.line.used >= self.line.limit
    }

    fn eta_text(&self) -> Option<String> {
        self.eta_ms().and_then(duration_text)
    }
}
