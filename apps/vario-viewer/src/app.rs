//! The window on the main thread.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Ui, ViewportCommand};
use jiff::tz::TimeZone;
use vario_bootstrap::{Options, Vario};
use vario_output::present::HourCycle;
use vario_runtime::owner::{Client, NoOwner};
use vario_store::{Paths, Sole, SoleLock};
use vario_ui::{Command, Model, Now, Page, State, ThemeMode, Watched};

use crate::args::{Args, page_of};
use crate::engine::{Engine, Order, WindowState};
use crate::measure::Measure;
use crate::remembered::{self, Remembered};
use crate::resident;

/// How long the first frame waits for what is stored. It is read while the window is made.
const FIRST_MODEL: Duration = Duration::from_millis(120);

/// How long a start without a window waits for the tray.
const TRAY_TIME: Duration = Duration::from_secs(30);

/// How long a start waits for one that began before it and cannot answer yet.
const OTHERS_TIME: Duration = Duration::from_secs(5);

/// Opens the window, unless one is open already; that one comes to the front then.
///
/// # Errors
/// Why there is no window.
pub(crate) fn run(args: &Args, started: Instant) -> Result<(), String> {
    let options = Options { plugins: args.plugins.clone(), ..Options::default() };
    let vario = Vario::open(options).map_err(|error| error.to_string())?;
    let _lock = match if args.opened_by_tray { Start::Here(None) } else { only_one(&vario) } {
        Start::Elsewhere => return Ok(()),
        Start::Here(lock) => lock,
    };
    let program = crate::program();
    let paths = vario.paths().clone();
    let mut remembered = remembered::read(&paths);
    if let Some(page) = &args.page {
        remembered.page = page_of(page);
    }
    let window = Arc::new(WindowState::default());
    window.set_open(!args.background);
    close_on_signal(&window);
    let engine = Engine::start(vario, Arc::clone(&window), !args.opened_by_tray)
        .map_err(|error| format!("there is no thread to be had: {error}"))?;
    if args.opened_by_tray {
        resident::listen(&window);
    }
    let engine = Rc::new(engine);
    let is_shown = !args.background || !wait_for_tray(&window);
    if is_shown && !window.is_quitting() {
        if !window.is_open() {
            window.set_open(true);
            let _the_engine_is_gone = engine.orders.send(Order::Tell);
        }
        let parts = Parts {
            engine: Rc::clone(&engine),
            window: Arc::clone(&window),
            paths,
            theme: args.theme.map(ThemeMode::from),
            measure: Measure::new(started),
            remembered,
        };
        crate::window::show(parts, args.size)?;
    }
    if window.has_tray() && !window.is_quitting() {
        if is_shown && let Ok(program) = &program {
            drop(engine);
            return Err(resident::begin_anew(program, &args.plugins));
        }
        resident::reside(&window, &args.plugins, program);
    }
    Ok(())
}

/// Ctrl-C, or the session that ends, closes the window and the program with it. A second signal ends
/// the program at once, whatever it waits for.
fn close_on_signal(window: &Arc<WindowState>) {
    let window = Arc::clone(window);
    let _ends_at_once_then = ctrlc::set_handler(move || {
        if window.is_quitting() {
            std::process::exit(130);
        }
        window.quit();
    });
}

/// Whether there is a tray to be found in. A session that is just beginning gets time to show one.
fn wait_for_tray(window: &WindowState) -> bool {
    let until = Instant::now() + TRAY_TIME;
    let is_asked = || window.is_wanted() || window.is_quitting();
    while !window.has_tray() && !is_asked() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(100));
    }
    window.has_tray()
}

/// Where the window is.
enum Start {
    /// In another process, and in front now.
    Elsewhere,
    /// Here; with the right to be the only one, where that can be had.
    Here(Option<SoleLock>),
}

/// Looks for the window of another process on the same things. One that is being opened or closed
/// just now is waited for.
fn only_one(vario: &Vario) -> Start {
    if !vario.shares_runs() {
        return Start::Here(None);
    }
    let until = Instant::now() + OTHERS_TIME;
    loop {
        match Client::connect(vario.paths(), &vario.identity()) {
            Ok(mut client) if client.has_same_scope() => {
                if client.show() == Ok(true) {
                    return Start::Elsewhere;
                }
            }
            Ok(_) | Err(NoOwner::Refused(_)) => return Start::Here(None),
            Err(NoOwner::None | NoOwner::Silent) => {}
        }
        match SoleLock::try_acquire(vario.paths(), Sole::Window) {
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(25)),
            Ok(lock) => return Start::Here(lock),
            Err(_) => return Start::Here(None),
        }
    }
}

/// What the window is made of.
pub(crate) struct Parts {
    engine: Rc<Engine>,
    window: Arc<WindowState>,
    paths: Paths,
    pub(crate) remembered: Remembered,
    theme: Option<ThemeMode>,
    measure: Measure,
}

/// What is in the window, whoever draws it.
pub(crate) struct App {
    parts: Parts,
    model: Model,
    state: State,
    /// The plugin whose page was shown last.
    page: Option<String>,
    /// What the engine was told last that somebody looks at.
    watched: Watched,
    zone: TimeZone,
    hours: HourCycle,
}

impl App {
    pub(crate) fn new(context: &egui::Context, parts: Parts) -> Self {
        vario_ui::setup(context, Vec::new());
        parts.window.set_context(context.clone());
        let state = State::new(parts.remembered.page.clone(), parts.remembered.span);
        let zone =
            if vario_bootstrap::time_zone_is_usable() { TimeZone::system() } else { TimeZone::UTC };
        let hours = vario_desktop::locale::hour_cycle();
        let mut app = Self {
            parts,
            model: Model::default(),
            state,
            page: None,
            watched: Watched::Nothing,
            zone,
            hours,
        };
        if let Ok(update) = app.parts.engine.updates.recv_timeout(FIRST_MODEL) {
            update.apply(&mut app.model);
        }
        app
    }

    fn now(&self) -> Now {
        let unix_ms = jiff::Timestamp::now().as_millisecond();
        Now { unix_ms, zone: self.zone.clone(), hours: self.hours }
    }

    /// Takes over what the engine has told. The window need not be seen for that.
    pub(crate) fn update_model(&mut self, ctx: &egui::Context) {
        while let Ok(update) = self.parts.engine.updates.try_recv() {
            if let Some(dark) = update.apply(&mut self.model) {
                // Where the window system does not say, the desktop does.
                let theme = if dark { egui::Theme::Dark } else { egui::Theme::Light };
                ctx.options_mut(|options| options.fallback_theme = theme);
            }
        }
        if let Some(theme) = self.parts.theme {
            self.model.settings.theme = theme;
        }
        let wanted = self.parts.window.take_wanted();
        if let Some(page) = wanted.page {
            self.state.page = page;
        }
        if wanted.show {
            ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
            ctx.send_viewport_cmd(ViewportCommand::Visible(true));
            ctx.send_viewport_cmd(ViewportCommand::Focus);
        }
        if wanted.quit {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }

    /// The tray shows the plugin whose page is open.
    fn tell_page(&mut self) {
        let page = match &self.state.page {
            Page::Plugin(id) => Some(id.clone()),
            _ => None,
        };
        if page != self.page {
            self.page.clone_from(&page);
            let _the_engine_is_gone = self.parts.engine.orders.send(Order::Page(page));
        }
    }

    /// What nobody sees need not be kept up to date.
    fn tell_watched(&mut self, ctx: &egui::Context) {
        let is_hidden = ctx.input(|input| input.viewport().minimized) == Some(true);
        let watched = if is_hidden { Watched::Nothing } else { self.state.watched() };
        if watched != self.watched {
            self.watched = watched.clone();
            let _the_engine_is_gone = self.parts.engine.orders.send(Order::Watch(watched));
        }
    }

    fn remember(&mut self, ctx: &egui::Context) {
        let (inner, outer, is_plain) = ctx.input(|input| {
            let viewport = input.viewport();
            let is_plain = viewport.minimized != Some(true)
                && viewport.maximized != Some(true)
                && viewport.fullscreen != Some(true);
            (viewport.inner_rect, viewport.outer_rect, is_plain)
        });
        if is_plain {
            let remembered = &mut self.parts.remembered;
            remembered.size = inner.map(|rect| rect.size().into()).or(remembered.size);
            remembered.position = outer.map(|rect| rect.min.into()).or(remembered.position);
        }
    }

    fn send(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::Copy(text) => ctx.copy_text(text),
            Command::SetSetting { key: "display.theme_mode", .. } if self.parts.theme.is_some() => {
                // Chosen here and now, it holds over the command line's word.
                self.parts.theme = None;
                let _the_engine_is_gone = self.parts.engine.orders.send(Order::Do(command));
            }
            command => {
                let _the_engine_is_gone = self.parts.engine.orders.send(Order::Do(command));
            }
        }
    }

    /// Draws a frame.
    pub(crate) fn draw(&mut self, ui: &mut Ui) {
        self.parts.measure.frame();
        let now = self.now();
        let shown = vario_ui::show(ui, &self.model, &mut self.state, &now);
        let ctx = ui.ctx().clone();
        for command in shown.commands {
            self.send(&ctx, command);
        }
        if let Some(after) = shown.repaint_after {
            ctx.request_repaint_after(after);
        }
        self.tell_page();
        self.tell_watched(&ctx);
        self.remember(&ctx);
    }

    /// The window is closed.
    pub(crate) fn end(&mut self) {
        self.parts.window.close();
        let _the_engine_is_gone = self.parts.engine.orders.send(Order::Watch(Watched::Nothing));
        self.parts.remembered.page = self.state.page.clone();
        self.parts.remembered.span = self.state.span;
        remembered::write(&self.parts.paths, &self.parts.remembered);
    }
}
