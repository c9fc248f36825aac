//! The arguments of `vario history`.

use std::time::Duration;

use clap::Args;

use super::parse_duration;

#[derive(Debug, Args)]
#[command(after_help = "\
Every run of the last 30 days is kept, and for a year the sum of each hour.
Without ID it is the history of all plugins.")]
pub(crate) struct HistoryArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// From when: so long ago (`12h`, `7d`), or a day or time (`2026-03-01`, `2026-03-01T08:00`);
    /// 7d if not given, and everything with --json and --csv
    #[arg(long, value_name = "WHEN", value_parser = parse_since)]
    pub(crate) since: Option<Since>,
    /// Only this quota
    #[arg(long, value_name = "LABEL", requires = "id")]
    pub(crate) metric: Option<String>,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print comma-separated values (RFC 4180)
    #[arg(long)]
    pub(crate) csv: bool,
    /// Drop now what is too old; that happens once a day by itself
    #[arg(long, conflicts_with_all = ["id", "since", "json", "csv"])]
    pub(crate) prune: bool,
}

/// The beginning of a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Since {
    /// So long ago.
    Ago(Duration),
    /// A moment, whatever the zone.
    At(jiff::Timestamp),
    /// A date and time of day where the user is.
    Local(jiff::civil::DateTime),
}

/// `7d`, `2026-03-01`, `2026-03-01T08:00`, `2026-03-01T08:00:00Z`.
fn parse_since(text: &str) -> Result<Since, String> {
    // No duration has a `-`, and no date has none.
    if !text.contains('-') {
        return parse_duration(text).map(Since::Ago);
    }
    if let Ok(at) = text.parse() {
        return Ok(Since::At(at));
    }
    let at: Result<jiff::civil::DateTime, _> = text.parse();
    at.map(Since::Local).map_err(|_not_a_time| {
        "expected how long ago (`12h`, `7d`), or a day or time (`2026-03-01`, `2026-03-01T08:00`)"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Since, parse_since};

    #[test]
    fn since_when() {
        let day = jiff::civil::date(2026, 3, 1);
        let cases = [
            ("7d", Since::Ago(Duration::from_hours(7 * 24))),
            ("90", Since::Ago(Duration::from_secs(90))),
            ("2026-03-01", Since::Local(day.at(0, 0, 0, 0))),
            ("2026-03-01T08:30", Since::Local(day.at(8, 30, 0, 0))),
            ("2026-03-01 08:30", Since::Local(day.at(8, 30, 0, 0))),
            ("2026-03-01T08:30:00Z", Since::At("2026-03-01T08:30:00Z".parse().unwrap())),
            ("2026-03-01T08:30:00+02:00", Since::At("2026-03-01T06:30:00Z".parse().unwrap())),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_since(text), Ok(expected), "{text}");
        }
        for text in ["", "yesterday", "2026-13-01", "2026-03", "-5d", "7w", "0d"] {
            assert!(parse_since(text).is_err(), "{text}");
        }
    }
}
