//! Drawn by ourselves, without OpenGL.
//!
//! What eframe does for the other renderer is done here for the one window there is: events go to
//! egui by way of `egui-winit`, a frame is drawn when one was asked for, and `vario-raster` paints
//! it into memory that the window system shows.

mod running;
mod schedule;
mod surface;
#[cfg(target_os = "linux")]
mod x11;

use std::sync::Arc;
use std::time::Instant;

use eframe::UserEvent;
use egui::ViewportBuilder;
use winit::application::ApplicationHandler;
use winit::event::{DeviceEvent, DeviceId, StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, EventLoop, EventLoopProxy};
use winit::platform::run_on_demand::EventLoopExtRunOnDemand as _;
use winit::window::WindowId;

use super::{Parts, no_window};
use running::{Next, Running};
use schedule::Schedule;

/// Draws the window until it is closed.
pub(super) fn run(
    event_loop: &mut EventLoop<UserEvent>,
    builder: ViewportBuilder,
    parts: Parts,
) -> Result<(), String> {
    let start = Start { builder, parts, proxy: event_loop.create_proxy() };
    let mut handler =
        Handler { start: Some(start), running: None, schedule: Schedule::default(), error: None };
    event_loop.run_app_on_demand(&mut handler).map_err(|error| no_window(&error.to_string()))?;
    handler.error.map_or(Ok(()), |error| Err(no_window(&error)))
}

/// What the window is made of.
struct Start {
    builder: ViewportBuilder,
    parts: Parts,
    proxy: EventLoopProxy<UserEvent>,
}

struct Handler {
    start: Option<Start>,
    running: Option<Running>,
    schedule: Schedule,
    error: Option<String>,
}

impl Handler {
    /// Draws what is due, and says when to wake up next.
    fn go_on(&mut self, event_loop: &ActiveEventLoop) {
        let now = Instant::now();
        if self.schedule.take_due(now)
            && let Some(running) = &self.running
        {
            if running.is_out_of_sight() {
                // Windows asks no window that is hidden to draw; what it is told is heard here.
                self.frame(event_loop, true);
                self.schedule.slow_down(now);
            } else {
                running.window().request_redraw();
                self.schedule.await_redraw(now);
            }
        }
        if self.schedule.take_missed(now) {
            self.frame(event_loop, false);
        }
        event_loop.set_control_flow(self.schedule.control_flow());
    }

    /// Draws now; or, where nothing can be shown, only looks for news.
    fn frame(&mut self, event_loop: &ActiveEventLoop, may_draw: bool) {
        let Some(running) = &mut self.running else { return };
        let done = running.frame(event_loop, may_draw);
        self.follow(event_loop, done);
    }

    fn follow(&mut self, event_loop: &ActiveEventLoop, next: Result<Next, String>) {
        match next {
            Ok(Next::Wait) => {}
            Ok(Next::FrameNow) if cfg!(windows) => self.frame(event_loop, true),
            Ok(Next::Frame | Next::FrameNow) => self.schedule.at(Instant::now()),
            Ok(Next::End) => self.end(event_loop),
            Err(error) => {
                self.error = Some(error);
                self.end(event_loop);
            }
        }
    }

    fn end(&mut self, event_loop: &ActiveEventLoop) {
        if let Some(running) = self.running.take() {
            running.end();
        }
        event_loop.exit();
    }
}

impl ApplicationHandler<UserEvent> for Handler {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if let Some(start) = self.start.take() {
            match Running::new(event_loop, start) {
                Ok(running) => self.running = Some(running),
                Err(error) => return self.follow(event_loop, Err(error)),
            }
        }
        // The window stays hidden until there is something in it.
        self.frame(event_loop, true);
        self.go_on(event_loop);
    }

    fn new_events(&mut self, event_loop: &ActiveEventLoop, _cause: StartCause) {
        self.go_on(event_loop);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: UserEvent) {
        let Some(running) = &mut self.running else { return };
        match event {
            UserEvent::RequestRepaint { when, cumulative_pass_nr, .. } => {
                if running.is_news(cumulative_pass_nr) {
                    let is_slow = running.is_out_of_sight();
                    self.schedule.at(if is_slow { schedule::slowly(when) } else { when });
                }
            }
            UserEvent::AccessKitActionRequest(event) => {
                let next = running.on_accesskit(event.window_event);
                self.follow(event_loop, Ok(next));
            }
        }
        self.go_on(event_loop);
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, _id: WindowId, event: WindowEvent) {
        if matches!(event, WindowEvent::RedrawRequested) {
            self.schedule.redraw_came();
            self.frame(event_loop, true);
        } else if let Some(running) = &mut self.running {
            let next = running.on_event(&event);
            self.follow(event_loop, Ok(next));
        }
        self.go_on(event_loop);
    }

    fn device_event(&mut self, event_loop: &ActiveEventLoop, _id: DeviceId, event: DeviceEvent) {
        if let DeviceEvent::MouseMotion { delta } = event
            && let Some(running) = &mut self.running
            && running.on_mouse_motion(delta)
        {
            self.schedule.at(Instant::now());
            self.go_on(event_loop);
        }
    }

    /// On macOS the loop does not return when the program is quit.
    fn exiting(&mut self, _event_loop: &ActiveEventLoop) {
        if let Some(running) = self.running.take() {
            running.end();
        }
    }
}

/// egui as eframe makes it.
fn egui_context(proxy: EventLoopProxy<UserEvent>) -> egui::Context {
    let context = egui::Context::default();
    // There is one window.
    context.set_embed_viewports(true);
    if let Ok(passes) = 2.try_into() {
        context.options_mut(|options| options.max_passes = passes);
    }
    let fonts = egui_system_font_provider::SystemFontProvider::new();
    context.add_font_provider(Arc::new(fonts));
    // Asked from any thread, and not every system's proxy may be used by two at once.
    let proxy = parking_lot::Mutex::new(proxy);
    context.set_request_repaint_callback(move |info| {
        let event = UserEvent::RequestRepaint {
            viewport_id: info.viewport_id,
            when: Instant::now() + info.delay,
            cumulative_pass_nr: info.current_cumulative_pass_nr,
        };
        let _the_window_is_closed = proxy.lock().send_event(event);
    });
    context
}
