//! Shortcuts on a real X server, with a person at its keyboard played here.
//!
//! Each test runs itself once more with a server of its own, which ends with it.
#![cfg(not(any(target_os = "macos", windows)))]

#[path = "x11/display.rs"]
mod display;
#[path = "x11/person.rs"]
mod person;
#[path = "x11/shortcuts.rs"]
mod shortcuts;
