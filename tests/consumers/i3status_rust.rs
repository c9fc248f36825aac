//! i3status-rust, and that what it makes of ours is what i3bar and swaybar take.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value as Json;

use crate::{HEADLINE, Running, consumer, pasted, rig};

/// Its own themes are files of its package; this is one with two colours.
const THEME: &str = "critical_bg = '#ff0000'\ncritical_fg = '#ffffff'\n";

#[test]
fn a_bar_gets_it_in_its_protocol() {
    let rig = rig();
    rig.home.write("theme.toml", THEME);
    let theme = rig.home.path().join("theme.toml");
    let block = pasted("--format i3status-rust");
    rig.home.write("i3status.toml", format!("theme.theme = '{}'\n{block}\n", theme.display()));
    let mut command = consumer(&rig, "i3status-rs", &[]);
    command.arg(rig.home.path().join("i3status.toml")).stdout(Stdio::piped());
    let mut bar = Running::start(command);
    let lines = BufReader::new(bar.0.stdout.take().expect("it is a pipe")).lines();
    let (says, said) = mpsc::channel();
    std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| says.send(line)));
    let line = || said.recv_timeout(Duration::from_mins(1)).expect("it goes on");

    // https://i3wm.org/docs/i3bar-protocol.html: a header, then an array that never ends.
    let header: Json = serde_json::from_str(&line()).expect("a header");
    assert_eq!(header["version"], 1);
    assert_eq!(line(), "[");
    let shown = loop {
        let line = line();
        let blocks: Vec<Json> = serde_json::from_str(line.trim_end_matches(',')).expect("blocks");
        println!("{line}");
        if line.contains(HEADLINE) {
            break blocks;
        }
    };
    // Its short form is a block of its own, and each of the two is empty where the other shows.
    let texts: Vec<(&str, &str)> =
        shown.iter().map(|block| (text(block, "full_text"), text(block, "short_text"))).collect();
    assert_eq!(texts, [(HEADLINE, "<span/>"), ("<span/>", "3% · !")]);
    for block in &shown {
        let look = ["markup", "background", "color"].map(|key| text(block, key));
        assert_eq!(look, ["pango", "#FF0000FF", "#FFFFFFFF"]);
    }
}

fn text<'b>(block: &'b Json, key: &str) -> &'b str {
    block[key].as_str().unwrap_or_default().trim()
}
