//! The registry's `Run` key on Windows, a launch agent on macOS.

use std::path::Path;

use auto_launch::{AutoLaunch, AutoLaunchBuilder, MacOSLaunchMode, WindowsEnableMode};

use crate::{APP_NAME, Error};

/// Whether the program starts when the user logs in.
#[derive(Debug)]
#[non_exhaustive]
pub struct Login;

impl Login {
    /// That of the user who runs this.
    ///
    /// # Errors
    /// None on this platform.
    pub fn of_user() -> Result<Self, Error> {
        Ok(Self)
    }

    /// Whether the program starts on login.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn is_enabled(&self) -> Result<bool, Error> {
        entry(APP_NAME, &[])?.is_enabled().map_err(in_our_words)
    }

    /// Lets a program start on login with these arguments, or no more. `program` is an absolute
    /// path.
    ///
    /// # Errors
    /// When the path cannot be named, or the system refuses.
    pub fn set(&self, enabled: bool, program: &Path, arguments: &[&str]) -> Result<(), Error> {
        if !enabled {
            return if self.is_enabled()? {
                entry(APP_NAME, &[])?.disable().map_err(in_our_words)
            } else {
                Ok(())
            };
        }
        let bad = |reason| Error::BadProgram { program: program.display().to_string(), reason };
        let path = program.to_str().ok_or_else(|| bad("its path is not Unicode"))?;
        let arguments: Vec<String> = arguments.iter().map(|argument| quote(argument)).collect();
        entry(&quote(path), &arguments)?.enable().map_err(in_our_words)
    }
}

fn entry(program: &str, arguments: &[String]) -> Result<AutoLaunch, Error> {
    AutoLaunchBuilder::new()
        .set_app_name(APP_NAME)
        .set_app_path(program)
        .set_args(arguments)
        .set_macos_launch_mode(MacOSLaunchMode::LaunchAgent)
        .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
        .build()
        .map_err(in_our_words)
}

#[expect(clippy::needless_pass_by_value, reason = "this is what `map_err` hands over")]
fn in_our_words(error: auto_launch::Error) -> Error {
    Error::System(error.to_string())
}

/// The library writes a command line as it is given; paths often have spaces.
#[cfg(windows)]
fn quote(text: &str) -> String {
    format!("\"{text}\"")
}

/// The library writes a property list as it is given.
#[cfg(target_os = "macos")]
fn quote(text: &str) -> String {
    crate::text::escape_markup(text)
}
