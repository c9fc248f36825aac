//! Project tasks: `cargo xtask` prints them.
//!
//! `main.rs` names the tasks and dispatches; each task is one module of the same name. Continuous
//! integration calls `cargo xtask ci` and adds only machines, so whatever it checks can be checked
//! here first. This crate stays light, because every task waits for it to build.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "tasks talk to a person")]

mod bench;
mod ci;
mod codegen;
#[cfg(target_os = "linux")]
mod consumers;
#[cfg(target_os = "linux")]
mod desktop;
mod fixtures;
mod hostile;
mod process;
mod readme;
mod rows;
#[cfg(target_os = "linux")]
mod screenshots;
mod setup;
mod test;
mod tidy;
#[cfg(target_os = "linux")]
mod window;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;

/// One task: how it is called, what it does for the reader of the list, and the code.
struct Task {
    name: &'static str,
    usage: &'static str,
    help: &'static str,
    run: fn(&Path, &[String]) -> Result<()>,
}

/// Every task, in the order a newcomer needs them.
const TASKS: &[Task] = &[
    Task {
        name: "setup",
        usage: "[--check]",
        help: "install what the tests and checks need, or say what is missing",
        run: setup::run,
    },
    Task {
        name: "test",
        usage: "[ARGS]",
        help: "run every test; arguments go to the test runner",
        run: test::run,
    },
    Task {
        name: "ci",
        usage: "",
        help: "run everything that CI runs, fastest first",
        run: ci::run,
    },
    Task {
        name: "tidy",
        usage: "",
        help: "check layers, dependencies, crate docs, names and texts",
        run: tidy::run,
    },
    Task {
        name: "codegen",
        usage: "[--check]",
        help: "write the committed schemas, or check that they are current",
        run: codegen::run,
    },
    Task {
        name: "fixtures",
        usage: "[--check]",
        help: "rewrite the fixture plugins' expectations, or check them",
        run: fixtures::run,
    },
    Task {
        name: "rows",
        usage: "[--check]",
        help: "write which test proves which row of the background plugins' contracts, or check it",
        run: rows::run,
    },
    #[cfg(target_os = "linux")]
    Task {
        name: "consumers",
        usage: "",
        help: "get real bars, prompts, shells and monitoring, and have them read what Vario prints",
        run: consumers::run,
    },
    Task {
        name: "hostile",
        usage: "[--check]",
        help: "rewrite what becomes of the hostile plugins, or check it",
        run: hostile::run,
    },
    Task {
        name: "bench",
        usage: "[ARGS]",
        help: "measure in release mode; arguments go to `cargo bench`",
        run: bench::run,
    },
    #[cfg(target_os = "linux")]
    Task {
        name: "screenshots",
        usage: "[--check]",
        help: "take the README's pictures of the real window, or check that it draws",
        run: screenshots::run,
    },
    #[cfg(target_os = "linux")]
    Task {
        name: "window",
        usage: "[--check] [--wayland]",
        help: "measure the real window: first frame, memory, frames while idle",
        run: window::run,
    },
];

/// A call that no task can make sense of; it ends the process with 2 where a failed task ends it with 1.
#[derive(Debug)]
struct Usage(String);

impl std::fmt::Display for Usage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    match args.split_first() {
        None => {
            print!("{}", help());
            Ok(())
        }
        Some((name, _)) if matches!(name.as_str(), "help" | "--help" | "-h") => {
            print!("{}", help());
            Ok(())
        }
        Some((name, rest)) => match TASKS.iter().find(|task| task.name == name) {
            Some(task) => (task.run)(&root(), rest),
            None => Err(unknown(name).into()),
        },
    }
}

/// The list of tasks, one line each.
fn help() -> String {
    let lines = TASKS.iter().map(|task| {
        let call = format!("{} {}", task.name, task.usage);
        format!("  {call:<30}{}\n", task.help)
    });
    std::iter::once(String::from("Tasks, as `cargo xtask TASK`:\n")).chain(lines).collect()
}

/// What to say about a task that does not exist: the nearest name, if one is near.
fn unknown(name: &str) -> Usage {
    let nearest = TASKS
        .iter()
        .map(|task| (strsim::damerau_levenshtein(name, task.name), task.name))
        .min()
        .filter(|(distance, nearest)| *distance <= nearest.len().div_ceil(2));
    let hint = match nearest {
        Some((_, nearest)) => format!("did you mean `{nearest}`?"),
        None => String::from("`cargo xtask` prints them all"),
    };
    Usage(format!("there is no task `{name}`; {hint}"))
}

/// Reads the arguments of a task that knows only `--check`.
fn check_flag(task: &str, args: &[String]) -> Result<bool> {
    match args {
        [] => Ok(false),
        [flag] if flag == "--check" => Ok(true),
        _ => Err(Usage(format!("`{task}` takes only `--check`, not `{}`", args.join(" "))).into()),
    }
}

/// Refuses arguments to a task that has none.
fn no_arguments(task: &str, args: &[String]) -> Result<()> {
    match args {
        [] => Ok(()),
        _ => Err(Usage(format!("`{task}` takes no arguments, not `{}`", args.join(" "))).into()),
    }
}

/// The workspace's folder. Cargo names the crate's own folder when it runs the task.
fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or(own.clone(), Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::{TASKS, check_flag, dispatch, help, unknown};

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn help_has_one_line_for_every_task() {
        let help = help();
        assert_eq!(help.lines().count(), TASKS.len() + 1);
        for task in TASKS {
            assert!(
                help.lines().any(|line| {
                    line.starts_with(&format!("  {} ", task.name)) && line.ends_with(task.help)
                }),
                "{}",
                task.name
            );
        }
    }

    #[test]
    fn unknown_tasks_get_the_nearest_name() {
        let cases = [
            ("tidi", "there is no task `tidi`; did you mean `tidy`?"),
            ("fixture", "there is no task `fixture`; did you mean `fixtures`?"),
            ("deploy-all", "there is no task `deploy-all`; `cargo xtask` prints them all"),
        ];
        for (name, expected) in cases {
            assert_eq!(unknown(name).0, expected);
            let error = dispatch(&words(name)).expect_err("no such task");
            assert!(error.is::<super::Usage>());
        }
    }

    #[test]
    fn only_check_is_a_flag() {
        assert!(!check_flag("codegen", &[]).unwrap());
        assert!(check_flag("codegen", &words("--check")).unwrap());
        let error = check_flag("codegen", &words("--chekc")).expect_err("a typing error");
        assert_eq!(error.to_string(), "`codegen` takes only `--check`, not `--chekc`");
    }
}
