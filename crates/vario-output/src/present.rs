//! How an output reads (contract section 7), as pure functions with the time passed in.
//!
//! Times are milliseconds since the epoch, durations are milliseconds. Texts are English, numbers
//! grouped the American way, as the contract's originals write them.

mod card;
mod chart;
mod colour;
mod duration;
mod metric;
mod number;
mod obeyed;
mod options;
mod pace;
mod progress;
mod reset;
mod spark;

pub use self::card::{cooldown_text, footer_text, groups, overview, updated_text};
pub use self::chart::{BarSize, accessible_text, bar_heights, peak_text, point_text, value_text};
pub use self::colour::{IconFill, Theme, icon_fill, luminance};
pub use self::duration::duration_text;
pub use self::metric::{
    BarFill, MAX_BARS, MAX_TOOLTIP_LINES, Metric, MetricChoice, TooltipEntry, bar_fill,
    percent_text, primary_metric, tooltip_text,
};
pub use self::number::{count_text, dollar_text};
pub use self::obeyed::is_obeyed;
pub use self::options::{DisplayMode, HourCycle, ResetDisplay, TimeFormat};
pub use self::pace::{Pace, PaceContext, PaceStatus};
pub use self::progress::{amount_text, bar_percent, left_text, right_text, shown_value};
pub use self::reset::{LocalTime, absolute_reset_text, relative_reset_text, reset_text};
pub use self::spark::{SparkPoint, spark_cells};
