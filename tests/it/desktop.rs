//! A screen that nobody looks at, and the real window on it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value as Json;
use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, ReportLevel};
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt as _, EventMask,
    ImageFormat, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::rig::{Rig, viewer};

x11rb::atom_manager! {
    /// Names that the server has numbers for.
    Atoms: AtomsCookie {
        _NET_WM_PID,
        WM_DELETE_WINDOW,
        WM_PROTOCOLS,
    }
}

/// Keys by the numbers that X gives to what stands on them (keysyms).
pub(crate) mod key {
    pub(crate) const CONTROL: u32 = 0xffe3;
    pub(crate) const ESCAPE: u32 = 0xff1b;
    pub(crate) const F1: u32 = 0xffbe;
    pub(crate) const K: u32 = b'k' as u32;
    pub(crate) const RETURN: u32 = 0xff0d;
}

/// An X server, and a connection to it. There is no window manager: what one would do is done here.
pub(crate) struct Screen {
    // The connection goes before the server.
    connection: RustConnection,
    atoms: Atoms,
    root: u32,
    name: String,
    server: Child,
}

impl Screen {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// One whose server does not offer OpenGL.
    pub(crate) fn without_opengl() -> Self {
        Self::start_with(&["-extension", "GLX"])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1000x760x24", "-nolisten", "tcp"])
            .arg("-noreset")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb runs; `cargo xtask setup` installs it");
        let mut number = Vec::new();
        let mut out = server.stdout.take().expect("piped");
        while number.last() != Some(&b'\n') {
            let mut byte = [0];
            assert_eq!(out.read(&mut byte).expect("a number"), 1, "it ended by itself");
            number.push(byte[0]);
        }
        let number = String::from_utf8(number).expect("a number");
        let name = format!(":{}", number.trim());
        let (connection, index) = RustConnection::connect(Some(&name)).expect("it listens");
        let atoms = Atoms::new(&connection).expect("a request").reply().expect("names");
        connection.damage_query_version(1, 1).expect("a request").reply().expect("the extension");
        let root = connection.setup().roots[index].root;
        // Windows that come and go are told of.
        let news = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        connection.change_window_attributes(root, &news).expect("a request").check().expect("news");
        Self { connection, atoms, root, name, server }
    }

    /// Presses keys one after the other and lets go in the opposite order.
    pub(crate) fn press(&self, keys: &[u32]) {
        let codes: Vec<u8> = keys.iter().map(|key| self.code(*key)).collect();
        for code in &codes {
            self.fake(KEY_PRESS_EVENT, *code);
        }
        for code in codes.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, *code);
        }
    }

    fn fake(&self, kind: u8, code: u8) {
        let fake = self.connection.xtest_fake_input(kind, code, CURRENT_TIME, self.root, 0, 0, 0);
        fake.expect("a request").check().expect("a key");
    }

    /// Which key of the server's keyboard bears a symbol.
    fn code(&self, key: u32) -> u8 {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = self.connection.get_keyboard_mapping(first, last - first + 1);
        let mapping = mapping.expect("a request").reply().expect("a keyboard");
        let width = usize::from(mapping.keysyms_per_keycode);
        let place = mapping.keysyms.iter().position(|symbol| *symbol == key);
        let row = place.expect("a key bears it") / width;
        first + u8::try_from(row).expect("there are 256 keys at most")
    }

    /// A process's window that can be seen.
    fn find(&self, process: u32) -> Option<u32> {
        let tree = self.connection.query_tree(self.root).expect("a request").reply().expect("it");
        tree.children.into_iter().find(|window| {
            let attributes = self.connection.get_window_attributes(*window).expect("a request");
            // Any window may vanish between two questions.
            let is_seen =
                attributes.reply().is_ok_and(|reply| reply.map_state == MapState::VIEWABLE);
            is_seen && self.owner(*window) == Some(process)
        })
    }

    fn owner(&self, window: u32) -> Option<u32> {
        let (name, kind) = (self.atoms._NET_WM_PID, AtomEnum::CARDINAL);
        let property = self.connection.get_property(false, window, name, kind, 0, 1);
        property.expect("a request").reply().ok()?.value32()?.next()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.server.kill().and_then(|()| self.server.wait()).expect("it ends");
    }
}

/// The program with a window.
pub(crate) struct Window<'a> {
    screen: &'a Screen,
    child: Child,
    figures: BufReader<ChildStderr>,
    seen: Option<Seen>,
}

/// A window that is there.
#[derive(Clone, Copy)]
struct Seen {
    id: u32,
    damage: u32,
}

impl<'a> Window<'a> {
    pub(crate) fn command(rig: &Rig, screen: &Screen) -> Command {
        let mut command = rig.command_of(&viewer(), &["--plugins", "plugins"]);
        command
            .env("DISPLAY", &screen.name)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("VARIO_VIEWER_MEASURE", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn open(rig: &Rig, screen: &'a Screen) -> Self {
        Self::of(Self::command(rig, screen), screen)
    }

    pub(crate) fn of(mut command: Command, screen: &'a Screen) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let figures = BufReader::new(child.stderr.take().expect("piped"));
        Self { screen, child, figures, seen: None }
    }

    /// How it is now, once a second; with the first answer there is a window.
    #[track_caller]
    pub(crate) fn figures(&mut self) -> Json {
        let mut line = String::new();
        let count = self.figures.read_line(&mut line).expect("UTF-8");
        assert_ne!(count, 0, "it ended by itself");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// How many frames it had drawn when it last said so.
    #[track_caller]
    pub(crate) fn frames(&mut self) -> u64 {
        self.figures()["frames"].as_u64().expect("a number")
    }

    /// Waits until it draws nothing for two seconds.
    #[track_caller]
    pub(crate) fn until_at_rest(&mut self) {
        let mut last = [0; 3];
        while last[0] == 0 || last.iter().any(|frames| *frames != last[0]) {
            last = [last[1], last[2], self.frames()];
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it is on the screen, and gives it the keyboard.
    pub(crate) fn appear(&mut self) {
        let connection = &self.screen.connection;
        let id = loop {
            match self.screen.find(self.id()) {
                Some(window) => break window,
                None => _ = connection.wait_for_event().expect("the server lives"),
            }
        };
        let damage = connection.generate_id().expect("a number");
        let created = connection.damage_create(damage, id, ReportLevel::NON_EMPTY);
        created.expect("a request").check().expect("the window lives");
        let focus = connection.set_input_focus(InputFocus::PARENT, id, CURRENT_TIME);
        focus.expect("a request").check().expect("the window lives");
        self.seen = Some(Seen { id, damage });
    }

    fn seen(&self) -> Seen {
        self.seen.expect("it has appeared")
    }

    /// Its pixels, four bytes each, row by row from the top.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let (connection, id) = (&self.screen.connection, self.seen().id);
        let place = connection.get_geometry(id).expect("a request").reply().expect("it lives");
        let format = ImageFormat::Z_PIXMAP;
        let image = connection.get_image(format, id, 0, 0, place.width, place.height, u32::MAX);
        image.expect("a request").reply().expect("it is on the screen").data
    }

    /// Waits until what it shows is so. It is looked at whenever it has drawn.
    #[track_caller]
    pub(crate) fn until_shows(&self, is_so: impl Fn(&[u8]) -> bool) -> Vec<u8> {
        let (connection, seen) = (&self.screen.connection, self.seen());
        loop {
            // First, so that whatever is drawn after the look is told.
            let subtract = connection.damage_subtract(seen.damage, x11rb::NONE, x11rb::NONE);
            subtract.expect("a request").check().expect("the window lives");
            let picture = self.picture();
            if is_so(&picture) {
                return picture;
            }
            loop {
                match connection.wait_for_event().expect("the server lives") {
                    Event::DamageNotify(news) if news.drawable == seen.id => break,
                    Event::DestroyNotify(news) if news.window == seen.id => {
                        panic!("the window is gone")
                    }
                    _ => {}
                }
            }
        }
    }

    /// Closes it as its close button does, and gives how the program ends.
    pub(crate) fn close(&mut self) -> ExitStatus {
        let atoms = &self.screen.atoms;
        let words = [atoms.WM_DELETE_WINDOW, CURRENT_TIME, 0, 0, 0];
        let id = self.seen().id;
        let message = ClientMessageEvent::new(32, id, atoms.WM_PROTOCOLS, words);
        let sent = self.screen.connection.send_event(false, id, EventMask::NO_EVENT, message);
        sent.expect("a request").check().expect("the window lives");
        self.child.wait().expect("it ends")
    }

    /// Sends it a signal, and gives how the program ends.
    pub(crate) fn end_by(&mut self, signal: Signal) -> ExitStatus {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
        self.child.wait().expect("it ends")
    }

    /// The processes it has started, once there are so many: a plugin is said to run a moment before
    /// it has a process, and the list lacks those whose thread ends while it is read.
    pub(crate) fn until_workers(&self, at_least: usize) -> Vec<Worker> {
        loop {
            let workers = self.workers();
            if workers.len() >= at_least {
                return workers;
            }
            std::thread::yield_now();
        }
    }

    fn workers(&self) -> Vec<Worker> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.id())).expect("it lives");
        let children = tasks
            .flatten()
            .map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default());
        let children: Vec<String> = children.collect();
        let pids = children.iter().flat_map(|text| text.split_whitespace());
        pids.filter_map(|pid| Worker::of(pid.parse().ok()?)).collect()
    }
}

/// As `kill -9` does it.
impl Drop for Window<'_> {
    fn drop(&mut self) {
        let _it_was_killed = self.child.kill();
        let _it_was_waited_for = self.child.wait();
    }
}

/// A process of the window's.
#[derive(Debug)]
pub(crate) struct Worker {
    pid: Pid,
    /// When it began; another process may get its number later.
    began: String,
    /// How much processor time it has used, in ticks.
    pub(crate) ticks: u64,
}

impl Worker {
    fn of(pid: i32) -> Option<Self> {
        let pid = Pid::from_raw(pid)?;
        let stat = std::fs::read_to_string(stat(pid)).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
        // A zombie has ended.
        if fields.first() == Some(&"Z") {
            return None;
        }
        let began = (*fields.get(19)?).to_owned();
        Some(Self { pid, began, ticks: fields.get(11)?.parse().ok()? })
    }

    /// Ends it as nothing can be prepared for.
    pub(crate) fn kill(&self) {
        kill_process(self.pid, Signal::KILL).expect("its user can kill it");
    }

    /// Waits until it has ended: the system ends it with whoever started it, and tells nobody.
    pub(crate) fn until_gone(&self) {
        let began = |worker: Self| worker.began == self.began;
        while Self::of(self.pid.as_raw_nonzero().get()).is_some_and(began) {
            std::thread::yield_now();
        }
    }
}

fn stat(pid: Pid) -> PathBuf {
    format!("/proc/{}/stat", pid.as_raw_nonzero()).into()
}
