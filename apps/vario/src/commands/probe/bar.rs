//! Prints what bars, prompts and monitoring systems read.

use std::cell::RefCell;
use std::time::Duration;

use vario_bootstrap::Vario;
use vario_formats::{Format, Item, View, render};
use vario_model::Snapshot;
use vario_runtime::Catalog;

use super::output::local_time;
use crate::cli::FormatArg;
use crate::terminal;

/// How old a result may be that a bar shows, unless the user says otherwise: a bar asks every few
/// seconds, and no provider wants to be asked that often.
pub(super) const MAX_AGE: Duration = Duration::from_mins(5);

/// One bar.
pub(super) struct Bar {
    format: Format,
    is_stream: bool,
    /// What was printed last: a line is for what has changed.
    last: RefCell<String>,
}

impl Bar {
    pub(super) fn new(format: FormatArg, is_stream: bool) -> Self {
        Self { format: format.into(), is_stream, last: RefCell::default() }
    }

    /// Prints these plugins in the user's order, unless that is what was printed last.
    pub(super) fn print<'s>(
        &self,
        snapshots: impl IntoIterator<Item = &'s Snapshot>,
        vario: &Vario,
        catalog: &Catalog,
    ) -> anyhow::Result<()> {
        let mut plugins: Vec<Plugin<'_>> =
            snapshots.into_iter().map(|snapshot| Plugin::of(snapshot, catalog)).collect();
        plugins.sort_by_cached_key(|plugin| vario.place(&plugin.snapshot.provider_id));
        let display = vario.display();
        let item = |plugin| Plugin::item(plugin, display.menubar_metric);
        let items: Vec<Item<'_>> = plugins.iter().map(item).collect();
        let view = View {
            mode: display.display_mode,
            reset: display.reset_timer_display_mode,
            local: local_time(vario),
            now_ms: vario.clock().now().as_millisecond(),
            is_stream: self.is_stream,
        };
        let text = render(self.format, &items, &view);
        if self.is_stream && *self.last.borrow() == text {
            return Ok(());
        }
        terminal::print(&text)?;
        self.last.replace(text);
        Ok(())
    }
}

/// A result with what its manifest says of it; a plugin that is gone says nothing.
struct Plugin<'a> {
    snapshot: &'a Snapshot,
    primary: Vec<String>,
    weekly: Option<&'a str>,
}

impl<'a> Plugin<'a> {
    fn of(snapshot: &'a Snapshot, catalog: &'a Catalog) -> Self {
        let plugin = catalog.get(&snapshot.provider_id).map(|found| &found.plugin);
        let primary = plugin.map(|plugin| plugin.primary_candidates()).unwrap_or_default();
        Self {
            snapshot,
            primary: primary.into_iter().map(str::to_owned).collect(),
            weekly: plugin.and_then(|plugin| plugin.weekly_candidate()),
        }
    }

    fn item(&self, choice: vario_output::present::MetricChoice) -> Item<'_> {
        Item { snapshot: self.snapshot, primary: &self.primary, weekly: self.weekly, choice }
    }
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Waybar => Self::Waybar,
            FormatArg::I3statusRust => Self::I3statusRust,
            FormatArg::Tmux => Self::Tmux,
            FormatArg::Starship => Self::Starship,
            FormatArg::Xbar => Self::Xbar,
            FormatArg::Prometheus => Self::Prometheus,
            FormatArg::Openmetrics => Self::Openmetrics,
        }
    }
}
