//! `vario history`: how much of each quota was used over time.

mod export;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use vario_model::Snapshot;
use vario_output::present::count_text;
use vario_output::{Format, Line};
use vario_runtime::Catalog;
use vario_store::{Series, Store};

use super::metric;
use super::probe::nearest;
use crate::cli::{Global, HistoryArgs, Since};
use crate::exit::{Exit, no_match, not_ok};
use crate::table::{HistoryCard, HistoryRow, HistoryView, render_history};
use crate::terminal;

/// What is shown on a terminal if nothing is said: a week.
const SHOWN_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// And at least an hour, so that a row has a width.
const LEAST_MS: i64 = 60 * 60 * 1000;

pub(crate) fn run(global: &Global, args: &HistoryArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    super::say_warnings(global, &vario);
    let store = vario.store()?;
    for warning in store.take_warnings() {
        terminal::warn(global, &warning);
    }
    let now_ms = vario.clock().now().as_millisecond();
    if args.prune {
        return prune(global, &store, now_ms);
    }
    let catalog = vario.catalog();
    let from_ms = from_ms(args, now_ms);
    let histories = histories(args, &store, &catalog, from_ms, now_ms)?;
    if args.json {
        return export::json(&histories).map(|()| Exit::Ok);
    }
    if args.csv {
        return export::csv(&histories).map(|()| Exit::Ok);
    }
    // Of a plugin that is new, the time before it came would be most of a row.
    let start = |history: &History| match args.since {
        None => history.first_ms().min(now_ms.saturating_sub(LEAST_MS)).max(from_ms),
        Some(_) => from_ms,
    };
    let view = HistoryView {
        width: terminal::width(),
        style: terminal::stdout_style(global),
        unicode: terminal::is_utf8(),
        zone: terminal::time_zone(),
    };
    let cards: Vec<HistoryCard<'_>> =
        histories.iter().map(|history| history.card(&catalog, start(history), now_ms)).collect();
    terminal::print(&render_history(&view, &cards))?;
    Ok(Exit::Ok)
}

/// Where the time begins that is shown or exported.
fn from_ms(args: &HistoryArgs, now_ms: i64) -> i64 {
    match args.since {
        None if args.json || args.csv => 0,
        None => now_ms.saturating_sub(SHOWN_MS),
        Some(Since::Ago(time)) => {
            now_ms.saturating_sub(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)).max(0)
        }
        Some(Since::At(at)) => at.as_millisecond(),
        // A time that the clock skipped is the one after the gap. Days at either end of the calendar
        // are no moments in some zones.
        Some(Since::Local(at)) => match at.to_zoned(terminal::time_zone()) {
            Ok(zoned) => zoned.timestamp().as_millisecond(),
            Err(_) if at.year() > 0 => now_ms,
            Err(_) => 0,
        },
    }
}

/// What is known of one plugin's quotas.
struct History {
    plugin: String,
    series: Vec<Series>,
    /// The last success, which knows the units.
    good: Option<Snapshot>,
}

impl History {
    fn of(store: &Store, plugin: &str, from_ms: i64, now_ms: i64) -> anyhow::Result<Self> {
        let failed = |error: vario_store::Error| not_ok(error.to_string());
        // What was measured in this very millisecond belongs to it, too.
        let to_ms = now_ms.saturating_add(1);
        let good = store.latest_good(plugin).map_err(failed)?;
        let mut series = store.series(plugin, from_ms, to_ms, now_ms).map_err(failed)?;
        // As the plugin orders its lines; what it shows no more comes last.
        series.sort_by_key(|series| {
            let mut lines = good.iter().flat_map(|good| &good.output.lines);
            lines.position(|line| line.label() == series.label).unwrap_or(usize::MAX)
        });
        Ok(Self { plugin: plugin.to_owned(), series, good })
    }

    /// When the first measurement was made.
    fn first_ms(&self) -> i64 {
        let firsts = self.series.iter().filter_map(|series| series.points.first());
        firsts.map(|point| point.at_ms).min().unwrap_or(i64::MAX)
    }

    fn card<'a>(&'a self, catalog: &'a Catalog, from_ms: i64, to_ms: i64) -> HistoryCard<'a> {
        let plugin = catalog.get(&self.plugin).map(|found| &found.plugin);
        HistoryCard {
            name: plugin.map_or(self.plugin.as_str(), |plugin| plugin.name.as_str()),
            brand_color: plugin.and_then(|plugin| plugin.brand_color.as_deref()),
            from_ms,
            to_ms,
            rows: self
                .series
                .iter()
                .map(|series| HistoryRow {
                    label: &series.label,
                    format: self.format(&series.label),
                    points: &series.points,
                })
                .collect(),
        }
    }

    fn format(&self, label: &str) -> Option<&Format> {
        let mut lines = self.good.iter().flat_map(|good| &good.output.lines);
        lines.find_map(|line| {
            Line::as_progress(line).filter(|line| line.label == label).map(|line| &line.format)
        })
    }
}

/// What was asked for, at least one quota with at least one measurement.
fn histories(
    args: &HistoryArgs,
    store: &Arc<Store>,
    catalog: &Catalog,
    from_ms: i64,
    now_ms: i64,
) -> anyhow::Result<Vec<History>> {
    let known = store.history_plugins().map_err(|error| not_ok(error.to_string()))?;
    let Some(id) = &args.id else {
        let all = known.iter().map(|id| History::of(store, id, from_ms, now_ms));
        let mut histories = all.collect::<anyhow::Result<Vec<_>>>()?;
        histories.retain(|history| !history.series.is_empty());
        if histories.is_empty() {
            return Err(no_match("nothing was measured in this time"));
        }
        return Ok(histories);
    };
    if catalog.get(id).is_none() && !known.contains(id) {
        return Err(no_match(format!("there is no plugin `{id}`{}", nearest(id, catalog))));
    }
    let mut history = History::of(store, id, from_ms, now_ms)?;
    if history.series.is_empty() {
        return Err(no_match(format!(
            "nothing was measured of `{id}` in this time; `vario probe {id}` measures its quotas"
        )));
    }
    if let Some(wanted) = &args.metric {
        let labels: Vec<&str> = history.series.iter().map(|series| series.label.as_str()).collect();
        let label = metric::find(id, wanted, &labels)?.to_owned();
        history.series.retain(|series| series.label == label);
    }
    Ok(vec![history])
}

fn prune(global: &Global, store: &Store, now_ms: i64) -> anyhow::Result<Exit> {
    let failed = |error: vario_store::Error| not_ok(error.to_string());
    let pruned = store.prune(now_ms).map_err(failed)?;
    if !global.quiet {
        let size = store.history_size().map_err(failed)?;
        terminal::say(&format!(
            "dropped {} older than 30 days and {} older than a year; kept {} and {}",
            number(pruned.samples, "sample"),
            number(pruned.hours, "hour"),
            number(size.samples, "sample"),
            number(size.hours, "hour"),
        ));
    }
    Ok(Exit::Ok)
}

/// `1 hour`, `1,234 hours`
#[expect(clippy::cast_precision_loss, reason = "shown to people")]
pub(super) fn number(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count_text(count as f64))
}
