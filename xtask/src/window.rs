//! `cargo xtask window`: how quick, how large and how quiet the real window is.
//!
//! X11 is measured on Xvfb, with `--wayland` a headless sway takes its place; both draw in software.

mod plugins;
mod report;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::Usage;
use crate::desktop::home::Home;
use crate::desktop::poll;
use crate::desktop::viewer::{Measure, Program, Viewer, value};
use crate::desktop::wayland::Compositor;
use crate::desktop::x11::Screen;
use report::{Idle, Report, Start};

/// How many plugins are loaded, beside the bundled ones.
const PLUGINS: usize = 20;

/// How long anything may take that should take a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the plugins may run before the first start that counts.
const WARM_UP: Duration = Duration::from_mins(2);

/// Every window is asked for this size, so that two machines measure the same.
const SIZE: &str = "900x700";

/// What the task was asked to do.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    check: bool,
    wayland: bool,
    starts: usize,
    seconds: u64,
    program: Program,
}

/// Measures and prints; with `--check` a limit that is missed is an error.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let options = options(arguments)?;
    let program = options.program.path(root)?;
    let home = Home::new()?;
    plugins::write(&home.plugins(), PLUGINS)?;
    let report = if options.wayland {
        let mut display = Wayland(Compositor::start(&home)?);
        measure(&mut display, &home, &program, &options)?
    } else {
        let mut display = X11 { screen: Screen::start(&home)?, window: None };
        measure(&mut display, &home, &program, &options)?
    };
    print!("{}", report.table());
    if let Some(load) = load() {
        println!("  load of this machine at the end: {load} (times mean little above 1)");
    }
    let missed = report.missed();
    if options.check && !missed.is_empty() {
        bail!("limits were missed:\n  {}", missed.join("\n  "));
    }
    Ok(())
}

/// How many programs wanted to run at once during the last minute.
fn load() -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next().map(String::from)
}

/// A place for the window.
trait Display {
    const NAME: &'static str;

    /// How [`Self::appear`] knows.
    const SEEN: &'static str;

    fn variables(&self) -> Vec<(&'static str, String)>;

    /// Waits until the viewer's window shows something; how long that took from its start.
    fn appear(&mut self, viewer: &mut Viewer) -> Result<Duration>;

    fn hide(&mut self, viewer: &Viewer) -> Result<()>;

    fn close(&mut self, viewer: &Viewer) -> Result<()>;
}

struct X11 {
    screen: Screen,
    window: Option<u32>,
}

impl X11 {
    fn window(&self) -> Result<u32> {
        self.window.context("no window has appeared")
    }
}

impl Display for X11 {
    const NAME: &'static str = "X11, in Xvfb";
    const SEEN: &'static str = "seen on the screen";

    fn variables(&self) -> Vec<(&'static str, String)> {
        self.screen.variables()
    }

    fn appear(&mut self, viewer: &mut Viewer) -> Result<Duration> {
        let window = self.screen.window(viewer, PATIENCE)?;
        self.window = Some(window);
        self.screen.first_picture(window, viewer, PATIENCE)
    }

    fn hide(&mut self, _viewer: &Viewer) -> Result<()> {
        self.screen.hide(self.window()?)
    }

    fn close(&mut self, _viewer: &Viewer) -> Result<()> {
        self.screen.close(self.window()?)
    }
}

struct Wayland(Compositor);

impl Display for Wayland {
    const NAME: &'static str = "Wayland, in a headless sway";
    const SEEN: &'static str = "shown by sway";

    fn variables(&self) -> Vec<(&'static str, String)> {
        self.0.variables()
    }

    fn appear(&mut self, viewer: &mut Viewer) -> Result<Duration> {
        self.0.first_picture(viewer, PATIENCE)
    }

    fn hide(&mut self, viewer: &Viewer) -> Result<()> {
        self.0.hide(viewer)
    }

    fn close(&mut self, viewer: &Viewer) -> Result<()> {
        self.0.close(viewer)
    }
}

fn measure<D: Display>(
    display: &mut D,
    home: &Home,
    program: &Path,
    options: &Options,
) -> Result<Report> {
    // One start that does not count: it runs the plugins, so that the others have stored data.
    let (mut viewer, _) = start(display, home, program, WARM_UP)?;
    close(display, &mut viewer)?;
    let mut starts = Vec::new();
    let idle = loop {
        let (mut viewer, measured) = start(display, home, program, PATIENCE)?;
        starts.push(measured);
        if starts.len() >= options.starts {
            let idle = idle(display, &mut viewer, options.seconds)?;
            close(display, &mut viewer)?;
            break idle;
        }
        close(display, &mut viewer)?;
    };
    Ok(Report { display: D::NAME, seen: D::SEEN, starts, idle })
}

/// Starts the viewer and waits until it is at rest.
fn start<D: Display>(
    display: &mut D,
    home: &Home,
    program: &Path,
    patience: Duration,
) -> Result<(Viewer, Start)> {
    let arguments = ["--size", SIZE, "--theme", "light"];
    let mut viewer = Viewer::start(home, program, &display.variables(), &arguments, true)?;
    let first = display.appear(&mut viewer)?;
    let own = Duration::from_millis(next(&mut viewer, None)?.first_frame_ms);
    let frames = rest(&mut viewer, patience)?.frames;
    let memory = viewer.memory()?;
    Ok((viewer, Start { first, own, frames, memory }))
}

/// Waits until three seconds have passed without a frame.
fn rest(viewer: &mut Viewer, limit: Duration) -> Result<Measure> {
    const QUIET: usize = 3;
    let mut quiet = 0;
    let mut last = next(viewer, None)?;
    let rested = poll(limit, Duration::ZERO, || {
        let lines = viewer.lines();
        let measure = next(viewer, Some(lines))?;
        quiet = if measure.frames == last.frames { quiet + 1 } else { 0 };
        last = measure;
        Ok((quiet >= QUIET).then_some(measure))
    })?;
    rested.with_context(|| {
        format!("the window did not come to rest within {limit:?}{}", viewer.running.said())
    })
}

/// Counts frames while the window can be seen, and then while it is hidden.
fn idle<D: Display>(display: &mut D, viewer: &mut Viewer, seconds: u64) -> Result<Idle> {
    let visible = count(viewer, seconds)?;
    display.hide(viewer)?;
    // What it draws because it is being hidden is no idle frame.
    rest(viewer, PATIENCE)?;
    let hidden = count(viewer, seconds)?;
    Ok(Idle { seconds, visible, hidden, memory: viewer.memory()? })
}

/// The frames drawn in so many seconds.
fn count(viewer: &mut Viewer, seconds: u64) -> Result<u64> {
    let lines = viewer.lines();
    let before = next(viewer, Some(lines))?;
    std::thread::sleep(Duration::from_secs(seconds));
    let lines = viewer.lines();
    let after = next(viewer, Some(lines))?;
    Ok(after.frames.saturating_sub(before.frames))
}

/// Waits for a line that is newer than the first so many.
fn next(viewer: &mut Viewer, lines: Option<usize>) -> Result<Measure> {
    let newer = poll(PATIENCE, Duration::from_millis(20), || {
        viewer.running.check()?;
        let is_newer = lines.is_none_or(|lines| viewer.lines() > lines);
        Ok(if is_newer { viewer.measure() } else { None })
    })?;
    newer.with_context(|| format!("the viewer stopped reporting{}", viewer.running.said()))
}

fn close<D: Display>(display: &mut D, viewer: &mut Viewer) -> Result<()> {
    display.close(viewer)?;
    match viewer.running.wait(PATIENCE)? {
        Some(status) if status.success() => Ok(()),
        Some(status) => bail!("the viewer ended with {status}{}", viewer.running.said()),
        None => bail!("the viewer did not end when its window was closed{}", viewer.running.said()),
    }
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut found = Options {
        check: false,
        wayland: false,
        starts: 5,
        seconds: 30,
        program: Program::default(),
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--check" => found.check = true,
            "--wayland" => found.wayland = true,
            "--starts" => found.starts = number(argument, value(argument, &mut rest)?)?,
            "--seconds" => found.seconds = number(argument, value(argument, &mut rest)?)?,
            name if found.program.takes(name, &mut rest)? => {}
            other => {
                let known = "`--check`, `--wayland`, `--starts N`, `--seconds N`, \
                             `--profile NAME` and `--program PATH`";
                return Err(Usage(format!("`window` takes {known}, not `{other}`")).into());
            }
        }
    }
    Ok(found)
}

fn number<T: std::str::FromStr + PartialOrd + Default>(name: &str, text: &str) -> Result<T> {
    let number = text.parse().ok().filter(|number| *number > T::default());
    number.ok_or_else(|| Usage(format!("`{name}` needs a number above 0, not `{text}`")).into())
}

#[cfg(test)]
mod tests {
    use super::{Options, Program, options};

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn everything_that_is_measured_may_be_changed() {
        let program = Program::Built { profile: "release".into() };
        let plain = Options { check: false, wayland: false, starts: 5, seconds: 30, program };
        assert_eq!(options(&[]).unwrap(), plain);
        let other = Options {
            check: true,
            wayland: true,
            starts: 1,
            seconds: 2,
            program: Program::Ready("v".into()),
        };
        let call = words("--check --wayland --starts 1 --seconds 2 --program v");
        assert_eq!(options(&call).unwrap(), other);
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        let cases = [
            ("--starts 0", "`--starts` needs a number above 0, not `0`"),
            ("--seconds soon", "`--seconds` needs a number above 0, not `soon`"),
            ("--starts", "`--starts` needs a value"),
        ];
        for (call, message) in cases {
            let error = options(&words(call)).expect_err(call);
            assert!(error.is::<crate::Usage>());
            assert_eq!(error.to_string(), message);
        }
        assert!(options(&words("--x11")).is_err());
    }
}
