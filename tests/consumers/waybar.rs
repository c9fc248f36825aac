//! Waybar, on a sway that draws into memory: what it shows is looked at.

use std::fs::{File, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, chown};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::rig::{Rig, is_root};
use crate::{Running, consumer, pasted, rig};

/// What is not given otherwise is black.
const STYLE: &str = "* { background: #000000; color: #000000; font-size: 13px; }
#custom-vario.critical.error { background: #ff0000; }
#custom-vario { color: #ffffff; }
tooltip { background: #000000; }
";

const RED: [u8; 3] = [255, 0, 0];

/// sway refuses to run as root, which is what a container often has.
const AS_NOBODY: &[&str] = &["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
const NOBODY: u32 = 65534;

/// The socket's name, the first that sway tries.
const SOCKET: &str = "run/wayland-1";

/// A compositor without a screen, and what leads programs to it.
fn sway(rig: &Rig) -> Running {
    let run = rig.home.path().join("run");
    std::fs::DirBuilder::new().mode(0o700).create(&run).expect("the home folder is ours");
    if is_root() {
        chown(&run, Some(NOBODY), Some(NOBODY)).expect("root may");
        // To go through, not to look around.
        let through = Permissions::from_mode(0o711);
        std::fs::set_permissions(rig.home.path(), through).expect("it is ours");
    }
    // Where it may read it.
    let settings = run.join("sway.conf");
    std::fs::write(&settings, "output HEADLESS-1 resolution 400x100 bg #0000ff solid_color\n")
        .expect("the folder is ours");
    std::fs::set_permissions(&settings, Permissions::from_mode(0o644)).expect("it is ours");
    let privileges = if is_root() { AS_NOBODY } else { &["env"] };
    let mut sway = consumer(rig, privileges[0], &privileges[1..]);
    sway.args(["sway", "--config"]).arg(settings);
    sway.envs([("WLR_BACKENDS", "headless"), ("WLR_RENDERER", "pixman")])
        .env("WLR_LIBINPUT_NO_DEVICES", "1")
        .env("XDG_RUNTIME_DIR", &run)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let sway = Running::start(sway);
    until(|| rig.home.path().join(SOCKET).exists().then_some(()));
    sway
}

/// Asks again and again, until there is an answer or one can no longer be expected.
fn until<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + Duration::from_mins(1);
    loop {
        let answer = ask();
        if answer.is_some() || Instant::now() > end {
            return answer;
        }
        std::thread::yield_now();
    }
}

/// A program that opens windows there.
fn client(rig: &Rig, program: &str, args: &[&str]) -> Command {
    let mut command = consumer(rig, program, args);
    command.env("WAYLAND_DISPLAY", rig.home.path().join(SOCKET));
    command.env("XDG_RUNTIME_DIR", rig.home.path().join("state"));
    command
}

/// The screen, row by row.
fn picture(rig: &Rig) -> Vec<[u8; 3]> {
    let output = client(rig, "grim", &["-t", "ppm", "-"]).output();
    let output = output.expect("`cargo xtask consumers` gets it first");
    // `P6`, width and height, 255: three lines, then three bytes a pixel.
    let pixels = output.stdout.splitn(4, |byte| *byte == b'\n').nth(3).unwrap_or_default();
    pixels.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

#[test]
fn a_module_shows_it_in_the_colour_of_its_class() {
    let rig = rig();
    let module = pasted("--format waybar");
    rig.home.write("bar.jsonc", format!("{{ \"modules-left\": [\"custom/vario\"],\n{module}\n}}"));
    rig.home.write("style.css", STYLE);
    let _sway = sway(&rig);
    let log = rig.home.path().join("waybar.log");
    let said = File::create(&log).expect("the home folder is ours");
    let mut waybar = client(&rig, "dbus-run-session", &["waybar", "-c", "bar.jsonc"]);
    waybar.args(["-s", "style.css"]).stdout(said.try_clone().expect("a second one")).stderr(said);
    let _waybar = Running::start(waybar);

    let seen = until(|| Some(picture(&rig)).filter(|seen| seen.contains(&RED)));
    let log = std::fs::read_to_string(log).expect("it is there");
    let seen = seen.unwrap_or_else(|| panic!("nothing is red\n{log}"));
    let red = seen.iter().filter(|pixel| **pixel == RED).count();
    // Longer than high: a text of 26 letters is in it, drawn in white.
    assert!(red > 2_000, "{red} of {} pixels are red\n{log}", seen.len());
    assert!(seen.contains(&[255; 3]), "there is no text\n{log}");
    assert!(!log.contains("[error]"), "{log}");
}
