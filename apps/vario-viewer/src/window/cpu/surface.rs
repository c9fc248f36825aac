//! Memory that the window system shows.

use std::num::NonZeroU32;
use std::rc::Rc;

use egui::epaint::ClippedPrimitive;
use egui::{Color32, ColorImage, TexturesDelta};
use softbuffer::{Context, SoftBufferError};
use vario_raster::{Area, Canvas, Painter};
use winit::event_loop::OwnedDisplayHandle;
use winit::window::Window;

#[cfg(target_os = "linux")]
use super::x11::X11;

/// As many buffers as a window system has at most, so old may the one be that we get.
const BUFFERS: usize = 3;

type Shared = softbuffer::Surface<OwnedDisplayHandle, Rc<Window>>;

pub(super) struct Surface {
    memory: Memory,
    window: Rc<Window>,
    is_shown: bool,
    brush: Brush,
}

enum Memory {
    #[cfg(target_os = "linux")]
    X11(Box<X11>),
    Shared(Shared),
}

/// What is to be painted.
pub(super) struct Frame<'a> {
    pub(super) primitives: &'a [ClippedPrimitive],
    /// Pixels per point.
    pub(super) scale: f32,
    pub(super) ground: Color32,
}

impl Memory {
    fn new(display: OwnedDisplayHandle, window: Rc<Window>) -> Result<Self, String> {
        #[cfg(target_os = "linux")]
        if let Some(x11) = X11::new(&window)? {
            return Ok(Self::X11(Box::new(x11)));
        }
        let shared = Context::new(display)
            .and_then(|context| Shared::new(&context, window))
            .map_err(said)?;
        Ok(Self::Shared(shared))
    }
}

impl Surface {
    pub(super) fn new(display: OwnedDisplayHandle, window: Rc<Window>) -> Result<Self, String> {
        let memory = Memory::new(display, Rc::clone(&window))?;
        Ok(Self { memory, window, is_shown: false, brush: Brush::default() })
    }

    /// Paints and shows a frame. Gives the picture, if it is wanted.
    pub(super) fn show(
        &mut self,
        frame: &Frame<'_>,
        textures: &mut TexturesDelta,
        is_picture_wanted: bool,
    ) -> Result<Option<ColorImage>, String> {
        self.brush.painter.set_textures(textures);
        let picture = self.paint(frame, is_picture_wanted);
        self.brush.painter.free_textures(textures);
        picture
    }

    fn paint(
        &mut self,
        frame: &Frame<'_>,
        is_picture_wanted: bool,
    ) -> Result<Option<ColorImage>, String> {
        let size = self.window.inner_size();
        let sides = NonZeroU32::new(size.width).zip(NonZeroU32::new(size.height));
        // So Windows has it when a window is minimised.
        let Some(sides) = sides else { return Ok(None) };
        let size = [size.width, size.height].map(|side| side as usize);
        let mut before_showing = || {
            // A window that is not there yet takes no picture.
            if !std::mem::replace(&mut self.is_shown, true) {
                self.window.set_visible(true);
            }
            // A Wayland compositor says after this when it wants the next one.
            self.window.pre_present_notify();
        };
        match &mut self.memory {
            #[cfg(target_os = "linux")]
            Memory::X11(x11) => {
                let pixels = x11.picture(size);
                let part = self.brush.paint(&mut Canvas::new(size[0], pixels), frame, 1);
                let picture = is_picture_wanted.then(|| picture(size, pixels));
                before_showing();
                x11.show(part)?;
                Ok(picture)
            }
            Memory::Shared(shared) => {
                shared.resize(sides.0, sides.1).map_err(said)?;
                let mut buffer = shared.buffer_mut().map_err(said)?;
                let age = buffer.age();
                self.brush.paint(&mut Canvas::new(size[0], &mut buffer), frame, age);
                let picture = is_picture_wanted.then(|| picture(size, &buffer));
                before_showing();
                // All of it: what the window system has lost of the picture it does not tell.
                buffer.present().map_err(said)?;
                Ok(picture)
            }
        }
    }
}

/// What paints, and what it has painted.
#[derive(Default)]
struct Brush {
    painter: Painter,
    /// What the last frames have changed, the newest first.
    changes: [Option<Area>; BUFFERS],
}

impl Brush {
    /// Paints what has changed on a picture that is so many frames old; 0 means that nothing is
    /// known of it. Gives what it has painted.
    fn paint(&mut self, canvas: &mut Canvas<'_>, frame: &Frame<'_>, age: u8) -> Option<Area> {
        let size = canvas.size();
        self.changes.rotate_right(1);
        self.changes[0] = self.painter.changes(frame.primitives, frame.scale, size);
        let part = match usize::from(age) {
            age @ 1..=BUFFERS => {
                let missing = self.changes.iter().take(age).flatten();
                missing.copied().reduce(Area::with)
            }
            _ => Some(Area { left: 0, top: 0, right: size[0], bottom: size[1] }),
        }?;
        self.painter.paint(canvas, part, frame.ground, frame.primitives, frame.scale);
        Some(part)
    }
}

fn picture(size: [usize; 2], pixels: &[u32]) -> ColorImage {
    let color = |pixel: &u32| {
        let [_, r, g, b] = pixel.to_be_bytes();
        Color32::from_rgb(r, g, b)
    };
    ColorImage::new(size, pixels.iter().map(color).collect())
}

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn said(error: SoftBufferError) -> String {
    error.to_string()
}
