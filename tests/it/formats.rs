//! `vario probe --format`: how the program ends. The real programs that read it are in `consumers`.

use crate::rig::Rig;

/// One that is nearly used up and one that failed.
fn rig() -> Rig {
    let rig = Rig::new();
    rig.uses("quota", 97);
    rig.throws("wrong", "Not #(now) <i>.");
    rig
}

#[test]
fn a_bar_hears_of_failures_by_what_it_shows() {
    let rig = rig();
    let run = |args: &[&str]| rig.run(&[&["probe", "--format"], args].concat());
    // A prompt is given what is stored.
    run(&["tmux"]).exits(0);
    let ran = run(&["starship"]).exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("The quota 3% · The wrong !\n", ""));
    let ran = run(&["waybar", "wrong"]).exits(0);
    assert_eq!(ran.json()["alt"], "error");
    assert_eq!(ran.json()["tooltip"], "<b>The wrong</b>\n<i>Error: Not #(now) &lt;i&gt;.</i>");
    // In the user's order.
    rig.home.write("config/vario/config.toml", "[plugins]\norder = ['wrong', 'quota']\n");
    assert_eq!(run(&["starship"]).exits(0).stdout, "The wrong ! · The quota 3%\n");
    // What was typed wrong is another matter.
    run(&["starship", "nobody"]).exits(4);
    run(&["starship", "--watch"]).exits(2);
    run(&["starship", "--json"]).exits(2);
    run(&["starship", "--push"]).exits(2);
    run(&["dzen"]).exits(2);
}
