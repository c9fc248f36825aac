//! `vario usage`: tokens that Claude Code and Codex have used, by their session logs.

mod explain;
mod table;

use vario_bootstrap::TokenQuestion;
use vario_usage_logs::{Grouping, Problem, Report, Source, parse_day};

use crate::cli::{Global, UsageArgs, UsageSource};
use crate::exit::{Exit, no_match, usage};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &UsageArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    let day = |text: &Option<String>| {
        let day = text.as_deref().map(parse_day).transpose();
        day.map_err(|error| usage(error.to_string()))
    };
    let question = TokenQuestion {
        source: match args.source {
            UsageSource::Claude => Source::Claude,
            UsageSource::Codex => Source::Codex,
        },
        rules: args.rules,
        grouping: if args.session { Grouping::Session } else { Grouping::Daily },
        since: day(&args.since)?,
        until: day(&args.until)?,
        zone: terminal::time_zone(),
    };
    let failed = |error: vario_bootstrap::Error| usage(error.to_string());
    if args.explain {
        let (report, lines) = vario.explain_tokens(&question).map_err(failed)?;
        explain::print(&lines, args.json)?;
        return end(global, &report);
    }
    let report = vario.tokens(&question).map_err(failed)?;
    if args.json {
        terminal::print_json(&report.to_json())?;
    } else if !report.rows.is_empty() {
        let prices = vario.prices(&question).map_err(failed)?;
        table::print(global, &report, prices.date())?;
    }
    end(global, &report)
}

/// How many files with a problem are named, unless more is asked for.
const MOST_TOLD: usize = 10;

/// Says what could not be counted.
fn end(global: &Global, report: &Report) -> anyhow::Result<Exit> {
    let told = if global.verbose > 0 { report.problems.len() } else { MOST_TOLD };
    for problem in report.problems.iter().take(told) {
        terminal::warn(global, &words(problem));
    }
    if report.problems.len() > told {
        let more = report.problems.len() - told;
        terminal::warn(
            global,
            &format!("{more} more files are not counted as a whole; -v names them"),
        );
    }
    if report.files == 0 {
        let name = report.source.name();
        return Err(no_match(format!("{name} has left no session logs where they are looked for")));
    }
    if report.rows.is_empty() {
        terminal::warn(global, "no tokens were used on these days");
    }
    Ok(Exit::Ok)
}

fn words(problem: &Problem) -> String {
    let mut parts = Vec::new();
    if let Some(why) = &problem.unreadable {
        parts.push(format!("cannot be read: {why}"));
    }
    let lines = |count: u64, what: &str| match count {
        0 => None,
        1 => Some(format!("1 line is {what}")),
        count => Some(format!("{count} lines are {what}")),
    };
    parts.extend(lines(problem.malformed, "damaged"));
    parts.extend(lines(problem.too_long, "longer than 16 MiB"));
    if problem.unfinished {
        parts.push("its last line is not finished yet".to_owned());
    }
    terminal::in_line(&format!("{}: {}", problem.path.display(), parts.join("; ")))
}
