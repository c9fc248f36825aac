//! What kind of terminal this is, and writing to it.

mod prompt;

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::sync::Arc;

use vario_host::{LogEntry, LogSink};
use vario_model::RunEvent;
use vario_output::present::is_obeyed;
use vario_value::LogLevel;

use crate::cli::{ColorWhen, Global};
use crate::style::{Inputs, Style};

pub(crate) use self::prompt::{answer, interrupt};

/// The width of output that goes nowhere with a width.
const DEFAULT_WIDTH: usize = 80;

/// Ends the program quietly when standard output is closed early (`vario list | head -1`): the
/// writers below report it, and there is no one left to tell.
pub(crate) fn quiet_broken_pipe() {
    std::panic::set_hook(Box::new(|info| {
        let _nowhere_else_to_say = writeln!(std::io::stderr(), "vario: internal error: {info}");
    }));
}

/// Writes data to standard output, and ends the program if its reader went away: it has what it
/// wanted, which is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    if !print_on(text)? {
        std::process::exit(0);
    }
    Ok(())
}

/// The same for who has more to do than to write. Gives whether anybody still reads.
pub(crate) fn print_on(text: &str) -> anyhow::Result<bool> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(anyhow::anyhow!("cannot write to standard output: {error}")),
        Ok(()) => Ok(true),
    }
}

/// Tells when the reader of standard output goes away, to whoever would write for it again in a
/// quarter of an hour only.
#[cfg(unix)]
pub(crate) fn when_reader_goes(act: impl FnOnce() + Send + 'static) {
    use rustix::event::{PollFd, PollFlags, poll};

    let wait = move || {
        let out = std::io::stdout();
        let gone = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
        let mut watched = [PollFd::new(&out, PollFlags::empty())];
        loop {
            match poll(&mut watched, None) {
                Ok(_) if watched[0].revents().intersects(gone) => return act(),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
    };
    // Without it, the next line finds out.
    let _ends_with_the_process = std::thread::Builder::new().name("reader".to_owned()).spawn(wait);
}

/// Here the next line finds out.
#[cfg(not(unix))]
pub(crate) fn when_reader_goes(_act: impl FnOnce() + Send + 'static) {}

/// What a plugin gave, as it is; on a terminal without what that would obey.
pub(crate) fn print_foreign(text: &str) -> anyhow::Result<()> {
    if std::io::stdout().is_terminal() { print_line(&plain(text)) } else { print_line(text) }
}

/// The same with a line break at the end.
pub(crate) fn print_line(text: &str) -> anyhow::Result<()> {
    print(&format!("{text}\n"))
}

/// JSON, indented, on standard output.
pub(crate) fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    print_line(&unseen_escaped(&serde_json::to_string_pretty(value)?))
}

/// JSON in one line. Gives whether anybody still reads.
pub(crate) fn print_json_line(value: &impl serde::Serialize) -> anyhow::Result<bool> {
    print_on(&(unseen_escaped(&serde_json::to_string(value)?) + "\n"))
}

/// The same JSON with what a terminal would obey as `\u` and digits: JSON escapes only the control
/// characters of ASCII.
fn unseen_escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || !is_obeyed(character) {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _infallible = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// A message to the user, on standard error.
pub(crate) fn say(text: &str) {
    let _nowhere_else_to_say = writeln!(std::io::stderr().lock(), "{text}");
}

/// A warning, unless it is not wanted.
pub(crate) fn warn(global: &Global, text: &str) {
    if !global.quiet {
        let style = stderr_style(global);
        say(&format!("{} {}", style.yellow("warning:"), indented(text)));
    }
}

/// An error, with the chain of what is behind it.
pub(crate) fn say_error(global: &Global, error: &anyhow::Error) {
    let style = stderr_style(global);
    say(&format!("{} {}", style.red("error:"), indented(&format!("{error:#}"))));
}

/// How standard output takes colours.
pub(crate) fn stdout_style(global: &Global) -> Style {
    style(global, std::io::stdout().is_terminal())
}

/// How standard error takes colours.
pub(crate) fn stderr_style(global: &Global) -> Style {
    style(global, std::io::stderr().is_terminal())
}

fn style(global: &Global, is_terminal: bool) -> Style {
    let variable = |name: &str| std::env::var(name).ok();
    Style::decide(&Inputs {
        choice: match global.color {
            ColorWhen::Auto => None,
            ColorWhen::Always => Some(true),
            ColorWhen::Never => Some(false),
        },
        is_terminal,
        no_color: variable("NO_COLOR"),
        clicolor_force: variable("CLICOLOR_FORCE"),
        term: variable("TERM"),
        colorterm: variable("COLORTERM"),
    })
}

/// The user's time zone; UTC if `TZ` names what is none.
pub(crate) fn time_zone() -> jiff::tz::TimeZone {
    if vario_bootstrap::time_zone_is_usable() {
        jiff::tz::TimeZone::system()
    } else {
        jiff::tz::TimeZone::UTC
    }
}

/// How many columns there are.
pub(crate) fn width() -> usize {
    let from_environment =
        || std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
    terminal_size::terminal_size()
        .map(|(width, _)| usize::from(width.0))
        .or_else(from_environment)
        .filter(|width| *width > 0)
        .unwrap_or(DEFAULT_WIDTH)
}

/// Whether the locale writes UTF-8. One that is not set at all is taken for a modern system's.
pub(crate) fn is_utf8() -> bool {
    let name = locale();
    let upper = name.to_ascii_uppercase();
    name.is_empty() || upper.contains("UTF-8") || upper.contains("UTF8")
}

/// The locale's name for times; empty when none is set.
pub(crate) fn locale() -> String {
    ["LC_ALL", "LC_TIME", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

/// Where plugins' log lines go: to standard error, as far as they are wanted.
pub(crate) fn log_sink(global: &Global, configured: LogLevel) -> Arc<dyn LogSink> {
    let least = match global.verbose {
        _ if global.quiet => None,
        0 => Some(configured),
        1 => Some(configured.min(LogLevel::Info)),
        _ => Some(LogLevel::Debug),
    };
    Arc::new(StderrLog { least, style: stderr_style(global) })
}

struct StderrLog {
    least: Option<LogLevel>,
    style: Style,
}

impl LogSink for StderrLog {
    fn wants(&self, level: LogLevel) -> bool {
        self.least.is_some_and(|least| level >= least)
    }

    fn write(&self, entry: LogEntry) {
        let level = match entry.level {
            LogLevel::Error => self.style.red("error"),
            LogLevel::Warn => self.style.yellow("warn"),
            level => self.style.dim(level.name()),
        };
        let prefix = self.style.dim(&format!("[plugin:{}]", entry.plugin_id));
        say(&format!("{prefix} {level} {}", indented(&entry.message)));
    }
}

/// Text of a plugin that stands after words of ours: its further lines stand under them, so that
/// none can pass for one of ours.
fn indented(text: &str) -> String {
    plain(text).replace('\n', "\n    ")
}

/// Text of a plugin as a part of one line.
pub(crate) fn in_line(text: &str) -> String {
    plain(text).replace(['\n', '\t'], " ")
}

/// A plugin's name or version, which is no place for a story.
pub(crate) fn name(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = in_line(text);
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Text of a plugin without what a terminal would obey.
pub(crate) fn plain(text: &str) -> String {
    let replaced = |character| match character {
        '\n' | '\t' => character,
        character if is_obeyed(character) => '\u{fffd}',
        character => character,
    };
    text.chars().map(replaced).collect()
}

/// A line on standard error that says what still runs, on a terminal only.
pub(crate) struct Progress {
    shown: bool,
    total: usize,
    done: usize,
    running: Vec<String>,
}

impl Progress {
    pub(crate) fn new(global: &Global, total: usize) -> Self {
        // Log lines would be written into the middle of it.
        let shown = std::io::stderr().is_terminal() && !global.quiet && global.verbose == 0;
        Self { shown, total, done: 0, running: Vec::new() }
    }

    pub(crate) fn event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Started { provider_id, .. } => self.running.push(provider_id.clone()),
            RunEvent::Finished { snapshot } => {
                self.done += 1;
                self.running.retain(|id| *id != snapshot.provider_id);
            }
            RunEvent::Completed => {}
        }
        if self.shown {
            let names = self.running.join(", ");
            let line = format!("{}/{} {names}", self.done, self.total);
            let line: String = line.chars().take(width().saturating_sub(1)).collect();
            let _nowhere_else_to_say = write!(std::io::stderr(), "\r\x1b[2K{line}");
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if self.shown {
            let _nowhere_else_to_say = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}
