//! Asks for everything that a first run was refused, once and before anything was read or sent.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use vario_model::Snapshot;
use vario_permissions::PermissionSet;
use vario_runtime::{Answer, Catalog, Found, History, Origin, Question, answer, question};
use vario_store::Grants;

use crate::cli::Global;
use crate::table::render_rights;
use crate::terminal;

/// Whether there is someone to ask.
pub(super) fn can_ask(global: &Global) -> bool {
    !global.quiet && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// What all these plugins ask for.
pub(super) fn questions(
    catalog: &Catalog,
    grants: &Grants,
    snapshots: &[Snapshot],
) -> Vec<Question> {
    let of = |snapshot: &Snapshot| {
        question(catalog.get(&snapshot.provider_id)?, grants, &snapshot.needs)
    };
    snapshots.iter().filter_map(of).collect()
}

/// Shows the questions, reads the answer, and gives the plugins that may now do more.
pub(super) fn ask(
    global: &Global,
    catalog: &Catalog,
    grants: &mut Grants,
    questions: &[Question],
) -> anyhow::Result<Vec<Found>> {
    let plugins = match questions.len() {
        1 => "1 plugin asks".to_owned(),
        count => format!("{count} plugins ask"),
    };
    let had_none = questions.iter().all(|question| question.has.is_empty());
    let so_far =
        if had_none { "Nothing was read or sent so far." } else { "What follows was refused." };
    terminal::say(&format!("\n{plugins} for rights. {so_far}\n"));
    for question in questions {
        terminal::say(&text(global, question));
    }
    let mut allowed = Vec::new();
    match choose(questions.len())? {
        Choice::All => {
            for question in questions {
                allowed.extend(settle(catalog, grants, question, Answer::Allow)?);
            }
        }
        Choice::Each => {
            for question in questions {
                terminal::say(&text(global, question));
                let yes = read_answer("Allow this? [y]es, [n]o: ", &["y", "n"])? == "y";
                let answer = if yes { Answer::Allow } else { Answer::Refuse };
                allowed.extend(settle(catalog, grants, question, answer)?);
            }
        }
        Choice::None => {
            for question in questions {
                settle(catalog, grants, question, Answer::Refuse)?;
            }
            terminal::say("Nothing was allowed. `vario grant ID` does it later.");
        }
        Choice::Later => {}
    }
    Ok(allowed)
}

enum Choice {
    All,
    Each,
    None,
    Later,
}

fn choose(count: usize) -> anyhow::Result<Choice> {
    let (prompt, words): (&str, &[&str]) = if count == 1 {
        ("Allow this? [y]es, [n]o, [l]ater: ", &["y", "n", "l"])
    } else {
        ("Allow this? [y]es to all, [e]ach by itself, [n]o, [l]ater: ", &["y", "e", "n", "l"])
    };
    Ok(match read_answer(prompt, words)?.as_str() {
        "y" => Choice::All,
        "e" => Choice::Each,
        "n" => Choice::None,
        _ => Choice::Later,
    })
}

/// The first letter of an answer, which is one of `words`; the last of them at the end of input.
fn read_answer(prompt: &str, words: &[&str]) -> anyhow::Result<String> {
    let last = words.last().copied().unwrap_or_default().to_owned();
    loop {
        let Some(line) = terminal::answer(prompt)? else {
            terminal::say("");
            return Ok(last);
        };
        let first: String = line.trim().to_lowercase().chars().take(1).collect();
        if words.contains(&first.as_str()) {
            return Ok(first);
        }
    }
}

fn settle(
    catalog: &Catalog,
    grants: &mut Grants,
    question: &Question,
    given: Answer,
) -> anyhow::Result<Option<Found>> {
    let Some(found) = catalog.get(&question.id) else { return Ok(None) };
    answer(grants, found, &question.wanted, given).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok((given == Answer::Allow).then(|| found.clone()))
}

/// A plugin's question: who asks, why this list, what it has and what is new.
pub(crate) fn text(global: &Global, question: &Question) -> String {
    let style = terminal::stderr_style(global);
    let rights = |set: &PermissionSet, sign| {
        render_rights(terminal::width(), style, terminal::is_utf8(), set, sign)
    };
    let name = terminal::name(&question.name);
    let version = terminal::name(&question.version);
    let mut text = format!(
        "{} {version} ({})  {}\n",
        style.bold(&name),
        terminal::name(&question.id),
        style.dim(&origin(question))
    );
    match &question.history {
        History::Updated { from } => {
            let from = from
                .as_deref()
                .map_or_else(String::new, |from| format!(" from {}", terminal::name(from)));
            let _infallible =
                writeln!(text, "  It was updated{from}. It keeps what it has, and newly asks for:");
        }
        History::OtherCode => {
            let warning =
                "  This is other code than the one that was granted rights under this id.\n";
            text.push_str(&style.yellow(warning));
        }
        History::Unbound => {
            text.push_str("  Its rights were written down without the code they are for.\n");
        }
        History::Same if !question.has.is_empty() => {
            text.push_str("  It has rights already, and asks for more:\n");
        }
        History::Same | History::None => {}
    }
    text.push_str(&rights(&question.wanted, "+"));
    text
}

fn origin(question: &Question) -> String {
    match question.origin {
        Origin::Declared => "asks for what its manifest declares".to_owned(),
        Origin::Known { release } => format!("known plugin, as released with OpenUsage {release}"),
        Origin::LooksLike => format!("asks for the same as {}; this code is unknown", question.id),
        Origin::Observed => "unknown code; what it tried and what its source names".to_owned(),
    }
}
