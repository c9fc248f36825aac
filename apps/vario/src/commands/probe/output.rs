//! Prints snapshots, as JSON or as the table.

use vario_bootstrap::Vario;
use vario_model::Snapshot;
use vario_output::present::{HourCycle, LocalTime};
use vario_runtime::Catalog;

use crate::cli::Global;
use crate::style::Style;
use crate::table::{Card, View, render};
use crate::terminal;

/// Where and how results are printed.
pub(super) struct Output<'a> {
    json: bool,
    verbose: bool,
    style: Style,
    vario: &'a Vario,
    catalog: &'a Catalog,
}

impl<'a> Output<'a> {
    pub(super) fn new(global: &Global, json: bool, vario: &'a Vario, catalog: &'a Catalog) -> Self {
        let style = terminal::stdout_style(global);
        Self { json, verbose: global.verbose > 0, style, vario, catalog }
    }

    /// Everything at once: an array in JSON.
    pub(super) fn all(&self, snapshots: &[Snapshot]) -> anyhow::Result<()> {
        if self.json {
            return terminal::print_json(&snapshots);
        }
        self.table(snapshots)
    }

    /// One result as it comes: an object a line in JSON.
    pub(super) fn one(&self, snapshot: &Snapshot) -> anyhow::Result<()> {
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
            local: LocalTime {
                zone: terminal::time_zone(),
                hours: display
                    .time_format_mode
                    .hour_cycle(HourCycle::of_locale(&terminal::locale())),
            },
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
