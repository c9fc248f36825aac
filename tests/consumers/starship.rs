//! Starship, in whose prompt a stranger's words come to stand.

use crate::rig::Rig;
use crate::{HEADLINE, consumer, pasted, rig};

/// The prompt as a shell is given it, of nothing but ours and once there are results.
fn prompt(rig: &Rig, shell: &str) -> String {
    rig.home.write(
        "starship.toml",
        format!("format = '$custom'\nadd_newline = false\n{}", pasted("--format starship")),
    );
    rig.run_configured(&["probe"]).exits(1);
    let mut command = consumer(rig, "starship", &["prompt"]);
    command.env("STARSHIP_CONFIG", rig.home.path().join("starship.toml"));
    command.env("STARSHIP_SHELL", shell).env("TERM", "xterm");
    let ran = rig.finish(command).exits(0);
    assert_eq!(ran.stderr, "");
    ran.stdout
}

#[test]
fn a_prompt_shows_it() {
    assert!(prompt(&rig(), "fish").contains(HEADLINE));
}

#[test]
fn no_shell_runs_what_a_plugin_is_called() {
    let rig = rig();
    let manifest = rig.plugins().join("quota/plugin.json");
    let called = std::fs::read_to_string(&manifest).expect("it was written");
    let hostile = "$(>a)`>b`%F{red}\\\\u";
    std::fs::write(&manifest, called.replace("The quota", hostile)).expect("it is ours");
    for (shell, expand) in
        [("bash", "echo \"${PROMPT@P}\""), ("zsh", "setopt promptsubst; print -P -- $PROMPT")]
    {
        let mut command = consumer(&rig, shell, &["-c", expand]);
        command.env("PROMPT", prompt(&rig, shell));
        let ran = rig.finish(command).exits(0);
        assert!(ran.stdout.contains("＄(>a)ˋ>bˋ%F{red}＼u 3%"), "{shell}: {ran}");
        let is_made = |name| rig.home.path().join(name).exists();
        assert!(!is_made("a") && !is_made("b"), "{shell}: {ran}");
    }
}
