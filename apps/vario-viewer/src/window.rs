//! The window itself: where it is, and who draws it.
//!
//! With a graphics card that is `gl`, which is eframe. Without one, OpenGL would be drawn by Mesa's
//! llvmpipe, which loads LLVM and with it 55 MB; `cpu` draws without OpenGL then, for much less and
//! sooner. It is also what remains where OpenGL cannot be started. What is in the window knows
//! nothing of that: it is an [`App`] for both.

mod choice;
mod cpu;
mod gl;

use eframe::UserEvent;
use egui::ViewportBuilder;
use vario_desktop::{APP_ID, APP_NAME};
use winit::event_loop::EventLoop;
use winit::window::Window;

use crate::app::{App, Parts};
use crate::remembered::Remembered;
use choice::Renderer;

/// The size of a first start, in points.
const SIZE: [f32; 2] = [920.0, 680.0];

/// So many pixels of the window are on a screen, across and down, or it cannot be moved.
const LEAST_IN_SIGHT: i64 = 48;

/// A side panel is not narrower.
const LEAST: [f32; 2] = [320.0, 240.0];

/// Draws the window until it is closed. A `size` in points is taken before a remembered one.
///
/// # Errors
/// Why there is no window.
pub(crate) fn show(parts: Parts, size: Option<[f32; 2]>) -> Result<(), String> {
    let builder = builder(size, &parts.remembered);
    // A process can have one event loop only, so both have the same.
    let event_loop = EventLoop::<UserEvent>::with_user_event().build();
    let mut event_loop = event_loop.map_err(|error| no_window(&error.to_string()))?;
    let parts = match choice::renderer() {
        Renderer::Cpu => parts,
        Renderer::Gl => match gl::run(&mut event_loop, builder.clone(), parts)? {
            None => return Ok(()),
            Some(parts) => parts,
        },
    };
    cpu::run(&mut event_loop, builder, parts)
}

/// What a user is told.
fn no_window(error: &str) -> String {
    // What stands before is where in a library it was noticed.
    let what = error.rsplit(": ").next().unwrap_or(error);
    format!(
        "there is no window: {what}; it needs a display, and the README names the packages that a \
         minimal system lacks"
    )
}

fn builder(size: Option<[f32; 2]>, remembered: &Remembered) -> ViewportBuilder {
    let builder = ViewportBuilder::default()
        .with_title(APP_NAME)
        .with_app_id(APP_ID)
        .with_inner_size(size.or(remembered.size).unwrap_or(SIZE))
        .with_min_inner_size(LEAST)
        .with_drag_and_drop(true);
    match remembered.position {
        Some(position) => builder.with_position(position),
        None => builder,
    }
}

/// A window whose place was on a screen that is gone comes to one that is there.
fn bring_back(window: &Window) {
    // Wayland does not tell, and places windows itself.
    let Ok(place) = window.outer_position() else { return };
    let span = |from: i32, long: u32| (i64::from(from), i64::from(from) + i64::from(long));
    let meets = |(start, end): (i64, i64), (from, to): (i64, i64)| {
        end.min(to) - start.max(from) >= LEAST_IN_SIGHT.min(end - start)
    };
    let own = window.outer_size();
    let mut corner = None;
    for screen in window.available_monitors() {
        let (at, size) = (screen.position(), screen.size());
        if meets(span(place.x, own.width), span(at.x, size.width))
            && meets(span(place.y, own.height), span(at.y, size.height))
        {
            return;
        }
        corner = corner.or(Some(at));
    }
    if let Some(corner) = corner {
        window.set_outer_position(corner);
    }
}
