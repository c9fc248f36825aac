use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use ksni::menu::{MenuItem, StandardItem};
use ksni::{Category, OfflineReason, ToolTip};
use vario_output::present::{MAX_TOOLTIP_LINES, percent_text};

use super::super::{TrayEvent, TrayItem, TrayView, icon};
use super::Shared;
use crate::text::{escape_markup, plain};
use crate::{APP_ID, APP_NAME};

/// In pixels. Panels take the one nearest to their own size: 22 and 24 are usual, and twice that.
const SIZES: [usize; 4] = [22, 32, 44, 64];

/// How many characters of a name the menu shows.
const LONGEST_NAME: usize = 60;
/// How many characters of the tooltip are handed on.
const LONGEST_TOOLTIP: usize = 2000;

type OnEvent = Box<dyn Fn(TrayEvent) + Send + Sync>;

/// What the desktop asks us about.
pub(super) struct Item {
    view: TrayView,
    pixmaps: Vec<ksni::Icon>,
    shared: Arc<Shared>,
    /// None when it is over.
    on_event: Option<OnEvent>,
}

impl fmt::Debug for Item {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Item").field("view", &self.view).finish_non_exhaustive()
    }
}

impl Item {
    pub(super) fn new(view: TrayView, shared: Arc<Shared>, on_event: OnEvent) -> Self {
        let pixmaps = pixmaps(&view);
        Self { view, pixmaps, shared, on_event: Some(on_event) }
    }

    pub(super) fn show(&mut self, view: TrayView) {
        self.pixmaps = pixmaps(&view);
        self.view = view;
    }

    /// Lets go of the callback and all it holds: the library may keep the item for longer.
    pub(super) fn end(&mut self) {
        self.on_event = None;
    }

    fn say(&self, event: TrayEvent) {
        if let Some(on_event) = &self.on_event {
            on_event(event);
        }
    }
}

fn pixmaps(view: &TrayView) -> Vec<ksni::Icon> {
    let in_their_words = |size| {
        let icon = icon(view, size);
        let side = i32::try_from(icon.size).unwrap_or_default();
        ksni::Icon { width: side, height: side, data: icon.argb }
    };
    SIZES.into_iter().map(in_their_words).collect()
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        APP_ID.to_owned()
    }

    fn title(&self) -> String {
        APP_NAME.to_owned()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.pixmaps.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        let text = plain(&self.view.tooltip, LONGEST_TOOLTIP);
        let (title, description) = text.split_once('\n').unwrap_or((&text, ""));
        ToolTip {
            title: title.to_owned(),
            // Desktops read markup here, and plugins choose their names.
            description: escape_markup(description),
            ..ToolTip::default()
        }
    }

    /// GNOME shows no tooltip, so the menu says the same.
    fn menu(&self) -> Vec<MenuItem<Self>> {
        let items = self.view.items.iter().take(MAX_TOOLTIP_LINES);
        let mut menu: Vec<_> = items.map(plugin_entry).collect();
        if !menu.is_empty() {
            menu.push(MenuItem::Separator);
        }
        menu.extend([
            entry("Open", true, TrayEvent::Open),
            entry("Refresh all", !self.view.refreshing, TrayEvent::RefreshAll),
            entry("Settings", true, TrayEvent::Settings),
            MenuItem::Separator,
            entry("Quit", true, TrayEvent::Quit),
        ]);
        menu
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.say(TrayEvent::Activate);
    }

    fn watcher_online(&self) {
        self.shared.is_shown.store(true, Ordering::Release);
        self.say(TrayEvent::Returned);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.shared.is_shown.store(false, Ordering::Release);
        self.say(TrayEvent::Lost);
        // Panels restart; the item comes back with them.
        true
    }
}

fn plugin_entry(item: &TrayItem) -> MenuItem<Item> {
    let name = plain(&item.name.replace('\n', " "), LONGEST_NAME);
    let label = format!("{name}: {}", percent_text(item.fraction));
    entry(&label, true, TrayEvent::OpenPlugin(item.id.clone()))
}

fn entry(label: &str, enabled: bool, event: TrayEvent) -> MenuItem<Item> {
    MenuItem::Standard(StandardItem {
        // A single underscore would mark the letter of a shortcut.
        label: label.replace('_', "__"),
        enabled,
        activate: Box::new(move |item: &mut Item| item.say(event.clone())),
        ..StandardItem::default()
    })
}
