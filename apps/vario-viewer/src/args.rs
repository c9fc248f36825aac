//! The arguments.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use vario_ui::{Page, ThemeMode};

/// Shows what plugins say, in a window
#[derive(Debug, Parser)]
#[command(name = "vario-viewer", version, max_term_width = 100)]
pub(crate) struct Args {
    /// Folders of plugins, in place of the configured ones and of the bundled plugins
    #[arg(long, value_name = "DIR")]
    pub(crate) plugins: Vec<PathBuf>,
    /// The window's size in points, such as `360x800`; else as it was last
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub(crate) size: Option<[f32; 2]>,
    /// Light or dark, whatever the settings say
    #[arg(long, value_name = "THEME")]
    pub(crate) theme: Option<Theme>,
    /// The page to begin with: `home`, `background`, `accounts`, `permissions`, `settings`,
    /// `log` or a plugin's id
    #[arg(long, value_name = "PAGE")]
    pub(crate) page: Option<String>,
    /// Start without a window where there is a tray, as when the user logs in
    #[arg(long)]
    pub(crate) background: bool,
    /// A window that the process with the tray opens
    #[arg(long, hide = true)]
    pub(crate) opened_by_tray: bool,
}

/// The page of a name.
pub(crate) fn page_of(name: &str) -> Page {
    match name {
        "home" => Page::Home,
        "permissions" => Page::Permissions,
        "settings" => Page::Settings,
        "log" => Page::Log,
        "background" => Page::Background,
        "accounts" => Page::Accounts,
        id => Page::Plugin(id.to_owned()),
    }
}

/// And back.
pub(crate) fn page_name(page: &Page) -> &str {
    match page {
        Page::Home => "home",
        Page::Permissions => "permissions",
        Page::Settings => "settings",
        Page::Log => "log",
        Page::Background | Page::BackgroundOf(_) => "background",
        Page::Accounts => "accounts",
        Page::Plugin(id) | Page::PluginSettings(id) => id,
    }
}

/// As the settings have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl From<Theme> for ThemeMode {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::System => Self::System,
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

/// What a window may measure, in points.
const SIDES: std::ops::RangeInclusive<u16> = 120..=16_000;

fn size(text: &str) -> Result<[f32; 2], String> {
    let sides = text.split_once('x').and_then(|(width, height)| {
        Some([width.parse::<u16>().ok()?, height.parse::<u16>().ok()?])
    });
    match sides {
        Some(sides) if sides.iter().all(|side| SIDES.contains(side)) => Ok(sides.map(f32::from)),
        _ => Err("expected width and height, such as `360x800`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::{Args, page_name, page_of, size};

    #[test]
    fn arguments_are_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn pages_and_their_names() {
        for name in ["home", "background", "accounts", "permissions", "settings", "log", "claude"] {
            assert_eq!(page_name(&page_of(name)), name);
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(size("360x800"), Ok([360.0, 800.0]));
        for bad in ["", "360", "360x", "x", "1x1", "-360x800", "99999x800", "360x800x1"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }
}
