//! A window on an X server.
//!
//! `softbuffer` could do this, too, but its way to Xlib loads that library into every process of
//! the program before `main`, and most of them are workers that open no window. So pictures are sent
//! over a connection of our own: only what has changed of them, and a server that is elsewhere
//! (`ssh -X`) gets them the same way.

use vario_raster::Area;
use winit::raw_window_handle::{HasWindowHandle as _, RawWindowHandle};
use winit::window::Window;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConnectionExt as _, CreateGCAux, EventMask, ImageFormat, ImageOrder,
};
use x11rb::rust_connection::RustConnection;

/// Every server takes a request of this length.
const MOST_BYTES: usize = 128 * 1024;

/// The depths at which a pixel is `0xRRGGBB`: without and with a share of what is behind.
const DEPTHS: [u8; 2] = [24, 32];

pub(super) struct X11 {
    connection: RustConnection,
    window: u32,
    graphics: u32,
    depth: u8,
    is_little_endian: bool,
    size: [usize; 2],
    pixels: Vec<u32>,
    /// What is sent, kept for the next time.
    bytes: Vec<u8>,
}

impl X11 {
    /// `None` if the window is not on an X server.
    pub(super) fn new(window: &Window) -> Result<Option<Self>, String> {
        let handle = window.window_handle().map_err(|error| error.to_string())?;
        let window = match handle.as_raw() {
            RawWindowHandle::Xlib(handle) => u32::try_from(handle.window).unwrap_or_default(),
            RawWindowHandle::Xcb(handle) => handle.window.get(),
            _ => return Ok(None),
        };
        Self::connect(window).map(Some).map_err(|error| error.to_string())
    }

    fn connect(window: u32) -> Result<Self, Box<dyn std::error::Error>> {
        let (connection, _screen) = x11rb::connect(None)?;
        let depth = connection.get_geometry(window)?.reply()?.depth;
        let setup = connection.setup();
        let is_32_bit = |depth| {
            let mut formats = setup.pixmap_formats.iter();
            formats.any(|format| format.depth == depth && format.bits_per_pixel == 32)
        };
        if !DEPTHS.contains(&depth) || !is_32_bit(depth) {
            return Err(format!("the display has {depth} bits for a colour").into());
        }
        let is_little_endian = setup.image_byte_order == ImageOrder::LSB_FIRST;
        let graphics = connection.generate_id()?;
        connection.create_gc(graphics, window, &CreateGCAux::new())?.check()?;
        // To know when the server has lost a part of the picture.
        let events = ChangeWindowAttributesAux::new().event_mask(EventMask::EXPOSURE);
        connection.change_window_attributes(window, &events)?.check()?;
        let (size, pixels, bytes) = ([0; 2], Vec::new(), Vec::new());
        Ok(Self { connection, window, graphics, depth, is_little_endian, size, pixels, bytes })
    }

    /// The picture as it was left, if it was of this size.
    pub(super) fn picture(&mut self, size: [usize; 2]) -> &mut [u32] {
        if self.size != size {
            self.size = size;
            self.pixels = vec![0; size[0] * size[1]];
        }
        &mut self.pixels
    }

    /// Sends a part of the picture; or all of it, if the server has lost anything.
    pub(super) fn show(&mut self, part: Option<Area>) -> Result<(), String> {
        self.send(part).map_err(|error| error.to_string())
    }

    fn send(&mut self, part: Option<Area>) -> Result<(), Box<dyn std::error::Error>> {
        // What it has sent before this answer has come, too, and it has taken the last picture.
        self.connection.get_input_focus()?.reply()?;
        let mut is_lost = false;
        while let Some(event) = self.connection.poll_for_event()? {
            is_lost |= matches!(event, Event::Expose(_));
        }
        let [right, bottom] = self.size;
        let whole = Area { left: 0, top: 0, right, bottom };
        let part = if is_lost { Some(whole) } else { part };
        let Some(part) = part.filter(|part| !part.is_empty()) else { return Ok(()) };
        let width = part.right - part.left;
        let rows = (MOST_BYTES / 4 / width).max(1);
        for top in (part.top..part.bottom).step_by(rows) {
            self.send_rows(Area { top, bottom: (top + rows).min(part.bottom), ..part })?;
        }
        self.connection.flush()?;
        Ok(())
    }

    fn send_rows(&mut self, part: Area) -> Result<(), Box<dyn std::error::Error>> {
        let width = part.right - part.left;
        self.bytes.resize(width * (part.bottom - part.top) * 4, 0);
        let rows = self.pixels.chunks_exact(self.size[0]).take(part.bottom).skip(part.top);
        for (bytes, row) in self.bytes.chunks_exact_mut(width * 4).zip(rows) {
            let pixels = row.get(part.left..part.right).unwrap_or_default();
            for (bytes, pixel) in bytes.chunks_exact_mut(4).zip(pixels) {
                // Where there is a share of what is behind, it is nothing.
                let pixel = pixel | 0xff00_0000;
                bytes.copy_from_slice(&if self.is_little_endian {
                    pixel.to_le_bytes()
                } else {
                    pixel.to_be_bytes()
                });
            }
        }
        let (left, top) = (i16::try_from(part.left)?, i16::try_from(part.top)?);
        let width = u16::try_from(part.right - part.left)?;
        let height = u16::try_from(part.bottom - part.top)?;
        let (format, window, graphics) = (ImageFormat::Z_PIXMAP, self.window, self.graphics);
        let sent = self.connection.put_image(
            format,
            window,
            graphics,
            width,
            height,
            left,
            top,
            0,
            self.depth,
            &self.bytes,
        )?;
        // The window may be closed by now.
        sent.ignore_error();
        Ok(())
    }
}
