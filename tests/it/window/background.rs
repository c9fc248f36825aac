//! A plugin that stays, in the window: it is seen running and can be stopped there.

use serde_json::Value as Json;

use crate::desktop::{Screen, Window, key};
use crate::rig::Rig;

const MANIFEST: &str = r#"{ "schemaVersion": 1, "dialect": "vario", "id": "keeper",
    "name": "Keeper", "version": "1.0.0", "background": "main.mjs" }"#;

const CODE: &str = "export default { async start(ctx) { ctx.log.info('here I am'); } };";

/// The green of what is active, in a dark window.
const GOOD: [u8; 3] = [0x45, 0xc4, 0x7b];

/// So many pixels of it make a dot and a word.
const ENOUGH: usize = 20;

fn is_green(picture: &[u8]) -> bool {
    let green = |pixel: &&[u8]| {
        let [blue, green, red, ..] = pixel else { return false };
        [red, green, blue].iter().zip(GOOD).all(|(own, wanted)| own.abs_diff(wanted) < 4)
    };
    picture.chunks_exact(4).filter(green).count() >= ENOUGH
}

/// A pixel of a window that is so wide.
fn pixel(picture: &[u8], x: usize, y: usize) -> [u8; 3] {
    let at = (y * 860 + x) * 4;
    let [blue, green, red] = picture[at..at + 3] else { panic!("a picture has pixels") };
    [red, green, blue]
}

/// Whether a dialog dims the page.
fn is_dim(picture: &[u8]) -> bool {
    pixel(picture, 800, 500).iter().all(|part| *part < 0x0a)
}

/// Whether the list of commands reaches down to where it does while nothing is typed.
fn has_long_list(picture: &[u8]) -> bool {
    is_dim(picture) && pixel(picture, 440, 300).iter().any(|part| *part >= 0x14)
}

/// What the command line hears of it from the window that hosts it.
fn state(rig: &Rig) -> String {
    let ran = rig.run(&["background", "list", "--json"]);
    let json: Json = serde_json::from_str(&ran.stdout).unwrap_or_default();
    json[0]["state"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_background_plugin_is_seen_running_and_is_stopped() {
    let (rig, screen) = (Rig::new(), Screen::start());
    rig.home.write("plugins/keeper/plugin.json", MANIFEST);
    rig.home.write("plugins/keeper/main.mjs", CODE);
    let mut command = Window::command(&rig, &screen);
    command.env("VARIO_VIEWER_RENDERER", "cpu");
    command.args(["--page", "background", "--theme", "dark", "--size", "860x640"]);
    let mut window = Window::of(command, &screen);
    window.appear();
    window.until_shows(is_green);
    assert_eq!(state(&rig), "active", "as it is shown");
    let workers = window.until_workers(1);

    // As somebody without a mouse does it.
    screen.press(&[key::CONTROL, key::K]);
    window.until_shows(has_long_list);
    for letter in "stop".chars() {
        screen.press(&[u32::from(letter)]);
    }
    window.until_shows(|picture| !has_long_list(picture));
    screen.press(&[key::RETURN]);
    // The page comes to light again, and nothing on it is green.
    window.until_shows(|picture| !is_dim(picture));
    window.until_shows(|picture| !is_green(picture));
    let said = rig.run(&["background", "logs", "keeper"]).exits(0);
    assert!(said.stdout.contains("here I am"), "{said}");
    while state(&rig) != "unloaded" {
        window.figures();
    }

    assert_eq!(window.close().code(), Some(0));
    workers.iter().for_each(crate::desktop::Worker::until_gone);
}
