//! The icon near the clock: what it shows, what it looks like, and what people do with it.

mod icon;
#[cfg(any(target_os = "macos", windows))]
mod nowhere;
#[cfg(not(any(target_os = "macos", windows)))]
mod status_notifier;

pub use self::icon::{Icon, icon};
#[cfg(any(target_os = "macos", windows))]
pub use self::nowhere::{Tray, activation_token};
#[cfg(not(any(target_os = "macos", windows)))]
pub use self::status_notifier::{Tray, activation_token};

/// How the icon shows the quotas (contract section 7.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrayStyle {
    /// The icon of one plugin, and its percentage below.
    #[default]
    Provider,
    /// The icon of one plugin in a ring that is as full as its quota.
    Donut,
    /// A bar for each of the first four plugins.
    Bars,
}

/// All that the tray shows. Equal views look the same.
#[derive(Debug, Clone, PartialEq)]
pub struct TrayView {
    /// What the icon looks like.
    pub style: TrayStyle,
    /// The enabled plugins that have a primary metric, in the user's order. The first
    /// [`MAX_BARS`](vario_output::present::MAX_BARS) are bars, the first
    /// [`MAX_TOOLTIP_LINES`](vario_output::present::MAX_TOOLTIP_LINES) are lines of the menu.
    pub items: Vec<TrayItem>,
    /// The tray provider (contract section 7.9), for the styles that show one plugin.
    pub provider: Option<TrayProvider>,
    /// Title and lines, from [`tooltip_text`](vario_output::present::tooltip_text).
    pub tooltip: String,
    /// The colour of everything drawn, red, green and blue; see [`ink`].
    pub ink: [u8; 3],
    /// A refresh is running: the menu does not offer another.
    pub refreshing: bool,
}

impl Default for TrayView {
    /// The gauge that is shown while there is no plugin.
    fn default() -> Self {
        Self {
            style: TrayStyle::default(),
            items: Vec::new(),
            provider: None,
            tooltip: crate::APP_NAME.to_owned(),
            ink: ink(None, ""),
            refreshing: false,
        }
    }
}

/// One plugin in the tray.
#[derive(Debug, Clone, PartialEq)]
pub struct TrayItem {
    /// The plugin's id, which comes back in [`TrayEvent::OpenPlugin`].
    pub id: String,
    /// The plugin's display name.
    pub name: String,
    /// How far its bar is filled, 0 to 1; none without data.
    pub fraction: Option<f64>,
}

/// The plugin whose icon is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct TrayProvider {
    /// The plugin's icon, if it has one; else the gauge takes its place.
    pub mask: Option<TrayMask>,
    /// How full its quota is, 0 to 1; none without data.
    pub fraction: Option<f64>,
}

/// A plugin's icon as a mask: how opaque it is, and no colour. It is scaled as needed, so 64 by 64
/// is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayMask {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Row by row from the top, `width * height` of them; any other number counts as no icon.
    pub alpha: Vec<u8>,
}

/// What a user did with the tray, or what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrayEvent {
    /// The icon was clicked: show the window, or hide it.
    Activate,
    /// Show the window.
    Open,
    /// Show the window at a plugin's page; its id.
    OpenPlugin(String),
    /// Run all probes.
    RefreshAll,
    /// Show the settings.
    Settings,
    /// End the program.
    Quit,
    /// The desktop's tray is gone and so is the icon: a window hidden now could not be found again.
    Lost,
    /// The desktop's tray is back, with the icon in it.
    Returned,
}

/// The colour that can be seen on the panel: white on dark ones and a near black on light ones.
///
/// `dark` is what [`theme::prefers_dark`](crate::theme::prefers_dark) says, `desktop` the value of
/// `XDG_CURRENT_DESKTOP`. GNOME's top bar is dark in both of its themes.
pub fn ink(dark: Option<bool>, desktop: &str) -> [u8; 3] {
    let always_dark = desktop
        .split(':')
        .any(|name| ["gnome", "unity", "ubuntu"].contains(&name.to_ascii_lowercase().as_str()));
    if dark == Some(false) && !always_dark { [0x23, 0x26, 0x29] } else { [0xff; 3] }
}

#[cfg(test)]
mod tests {
    use super::ink;

    #[test]
    fn ink_stands_out_from_the_panel() {
        let (white, black) = ([255; 3], [0x23, 0x26, 0x29]);
        for (dark, desktop, expected) in [
            (Some(true), "KDE", white),
            (Some(false), "KDE", black),
            (None, "KDE", white),
            (Some(false), "ubuntu:GNOME", white),
            (Some(false), "GNOME-Flashback:GNOME", white),
            (Some(false), "", black),
        ] {
            assert_eq!(ink(dark, desktop), expected, "{dark:?} on {desktop}");
        }
    }
}
