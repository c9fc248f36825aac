//! Our own icons, drawn on a grid of 16.

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Glyph {
    Plugin,
    Home,
    Shield,
    Settings,
    Log,
    Refresh,
    Hourglass,
    Warning,
    Lock,
    External,
    Search,
    Folder,
    Check,
    Close,
    Grip,
    Keyboard,
    Back,
    Bell,
    Background,
    Account,
    Install,
}

impl Glyph {
    /// Every icon, for the test that draws them.
    #[cfg(test)]
    pub(super) const ALL: &[Self] = &[
        Self::Plugin,
        Self::Home,
        Self::Shield,
        Self::Settings,
        Self::Log,
        Self::Refresh,
        Self::Hourglass,
        Self::Warning,
        Self::Lock,
        Self::External,
        Self::Search,
        Self::Folder,
        Self::Check,
        Self::Close,
        Self::Grip,
        Self::Keyboard,
        Self::Back,
        Self::Bell,
        Self::Background,
        Self::Account,
        Self::Install,
    ];

    pub(super) fn svg(self) -> &'static str {
        match self {
            Self::Plugin => include_str!("../../assets/icons/plugin.svg"),
            Self::Home => include_str!("../../assets/icons/home.svg"),
            Self::Shield => include_str!("../../assets/icons/shield.svg"),
            Self::Settings => include_str!("../../assets/icons/settings.svg"),
            Self::Log => include_str!("../../assets/icons/log.svg"),
            Self::Refresh => include_str!("../../assets/icons/refresh.svg"),
            Self::Hourglass => include_str!("../../assets/icons/hourglass.svg"),
            Self::Warning => include_str!("../../assets/icons/warning.svg"),
            Self::Lock => include_str!("../../assets/icons/lock.svg"),
            Self::External => include_str!("../../assets/icons/external.svg"),
            Self::Search => include_str!("../../assets/icons/search.svg"),
            Self::Folder => include_str!("../../assets/icons/folder.svg"),
            Self::Check => include_str!("../../assets/icons/check.svg"),
            Self::Close => include_str!("../../assets/icons/close.svg"),
            Self::Grip => include_str!("../../assets/icons/grip.svg"),
            Self::Keyboard => include_str!("../../assets/icons/keyboard.svg"),
            Self::Back => include_str!("../../assets/icons/back.svg"),
            Self::Bell => include_str!("../../assets/icons/bell.svg"),
            Self::Background => include_str!("../../assets/icons/background.svg"),
            Self::Account => include_str!("../../assets/icons/account.svg"),
            Self::Install => include_str!("../../assets/icons/install.svg"),
        }
    }
}
