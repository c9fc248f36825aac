//! Two ways to draw, and one window.

use super::shows_something;
use crate::desktop::{Screen, Window};
use crate::rig::Rig;

/// Libraries that draw, by the beginnings of their names. Without a graphics card they are slow to
/// load and large.
const LIBRARIES: [&str; 4] = ["libGL", "libEGL", "libLLVM", "libgallium"];

/// The share of a window's pixels that may look different, in thousandths.
const FEW: usize = 5;

/// So much a colour may be off where the two round differently.
const NEAR: u8 = 8;

/// Opens a page that is the same every time, and gives how it looks and what it has loaded.
#[track_caller]
fn look(renderer: &str) -> (Vec<u8>, Vec<&'static str>) {
    let (rig, screen) = (Rig::new(), Screen::start());
    rig.says("a", "hello");
    let mut command = Window::command(&rig, &screen);
    command.env("VARIO_VIEWER_RENDERER", renderer);
    command.args(["--page", "settings", "--theme", "dark"]);
    let mut window = Window::of(command, &screen);
    window.appear();
    window.until_shows(shows_something);
    window.until_at_rest();
    let picture = window.picture();
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", window.id())).expect("it lives");
    let is_loaded = |name: &&str| maps.contains(&format!("/{name}"));
    let loaded = LIBRARIES.into_iter().filter(is_loaded).collect();
    assert_eq!(window.close().code(), Some(0));
    (picture, loaded)
}

#[test]
fn a_window_looks_the_same_without_opengl_and_does_not_load_it() {
    let (ours, loaded) = look("cpu");
    assert_eq!(loaded, Vec::<&str>::new());
    let (theirs, loaded) = look("gl");
    assert!(loaded.contains(&"libGL") || loaded.contains(&"libEGL"), "{loaded:?}");
    assert_eq!(ours.len(), theirs.len());
    let pixels = || ours.chunks_exact(4).zip(theirs.chunks_exact(4));
    let differ = |(own, other): &(&[u8], &[u8])| {
        own.iter().zip(*other).take(3).any(|(own, other)| own.abs_diff(*other) > NEAR)
    };
    let (different, all) = (pixels().filter(differ).count(), pixels().count());
    assert!(different * 1000 <= all * FEW, "{different} of {all} pixels differ");
}

/// An OpenGL that cannot be started is no reason to have no window.
#[test]
fn a_window_opens_where_opengl_does_not_start() {
    let (rig, screen) = (Rig::new(), Screen::without_opengl());
    rig.says("a", "hello");
    let mut command = Window::command(&rig, &screen);
    command.env("VARIO_VIEWER_RENDERER", "gl");
    // Nor past the server.
    command.env("__EGL_VENDOR_LIBRARY_FILENAMES", "/nowhere");
    let mut window = Window::of(command, &screen);
    window.appear();
    window.until_shows(shows_something);
    assert_eq!(window.close().code(), Some(0));
}
