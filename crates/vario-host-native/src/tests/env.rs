use vario_value::Value;

use super::support::{World, texts};

#[test]
fn only_the_contracts_names_can_be_asked_for() {
    let names = [
        "CODEX_HOME",
        "CLAUDE_CONFIG_DIR",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "USER_TYPE",
        "USE_STAGING_OAUTH",
        "USE_LOCAL_OAUTH",
        "CLAUDE_CODE_CUSTOM_OAUTH_URL",
        "CLAUDE_CODE_OAUTH_CLIENT_ID",
        "CLAUDE_LOCAL_OAUTH_API_BASE",
        "ZAI_API_KEY",
        "GLM_API_KEY",
        "MINIMAX_API_KEY",
        "MINIMAX_API_TOKEN",
        "MINIMAX_CN_API_KEY",
        "SYNTHETIC_API_KEY",
        "PI_CODING_AGENT_DIR",
    ];
    let mut world = World::new();
    world.config.environment = std::sync::Arc::new(|_: &str| Some(" set ".to_owned()));
    for name in names {
        assert_eq!(world.call("env.get", &texts(&[name])), Ok(Value::from("set")), "of {name}");
    }
    for name in ["PATH", "HOME", "USER", "codex_home", "CODEX_HOME ", ""] {
        assert_eq!(world.call("env.get", &texts(&[name])), Ok(Value::Absent), "of {name}");
    }
}

#[test]
fn blank_is_not_set() {
    let world = World::new().variables(&[("CODEX_HOME", " \n ")]);
    assert_eq!(world.call("env.get", &texts(&["CODEX_HOME"])), Ok(Value::Absent));
    assert_eq!(world.call("env.get", &texts(&["ZAI_API_KEY"])), Ok(Value::Absent));
}

#[cfg(unix)]
mod shells {
    use std::fs;
    use std::sync::Arc;
    use std::thread::JoinHandle;
    use std::time::{Duration, Instant};

    use vario_value::Value;

    use crate::LoginShells;
    use crate::tests::support::{World, ask, script, texts};

    fn with_shells(scripts: &[&str]) -> World {
        let mut world = World::new();
        let programs = scripts.iter().enumerate().map(|(index, text)| {
            let path = world.path(&format!("shell{index}"));
            script(&path, text);
            path
        });
        world.config.shells = Arc::new(LoginShells::of(programs.collect()));
        world
    }

    /// What a shell does: it says something, runs the script and says something else.
    const HONEST: &str = "echo hello; export ZAI_API_KEY=secret; eval \"$2\"; echo bye";

    #[test]
    fn shells_are_asked_in_order() {
        let cases: [(&[&str], Option<&str>); 7] = [
            (&[HONEST], Some("secret")),
            (&["exit 1", HONEST], Some("secret")),
            (&["eval \"$2\"; exit 3", HONEST], Some("secret")),
            (&["eval \"$2\"", HONEST], Some("secret")),
            (&["echo plain", HONEST], Some("plain")),
            (&["eval \"$2\""], None),
            (&[], None),
        ];
        for (scripts, expected) in cases {
            let world = with_shells(scripts);
            let found = world.call("env.get", &texts(&["ZAI_API_KEY"]));
            assert_eq!(found, Ok(expected.map(str::to_owned).into()), "of {scripts:?}");
        }
    }

    #[test]
    fn they_are_login_and_interactive_shells() {
        let world = with_shells(&["echo \"$1\""]);
        assert_eq!(world.call("env.get", &texts(&["ZAI_API_KEY"])), Ok(Value::from("-ilc")));
    }

    /// In a session of its own a shell has no terminal to fight for.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_shell_leads_its_own_session() {
        let world = with_shells(&[
            "read -r p n s pp g session rest < /proc/$$/stat; [ $session = $$ ] && echo own",
        ]);
        assert_eq!(world.call("env.get", &texts(&["ZAI_API_KEY"])), Ok(Value::from("own")));
    }

    #[test]
    fn hits_and_misses_are_remembered_by_name() {
        let world = with_shells(&["echo x >> \"$0.count\"; eval \"$2\""]);
        let host = world.host();
        for name in ["ZAI_API_KEY", "ZAI_API_KEY", "GLM_API_KEY", "GLM_API_KEY"] {
            assert_eq!(ask(&host, &world.scope, "env.get", &texts(&[name])), Ok(Value::Absent));
        }
        assert_eq!(fs::read_to_string(world.path("shell0.count")).unwrap(), "x\nx\n");
    }

    #[test]
    fn what_a_shell_leaves_running_does_not_hold_up_the_answer() {
        let world = with_shells(&["sleep 300 & echo value"]);
        assert_eq!(world.call("env.get", &texts(&["ZAI_API_KEY"])), Ok(Value::from("value")));
    }

    #[test]
    fn a_hanging_shell_is_given_up_at_the_deadline() {
        let mut world = with_shells(&["sleep 300", HONEST]);
        world.scope.deadline = Instant::now() + Duration::from_millis(100);
        assert_eq!(world.call("env.get", &texts(&["ZAI_API_KEY"])), Ok(Value::Absent));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_hanging_shell_dies_with_its_children() {
        let world =
            with_shells(&["sleep 300 & echo $! > \"$0.new\"; mv \"$0.new\" \"$0.child\"; wait"]);
        let canceller = cancel_when_there(&world, "shell0.child");
        assert_eq!(world.call("env.get", &texts(&["ZAI_API_KEY"])), Ok(Value::Absent));
        canceller.join().unwrap();
        let child = fs::read_to_string(world.path("shell0.child")).unwrap();
        // A killed process is there a moment longer, and then a zombie until it is collected.
        let stat = || fs::read_to_string(format!("/proc/{}/stat", child.trim()));
        let until = Instant::now() + Duration::from_mins(1);
        while stat().is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(Instant::now() < until, "the child must die");
            std::thread::yield_now();
        }
    }

    /// Cancels the run as soon as a file is in the home.
    fn cancel_when_there(world: &World, name: &str) -> JoinHandle<()> {
        let (cancel, file) = (world.scope.cancel.clone(), world.path(name));
        std::thread::spawn(move || {
            while !file.exists() {
                std::thread::yield_now();
            }
            cancel.cancel();
        })
    }

    #[test]
    fn a_cancelled_run_does_not_wait_for_a_shell_and_remembers_nothing() {
        let world = with_shells(&["echo > \"$0.started\"; sleep 300"]);
        let host = world.host();
        let canceller = cancel_when_there(&world, "shell0.started");
        let found = ask(&host, &world.scope, "env.get", &texts(&["ZAI_API_KEY"]));
        assert_eq!(found, Ok(Value::Absent));
        canceller.join().unwrap();
        script(&world.path("shell0"), HONEST);
        let later = World::new().scope;
        let found = ask(&host, &later, "env.get", &texts(&["ZAI_API_KEY"]));
        assert_eq!(found, Ok(Value::from("secret")));
    }
}
