//! Files and plugins that are not as they should be: there is a window all the same, it stays, and
//! it ends well.

use serde_json::json;

use super::shows_something;
use crate::desktop::{Screen, Window};
use crate::rig::{LANGUAGES, Rig};

/// Opens a window, looks at it, and closes it.
#[track_caller]
fn opens(rig: &Rig, screen: &Screen, variables: &[(&str, &std::path::Path)]) {
    let mut command = Window::command(rig, screen);
    command.envs(variables.iter().copied());
    let mut window = Window::of(command, screen);
    assert_ne!(window.frames(), 0);
    window.appear();
    window.until_shows(shows_something);
    // Plugins have run and what they say has been drawn.
    window.until_at_rest();
    assert!(shows_something(&window.picture()));
    assert_eq!(window.close().code(), Some(0));
}

#[test]
fn settings_that_cannot_be_read() {
    let (rig, screen) = (Rig::new(), Screen::start());
    rig.says("a", "hello");
    let broken = "this = is [ no file of ours\u{0}";
    rig.home.write("config/vario/config.toml", broken);
    rig.home.write("config/vario/grants.toml", broken);
    rig.home.write("state/vario/window.json", broken);
    opens(&rig, &screen, &[]);
    for name in ["config.toml", "grants.toml"] {
        let path = rig.home.path().join("config/vario").join(name);
        let text = std::fs::read_to_string(path).expect("it is still there");
        assert_eq!(text, broken, "what the user may want to mend is left alone");
    }
}

#[test]
fn a_damaged_database() {
    let (rig, screen) = (Rig::new(), Screen::start());
    rig.says("a", "hello");
    let rubbish = "no database at all\n".repeat(1000);
    rig.home.write("state/vario/state.db", &rubbish);
    opens(&rig, &screen, &[]);
    let aside = rig.home.path().join("state/vario/state.db.corrupt-1");
    assert_eq!(std::fs::read_to_string(aside).expect("it was set aside"), rubbish);
    let ran = rig.run(&["probe", "a", "--json", "--max-age", "1h"]).exits(0);
    assert_eq!(ran.json()[0]["lines"][0]["value"], json!("hello"), "the new one holds results");
}

#[test]
fn no_state_directory() {
    let (rig, screen) = (Rig::new(), Screen::start());
    rig.says("a", "hello");
    let file = rig.home.write("file", "not a folder");
    opens(&rig, &screen, &[("XDG_STATE_HOME", &file)]);
    assert_eq!(std::fs::read_to_string(file).expect("it is still there"), "not a folder");
}

#[test]
fn a_state_directory_that_is_read_only() {
    use std::os::unix::fs::PermissionsExt as _;

    if crate::rig::is_root() {
        return;
    }
    let (rig, screen) = (Rig::new(), Screen::start());
    rig.says("a", "hello");
    rig.run(&["probe", "--json"]).exits(0);
    let folder = rig.home.path().join("state/vario");
    let set = |mode| {
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).expect("own file");
    };
    set(0o555);
    opens(&rig, &screen, &[]);
    set(0o755);
}

/// No icon where the manifest names one, one that is no picture, endless texts, too many lines.
#[test]
fn plugins_that_overdo_it() {
    let (rig, screen) = (Rig::new(), Screen::start());
    for language in LANGUAGES {
        let name = language.name();
        let gone = format!("gone-{name}");
        rig.plugin_with(*language, &gone, "", "", r#""icon": "gone.svg","#);
        rig.home.write(&format!("plugins/long-{name}/icon.svg"), "<svg no picture");
        rig.plugin_with(
            *language,
            &format!("long-{name}"),
            "return { lines = { ctx.line.text({ label = string.rep('label ', 2000), value = string.rep('v', 10000) }) } }",
            "return { lines: [ctx.line.text({ label: 'label '.repeat(2000), value: 'v'.repeat(10000) })] };",
            r#""icon": "icon.svg","#,
        );
        rig.plugin(
            *language,
            &format!("many-{name}"),
            "local lines = {} for i = 1, 500 do lines[i] = ctx.line.text({ label = 'Line', value = tostring(i) }) end return { lines = lines }",
            "const lines = []; for (let i = 1; i <= 500; i += 1) lines.push(ctx.line.text({ label: 'Line', value: String(i) })); return { lines };",
        );
    }
    opens(&rig, &screen, &[]);
    let ran = rig.run(&["probe", "--json", "--max-age", "1h"]);
    let json = ran.json();
    let lines = |id: &str| {
        let found = json.as_array().into_iter().flatten().find(|run| run["providerId"] == id);
        let lines = found.and_then(|run| run["lines"].as_array());
        lines.unwrap_or_else(|| panic!("no {id} in {ran}")).clone()
    };
    for language in LANGUAGES {
        let name = language.name();
        let label = lines(&format!("long-{name}"))[0]["label"].clone();
        assert!(label.as_str().is_some_and(|label| label.len() >= 10_000), "{label}");
        assert_eq!(lines(&format!("many-{name}")).len(), 257, "the last says that there are more");
    }
}
