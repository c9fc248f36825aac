//! Shells complete the arguments, at a terminal, by their Tab key.

use crate::rig;
use crate::rig::Rig;
use crate::tmux::Tmux;

/// A shell, where its completions go below the home folder, its own file, which makes its name the
/// prompt, and how it is started.
struct Shell {
    name: &'static str,
    completions: &'static str,
    file: (&'static str, &'static str),
    run: &'static str,
}

const SHELLS: &[Shell] = &[
    Shell {
        name: "bash",
        completions: "completions.bash",
        file: ("bashrc", "PS1='bash> '\n. ~/completions.bash\n"),
        run: "bash --rcfile ~/bashrc -i",
    },
    Shell {
        name: "zsh",
        completions: "functions/_vario",
        file: (
            ".zshrc",
            "PS1='zsh> '\nfpath=(~/functions $fpath)\nautoload -U compinit\ncompinit -u\n",
        ),
        run: "ZDOTDIR=~ zsh -i",
    },
    Shell {
        name: "fish",
        completions: "config/fish/completions/vario.fish",
        file: (
            "config/fish/config.fish",
            "function fish_prompt; echo -n 'fish> '; end\nset -U fish_greeting\n",
        ),
        run: "fish -i",
    },
];

/// What is typed before Tab, and what stands there then.
const CASES: &[(&str, &str)] = &[
    ("vario gua", "vario guard"),
    ("vario probe --form", "vario probe --format"),
    ("vario probe --format wayb", "vario probe --format waybar"),
    ("vario import op", "vario import openusage"),
];

#[test]
fn tab_completes_in_every_shell() {
    let rig = rig();
    for shell in SHELLS {
        let script = rig.run_configured(&["completions", shell.name]).exits(0).stdout;
        rig.home.write(shell.completions, script);
        rig.home.write(shell.file.0, shell.file.1);
        complete(&rig, shell);
    }
}

fn complete(rig: &Rig, shell: &Shell) {
    let tmux = Tmux::new(rig, (80, 30), shell.run);
    for (typed, expected) in CASES {
        tmux.shows(shell.name);
        tmux.types(&[typed]);
        tmux.shows(typed);
        tmux.types(&["Tab"]);
        tmux.shows(expected);
        tmux.types(&["C-u", "C-l"]);
    }
}
