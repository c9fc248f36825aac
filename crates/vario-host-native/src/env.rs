//! `ctx.host.env.get` (contract section 4.5).

mod shell;

use std::collections::HashMap;
use std::sync::LazyLock;

use parking_lot::Mutex;
use regex::Regex;
use vario_host::Scope;
use vario_permissions::{Access, CONTRACT_VARIABLES};

use crate::config::NativeConfig;

pub use self::shell::{LoginShells, ShellAnswer, ShellLookup};

#[cfg(test)]
mod tests;

static ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\x1B\[[0-?]*[ -/]*[@-~]").expect("the pattern is a constant of this module")
});

/// Answers of login shells, hits and misses, for as long as the host lives.
#[derive(Default)]
pub(crate) struct EnvCache {
    answers: Mutex<HashMap<String, Option<String>>>,
}

/// Whether a plugin can get a variable of this name: one of the contract's, or one that was granted
/// by its name. That everything is allowed is not enough: the contract knows no other names.
fn is_offered(name: &str, scope: &Scope) -> bool {
    CONTRACT_VARIABLES.contains(&name)
        || scope.rights.is_granted_by_name(&Access::Env(name.to_owned()))
}

pub(crate) fn get(
    name: &str,
    config: &NativeConfig,
    cache: &EnvCache,
    scope: &Scope,
) -> Option<String> {
    if !is_offered(name, scope) {
        return None;
    }
    if let Some(value) = config.environment.get(name).as_deref().and_then(clean) {
        return Some(value);
    }
    // Held while a shell is asked, so that two probes do not start the same shells twice. Who
    // waits for it does so until the end of its own run at most.
    let mut answers = cache.answers.try_lock_until(scope.deadline)?;
    if let Some(answer) = answers.get(name) {
        return answer.clone();
    }
    let answer = config.shells.get(name, scope);
    if !answer.is_unfinished {
        answers.insert(name.to_owned(), answer.value.clone());
    }
    answer.value
}

/// The last line that is not blank, without escape sequences and control characters.
pub(crate) fn clean(text: &str) -> Option<String> {
    let plain = ESCAPES.replace_all(text, "");
    let is_kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let kept: String = plain.chars().filter(is_kept).collect();
    kept.lines().map(str::trim).rfind(|line| !line.is_empty()).map(str::to_owned)
}
