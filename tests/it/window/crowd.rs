//! Fifty plugins, and not all of them mean well.

use serde_json::Value as Json;

use super::until_corner;
use crate::desktop::{Screen, Window, key};
use crate::owner::status;
use crate::rig::{LANGUAGES, Rig};

/// How long a plugin may run. On a busy machine the window has answered long before.
const WALL: &str = "20s";

/// Loops without end: five until their time is over, one until its process is killed.
const ENDLESS: (&str, &str) = ("while true do end", "for (;;) {}");

/// What takes more memory or more stack than there is, and what its card says then.
const CRASHES: [(&str, &str, &str); 2] = [
    (
        "local all = {} while true do all[#all + 1] = string.rep('x', 100000) .. #all end",
        "const all = []; for (;;) all.push(new Uint8Array(100000).fill(1));",
        "plugin ran out of memory",
    ),
    (
        "local function deep() return 1 + deep() end return deep()",
        "function deep() { return 1 + deep(); } return deep();",
        "plugin ran out of stack",
    ),
];

/// What is no result, and what its card says then.
const RUBBISH: [(&str, &str, &str); 5] = [
    ("return 'nothing'", "return 'nothing';", "probe() returned non-object"),
    ("return nil", "return undefined;", "probe() returned non-object"),
    ("return { lines = 5 }", "return { lines: 5 };", "missing lines"),
    (
        "return { lines = { ctx.line.progress({ label = 'Q', used = 0 / 0, limit = 100, format = { kind = 'percent' } }) } }",
        "return { lines: [ctx.line.progress({ label: 'Q', used: NaN, limit: 100, format: { kind: 'percent' } })] };",
        "progress line at index 0 invalid used: NaN",
    ),
    (
        "return { lines = { 1, { type = 'no' }, {} } }",
        "return { lines: [1, { type: 'no' }, {}] };",
        "invalid line at index 0",
    ),
];

/// All of them, each second one in the other language. Those that hang come first.
fn fill(rig: &Rig) {
    let mut count = 0;
    let mut add = |id: String, lua: &str, js: &str| {
        rig.plugin(LANGUAGES[count % LANGUAGES.len()], &id, lua, js);
        count += 1;
    };
    for number in 0..6 {
        add(format!("a-hangs-{number}"), ENDLESS.0, ENDLESS.1);
    }
    for number in 0..2 {
        // Once in each language.
        for (kind, (lua, js, _)) in CRASHES.iter().enumerate() {
            add(format!("crashes-{number}-{kind}"), lua, js);
        }
        add(format!("fine-between-{number}"), FINE.0, FINE.1);
    }
    for (kind, (lua, js, _)) in RUBBISH.iter().enumerate() {
        add(format!("rubbish-{kind}"), lua, js);
    }
    for number in 2..35 {
        add(format!("fine-{number}"), FINE.0, FINE.1);
    }
    assert_eq!(count, 50);
}

const FINE: (&str, &str) = (
    "return { lines = { ctx.line.text({ label = 'Says', value = 'fine' }) } }",
    "return { lines: [ctx.line.text({ label: 'Says', value: 'fine' })] };",
);

/// How many of those that hang are still at it.
fn hanging(status: &Json) -> usize {
    let running = status["running"].as_array().expect("a list");
    running.iter().filter(|id| id.as_str().is_some_and(|id| id.starts_with("a-hangs"))).count()
}

fn running(status: &Json) -> usize {
    status["running"].as_array().map_or(0, Vec::len)
}

/// Waits until the owner says so; it is asked once a second.
fn until(rig: &Rig, window: &mut Window<'_>, is_so: impl Fn(&Json) -> bool) -> Json {
    loop {
        window.figures();
        if let Some(status) = status(rig).filter(&is_so) {
            return status;
        }
    }
}

#[test]
fn a_window_answers_while_plugins_hang_and_says_what_became_of_each() {
    let rig = Rig::new();
    rig.run(&["config", "limits.wall", WALL]).exits(0);
    fill(&rig);
    let screen = Screen::start();
    let mut window = Window::open(&rig, &screen);
    let frames = window.frames();
    window.appear();
    let begun = until(&rig, &mut window, |_| true);
    assert_eq!(hanging(&begun), 6, "they come first: {begun}");

    // A dialog dims what lies below it.
    let plain = until_corner(&window, |corner| corner != [0; 3]);
    screen.press(&[key::CONTROL, key::K]);
    until_corner(&window, |corner| corner != plain);
    let now = status(&rig).expect("it owns");
    assert_eq!(hanging(&now), 6, "the window was quicker: {now}");
    for (keys, is_dim) in [(key::ESCAPE, false), (key::F1, true), (key::ESCAPE, false)] {
        screen.press(&[keys]);
        until_corner(&window, |corner| (corner != plain) == is_dim);
    }
    // What is loading moves.
    while window.frames() < frames + 10 {}

    // Only those that hang are left, and one of them loses its process: whose that is nobody knows.
    until(&rig, &mut window, |status| running(status) == hanging(status));
    let workers = window.until_workers(1);
    let busiest = workers.iter().max_by_key(|worker| worker.ticks).expect("there is one");
    busiest.kill();
    until(&rig, &mut window, |status| running(status) == 0);
    window.until_at_rest();
    assert_outcomes(&rig);

    let workers = window.until_workers(0);
    assert_eq!(window.close().code(), Some(0));
    workers.iter().for_each(crate::desktop::Worker::until_gone);
}

/// What the window has run and shows is stored, and told without another run.
fn assert_outcomes(rig: &Rig) {
    let before = rig.run(&["probe", "--json", "--max-age", "1h"]).exits(1);
    let json = before.json();
    let snapshots = json.as_array().expect("a list");
    assert_eq!(snapshots.len(), 50);
    let of = |id: &str| {
        let found = snapshots.iter().find(|snapshot| snapshot["providerId"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {before}"))
    };
    let error = |id: &str| of(id)["error"].as_str().unwrap_or_default().to_owned();

    let timed_out = format!("probe timed out after {WALL}");
    let killed = "the plugin's process ended unexpectedly";
    let mut hung: Vec<String> = (0..6).map(|number| error(&format!("a-hangs-{number}"))).collect();
    hung.sort_unstable();
    let expected = [&timed_out, &timed_out, &timed_out, &timed_out, &timed_out, killed];
    assert_eq!(hung, expected);
    for number in 0..2 {
        for (kind, (_, _, text)) in CRASHES.iter().enumerate() {
            let id = format!("crashes-{number}-{kind}");
            assert!(error(&id).starts_with(text), "{id}: {}", of(&id));
        }
    }
    for (kind, (_, _, text)) in RUBBISH.iter().enumerate() {
        let id = format!("rubbish-{kind}");
        assert_eq!(error(&id), *text, "{id}: {}", of(&id));
    }
    let fine = snapshots.iter().filter(|snapshot| {
        let id = snapshot["providerId"].as_str().unwrap_or_default();
        id.starts_with("fine") && snapshot["lines"][0]["value"] == "fine"
    });
    assert_eq!(fine.count(), 35);
}
