//! Drawn with OpenGL, by eframe.

use std::cell::RefCell;
use std::rc::Rc;

use eframe::{NativeOptions, UserEvent};
use egui::{Ui, ViewportBuilder};
use vario_desktop::APP_NAME;
use winit::event_loop::EventLoop;
use winit::platform::run_on_demand::EventLoopExtRunOnDemand as _;

use super::{App, Parts, bring_back, no_window};

/// Draws the window until it is closed. Gives back what would have been in it if there is no
/// OpenGL.
pub(super) fn run(
    event_loop: &mut EventLoop<UserEvent>,
    viewport: ViewportBuilder,
    parts: Parts,
) -> Result<Option<Parts>, String> {
    let options = NativeOptions { viewport, persist_window: false, ..NativeOptions::default() };
    // Who is asked for the app has an OpenGL that works; why it has none is logged only.
    let parts = Rc::new(RefCell::new(Some(parts)));
    let taken = Rc::clone(&parts);
    let make: eframe::AppCreator<'_> = Box::new(move |context| {
        let parts = taken.borrow_mut().take().ok_or("there is one app only")?;
        if let Some(window) = context.winit_window() {
            bring_back(window);
        }
        Ok(Box::new(App::new(&context.egui_ctx, parts)))
    });
    let mut app = eframe::create_native(APP_NAME, options, make, event_loop);
    event_loop.run_app_on_demand(&mut app).map_err(|error| no_window(&error.to_string()))?;
    Ok(parts.take())
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.update_model(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.draw(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.end();
    }
}
