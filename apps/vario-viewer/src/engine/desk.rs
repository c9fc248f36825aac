//! The tray and the notifications, kept in step with what plugins say.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use vario_desktop::{
    APP_NAME, Alerts, Notifier, Reading, ShortcutEvent, Shortcuts, Thresholds, Tray, TrayEvent,
    TrayItem, TrayMask, TrayProvider, TrayStyle, TrayView,
};
use vario_host::Cancel;
use vario_output::present::{
    DisplayMode, PaceContext, PaceStatus, TooltipEntry, primary_metric, tooltip_text,
};
use vario_output::{Line, parse_rfc3339_ms};
use vario_ui::{PluginView, Settings};

use super::opener::Opener;

/// A program that starts with the session may be there before the panel is.
const TRIES: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_mins(2),
];

/// An icon in the tray is scaled from this many pixels.
const MASK: u16 = 64;

/// What the desktop tells.
pub(super) enum DeskEvent {
    /// The tray is there.
    Tray(Tray),
    /// What the user did with it.
    Did(TrayEvent),
    /// Whether the user wants dark windows.
    Dark(bool),
    /// Keys can be heard.
    Shortcuts(Shortcuts),
    /// What became of them.
    Shortcut(ShortcutEvent),
}

/// The desktop around the window.
pub(super) struct Desk {
    /// A channel without a sender is always ready, and would keep the engine busy for nothing once
    /// nobody looks for a tray any more.
    _sender: Sender<DeskEvent>,
    pub(super) events: Receiver<DeskEvent>,
    tray: Option<Arc<Tray>>,
    view: TrayView,
    pub(super) opener: Opener,
    notifier: Option<Notifier>,
    alerts: Alerts,
    /// The plugin whose page is open, or was last.
    pub(super) page: Option<String>,
    pub(super) dark: Option<bool>,
}

impl Desk {
    /// Asks for a tray, for notifications and for keys, unless another process has them.
    pub(super) fn start(is_ours: bool, cancel: &Cancel) -> Self {
        let (sender, events) = unbounded();
        if is_ours {
            look_for("tray", &sender, cancel, find_tray);
        }
        look_for("keys", &sender, cancel, find_shortcuts);
        let for_theme = sender.clone();
        vario_desktop::theme::watch(move |dark| for_theme.send(DeskEvent::Dark(dark)).is_ok());
        Self {
            _sender: sender,
            events,
            tray: None,
            view: TrayView::default(),
            opener: Opener::new(is_ours),
            notifier: is_ours.then(Notifier::start),
            alerts: Alerts::default(),
            page: None,
            dark: None,
        }
    }

    /// Whether the user finds the program in a tray.
    pub(super) fn has_tray(&self) -> bool {
        self.tray.as_ref().is_some_and(|tray| tray.is_shown())
    }

    pub(super) fn set_tray(&mut self, tray: Tray) {
        tray.update(self.view.clone());
        self.tray = Some(Arc::new(tray));
    }

    /// Whether tray and notifications are this process's, and not those of one that opened it.
    pub(super) fn is_ours(&self) -> bool {
        self.notifier.is_some()
    }

    /// Tells people who have no window to read it in.
    pub(super) fn notify(&self, text: &str) {
        if let Some(notifier) = &self.notifier {
            let _not_shown = notifier.send(APP_NAME, text);
        }
    }

    /// Shows what plugins say now.
    pub(super) fn show(&mut self, views: &[PluginView], settings: &Settings) {
        if self.tray.is_none() {
            return;
        }
        let view = self.tray_view(views, settings);
        if view != self.view {
            self.view = view;
            if let Some(tray) = &self.tray {
                tray.update(self.view.clone());
            }
        }
    }

    /// Contract section 7.9.
    fn tray_view(&self, views: &[PluginView], settings: &Settings) -> TrayView {
        let enabled: Vec<&PluginView> = views.iter().filter(|view| view.state.enabled).collect();
        let with_metric: Vec<&PluginView> = enabled
            .iter()
            .copied()
            .filter(|view| !view.plugin.primary_candidates().is_empty())
            .collect();
        let entries: Vec<TooltipEntry<'_>> = with_metric
            .iter()
            .map(|view| TooltipEntry { name: view.name(), metric: metric(view, settings) })
            .collect();
        let items = with_metric.iter().map(|view| TrayItem {
            id: view.id().to_owned(),
            name: view.name().to_owned(),
            fraction: fraction(view, settings),
        });
        let chosen = self.page.as_ref();
        let provider = enabled
            .iter()
            .find(|view| chosen.is_some_and(|id| view.id() == id))
            .or_else(|| enabled.first());
        TrayView {
            style: match settings.tray {
                vario_ui::TrayStyle::Provider => TrayStyle::Provider,
                vario_ui::TrayStyle::Donut => TrayStyle::Donut,
                vario_ui::TrayStyle::Bars => TrayStyle::Bars,
            },
            items: items.collect(),
            provider: provider
                .map(|view| TrayProvider { mask: mask(view), fraction: fraction(view, settings) }),
            tooltip: tooltip_text(APP_NAME, &entries, settings.mode),
            ink: vario_desktop::tray::ink(
                self.dark,
                &std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default(),
            ),
            refreshing: enabled.iter().any(|view| view.state.loading),
        }
    }

    /// Takes in a plugin's lines, and tells what is worth it if the user wants that.
    pub(super) fn observe(&mut self, view: &PluginView, told: bool, threshold: u8, now_ms: i64) {
        if !view.state.enabled {
            return self.alerts.forget(view.id());
        }
        let Some(data) = &view.state.data else { return };
        let readings: Vec<Reading<'_>> =
            data.output.lines.iter().filter_map(|line| reading(line, now_ms)).collect();
        let thresholds = Thresholds { used: vec![f64::from(threshold) / 100.0, 1.0], pace: true };
        let alerts = self.alerts.observe(view.id(), &readings, &thresholds, now_ms);
        let Some(notifier) = self.notifier.as_ref().filter(|_| told) else { return };
        for alert in alerts {
            // What the desktop does not take is on the card all the same.
            let _not_shown = notifier.send(&alert.title(view.name()), &alert.body());
        }
    }
}

fn reading(line: &Line, now_ms: i64) -> Option<Reading<'_>> {
    let Line::Progress(line) = line else { return None };
    let pace = PaceContext::of(line, now_ms);
    Some(Reading {
        label: &line.label,
        used: line.used / line.limit,
        is_behind: pace
            .and_then(|pace| pace.pace())
            .is_some_and(|pace| pace.status == PaceStatus::Behind),
        resets_at_ms: line.resets_at.as_deref().and_then(parse_rfc3339_ms),
    })
}

fn metric<'a>(
    view: &'a PluginView,
    settings: &Settings,
) -> Option<vario_output::present::Metric<'a>> {
    let lines = &view.state.data.as_ref()?.output.lines;
    let primary = view.plugin.primary_candidates();
    primary_metric(lines, &primary, view.plugin.weekly_candidate(), settings.metric)
}

fn fraction(view: &PluginView, settings: &Settings) -> Option<f64> {
    let mode: DisplayMode = settings.mode;
    metric(view, settings).map(|metric| metric.fraction(mode))
}

fn mask(view: &PluginView) -> Option<TrayMask> {
    let side = usize::from(MASK);
    let alpha = view.icon.as_ref()?.dark.alpha(MASK)?;
    Some(TrayMask { width: side, height: side, alpha })
}

/// Tries until it is there, on a thread of its own: a desktop that hangs holds nobody up.
fn look_for(
    name: &str,
    sender: &Sender<DeskEvent>,
    cancel: &Cancel,
    find: fn(Sender<DeskEvent>) -> Option<DeskEvent>,
) {
    let (over, is_over) = unbounded::<()>();
    let guard = cancel.on_cancel(move || drop(over));
    let sender = sender.clone();
    let work = move || {
        let _guard = guard;
        for pause in TRIES {
            if is_over.recv_timeout(pause) == Err(crossbeam_channel::RecvTimeoutError::Disconnected)
            {
                return;
            }
            if let Some(found) = find(sender.clone()) {
                let _the_engine_is_gone = sender.send(found);
                return;
            }
        }
    };
    let _none_without_a_thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
}

fn find_tray(to: Sender<DeskEvent>) -> Option<DeskEvent> {
    let on_event = move |event| {
        let _the_engine_is_gone = to.send(DeskEvent::Did(event));
    };
    Tray::start(TrayView::default(), on_event).map(DeskEvent::Tray)
}

fn find_shortcuts(to: Sender<DeskEvent>) -> Option<DeskEvent> {
    let on_event = move |event| {
        let _the_engine_is_gone = to.send(DeskEvent::Shortcut(event));
    };
    Shortcuts::start(on_event).map(DeskEvent::Shortcuts)
}
