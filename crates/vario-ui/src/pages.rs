//! The pages.

mod accounts;
mod background;
mod home;
mod install;
mod log;
mod permissions;
mod plugin;
mod plugin_settings;
mod settings;

pub(crate) use self::accounts::accounts;
pub(crate) use self::background::{background, background_of, possible};
pub(crate) use self::home::{home, notices};
pub(crate) use self::install::install;
pub(crate) use self::log::log;
pub(crate) use self::permissions::permissions;
pub(crate) use self::plugin::plugin;
pub(crate) use self::plugin_settings::plugin_settings;
pub(crate) use self::settings::settings;
