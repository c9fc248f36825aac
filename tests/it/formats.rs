//! `vario probe --format`: how the program ends, and the real programs that read it.

use std::process::Command;

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
    run(&["dzen"]).exits(2);
}

/// tmux in tmux: the outer one tells how the inner one's status line looks.
#[cfg(target_os = "linux")]
#[test]
fn tmux_shows_it() {
    let rig = rig();
    let bar = rig.command(&["probe", "--plugins", "plugins", "--format", "tmux"]);
    let words: Vec<_> = std::iter::once(bar.get_program()).chain(bar.get_args()).collect();
    let words: Vec<_> = words.iter().map(|word| word.to_str().expect("a plain word")).collect();
    let status = format!("#({})", words.join(" "));
    rig.home.write(
        "inner.conf",
        format!("set -g status-left ''\nset -g status-right-length 80\nset -g status-right \"{status}\"\nset -g window-status-current-format ''\n"),
    );
    let tmux = |args: &[&str]| {
        let mut command: Command = rig.command_of("tmux".as_ref(), args);
        let path = std::env::var_os("PATH").expect("programs are somewhere");
        command.env("PATH", path).env("TMUX_TMPDIR", rig.home.path()).env("TERM", "screen");
        let output = command.output().expect("tmux is there: `cargo xtask setup` installs it");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let inner = "env -u TMUX tmux -L inner -f inner.conf new-session 'exec cat'";
    tmux(&["-L", "outer", "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "5", inner]);
    let end = std::time::Instant::now() + std::time::Duration::from_mins(1);
    let shown = loop {
        let shown = tmux(&["-L", "outer", "capture-pane", "-p", "-e"]);
        if shown.contains("quota") || std::time::Instant::now() > end {
            break shown;
        }
    };
    tmux(&["-L", "inner", "kill-server"]);
    tmux(&["-L", "outer", "kill-server"]);
    let line = shown.lines().find(|line| line.contains("quota")).unwrap_or(&shown);
    // 31 is red; between the two the status line's own colour comes back.
    assert!(line.contains("31mThe quota 3%") && line.contains("31mThe wrong !"), "{line:?}");
    assert!(line.contains(" · "), "{line:?}");
}
