//! An X server of one's own, and what a person does in front of it: look, click, press keys.
//!
//! No window manager runs, so a window has the size that it asks for, at the top left corner, and
//! what a manager would do to it (focus, hide, close) is done here.

mod input;

pub(crate) use self::input::{CONTROL, Key};

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, ReportLevel};
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, ImageFormat, InputFocus, MapState,
    PropMode, Window,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::home::Home;
use super::picture::Picture;
use super::poll;
use super::server::Running;
use super::viewer::Viewer;

/// One pixel has four bytes in this depth, which [`Picture`] reads.
const SCREEN: &str = "1280x900x24";

x11rb::atom_manager! {
    /// Names that the server has numbers for.
    Atoms: AtomsCookie {
        _NET_WM_PID,
        _NET_WM_STATE,
        _NET_WM_STATE_HIDDEN,
        WM_DELETE_WINDOW,
        WM_PROTOCOLS,
        WM_STATE,
    }
}

/// The server and a connection to it.
pub(crate) struct Screen {
    // Dropped in this order: the connection goes before the server.
    connection: RustConnection,
    atoms: Atoms,
    root: Window,
    display: String,
    server: Running,
}

impl Screen {
    /// Starts a server at whatever display number is free.
    pub(crate) fn start(home: &Home) -> Result<Self> {
        let arguments = ["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"];
        let mut command = Running::server(home, "Xvfb", &[], &arguments)?;
        command.stdout(Stdio::piped());
        let mut server = Running::start(home, "Xvfb", command)?;
        let stdout = server.child().stdout.take().context("Xvfb has no stdout")?;
        let mut number = String::new();
        // It ends the line once it can be used, and closes the pipe if it never can.
        BufReader::new(stdout).read_line(&mut number)?;
        if number.trim().is_empty() {
            bail!("Xvfb did not start{}", server.said());
        }
        let display = format!(":{}", number.trim());
        let (connection, index) = RustConnection::connect(Some(&display))
            .with_context(|| format!("cannot talk to Xvfb{}", server.said()))?;
        let atoms = Atoms::new(&connection)?.reply()?;
        connection.damage_query_version(1, 1)?.reply()?;
        let root = connection.setup().roots.get(index).context("Xvfb has no screen")?.root;
        let screen = Self { connection, atoms, root, display, server };
        screen.park_pointer()?;
        Ok(screen)
    }

    /// What leads a program to this server.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        vec![("DISPLAY", self.display.clone())]
    }

    /// Waits until the viewer has a window, and gives it the keyboard.
    pub(crate) fn window(&mut self, viewer: &mut Viewer, limit: Duration) -> Result<Window> {
        let window = poll(limit, Duration::from_millis(1), || {
            self.server.check()?;
            viewer.running.check()?;
            self.find(viewer.running.id())
        })?;
        let Some(window) = window else {
            bail!("no window appeared within {limit:?}{}", viewer.running.said());
        };
        self.connection.set_input_focus(InputFocus::PARENT, window, CURRENT_TIME)?.check()?;
        Ok(window)
    }

    /// A process's window that can be seen.
    fn find(&self, process: u32) -> Result<Option<Window>> {
        for window in self.connection.query_tree(self.root)?.reply()?.children {
            // Any window may vanish between two questions.
            let Ok(attributes) = self.connection.get_window_attributes(window)?.reply() else {
                continue;
            };
            if attributes.map_state == MapState::VIEWABLE && self.owner(window)? == Some(process) {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    fn owner(&self, window: Window) -> Result<Option<u32>> {
        let name = self.atoms._NET_WM_PID;
        let cookie = self.connection.get_property(false, window, name, AtomEnum::CARDINAL, 0, 1)?;
        Ok(cookie.reply().ok().and_then(|reply| reply.value32()?.next()))
    }

    /// What a window shows now.
    pub(crate) fn picture(&self, window: Window) -> Result<Picture> {
        let place = self.connection.get_geometry(window)?.reply()?;
        let (width, height) = (place.width, place.height);
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, window, 0, 0, width, height, u32::MAX)?
            .reply()
            .context("the window cannot be read; is it larger than the screen?")?;
        Picture::from_bgrx(width, height, &image.data)
    }

    /// Waits until something was drawn into a new window; how long that took since `started`.
    ///
    /// The server tells of each change, so this takes no time from the viewer by asking.
    pub(crate) fn first_picture(
        &self,
        window: Window,
        viewer: &mut Viewer,
        limit: Duration,
    ) -> Result<Duration> {
        let damage = self.connection.generate_id()?;
        self.connection.damage_create(damage, window, ReportLevel::NON_EMPTY)?.check()?;
        // It may have been drawn before the server was asked to tell.
        let mut changed = Some(Instant::now());
        let drawn = poll(limit, Duration::from_millis(1), || {
            while let Some(event) = self.connection.poll_for_event()? {
                if matches!(event, Event::DamageNotify(_)) {
                    changed = Some(Instant::now());
                    self.connection.damage_subtract(damage, x11rb::NONE, x11rb::NONE)?.check()?;
                }
            }
            viewer.running.check()?;
            let Some(at) = changed.take() else { return Ok(None) };
            Ok((!self.picture(window)?.is_one_color()).then(|| at - viewer.started))
        })?;
        self.connection.damage_destroy(damage)?.check()?;
        drawn.with_context(|| {
            format!("the window showed nothing within {limit:?}{}", viewer.running.said())
        })
    }

    /// Waits until a window shows something that stays as it is.
    pub(crate) fn settled(
        &self,
        window: Window,
        viewer: &mut Viewer,
        limit: Duration,
    ) -> Result<Picture> {
        const PAUSE: Duration = Duration::from_millis(400);
        const EQUAL: usize = 3;
        let mut last: Option<Picture> = None;
        let mut equal = 0;
        let settled = poll(limit, PAUSE, || {
            viewer.running.check()?;
            let picture = self.picture(window)?;
            let is_like = last.as_ref().is_some_and(|last| last.is_like(&picture));
            if picture.is_one_color() || !is_like {
                equal = 0;
                last = Some(picture);
                return Ok(None);
            }
            equal += 1;
            Ok((equal >= EQUAL).then_some(picture))
        })?;
        settled.with_context(|| {
            let what = match &last {
                Some(picture) if picture.is_one_color() => "showed nothing but one colour",
                Some(_) => "did not come to rest",
                None => "could not be read",
            };
            format!("the window {what} within {limit:?}{}", viewer.running.said())
        })
    }

    /// Takes a window off the screen, as a window manager does that minimises it.
    pub(crate) fn hide(&self, window: Window) -> Result<()> {
        const ICONIC: u32 = 3;
        let atoms = &self.atoms;
        let state = [ICONIC, x11rb::NONE];
        let replace = PropMode::REPLACE;
        let connection = &self.connection;
        connection
            .change_property32(replace, window, atoms.WM_STATE, atoms.WM_STATE, &state)?
            .check()?;
        let hidden = [atoms._NET_WM_STATE_HIDDEN];
        connection
            .change_property32(replace, window, atoms._NET_WM_STATE, AtomEnum::ATOM, &hidden)?
            .check()?;
        Ok(connection.unmap_window(window)?.check()?)
    }

    /// Asks a window to close, as its close button would.
    pub(crate) fn close(&self, window: Window) -> Result<()> {
        let words = [self.atoms.WM_DELETE_WINDOW, CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, self.atoms.WM_PROTOCOLS, words);
        self.connection.send_event(false, window, EventMask::NO_EVENT, message)?.check()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Home, Screen};

    // Elsewhere than here every task says what is missing; this test has nothing to say then.
    #[test]
    fn the_server_starts_beside_others_and_leaves_nothing_behind() {
        let home = Home::new().unwrap();
        let Ok(first) = Screen::start(&home) else { return };
        let second = Screen::start(&home).unwrap();
        assert_ne!(first.display, second.display);
        let socket = format!("/tmp/.X11-unix/X{}", &second.display[1..]);
        assert!(std::path::Path::new(&socket).exists());
        drop(second);
        assert!(!std::path::Path::new(&socket).exists());
    }
}
