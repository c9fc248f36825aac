//! The program without its window: the tray is there, plugins run, and a window is opened on demand.
//!
//! A window system's library can be started once in a process only, and a window that was closed
//! leaves its memory behind. So the program begins anew when its window is closed, and each window
//! after that is a process of its own, which follows this one.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

use crossbeam_channel::{Sender, unbounded};
use vario_ui::Page;

use crate::engine::{WindowState, Wish};

/// The argument of a window that another process opened.
pub(crate) const OPENED: &str = "--opened-by-tray";

/// What is said to it when the program ends.
const QUIT: &str = "quit";

/// Opens windows until the program is to end. `program` is this one's file, as it was called when
/// it started: a newer version may have taken its place since, and is opened then.
pub(crate) fn reside(
    window: &Arc<WindowState>,
    plugins: &[PathBuf],
    program: std::io::Result<PathBuf>,
) {
    let program = match program {
        Ok(program) => program,
        Err(error) => return crate::say(&format!("this program does not know its file: {error}")),
    };
    let (wishes, receiver) = unbounded();
    window.reside(wishes.clone());
    // Whoever told it to before could send no wish.
    if window.is_quitting() {
        return;
    }
    let mut opened: Option<ChildStdin> = None;
    for wish in receiver {
        match wish {
            // Its owner asks it to come to the front; this came while it was still starting.
            Wish::Open(_) if opened.is_some() => {}
            Wish::Open(page) => match open(&program, plugins, page, &wishes) {
                Ok(stdin) => opened = stdin,
                Err(error) => crate::say(&format!("the window cannot be opened: {error}")),
            },
            Wish::Closed => {
                opened = None;
                // Without a tray nobody would find the program again.
                if !window.has_tray() {
                    return;
                }
            }
            Wish::Quit => break,
        }
    }
    if let Some(mut stdin) = opened {
        let _it_is_closed_already = writeln!(stdin, "{QUIT}");
    }
}

/// Puts the program without a window in the place of this one, which has had one: what that has
/// left behind in memory would stay. Whoever starts a window meanwhile has it, and the tray.
///
/// Gives why that failed; otherwise it does not return.
#[cfg(unix)]
pub(crate) fn begin_anew(program: &Path, plugins: &[PathBuf]) -> String {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new(program);
    command.arg("--background");
    for folder in plugins {
        command.arg("--plugins").arg(folder);
    }
    format!("the program cannot go on without its window: {}", command.exec())
}

/// There is no tray elsewhere.
#[cfg(not(unix))]
pub(crate) fn begin_anew(_program: &Path, _plugins: &[PathBuf]) -> String {
    "the program cannot go on without its window".to_owned()
}

fn open(
    program: &Path,
    plugins: &[PathBuf],
    page: Option<Page>,
    wishes: &Sender<Wish>,
) -> std::io::Result<Option<ChildStdin>> {
    let mut command = Command::new(program);
    command.arg(OPENED).stdin(Stdio::piped());
    for folder in plugins {
        command.arg("--plugins").arg(folder);
    }
    if let Some(page) = page {
        command.arg("--page").arg(crate::args::page_name(&page));
    }
    if let Some(token) = vario_desktop::tray::activation_token() {
        command.env("XDG_ACTIVATION_TOKEN", token);
    }
    let mut child = command.spawn()?;
    let stdin = child.stdin.take();
    wait_for(child, wishes.clone());
    Ok(stdin)
}

fn wait_for(mut child: Child, wishes: Sender<Wish>) {
    let work = move || {
        let _how_it_ended = child.wait();
        let _the_program_has_ended = wishes.send(Wish::Closed);
    };
    let _no_thread = std::thread::Builder::new().name("window".to_owned()).spawn(work);
}

/// Closes the window when the process that opened it says so. If that just dies, the window stays.
pub(crate) fn listen(window: &Arc<WindowState>) {
    let window = Arc::clone(window);
    let work = move || {
        let lines = std::io::stdin().lock().lines();
        if lines.map_while(Result::ok).any(|line| line == QUIT) {
            window.quit();
        }
    };
    let _no_thread = std::thread::Builder::new().name("opener".to_owned()).spawn(work);
}
