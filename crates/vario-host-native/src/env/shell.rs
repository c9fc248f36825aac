use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use vario_host::Scope;

use super::clean;
use crate::process;

/// How long one variable may take, all shells together.
const TIME_LIMIT: Duration = Duration::from_secs(5);

const START: &str = "__VARIO_ENV_START__";
const END: &str = "__VARIO_ENV_END__";

/// What a lookup gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellAnswer {
    /// The cleaned value.
    pub value: Option<String>,
    /// The run ended before every shell was asked: another run may get another answer.
    pub is_unfinished: bool,
}

/// Who knows a variable that the process does not have (contract section 4.5, step 3).
pub trait ShellLookup: Send + Sync {
    /// The value of a variable. Must return when the run is over.
    fn get(&self, name: &str, scope: &Scope) -> ShellAnswer;
}

/// Login shells: a desktop program often lacks variables that are set in their start-up files.
///
/// Unlike in the original host a shell that hangs is killed, and all of them together get five
/// seconds for one variable.
#[derive(Debug, Clone)]
pub struct LoginShells {
    programs: Vec<PathBuf>,
}

impl LoginShells {
    /// The user's own, which is the value of `$SHELL`, if it is zsh, bash or fish; then the usual
    /// places of these three.
    pub fn new(own: Option<String>) -> Self {
        const OTHERS: [&str; 5] = [
            "/bin/zsh",
            "/bin/bash",
            "/opt/homebrew/bin/fish",
            "/usr/local/bin/fish",
            "/opt/local/bin/fish",
        ];
        let is_known = |shell: &PathBuf| {
            let name = shell.file_name().and_then(|name| name.to_str());
            matches!(name, Some("zsh" | "bash" | "fish"))
        };
        let mut programs: Vec<PathBuf> =
            own.map(PathBuf::from).filter(is_known).into_iter().collect();
        for other in OTHERS.map(PathBuf::from) {
            if !programs.contains(&other) {
                programs.push(other);
            }
        }
        Self { programs }
    }

    /// These programs instead. Without any, nothing is ever found and nothing is started.
    pub fn of(programs: Vec<PathBuf>) -> Self {
        Self { programs }
    }

    /// The programs in the order of asking.
    pub fn programs(&self) -> &[PathBuf] {
        &self.programs
    }
}

impl ShellLookup for LoginShells {
    fn get(&self, name: &str, scope: &Scope) -> ShellAnswer {
        let until = scope.deadline.min(Instant::now() + TIME_LIMIT);
        let value = self
            .programs
            .iter()
            .take_while(|_| Instant::now() < until && !scope.cancel.is_cancelled())
            .filter(|shell| shell.exists())
            .find_map(|shell| ask(shell, name, until, scope));
        let is_over = scope.cancel.is_cancelled() || Instant::now() >= scope.deadline;
        ShellAnswer { is_unfinished: value.is_none() && is_over, value }
    }
}

fn ask(shell: &Path, name: &str, until: Instant, scope: &Scope) -> Option<String> {
    // The same words in all three shells. The name is one of the allow-list.
    let script = format!("printf '%s\\n' '{START}'; printenv {name}; printf '%s\\n' '{END}'");
    let mut command = Command::new(shell);
    command.args(["-ilc", &script]);
    let finished = process::run(command, until, scope)?;
    let output = String::from_utf8_lossy(&finished.stdout).into_owned();
    finished.status.success().then(|| read_answer(&output)).flatten()
}

/// The cleaned text between the marks; without marks, of everything.
pub(super) fn read_answer(output: &str) -> Option<String> {
    let marked = output.split_once(START).and_then(|(_, after)| after.split_once(END));
    clean(marked.map_or(output, |(between, _)| between))
}
