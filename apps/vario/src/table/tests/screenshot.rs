//! A picture to look at: `VARIO_SCREENSHOT=table.ans cargo test -p vario screenshot`, then print the
//! file in a terminal. `VARIO_SCREENSHOT_WIDTH` sets its columns, `VARIO_SCREENSHOT_ANSI` leaves out
//! true colours.

use super::samples::{all, cards};
use super::*;

/// Without a file to write, this only checks that there is something to see.
#[test]
fn screenshot() {
    let width = std::env::var("VARIO_SCREENSHOT_WIDTH").ok().and_then(|text| text.parse().ok());
    let snapshots = all();
    let style =
        if std::env::var_os("VARIO_SCREENSHOT_ANSI").is_some() { ANSI } else { TRUE_COLOUR };
    let view = View { style, ..view(width.unwrap_or(80)) };
    let text = render(&view, &cards(&snapshots));
    assert!(text.contains("\x1b["));
    if let Some(file) = std::env::var_os("VARIO_SCREENSHOT") {
        std::fs::write(file, text).expect("the file can be written");
    }
}
