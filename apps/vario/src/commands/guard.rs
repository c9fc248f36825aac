//! `vario guard`: an exit code that says whether enough of a quota is left.

use serde_json::{Value as Json, json};
use vario_model::{NeedReason, RunTrigger, Snapshot};
use vario_output::present::{DisplayMode, MetricChoice, amount_text, primary_metric, shown_value};
use vario_output::{Line, ProgressLine, Threshold};
use vario_runtime::{Found, RefreshOptions};

use super::metric;
use super::probe::nearest;
use super::runs::{Runs, failed_for_want_of_rights};
use crate::cli::{Global, GuardArgs};
use crate::exit::{Exit, no_match, not_ok};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &GuardArgs) -> anyhow::Result<Exit> {
    let cancel = super::cancel_on_signal()?;
    let mut vario = super::open(super::options(global))?;
    vario.set_log(terminal::log_sink(global, vario.log_level()));
    super::say_warnings(global, &vario);
    let catalog = vario.catalog();
    let id = &args.id;
    let Some(found) = catalog.get(id) else {
        return Err(no_match(format!("there is no plugin `{id}`{}", nearest(id, &catalog))));
    };
    if found.plugin.probe.is_none() {
        return Err(no_match(format!("`{id}` has no probe, and so no quotas")));
    }
    let context = super::context(&vario, &catalog)?;
    let runs = Runs { global, vario: &vario, context: &context };
    let options = RefreshOptions {
        // Nobody looks at it: that a person has just asked is not to be noted.
        trigger: RunTrigger::Auto,
        max_age: Some(args.max_age),
        workers: 1,
        cancel,
    };
    let asked_ms = vario.clock().now().as_millisecond();
    let mut snapshot = one(&runs, found, &options)?;
    let is_stored = snapshot.fetched_at_ms().is_some_and(|at_ms| at_ms < asked_ms);
    // The rights that were missing then may have been granted since.
    if is_stored && verdict(args, found, &snapshot).is_ok_and(|it| it.exit == Exit::NotAllowed) {
        snapshot = one(&runs, found, &RefreshOptions { max_age: None, ..options })?;
    }
    let now_ms = vario.clock().now().as_millisecond();
    let verdict = verdict(args, found, &snapshot)?;
    if !global.quiet {
        terminal::say(&terminal::in_line(&verdict.words));
    }
    if args.json {
        // The exit code is the answer, whether anybody can read this or not.
        if let Err(error) = terminal::print_json_line(&verdict.json(&snapshot, now_ms)) {
            terminal::warn(global, &format!("{error:#}"));
        }
    }
    Ok(verdict.exit)
}

/// What the plugin says, now or not too long ago.
fn one(runs: &Runs<'_>, found: &Found, options: &RefreshOptions) -> anyhow::Result<Snapshot> {
    let snapshots = runs.all(std::slice::from_ref(found), options)?;
    let interrupted = || not_ok(format!("`{}` was not asked", found.plugin.id));
    snapshots.into_iter().next().ok_or_else(interrupted)
}

/// The answer.
struct Verdict<'a> {
    exit: Exit,
    words: String,
    line: Option<&'a ProgressLine>,
}

impl Verdict<'_> {
    /// What scripts read; without a quota only the error says something.
    fn json(&self, snapshot: &Snapshot, now_ms: i64) -> Json {
        let line = self.line;
        let left = line.map(|line| shown_value(line, DisplayMode::Left));
        let percent = line.zip(left).map(|(line, left)| left / line.limit * 100.0);
        let age_ms = snapshot.fetched_at_ms().map(|at_ms| now_ms.saturating_sub(at_ms).max(0));
        json!({
            "plugin": snapshot.provider_id,
            "metric": line.map(|line| &line.label),
            "used": line.map(|line| line.used),
            "limit": line.map(|line| line.limit),
            "left": left,
            "leftPercent": percent,
            "resetsAt": line.and_then(|line| line.resets_at.as_ref()),
            "ok": self.exit == Exit::Ok,
            "age": age_ms.map(|age_ms| age_ms / 1000),
            "error": if line.is_none() { Some(&self.words) } else { None },
        })
    }
}

fn verdict<'a>(
    args: &GuardArgs,
    found: &Found,
    snapshot: &'a Snapshot,
) -> anyhow::Result<Verdict<'a>> {
    let lines = &snapshot.output.lines;
    let quotas: Vec<&ProgressLine> = lines.iter().filter_map(Line::as_progress).collect();
    // A quota that could be read counts, whatever else went wrong.
    let wanted = match &args.metric {
        None => main_quota(found, lines, &quotas),
        Some(wanted) => {
            let labels: Vec<&str> = quotas.iter().map(|line| line.label.as_str()).collect();
            match metric::find(&args.id, wanted, &labels) {
                Ok(label) => quotas.iter().find(|line| line.label == label).copied(),
                Err(error) if snapshot.ok && !lacks_rights(snapshot) => return Err(error),
                Err(_) => None,
            }
        }
    };
    if let Some(line) = wanted {
        return Ok(judged(args, line));
    }
    if snapshot.ok && !lacks_rights(snapshot) {
        return Err(no_match(format!("`{}` shows no quota", args.id)));
    }
    Ok(unknown(&args.id, snapshot))
}

/// The quota that stands for the plugin, else its first.
fn main_quota<'a>(
    found: &Found,
    lines: &'a [Line],
    quotas: &[&'a ProgressLine],
) -> Option<&'a ProgressLine> {
    let candidates = found.plugin.primary_candidates();
    let weekly = found.plugin.weekly_candidate();
    let primary = primary_metric(lines, &candidates, weekly, MetricChoice::Default);
    primary.map(|metric| metric.line).or_else(|| quotas.first().copied())
}

fn judged<'a>(args: &GuardArgs, line: &'a ProgressLine) -> Verdict<'a> {
    let threshold = args.threshold();
    let holds = threshold.holds(line);
    let (mode, wanted) = match threshold {
        Threshold::AnyLeft => (DisplayMode::Left, "any".to_owned()),
        Threshold::Left(amount) => (DisplayMode::Left, format!("at least {amount}")),
        Threshold::Used(amount) => (DisplayMode::Used, format!("at most {amount}")),
    };
    let what = if mode == DisplayMode::Left { "left" } else { "used" };
    let words = format!(
        "{}: {} of {} has {} of {} {what}, {wanted} wanted",
        if holds { "ok" } else { "not ok" },
        line.label,
        args.id,
        amount_text(&line.format, shown_value(line, mode)),
        amount_text(&line.format, line.limit),
    );
    Verdict { exit: if holds { Exit::Ok } else { Exit::NotOk }, words, line: Some(line) }
}

/// What cannot be found out is not fine.
fn unknown<'a>(id: &str, snapshot: &Snapshot) -> Verdict<'a> {
    let why = snapshot.error.as_deref().unwrap_or("the quota is not there");
    if lacks_rights(snapshot) || failed_for_want_of_rights(snapshot) {
        let words = format!(
            "not ok: {id} lacks rights: {why} (`vario grants {id}` shows them, \
             `vario grant {id} --from-last-run` allows them)"
        );
        return Verdict { exit: Exit::NotAllowed, words, line: None };
    }
    Verdict { exit: Exit::NotOk, words: format!("not ok: {id}: {why}"), line: None }
}

fn lacks_rights(snapshot: &Snapshot) -> bool {
    snapshot.needs.iter().any(|need| need.reason == NeedReason::NotGranted)
}
