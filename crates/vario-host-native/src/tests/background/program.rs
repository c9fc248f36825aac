use rustix::process::Pid;
use vario_host::{Host as _, HostError};
use vario_value::Value;

use super::super::processes::{self, all_end};
use super::super::support::{World, ask, script};
use super::bytes;

/// A world whose path has a folder with scripts of these names.
fn world(granted: &[&str], scripts: &[(&str, &str)]) -> World {
    let world = World::plugin(granted);
    std::fs::create_dir(world.path("bin")).unwrap();
    for (name, text) in scripts {
        script(&world.path("bin").join(name), text);
    }
    let path = format!("relative:{}:/usr/bin:/bin", world.path("bin").display());
    world.variables(&[("PATH", &path), ("LANG", "C"), ("SECRET", "x")])
}

fn run(program: &str, more: &[(&str, Value)]) -> [Value; 1] {
    let parts = more.iter().map(|(name, value)| (*name, value.clone()));
    [Value::Map(
        std::iter::once(("program", Value::from(program)))
            .chain(parts)
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )]
}

fn args(args: &[&str]) -> (&'static str, Value) {
    ("args", Value::List(args.iter().map(|text| Value::from(*text)).collect()))
}

#[track_caller]
fn stdout(answer: &Value) -> String {
    let Some(Value::Bytes(bytes)) = answer.get("stdout") else { panic!("{answer:?}") };
    String::from_utf8(bytes.clone()).unwrap()
}

#[test]
fn a_program_runs_with_what_it_is_given() {
    let show = "for a in \"$@\"; do echo \"[$a]\"; done; cat; echo \"$MINE $LANG $SECRET\"; pwd; \
        echo oops >&2; exit 3";
    let world = world(&["run:show"], &[("show", show)]);
    let request = run(
        "show",
        &[
            args(&["a b", "$(id)", "; rm -rf /", ""]),
            ("env", Value::from([("MINE", Value::from("own"))])),
            ("input", "from outside\n".into()),
        ],
    );
    let answer = world.call("process.run", &request).unwrap();
    let folder = world.path("plugin").canonicalize().unwrap();
    let expected =
        format!("[a b]\n[$(id)]\n[; rm -rf /]\n[]\nfrom outside\nown C \n{}\n", folder.display());
    assert_eq!(stdout(&answer), expected);
    assert_eq!(answer.get("stderr"), Some(&bytes(b"oops\n")));
    assert_eq!(answer.get("code"), Some(&Value::Int(3)));
    assert_eq!(answer.get("signal"), Some(&Value::Null));
    assert_eq!(answer.get("truncated"), Some(&Value::Bool(false)));
}

#[test]
fn a_program_needs_its_right_and_a_readable_folder() {
    let mut world = world(&[], &[("show", "pwd")]);
    let file = world.path("bin/show").to_str().unwrap().to_owned();
    world.denied("process.run", &run("show", &[]), "run:show");
    world.denied("process.run", &run(&file, &[]), &format!("run:{file}"));
    world.set_plugin_rights(&["run:show"], &[]);
    world.denied("process.run", &run(&file, &[]), &format!("run:{file}"));
    let dotted = world.path("bin/../bin/show").to_str().unwrap().to_owned();
    world.denied("process.run", &run(&dotted, &[]), &format!("run:{file}"));
    let outside = || ("cwd", world.at("bin"));
    world.denied("process.run", &run("show", &[outside()]), "read:~/bin");
    let own = run("show", &[("cwd", world.at("data"))]);
    assert!(stdout(&world.call("process.run", &own).unwrap()).ends_with("/data\n"));
    let cases = [
        (run("show", &[("cwd", world.at("plugin/index.js"))]), "there is no folder"),
        (run("show", &[("cwd", world.at("data/none"))]), "there is no folder"),
    ];
    for (request, words) in cases {
        let message = world.failure("process.run", &request);
        assert!(message.starts_with(words), "{message}");
    }
    world.set_plugin_rights(&["run:none", "run:./show", &format!("run:{file}")], &[]);
    let message = world.failure("process.run", &run("none", &[]));
    assert_eq!(message, "there is no program `none` on the path");
    let message = world.failure("process.run", &run("./show", &[]));
    assert!(message.contains("not granted") || message.contains("neither"), "{message}");
    assert!(world.call("process.run", &run(&dotted, &[])).is_ok());
    world.set_plugin_rights(&["run:show"], &["run:show"]);
    world.denied("process.run", &run("show", &[]), "run:show");
}

#[test]
fn a_variable_that_brings_code_along_is_refused() {
    let world = world(&["run:show"], &[("show", "true")]);
    for name in ["LD_PRELOAD", "ld_library_path", "DYLD_INSERT_LIBRARIES", "NODE_OPTIONS"] {
        let env = ("env", Value::from([(name, Value::from("x"))]));
        let message = world.failure("process.run", &run("show", &[env]));
        assert!(message.starts_with("a program cannot be given the variable"), "{message}");
    }
}

#[test]
fn huge_output_is_cut_and_the_program_goes_on() {
    let flood = "head -c 3000000 /dev/zero; head -c 10 /dev/zero >&2; exit 0";
    let world = world(&["run:flood"], &[("flood", flood)]);
    let answer = world.call("process.run", &run("flood", &[])).unwrap();
    assert_eq!(stdout(&answer).len(), 1024 * 1024);
    assert_eq!(answer.get("code"), Some(&Value::Int(0)), "it was not killed for it");
    assert_eq!(answer.get("truncated"), Some(&Value::Bool(true)));
}

#[test]
fn input_that_nobody_reads_is_no_failure() {
    let world = world(&["run:deaf"], &[("deaf", "exit 0")]);
    let input = ("input", bytes(&vec![0; 5_000_000]));
    let answer = world.call("process.run", &run("deaf", &[input])).unwrap();
    assert_eq!(answer.get("code"), Some(&Value::Int(0)));
}

#[test]
fn a_signal_is_named() {
    let world = world(&["run:hurt"], &[("hurt", "kill -TERM $$")]);
    let answer = world.call("process.run", &run("hurt", &[])).unwrap();
    assert_eq!(answer.get("code"), Some(&Value::Null));
    assert_eq!(answer.get("signal"), Some(&"SIGTERM".into()));
}

/// Starts another program that goes on for ever, says who both are, and waits.
const FAMILY: &str = "sleep 1000 & echo $! > \"$FILE\"; echo $$ >> \"$FILE\"; wait";

/// Both have said who they are.
fn family(world: &World) -> Vec<Pid> {
    processes::two(&world.path("data/pids"))
}

fn endless(world: &World, more: &[(&str, Value)]) -> [Value; 1] {
    let env = ("env", Value::from([("FILE", world.at("data/pids"))]));
    run("family", &[&[env][..], more].concat())
}

#[test]
fn a_program_that_never_ends_is_killed_with_its_children() {
    let world = world(&["run:family"], &[("family", FAMILY)]);
    let request = endless(&world, &[("timeoutMs", Value::Int(700))]);
    let message = world.failure("process.run", &request);
    assert_eq!(message, "process timed out after 700 ms");
    all_end(&family(&world));
}

#[test]
fn a_cancelled_run_kills_its_programs() {
    let world = world(&["run:family"], &[("family", FAMILY)]);
    let request = endless(&world, &[]);
    let (found, pids) = std::thread::scope(|threads| {
        let call = threads.spawn(|| world.call("process.run", &request));
        let pids = family(&world);
        world.scope.cancel.cancel();
        (call.join().unwrap(), pids)
    });
    assert_eq!(found, Err(HostError::Halted("probe cancelled".to_owned())));
    all_end(&pids);
}

#[test]
fn the_end_of_a_run_kills_its_programs() {
    let world = world(&["run:family"], &[("family", FAMILY)]);
    let (host, request) = (world.host(), endless(&world, &[]));
    let (found, pids) = std::thread::scope(|threads| {
        let call = threads.spawn(|| ask(&host, &world.scope, "process.run", &request));
        let pids = family(&world);
        host.end_run(&world.scope);
        (call.join().unwrap(), pids)
    });
    assert!(matches!(found, Err(HostError::Halted(_))), "{found:?}");
    all_end(&pids);
}

#[test]
fn what_a_program_leaves_running_ends_with_it() {
    let leave = "sleep 1000 & echo $! > \"$FILE\"; echo $$ >> \"$FILE\"; echo done";
    let world = world(&["run:family"], &[("family", leave)]);
    let answer = world.call("process.run", &endless(&world, &[])).unwrap();
    assert_eq!(stdout(&answer), "done\n");
    all_end(&family(&world));
}
