//! What one frame of a busy window costs.

mod cards;

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use egui::{Context, Event, Pos2, RawInput, Rect, Vec2};
use jiff::tz::TimeZone;
use vario_bench::measure::part;
use vario_output::present::HourCycle;
use vario_ui::{Model, Now, State, ThemeMode, setup, show};

use crate::report::Report;

/// How many plugins are loading.
const CARDS: usize = 50;

/// The window, in points.
const SIZE: Vec2 = Vec2::new(1280.0, 900.0);

/// The scales at which it is drawn.
const SCALES: [f32; 2] = [1.0, 1.5];

/// How far the clock goes from one frame to the next; what moves is drawn so often.
const STEP_MS: i64 = 33;

/// Frames that fill caches and do not count.
const WARM_UP: usize = 50;

/// The least that says something of the slowest hundredth.
const FEWEST: usize = 100;

/// What 99 of 100 frames' updates must take less than, of the processor's time: while another
/// program has the processor, the clock goes on, which is not the window's doing.
const LIMIT: Duration = Duration::from_millis(8);

/// 2026-03-05T10:00:00Z.
const BEGIN_MS: i64 = 1_772_704_800_000;

/// Draws frames at each scale and at rest as well as while the page is scrolled. Gives whether the
/// limit was kept.
pub(crate) fn run<W: Write>(out: &mut Report<W>, rounds: usize) -> Result<bool> {
    ensure!(rounds >= FEWEST, "a frame's figures need `--rounds` of at least {FEWEST}");
    let mut windows = Vec::new();
    for scale in SCALES {
        for scrolls in [false, true] {
            windows.push(Window::new(scale, scrolls)?);
        }
    }
    for window in &mut windows {
        (0..WARM_UP).for_each(|_| window.frame());
        window.spent.clear();
    }
    // In turns, so that what the machine does meanwhile hits all alike.
    for _ in 0..rounds {
        windows.iter_mut().for_each(Window::frame);
    }
    let limit = millis(LIMIT);
    out.line(&format!(
        "one frame with {CARDS} busy cards, {}x{} points, {rounds} frames, in ms: median, p99, worst; \
         limit of p99 of update's processor time: {limit}",
        SIZE.x, SIZE.y,
    ))?;
    out.line(&format!(
        "  {:15}{:^27}{:^27}{:^27}",
        "scale", "update, processor", "update, clock", "tessellation, processor"
    ))?;
    let mut kept = true;
    for window in &mut windows {
        kept &= window.report(out)?;
    }
    Ok(kept)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// What one frame took.
#[derive(Debug, Clone, Copy)]
struct Spent {
    update: Duration,
    update_by_clock: Duration,
    tessellation: Duration,
}

/// The processor's time that this thread has had; the clock's where the system does not tell.
#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
fn processor_time() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}

/// A window that nobody sees.
struct Window {
    ctx: Context,
    model: Model,
    state: State,
    scale: f32,
    scrolls: bool,
    number: i64,
    spent: Vec<Spent>,
}

impl Window {
    fn new(scale: f32, scrolls: bool) -> Result<Self> {
        let ctx = Context::default();
        setup(&ctx, Vec::new());
        let mut model = cards::model(CARDS, BEGIN_MS)?;
        model.settings.theme = ThemeMode::Dark;
        let state = State::default();
        Ok(Self { ctx, model, state, scale, scrolls, number: 0, spent: Vec::new() })
    }

    /// One frame, as the app draws it.
    fn frame(&mut self) {
        self.number += 1;
        let since_ms = self.number * STEP_MS;
        let now = Now { unix_ms: BEGIN_MS + since_ms, zone: TimeZone::UTC, hours: HourCycle::H24 };
        let input = self.input(since_ms);
        let (start, clock) = (processor_time(), Instant::now());
        let mut output = self.ctx.run_ui(input, |ui| {
            let _nobody_pressed_a_key = show(ui, &self.model, &mut self.state, &now);
        });
        let update = processor_time().saturating_sub(start);
        let update_by_clock = clock.elapsed();
        // There is no graphics card to hand them to.
        output.textures_delta.clear();
        let start = processor_time();
        let shapes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let tessellation = processor_time().saturating_sub(start);
        drop(std::hint::black_box(shapes));
        self.spent.push(Spent { update, update_by_clock, tessellation });
    }

    #[expect(clippy::cast_precision_loss, reason = "minutes")]
    fn input(&self, since_ms: i64) -> RawInput {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(since_ms as f64 / 1e3),
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&input.viewport_id) {
            viewport.native_pixels_per_point = Some(self.scale);
        }
        input.events.push(Event::PointerMoved(SIZE.to_pos2() / 2.0));
        if self.scrolls {
            // To the end of the page and back, some points a frame.
            let down = self.number / 200 % 2 == 0;
            input.events.push(Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: Vec2::new(0.0, if down { -24.0 } else { 24.0 }),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: egui::Modifiers::NONE,
            });
        }
        input
    }

    fn report<W: Write>(&self, out: &mut Report<W>) -> Result<bool> {
        let all = |of: fn(&Spent) -> Duration| self.spent.iter().map(of).collect::<Vec<_>>();
        let update = all(|spent| spent.update);
        let kept = part(&update, 0.99) < LIMIT;
        let figures = |times: &[Duration]| {
            [0.5, 0.99, 1.0].map(|of_all| format!("{:>9.2}", millis(part(times, of_all)))).concat()
        };
        let name = format!("{} {}", self.scale, if self.scrolls { "scrolling" } else { "still" });
        let verdict = if kept { "ok" } else { "too slow" };
        out.line(&format!(
            "  {name:15}{}{}{}  {verdict}",
            figures(&update),
            figures(&all(|spent| spent.update_by_clock)),
            figures(&all(|spent| spent.tessellation)),
        ))?;
        Ok(kept)
    }
}
