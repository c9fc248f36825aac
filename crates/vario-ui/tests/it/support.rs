//! A window without a screen: a model goes in; pictures, commands and the tree of a screen reader
//! come out.

mod picture;
mod renderer;

use std::time::Duration;

use egui::{UiBuilder, Vec2};
use egui_kittest::Harness;
use jiff::tz::TimeZone;
use vario_output::present::HourCycle;
use vario_ui::{Command, FontFile, Model, Now, State, ThemeMode, setup, show};

pub(crate) use self::picture::compare;
pub(crate) use self::renderer::Renderer;

/// 2026-03-05T10:00:00Z.
pub(crate) const NOW_MS: i64 = 1_772_704_800_000;

/// A window, and what came out of it so far.
#[derive(Debug)]
pub(crate) struct Window {
    pub(crate) model: Model,
    pub(crate) state: State,
    pub(crate) now: Now,
    /// Every command since the window was opened or they were taken.
    pub(crate) commands: Vec<Command>,
    /// What the last frame said.
    pub(crate) repaint_after: Option<Duration>,
    /// How many frames were drawn.
    pub(crate) frames: u64,
}

impl Window {
    pub(crate) fn new(model: Model) -> Self {
        Self {
            model,
            state: State::default(),
            now: Now { unix_ms: NOW_MS, zone: TimeZone::UTC, hours: HourCycle::H24 },
            commands: Vec::new(),
            repaint_after: None,
            frames: 0,
        }
    }

    /// What the user did since this was asked last.
    pub(crate) fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    fn frame(&mut self, ui: &mut egui::Ui) {
        // A test's own margin is not part of the window.
        let all = UiBuilder::new().max_rect(ui.ctx().content_rect());
        let shown = ui.scope_builder(all, |ui| {
            ui.set_clip_rect(ui.max_rect());
            show(ui, &self.model, &mut self.state, &self.now)
        });
        self.commands.extend(shown.inner.commands);
        self.repaint_after = shown.inner.repaint_after;
        self.frames += 1;
    }
}

/// How a window is opened.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) window: Window,
    pub(crate) size: Vec2,
    pub(crate) scale: f32,
    pub(crate) theme: ThemeMode,
    pub(crate) fonts: Vec<FontFile>,
    /// Whether a character that no font has is a box rather than a failure.
    pub(crate) boxes: bool,
}

impl Open {
    pub(crate) fn new(model: Model) -> Self {
        Self {
            window: Window::new(model),
            size: Vec2::new(480.0, 640.0),
            scale: 1.0,
            theme: ThemeMode::Dark,
            fonts: Vec::new(),
            boxes: false,
        }
    }

    pub(crate) fn size(self, width: f32, height: f32) -> Self {
        Self { size: Vec2::new(width, height), ..self }
    }

    pub(crate) fn scale(self, scale: f32) -> Self {
        Self { scale, ..self }
    }

    pub(crate) fn theme(self, theme: ThemeMode) -> Self {
        Self { theme, ..self }
    }

    pub(crate) fn fonts(self, fonts: Vec<FontFile>) -> Self {
        Self { fonts, ..self }
    }

    pub(crate) fn page(mut self, page: vario_ui::Page) -> Self {
        self.window.state.page = page;
        self
    }

    /// Draws it until it is at rest.
    pub(crate) fn harness(mut self) -> Harness<'static, Window> {
        self.window.model.settings.theme = self.theme;
        let fonts = self.fonts;
        let mut builder = Harness::builder()
            .with_size(self.size)
            .with_pixels_per_point(self.scale)
            .with_render_cursor(false)
            .renderer(Renderer::default())
            .with_context_setup(move |ctx| setup(ctx, fonts));
        if self.boxes {
            builder = builder.allow_missing_glyphs();
        }
        let mut harness = builder.build_ui_state(|ui, window| window.frame(ui), self.window);
        harness.run();
        harness
    }
}

/// A window of a size in points, drawn at a scale.
pub(crate) fn harness(
    model: Model,
    width: f32,
    height: f32,
    scale: f32,
    theme: ThemeMode,
) -> Harness<'static, Window> {
    Open::new(model).size(width, height).scale(scale).theme(theme).harness()
}
