//! A window that is open.

use std::rc::Rc;
use std::sync::Arc;

use egui::{Event, RawInput, TexturesDelta, ViewportBuilder, ViewportCommand, ViewportEvent};
use egui::{ViewportId, ViewportInfo};
use egui_winit::{ActionRequested, accesskit_winit};
use winit::dpi::LogicalSize;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::window::Window;

use super::surface::{Frame, Surface};
use super::{Start, egui_context};
use crate::app::App;
use crate::window::bring_back;

/// No picture is wider or higher than this. It is also how wide egui makes the picture of its
/// glyphs, which grows in height only.
const TEXTURE_SIDE: usize = 4096;

/// What to do after something has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Wait,
    /// Draw when what else has happened was heard, too.
    Frame,
    /// Draw before anything else, where that is possible.
    FrameNow,
    End,
}

pub(super) struct Running {
    app: App,
    context: egui::Context,
    // Before the window: it is made of it.
    surface: Surface,
    input: egui_winit::State,
    window: Rc<Window>,
    info: ViewportInfo,
    /// What egui has not been told yet, because nothing was drawn.
    pending_input: RawInput,
    pending_textures: TexturesDelta,
    actions: Vec<ActionRequested>,
    is_closing: bool,
}

impl Running {
    pub(super) fn new(event_loop: &ActiveEventLoop, start: Start) -> Result<Self, String> {
        let context = egui_context(start.proxy.clone());
        // It is shown with the first picture.
        let builder = within_screen(start.builder, event_loop, &context).with_visible(false);
        let window = egui_winit::create_window(&context, event_loop, &builder);
        let window = Rc::new(window.map_err(|error| error.to_string())?);
        let mut info = ViewportInfo::default();
        egui_winit::update_viewport_info(&mut info, &context, &window, true);
        let mut input = egui_winit::State::new(
            context.clone(),
            ViewportId::ROOT,
            event_loop,
            Some(scale_of(&window)),
            event_loop.system_theme(),
            Some(TEXTURE_SIDE),
        );
        // Possible only as long as it is hidden.
        input.init_accesskit(event_loop, &window, start.proxy);
        let surface = Surface::new(event_loop.owned_display_handle(), Rc::clone(&window))?;
        bring_back(&window);
        Ok(Self {
            app: App::new(&context, start.parts),
            context,
            surface,
            input,
            window,
            info,
            pending_input: RawInput::default(),
            pending_textures: TexturesDelta::default(),
            actions: Vec::new(),
            is_closing: false,
        })
    }

    pub(super) fn window(&self) -> &Window {
        &self.window
    }

    /// Whether the window system surely asks for no picture.
    pub(super) fn is_out_of_sight(&self) -> bool {
        self.window.is_visible() == Some(false) || self.window.is_minimized() == Some(true)
    }

    /// Whether a frame that was asked for so many passes after the first has not been drawn since.
    pub(super) fn is_news(&self, pass: u64) -> bool {
        let now = self.context.cumulative_pass_nr_for(ViewportId::ROOT);
        now == pass || now == pass + 1
    }

    /// Draws; or, where nothing can be shown, only lets the app look for news.
    pub(super) fn frame(
        &mut self,
        event_loop: &ActiveEventLoop,
        may_draw: bool,
    ) -> Result<Next, String> {
        egui_winit::update_viewport_info(&mut self.info, &self.context, &self.window, false);
        let is_visible = self.info.visible().unwrap_or(true)
            || self.actions.iter().any(ActionRequested::wants_paint);
        let mut input = std::mem::take(&mut self.pending_input);
        input.append(self.input.take_egui_input(&self.window));
        input.viewports = std::iter::once((ViewportId::ROOT, self.info.clone())).collect();
        let is_asked_to_close = input.viewport().close_requested();
        let commands = if may_draw && is_visible {
            self.draw(event_loop, input)?
        } else {
            self.look(event_loop, input)
        };
        if is_asked_to_close && !commands.contains(&ViewportCommand::CancelClose) {
            self.is_closing = true;
        }
        egui_winit::process_viewport_commands(
            &self.context,
            &mut self.info,
            commands,
            &self.window,
            &mut self.actions,
        );
        Ok(if self.is_closing { Next::End } else { Next::Wait })
    }

    /// A whole frame.
    fn draw(
        &mut self,
        event_loop: &ActiveEventLoop,
        input: RawInput,
    ) -> Result<Vec<ViewportCommand>, String> {
        let app = &mut self.app;
        let output = self.context.run_ui(input, |ui| {
            app.update_model(ui.ctx());
            app.draw(ui);
        });
        self.info.events.clear();
        let window = &self.window;
        let said = output.platform_output;
        self.input.handle_platform_output_with_event_loop(window, event_loop, said);
        self.pending_textures.append(output.textures_delta);
        let scale = output.pixels_per_point;
        let primitives = self.context.tessellate(output.shapes, scale);
        let ground = self.context.global_style().visuals.panel_fill;
        let pictures = self.take_actions();
        let frame = Frame { primitives: &primitives, scale, ground };
        let wanted = !pictures.is_empty();
        if let Some(picture) = self.surface.show(&frame, &mut self.pending_textures, wanted)? {
            let picture = Arc::new(picture);
            for wish in pictures {
                wish.complete(Arc::clone(&picture));
            }
        }
        let mut windows = output.viewport_output;
        Ok(windows.remove(&ViewportId::ROOT).map(|window| window.commands).unwrap_or_default())
    }

    /// Nothing is shown, and all of egui's state stays what it is.
    fn look(&mut self, event_loop: &ActiveEventLoop, input: RawInput) -> Vec<ViewportCommand> {
        let app = &mut self.app;
        let mut output = self.context.run_logic(&input, |context| app.update_model(context));
        self.pending_input = input;
        self.info.events.clear();
        let window = &self.window;
        let said = output.platform_output;
        self.input.handle_platform_output_with_event_loop(window, event_loop, said);
        output.viewport_commands.remove(&ViewportId::ROOT).unwrap_or_default()
    }

    /// Does what egui wants of the clipboard, and gives who wants the next picture.
    fn take_actions(&mut self) -> Vec<egui::ScreenshotCallback> {
        let mut pictures = Vec::new();
        for action in std::mem::take(&mut self.actions) {
            let event = match action {
                ActionRequested::Screenshot(wish) => {
                    pictures.push(wish);
                    None
                }
                // It is painted.
                ActionRequested::PaintWhileHidden => None,
                ActionRequested::Cut => Some(Event::Cut),
                ActionRequested::Copy => Some(Event::Copy),
                ActionRequested::Paste => self.pasted(),
            };
            self.input.egui_input_mut().events.extend(event);
        }
        pictures
    }

    fn pasted(&mut self) -> Option<Event> {
        match self.input.clipboard_text() {
            Some(text) => {
                let text = text.replace("\r\n", "\n");
                (!text.is_empty()).then_some(Event::Paste(text))
            }
            None => self.input.clipboard_image().map(|image| Event::PasteImage(Arc::new(image))),
        }
    }

    /// Something has happened to the window.
    pub(super) fn on_event(&mut self, event: &WindowEvent) -> Next {
        let mut is_urgent = false;
        match event {
            // Windows waits for the picture of a new size.
            WindowEvent::Resized(_) => is_urgent = true,
            WindowEvent::Occluded(is_occluded) => self.info.occluded = Some(*is_occluded),
            WindowEvent::CloseRequested => {
                self.info.events.push(ViewportEvent::Close);
                self.context.request_repaint();
            }
            _ => {}
        }
        let response = self.input.on_window_event(&self.window, event);
        match (response.repaint, is_urgent) {
            (false, _) => Next::Wait,
            (true, false) => Next::Frame,
            (true, true) => Next::FrameNow,
        }
    }

    /// Gives whether egui wants to know of it.
    pub(super) fn on_mouse_motion(&mut self, delta: (f64, f64)) -> bool {
        self.input.on_mouse_motion(delta)
    }

    /// A screen reader has come, has asked for something, or has gone.
    pub(super) fn on_accesskit(&mut self, event: accesskit_winit::WindowEvent) -> Next {
        match event {
            accesskit_winit::WindowEvent::InitialTreeRequested => {
                self.context.enable_accesskit();
                Next::FrameNow
            }
            accesskit_winit::WindowEvent::ActionRequested(request) => {
                self.input.on_accesskit_action_request(request);
                Next::Frame
            }
            accesskit_winit::WindowEvent::AccessibilityDeactivated => {
                self.context.disable_accesskit();
                Next::Wait
            }
        }
    }

    /// It is closed.
    pub(super) fn end(mut self) {
        self.context.on_exit();
        self.app.end();
        // Nobody is going to paint with them.
        self.pending_textures.clear();
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a factor")]
fn scale_of(window: &Window) -> f32 {
    window.scale_factor() as f32
}

/// A window is not larger than the largest screen.
fn within_screen(
    builder: ViewportBuilder,
    event_loop: &ActiveEventLoop,
    context: &egui::Context,
) -> ViewportBuilder {
    let zoom = f64::from(context.zoom_factor());
    let sizes = event_loop.available_monitors().map(|screen| {
        let size: LogicalSize<f32> = screen.size().to_logical(zoom * screen.scale_factor());
        egui::vec2(size.width, size.height)
    });
    let largest = sizes.fold(egui::Vec2::ZERO, egui::Vec2::max);
    match builder.inner_size {
        Some(size) if largest != egui::Vec2::ZERO => builder.with_inner_size(size.min(largest)),
        _ => builder,
    }
}
