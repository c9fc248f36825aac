//! Prints snapshots: as JSON, as the table, or as a bar reads them.

use vario_bootstrap::Vario;
use vario_model::Snapshot;
use vario_output::present::{HourCycle, LocalTime};
use vario_runtime::Catalog;

use super::bar::Bar;
use crate::cli::{Global, ProbeArgs};
use crate::style::Style;
use crate::table::{Card, View, render};
use crate::terminal;

/// Where and how results are printed.
pub(super) struct Output<'a> {
    json: bool,
    bar: Option<Bar>,
    verbose: bool,
    style: Style,
    vario: &'a Vario,
    catalog: &'a Catalog,
}

impl<'a> Output<'a> {
    pub(super) fn new(
        global: &Global,
        args: &ProbeArgs,
        vario: &'a Vario,
        catalog: &'a Catalog,
    ) -> Self {
        let style = terminal::stdout_style(global);
        let bar = args.format.map(|format| Bar::new(format, args.watch));
        Self { json: args.json, bar, verbose: global.verbose > 0, style, vario, catalog }
    }

    /// Everything at once: an array in JSON.
    pub(super) fn all(&self, snapshots: &[Snapshot]) -> anyhow::Result<()> {
        if let Some(bar) = &self.bar {
            return bar.print(snapshots, self.vario, self.catalog);
        }
        if self.json {
            return terminal::print_json(&snapshots);
        }
        self.table(snapshots)
    }

    /// One result as it comes: an object a line in JSON. `all` are the last ones of all plugins,
    /// this one among them.
    pub(super) fn one<'s>(
        &self,
        snapshot: &Snapshot,
        all: impl Iterator<Item = &'s Snapshot>,
    ) -> anyhow::Result<()> {
        if let Some(bar) = &self.bar {
            return bar.print(all, self.vario, self.catalog);
        }
        if self.json {
            return terminal::print_line(&serde_json::to_string(snapshot)?);
        }
        self.table(std::slice::from_ref(snapshot))
    }

    fn table(&self, snapshots: &[Snapshot]) -> anyhow::Result<()> {
        let display = self.vario.display();
        let view = View {
            width: terminal::width(),
            style: &self.style,
            unicode: terminal::is_utf8(),
            mode: display.display_mode,
            reset: display.reset_timer_display_mode,
            local: local_time(self.vario),
            now_ms: self.vario.clock().now().as_millisecond(),
            verbose: self.verbose,
        };
        let cards: Vec<Card<'_>> = snapshots
            .iter()
            .map(|snapshot| Card {
                snapshot,
                brand_color: self
                    .catalog
                    .get(&snapshot.provider_id)
                    .and_then(|found| found.plugin.brand_color.as_deref()),
                note: None,
            })
            .collect();
        terminal::print(&render(&view, &cards))
    }
}

/// How times of day are written for this user.
pub(super) fn local_time(vario: &Vario) -> LocalTime {
    let hours = vario.display().time_format_mode;
    LocalTime {
        zone: terminal::time_zone(),
        hours: hours.hour_cycle(HourCycle::of_locale(&terminal::locale())),
    }
}
